"""An organiser publishes the result of a round; whoever took part sees it, and an auditor gets it from the log."""

import re
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import expect

from lms.contests.rules.log import read_log
from lms.contests.rules.result import result_lines
from tests.browser.acts import CONTEST, ROUND, sign_in
from tests.browser.conftest import OpenPage
from tests.browser.history import sit
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen

KEY = f"round:{CONTEST}/{ROUND}"
CLOSED = datetime(2027, 5, 1, 2, 0, tzinfo=UTC)


def test_a_result_is_published_seen_and_computed_from_its_log(live: LiveSite, open_page: OpenPage, tmp_path: Path) -> None:
    for code, wrong in (("CN01", 1), ("CN02", 4)):
        sit(live, code, KEY, wrong=wrong, minutes=5)
    live.clock.set(CLOSED)
    page = open_page("desktop", "zh")
    sign_in(page, "TC01")
    page.goto(f"/contests/{CONTEST}/desk?round={ROUND}")
    page.locator(f"a[href$='/{ROUND}/results']").click()
    check_screen(page, "zh")
    page.locator("a[href$='/results/publish']").click()
    check_screen(page, "zh")
    page.locator("form.form button[type=submit]").click()
    expect(page.locator(".notice--success")).to_be_visible()
    expect(page.locator("table.ranking tbody tr")).to_have_count(2)
    check_screen(page, "zh")
    with page.expect_download() as fetched:
        page.locator("a[href$='/1.log']").click()
    fetched.value.save_as(tmp_path / "log.txt")
    with page.expect_download() as fetched:
        page.locator("a[href$='/1.txt']").click()
    fetched.value.save_as(tmp_path / "result.txt")
    log = read_log((tmp_path / "log.txt").read_text("utf-8").splitlines())
    assert "".join(f"{line}\n" for line in result_lines(log)) == (tmp_path / "result.txt").read_text("utf-8")
    phone = open_page("phone", "vi")
    sign_in(phone, "CN01")
    phone.goto(f"/contests/{CONTEST}")
    phone.locator(f"a[href$='/{ROUND}/results']").click()
    expect(phone.locator("tr.is-own")).to_have_text(re.compile(r"Nguyễn Văn Minh Họa"))
    check_screen(phone, "vi")
