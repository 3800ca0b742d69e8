"""A sitting without a network: it survives a reload and a closed tab, is sent on return, leaves with the person, and says what came too late."""

import re

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect
from sqlalchemy import select

from lms.assessment.models import LateSave, Response
from tests.browser.acts import COURSE, at_paper, choose, items_of, question, saved, sign_in
from tests.browser.conftest import OpenPage, WatchOf
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen

BEFORE = f"/offerings/course:{COURSE}"
REFUSED = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_EMPTY_RESPONSE|ERR_CONNECTION|ERR_NETWORK_CHANGED"
NO_NETWORK = f"{REFUSED}|Failed to fetch|Failed to load resource|when fetching the script"
NEXT = "button[value=next]"
PAPERS = """async () => { const all = [];
  if (await caches.has('vean-sitting')) for (const request of await (await caches.open('vean-sitting')).keys()) all.push(new URL(request.url).pathname);
  return all; }"""
ROWS = """() => new Promise((done) => { const asked = indexedDB.open('vean-sitting', 1);
  asked.onsuccess = () => { const db = asked.result; const rows = db.transaction('answers').objectStore('answers').getAll();
    rows.onsuccess = () => { db.close(); done(rows.result); }; }; })"""

GONE = f"(await ({PAPERS})()).length === 0 && (await ({ROWS})()).length === 0"


def _until(page: Page, holds: str) -> None:
    """Wait until an expression, which may await, is true in the page."""
    page.evaluate(
        f"""async () => {{ for (let n = 0; n < 600; n += 1) {{ if ({holds}) return; await new Promise((done) => setTimeout(done, 50)); }}
        throw new Error('never: ' + {holds!r}); }}"""
    )


WITHOUT_SYNC = "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { get: () => undefined });"
"""As in browsers that have no Background Sync: Chromium's does not know of a network that only a test has cut, and would send at any moment."""


def _start(page: Page, code: str = "CN01") -> str:
    """Start the test of the course, and wait until this phone keeps its paper; gives its address."""
    page.add_init_script(WITHOUT_SYNC)
    sign_in(page, code)
    page.goto(BEFORE)
    page.locator("main form button").click()
    at_paper(page)
    path = page.evaluate("location.pathname")
    _until(page, f"await (await caches.open('vean-sitting')).match('{path}')")
    _until(page, "navigator.serviceWorker.controller !== null")
    return str(path)


def network(context: BrowserContext, live: LiveSite, *, on: bool) -> None:
    """Cut the network, or give it back, and let the browser know."""
    live.cut(off=not on)
    context.set_offline(not on)


def _answer(page: Page, live: LiveSite, *, right: bool = True) -> str:
    item = items_of(live)[str(question(page).get_attribute("data-item"))]
    choose(page, item, right=right)
    return item.id


def _stored(live: LiveSite) -> dict[str, str]:
    with live.db.reading() as session:
        return {row.item_id: row.answer for row in session.execute(select(Response.item_id, Response.answer))}


def _keys(live: LiveSite, *ids: str) -> dict[str, str]:
    items = items_of(live)
    return {one: "".join(sorted(items[one].key)) for one in ids}


def _ticked(page: Page, n: int) -> str:
    boxes = page.locator(f"form.question[data-question='{n}'] input[name=answer]:checked").all()
    return "".join(sorted(str(box.get_attribute("value")) for box in boxes))


def _not_sent(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "not-sent")


def _until_stored(context: BrowserContext, live: LiveSite, wanted: dict[str, str], address: str) -> None:
    """Wait, with a page that has nothing to do with the sitting, until the database has the answers."""
    page = context.new_page()
    page.goto(address)
    for _ in range(200):
        if _stored(live) == wanted:
            break
        page.wait_for_timeout(100)
    assert _stored(live) == wanted
    page.close()


def _nothing_to_show(context: BrowserContext, path: str) -> None:
    with pytest.raises(Error, match="ERR_"):
        context.new_page().goto(path)


def test_a_reload_without_a_network_shows_the_paper_with_every_answer_and_the_time_that_is_left(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page("phone", "vi")
    watch_of(page).allow(NO_NETWORK)
    path = _start(page)
    first = _answer(page, live)
    saved(page)
    question(page).locator(NEXT).click()
    network(page.context, live, on=False)
    second = _answer(page, live)
    _not_sent(page)
    page.reload()
    expect(page.locator("[data-sitting]")).to_be_visible()
    _not_sent(page)
    keys = _keys(live, first, second)
    expect(page.locator(".number-grid .is-answered")).to_have_count(2)
    assert (_ticked(page, 1), _ticked(page, 2)) == (keys[first], keys[second])
    expect(question(page)).to_have_attribute("data-question", "2")
    expect(page.locator(".countdown-value")).to_have_text(re.compile("^(20:00|19:[0-9]{2}|18:[0-9]{2})$"))
    check_screen(page, "vi")
    question(page).locator(NEXT).click()
    third = _answer(page, live)
    assert _stored(live) == _keys(live, first)
    page.goto(path)
    expect(page.locator(".number-grid .is-answered")).to_have_count(3)
    network(page.context, live, on=True)
    saved(page)
    assert _stored(live) == _keys(live, first, second, third)
    page.reload()
    expect(page.locator(".number-grid .is-answered")).to_have_count(3)
    page.locator("[data-hand-in]").click()
    page.locator("[data-submit-form] button[type=submit]").click()
    expect(page.locator(".score-big")).to_have_text("3")
    _until(page, "!(await caches.has('vean-sitting'))")
    assert page.evaluate(ROWS) == []


def test_the_time_left_of_a_copy_counts_from_when_the_paper_came(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page("phone", "vi")
    watch_of(page).allow(NO_NETWORK)
    _start(page)
    network(page.context, live, on=False)
    page.evaluate("""async () => { const about = (await sittingStore.abouts())[0]; about.left[1] -= 600000; await sittingStore.keepAbout(about); }""")
    page.reload()
    expect(page.locator(".countdown-value")).to_have_text(re.compile("^(10:00|9:[0-9]{2}|8:[0-9]{2})$"))


def test_a_tab_closed_without_a_network_is_sent_from_any_page_that_is_opened_later(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page("phone", "vi")
    watch_of(page).allow(NO_NETWORK)
    _start(page)
    network(page.context, live, on=False)
    first = _answer(page, live)
    question(page).locator(NEXT).click()
    second = _answer(page, live)
    _not_sent(page)
    _until(page, f"(await ({ROWS})()).filter((row) => row.head).length === 2")
    context = page.context
    page.close()
    assert _stored(live) == {}
    network(context, live, on=True)
    _until_stored(context, live, _keys(live, first, second), "/courses")


def test_background_sync_sends_it_without_any_page(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page("phone", "vi")
    watch_of(page).allow(NO_NETWORK)
    _start(page)
    network(page.context, live, on=False)
    item = _answer(page, live)
    _not_sent(page)
    _until(page, f"(await ({ROWS})()).filter((row) => row.head).length === 1")
    context = page.context
    blank = context.new_page()
    page.close()
    network(context, live, on=True)
    [worker] = context.service_workers
    worker.evaluate("() => sendWaiting()")
    assert _stored(live) == _keys(live, item)
    assert [row.get("head") for row in worker.evaluate(ROWS)] == [None]
    blank.close()


def test_signing_out_leaves_nothing_and_the_next_person_sees_nothing(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page("phone", "vi")
    watch_of(page).allow(NO_NETWORK)
    path = _start(page)
    _answer(page, live)
    saved(page)
    assert path in page.evaluate(PAPERS)
    page.goto("/")
    page.locator("details.account summary").click()
    page.locator("form[action='/sign-out'] button").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    _until(page, GONE)
    network(page.context, live, on=False)
    _nothing_to_show(page.context, path)


def test_another_person_on_the_same_phone_sees_nothing_of_the_first(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page("phone", "vi")
    watch_of(page).allow(NO_NETWORK + "|404|400")
    path = _start(page)
    network(page.context, live, on=False)
    _answer(page, live)
    _not_sent(page)
    network(page.context, live, on=True)
    saved(page)
    page.context.clear_cookies()  # the session has ended by itself
    sign_in(page, "CN02")
    _until(page, GONE)
    assert page.goto(path).status == 404  # type: ignore[union-attr]
    network(page.context, live, on=False)
    _nothing_to_show(page.context, path)


def test_what_came_too_late_is_shown_with_both_clocks(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page("phone", "zh")
    watch_of(page).allow(NO_NETWORK + "|409")
    path = _start(page)
    network(page.context, live, on=False)
    item = _answer(page, live)
    _not_sent(page)
    _until(page, f"(await ({ROWS})()).filter((row) => row.head).length === 1")
    context = page.context
    page.close()
    live.clock.move(minutes=45)
    network(context, live, on=True)
    later = context.new_page()
    later.goto("/courses")
    with live.db.reading() as session:
        for _ in range(200):
            late = session.execute(select(LateSave.item_id, LateSave.client_at, LateSave.received_at)).all()
            if late:
                break
            later.wait_for_timeout(100)
    assert [row.item_id for row in late] == [item]
    assert late[0].client_at is not None
    later.goto(f"{path}/result")
    told = later.locator("main p.hint", has_text="手机时钟")
    expect(told).to_have_count(1)
    zone = live.site.settings.zone
    for at in (late[0].client_at, late[0].received_at):
        expect(told).to_contain_text(f"{at.astimezone(zone):%H:%M:%S}")
    check_screen(later, "zh")
    assert _stored(live) == {}


def test_two_tabs_are_told_of_each_other_and_show_the_same_answers(live: LiveSite, open_page: OpenPage) -> None:
    old = open_page("phone", "vi")
    _start(old)
    new = old.context.new_page()
    new.goto(old.url)
    at_paper(new)
    for tab in (old, new):
        expect(tab.locator("[data-sitting-say]")).to_have_text(str(tab.locator("[data-sitting]").get_attribute("data-two-tabs")))
    item = _answer(new, live)
    saved(new)
    key = _keys(live, item)[item]
    expect(old.locator(".number-grid .is-answered")).to_have_count(1)
    assert _ticked(old, 1) == key
    choose(old, items_of(live)[item], right=False)
    saved(old)
    assert _stored(live)[item] != key, "the older tab's change is no conflict, for it knew"
