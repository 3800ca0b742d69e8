"""A course on the phone: kept, read without a network, brought up to date, and gone with who signs out."""

import re

from playwright.sync_api import Page, expect

from lms.content.service.publishing import publish
from lms.content.source.tree import ContentTree
from tests.browser.acts import COURSE, sign_in
from tests.browser.conftest import OpenPage, WatchOf
from tests.browser.live import LiveSite
from tests.content.sample import REAL, compiled

LESSON = f"/courses/{COURSE}/20-nhan-dien-moi-nguy"
KEPT = "async () => (await caches.keys()).filter((name) => name.startsWith('vean-kept:'))"
ADDRESSES = """async () => { const all = [];
  for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) all.push(new URL(request.url).pathname);
  return all; }"""


def until(page: Page, condition: str) -> None:
    """Wait until an expression with `names` (the kept copies) holds."""
    page.evaluate(
        f"""async () => {{ for (let n = 0; n < 800; n += 1) {{
          const all = await caches.keys(); const names = all.filter((name) => name.startsWith('vean-kept:'));
          if ({condition}) return; await new Promise((done) => setTimeout(done, 25)); }}
        throw new Error('never: {condition.replace("'", "")}'); }}"""
    )


def keep(page: Page) -> None:
    """Keep the course whose page is open, and wait until it is there."""
    page.locator("[data-keep] button").first.click()
    expect(page.locator("[data-keep] [data-open]")).to_be_visible()


def test_a_kept_course_is_read_without_a_network_and_leaves_with_the_person(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page("phone", "vi")
    watch_of(page).allow("Failed to load resource|ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    sign_in(page, "CN01")
    page.goto(f"/courses/{COURSE}")
    keep(page)
    stored = page.evaluate(ADDRESSES)
    assert all(re.match(r"/(offline/(vi(/courses/.*)?|owner)|static/.*|content/blob/.*|vean-kept-about)$", path) for path in stored), stored
    page.context.set_offline(True)
    page.goto(LESSON)
    expect(page).to_have_url(re.compile(f"/offline/vi{LESSON}$"))
    expect(page.locator(".copy-note")).to_contain_text("22/11/2026")
    picture = page.locator("article img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("(image) => image.naturalWidth") > 0
    page.locator("a.term").first.click()
    expect(page.locator(".term-box")).to_be_visible()
    page.locator(".lesson-nav .btn--primary").click()
    expect(page).to_have_url(re.compile("/offline/vi/courses/.*/30-"))
    page.goto("/contests")
    expect(page).to_have_url(re.compile("/offline/vi$"))
    expect(page.locator("[data-kept-list] h2")).to_have_count(1)
    page.context.set_offline(False)
    page.goto("/")
    page.locator("details.account summary").click()
    page.locator("form[action='/sign-out'] button").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    until(page, "all.length === 0")


def test_a_copy_stays_for_the_same_person_and_goes_when_another_signs_in(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page("phone", "vi")
    sign_in(page, "CN01")
    page.goto(f"/courses/{COURSE}")
    keep(page)
    for person, left in (("CN01", 1), ("CN02", 0)):
        page.context.clear_cookies()
        sign_in(page, person)
        if not left:
            until(page, "names.length === 0")
        page.goto("/contests")
        assert len(page.evaluate(KEPT)) == left


def test_another_publication_is_fetched_when_the_course_is_opened_and_the_copy_can_be_removed(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page("phone", "zh")
    sign_in(page, "CN01")
    page.goto(f"/courses/{COURSE}")
    keep(page)
    before = page.evaluate(KEPT)
    tree, _ = compiled(REAL)
    path = f"courses/{COURSE}/20-nhan-dien-moi-nguy.zh.md"
    empty, front, body = tree.files[path].split(b"---\n", 2)
    changed = ContentTree(dict(tree.files) | {path: b"---\n".join([empty, front, "最新的一句话。\n\n".encode() + body])}, "test")
    with live.db.writing() as session:
        publish(session, changed, now=live.clock.now())
    page.reload()
    until(page, f"!names.includes('{before[0]}') && names.length")
    expect(page.locator("[data-keep] [data-open]")).to_be_visible()
    page.goto(f"/offline/zh{LESSON}")
    expect(page.locator("article")).to_contain_text("最新的一句话")
    page.goto("/offline/zh")
    page.locator("[data-kept-list] button").click()
    expect(page.locator("[data-kept-none]")).to_be_visible()
    assert page.evaluate(KEPT) == []


def test_a_full_phone_and_a_lost_connection_are_told_and_leave_nothing_behind(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page("phone", "vi")
    watch_of(page).allow("Failed to load resource|ERR_FAILED")
    page.add_init_script("navigator.storage.estimate = async () => (window.full ? { quota: 10, usage: 0 } : {});")
    sign_in(page, "CN01")
    page.goto(f"/courses/{COURSE}")
    say = page.locator("[data-keep] [data-say]")
    expect(say).to_contain_text("MB")
    words = page.locator("[data-keep]")
    page.evaluate("window.full = true")
    page.locator("[data-keep] button").first.click()
    expect(say).to_have_text(str(words.get_attribute("data-full")))
    page.evaluate("window.full = false")
    page.route("**/offline/vi/courses/**", lambda route: route.abort())
    page.locator("[data-keep] button").first.click()
    expect(say).to_have_text(str(words.get_attribute("data-failed")))
    assert page.evaluate(KEPT) == []
