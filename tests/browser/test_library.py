"""The screens of the library: without faults on a phone and a desktop, and a term that explains itself by touch, pointer and keyboard."""

import pytest
from playwright.sync_api import expect

from lms.library.service.indexing import IndexKeeper
from tests.browser.acts import COURSE, sign_in
from tests.browser.conftest import Device, OpenPage
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen

LESSON = f"/courses/{COURSE}/20-nhan-dien-moi-nguy"
SCREENS = [
    "/search",
    "/search?q=an",
    "/search?q=xyzzy",
    "/glossary",
    "/glossary?q=xyzzy",
    "/offline/{lang}",
    f"/offline/{{lang}}/courses/{COURSE}",
    f"/offline/{{lang}}{LESSON}",
    LESSON,
]


@pytest.mark.parametrize(("device", "lang"), [("phone", "vi"), ("desktop", "zh")])
def test_screens(live: LiveSite, open_page: OpenPage, device: Device, lang: str) -> None:
    IndexKeeper(live.db)(live.clock.now())
    page = open_page(device, lang)
    sign_in(page, "CN01")
    for address in SCREENS:
        page.goto(address.replace("{lang}", lang))
        check_screen(page, lang)


def test_a_term_explains_itself_by_keyboard_pointer_and_without_javascript(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page("desktop", "vi")
    sign_in(page, "CN01")
    page.goto(LESSON)
    term, box = page.locator("a.term").first, page.locator(".term-box")
    term.hover()
    expect(box).to_contain_text("Thứ hoặc tình huống có thể gây hại")
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    page.mouse.move(2, 2)
    page.locator("summary").last.focus()
    term.focus()
    page.keyboard.press("Enter")
    expect(box).to_be_visible()
    page.keyboard.press("Tab")
    expect(box.locator("a")).to_be_focused()
    page.keyboard.press("Escape")
    expect(term).to_be_focused()
    expect(box).to_have_count(0)
    plain = open_page("phone", "vi", javascript=False, stored=page.context.storage_state())
    plain.goto(LESSON)
    plain.locator("a.term").first.tap()
    expect(plain.locator("#term-moi-nguy")).to_be_in_viewport()
