"""A tablet for a crew: the officer shares it, two workers use it one after the other, and it frees itself when nobody touches it."""

import re

from playwright.sync_api import expect

from lms.people.demo import PASSWORD, PIN
from tests.browser.acts import sign_in
from tests.browser.conftest import OpenPage
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen


def test_a_crew_shares_a_tablet(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page("phone", "vi")
    sign_in(page, "AT01", PASSWORD)
    page.goto("/people/crew")
    check_screen(page, "vi")
    page.locator("input[name=label]").fill("Máy tính bảng tổ hàn")
    page.locator("form:has(input[name=label]) button").click()
    expect(page).to_have_url(re.compile(r"/crew$"))
    check_screen(page, "vi")
    page.locator("input[name=who]").fill("CN01")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/crew/p/\d+$"))
    check_screen(page, "vi")
    page.locator("input[name=secret]").fill(PIN)
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".crew-line")).to_be_visible()
    check_screen(page, "vi")
    page.locator(".crew-line button").click()
    expect(page).to_have_url(re.compile(r"/crew$"))
    page.go_back()
    expect(page.locator(".crew-line")).to_have_count(0)

    page.goto("/crew?q=CN02")
    page.locator(".crew-one").click()
    page.locator("input[name=secret]").fill(PIN)
    page.clock.install()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".crew-line")).to_be_visible()
    page.wait_for_load_state()
    page.clock.fast_forward(9 * 60_000)
    page.keyboard.press("Shift")
    page.clock.fast_forward(9 * 60_000)
    expect(page.locator(".crew-line")).to_be_visible()
    page.clock.fast_forward(2 * 60_000)
    expect(page).to_have_url(re.compile(r"/crew$"))
    page.goto("/me/")
    expect(page).to_have_url(re.compile("/sign-in"))
