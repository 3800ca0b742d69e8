"""The desks of tests as axe sees them: figures of questions, reports, tests on paper; with something on every page."""

import pytest
from playwright.sync_api import Page, expect

from lms.assessment.quality.service.keeping import JOB
from tests.browser.acts import COURSE, sign_in
from tests.browser.conftest import Device, OpenPage
from tests.browser.history import sit
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen

KEY = f"course:{COURSE}"


def look(page: Page, address: str, lang: str) -> None:
    page.goto(address)
    check_screen(page, lang)


@pytest.mark.parametrize(("device", "lang"), [("phone", "vi"), ("desktop", "zh")])
def test_figures_of_questions(live: LiveSite, open_page: OpenPage, device: Device, lang: str) -> None:
    for code, wrong in (("CN01", 0), ("CN02", 3), ("TT01", 8), ("AT01", 5)):
        sit(live, code, KEY, wrong=wrong)
    page = open_page(device, lang)
    sign_in(page, "GV01")
    look(page, f"/quality/tests/{KEY}", lang)
    page.locator("main form[method=post] button").first.click()
    live.site.jobs.run(JOB, live.clock.now())
    look(page, f"/quality/tests/{KEY}", lang)
    first = page.locator("main a[href*='/quality/items/']").first
    expect(first).to_be_visible()
    first.click()
    check_screen(page, lang)
    look(page, "/quality/reports", lang)
    look(page, "/quality", lang)


@pytest.mark.parametrize(("device", "lang"), [("phone", "zh"), ("desktop", "vi")])
def test_tests_on_paper(live: LiveSite, open_page: OpenPage, device: Device, lang: str) -> None:
    page = open_page(device, lang)
    sign_in(page, "DT01")
    look(page, f"/papers/tests/{KEY}", lang)
    page.locator("input[name=count]").fill("2")
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.locator(".notice--success")).to_be_visible()
    check_screen(page, lang)
    batch = page.url
    for rest in ("/enter", "/sheet"):
        look(page, f"{batch}{rest}", lang)
    page.goto(f"{batch}/enter")
    page.locator("main form[method=post] button[type=submit]").last.click()
    check_screen(page, lang)
