"""What a sitting must survive: the deadline, two tabs, a dead network, a closed tab, a wrong clock, no mouse, no script, another device."""

import re

from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.assessment.models import Attempt, Response
from tests.browser.acts import COURSE, at_paper, choose, items_of, question, saved, sign_in
from tests.browser.conftest import OpenPage, WatchOf
from tests.browser.live import LiveSite
from tests.browser.test_offline import NO_NETWORK, network

BEFORE = f"/offerings/course:{COURSE}"
OFFLINE = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch|when fetching the script"
NEXT = "button[value=next]"


def _start(page: Page, code: str = "CN01") -> None:
    sign_in(page, code)
    page.goto(BEFORE)
    page.locator("main form button").click()
    at_paper(page)


def _answer(page: Page, live: LiveSite, *, right: bool = True) -> str:
    """Answer the question in view; gives its item."""
    item = items_of(live)[str(question(page).get_attribute("data-item"))]
    choose(page, item, right=right)
    return item.id


def _stored(live: LiveSite) -> dict[str, str]:
    with live.db.reading() as session:
        return {row.item_id: row.answer for row in session.execute(select(Response.item_id, Response.answer))}


def _keys(live: LiveSite, *ids: str) -> dict[str, str]:
    items = items_of(live)
    return {one: "".join(sorted(items[one].key)) for one in ids}


def _ticked(page: Page) -> str:
    boxes = question(page).locator("input[name=answer]:checked").all()
    return "".join(sorted(str(box.get_attribute("value")) for box in boxes))


def _state(page: Page, state: str) -> None:
    """The save state says it in words and as a mark."""
    node = page.locator("[data-save-state]")
    expect(node).to_have_attribute("data-state", state)
    words = {"saved": "data-saved", "saving": "data-saving", "not-sent": "data-not-sent"}[state]
    pattern = re.escape(str(node.get_attribute(words))).replace(r"\{time\}", r"\d\d:\d\d")
    expect(node.locator("[data-save-text]")).to_have_text(re.compile(pattern))


def test_the_deadline_cuts_off_and_saved_answers_count(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page()
    _start(page)
    for _ in range(3):
        _answer(page, live)
        question(page).locator(NEXT).click()
    saved(page)
    live.clock.move(minutes=19, seconds=58)
    _answer(page, live)
    saved(page)
    expect(page.locator(".countdown")).to_have_class(re.compile("is-low"))
    live.clock.move(seconds=3)
    expect(page).to_have_url(re.compile("/result$"))
    expect(page.locator(".score-big")).to_have_text("4")
    with live.db.reading() as session:
        attempt = session.execute(select(Attempt)).scalar_one()
        assert attempt.state != "open"
        assert attempt.closed_at == attempt.deadline_at


def test_a_page_asleep_past_the_end_wakes_up_at_the_result(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page()
    _start(page)
    _answer(page, live)
    saved(page)
    live.clock.move(hours=2)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_url(re.compile("/result$"))
    expect(page.locator(".score-big")).to_have_text("1")


def test_the_older_window_is_told_and_shows_the_answer_of_the_newer(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    old = open_page()
    _start(old)
    watch_of(old).allow("409")
    new = open_page(stored=old.context.storage_state())  # another browser: tabs of one tell each other
    new.goto(old.url)
    item = _answer(new, live)
    saved(new)
    _answer(old, live, right=False)
    say = old.locator("[data-sitting-say]")
    expect(say).to_contain_text(str(old.locator("[data-sitting]").get_attribute("data-moved")))
    assert _ticked(old) == _keys(live, item)[item]
    assert _stored(live) == _keys(live, item)
    _answer(old, live, right=False)
    saved(old)
    assert _stored(live) == {item: _ticked(old)}


def test_answers_given_offline_are_sent_when_the_network_is_back(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page()
    _start(page)
    watch_of(page).allow(OFFLINE)
    first = _answer(page, live)
    _state(page, "saved")
    page.context.set_offline(True)
    question(page).locator(NEXT).click()
    second = _answer(page, live)
    _state(page, "not-sent")
    question(page).locator(NEXT).click()
    third = _answer(page, live)
    question(page).locator("[data-flag]").click()
    _state(page, "not-sent")
    assert _stored(live) == _keys(live, first)
    page.context.set_offline(False)
    _state(page, "saved")
    assert _stored(live) == _keys(live, first, second, third)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('sitting-')).length") == 0


def test_a_tab_closed_offline_sends_its_answer_when_it_is_opened_again(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page()
    _start(page)
    watch_of(page).allow(NO_NETWORK)
    address = page.url
    network(page.context, live, on=False)
    item = _answer(page, live)
    _state(page, "not-sent")
    context = page.context
    page.close()
    assert _stored(live) == {}
    network(context, live, on=True)
    again = context.new_page()
    again.goto(address)
    _state(again, "saved")
    again.locator(".number-grid [data-n='1']").click()  # what was sent before the page came is in it: then the next question is in view
    assert _ticked(again) == _keys(live, item)[item]
    assert _stored(live) == _keys(live, item)


def test_a_phone_whose_clock_is_a_day_ahead_has_the_same_time(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("const real = Date.now; Date.now = () => real() + 86400000;")
    _start(page)
    expect(page.locator(".countdown-value")).to_have_text(re.compile("^(20:00|19:5[0-9])$"))
    item = _answer(page, live)
    _state(page, "saved")
    expect(page.locator("[data-save-text]")).to_contain_text("09:00")
    assert _stored(live) == _keys(live, item)
    expect(page.locator(".countdown-value")).to_have_text(re.compile("^(20:00|19:5[0-9])$"))


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def test_by_keyboard_alone(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page("desktop")
    sign_in(page, "CN01")
    page.goto(BEFORE)
    _tab_to(page, "main form button")
    page.keyboard.press("Enter")
    at_paper(page)
    ids = []
    for n in range(1, 4):
        item = items_of(live)[str(question(page).get_attribute("data-item"))]
        shown = [str(box.get_attribute("value")) for box in question(page).locator("input[name=answer]").all()]
        _tab_to(page, f"form.question[data-question='{n}'] input[name=answer]")
        if item.kind == "single":
            page.keyboard.press("Space")
            for _ in range(shown.index(min(item.key))):
                page.keyboard.press("ArrowDown")
        else:
            for place, letter in enumerate(shown):
                if place:
                    page.keyboard.press("Tab")
                if letter in item.key:
                    page.keyboard.press("Space")
        ids.append(item.id)
        _tab_to(page, f"form.question[data-question='{n}'] {NEXT}")
        page.keyboard.press("Enter")
        expect(page.locator(".question-stem:focus")).to_have_attribute("id", f"q{n + 1}-stem")
    saved(page)
    assert _stored(live) == _keys(live, *ids)
    page.evaluate("document.activeElement.blur()")
    _tab_to(page, "[data-hand-in]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/submit$"))
    _tab_to(page, "[data-submit-form] button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".score-big")).to_have_text("3")


def test_without_javascript_page_by_page(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page(javascript=False)
    _start(page)
    total = page.locator("form.question").count()
    for n in range(total):
        _answer(page, live)
        if n == 1:
            question(page).locator("[data-flag]").click()
            expect(page.locator(".number-grid [data-n='2']")).to_have_class(re.compile("is-flagged"))
        question(page).locator(NEXT if n < total - 1 else "button[value=submit]").click()
    expect(page.locator(".notice--success")).to_be_visible()
    expect(page.locator(".cell.is-flagged")).to_have_count(1)
    page.locator("[data-submit-form] button[type=submit]").click()
    expect(page.locator(".score-big")).to_have_text(str(total))
    expect(page.locator("article.question")).to_have_count(total)


def test_another_language_keeps_question_and_answers(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page()
    _start(page)
    question(page).locator(NEXT).click()
    item = _answer(page, live)
    saved(page)
    page.locator(".footer-langs a[hreflang=zh-Hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(question(page)).to_have_attribute("data-question", "2")
    assert _ticked(page) == _keys(live, item)[item]
    expect(page.locator("[data-save-text]")).not_to_be_empty()


def test_another_device_goes_on_with_the_same_paper_and_clock(live: LiveSite, open_page: OpenPage) -> None:
    phone = open_page()
    _start(phone)
    paper = [form.get_attribute("data-item") for form in phone.locator("form.question").all()]
    item = _answer(phone, live)
    saved(phone)
    live.clock.move(minutes=7)
    desk = open_page("desktop")
    sign_in(desk, "CN01")
    desk.goto(BEFORE)
    desk.locator("main a.btn--primary").click()
    expect(desk.locator(".countdown-value")).to_have_text(re.compile("^(13:00|12:5[0-9])$"))
    assert [form.get_attribute("data-item") for form in desk.locator("form.question").all()] == paper
    expect(question(desk)).to_have_attribute("data-question", "2")
    desk.locator(".number-grid [data-n='1']").click()
    assert _ticked(desk) == _keys(live, item)[item]
