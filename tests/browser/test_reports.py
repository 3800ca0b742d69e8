"""A question is reported on the phone in the middle of a sitting, answered on the trainer's desk, and read beside the result."""

from playwright.sync_api import expect

from tests.browser.acts import COURSE, answer_all, at_paper, question, sign_in
from tests.browser.conftest import OpenPage, WatchOf
from tests.browser.live import LiveSite

WORDS = "Hai đáp án đều đúng"
REPLY = "Cảm ơn, chúng tôi đã sửa lại câu này"


def test_from_a_report_to_its_answer(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    phone = open_page()
    sign_in(phone, "CN01")
    phone.goto(f"/offerings/course:{COURSE}")
    phone.locator("main form button").click()
    at_paper(phone)
    item = str(question(phone).get_attribute("data-item"))
    question(phone).locator(".report-link a").click()
    expect(phone.locator("form input[name=reason]")).to_have_count(5)
    phone.locator("input[name=reason][value=key]").check()
    phone.locator("textarea[name=words]").fill(WORDS)
    phone.locator("main form button[type=submit]").click()
    at_paper(phone)
    assert question(phone).get_attribute("data-item") == item, "back at the same question"

    desk = open_page("desktop")
    sign_in(desk, "GV01")
    desk.goto("/quality/reports")
    expect(desk.locator("main")).to_contain_text(WORDS)
    expect(desk.locator("main")).not_to_contain_text("CN01")
    desk.locator("main .report a.btn").click()
    desk.locator("input[name=outcome][value=done]").check()
    desk.locator("textarea[name=words]").fill(REPLY)
    desk.locator("main form button[type=submit]").click()
    expect(desk.locator("main .empty")).to_be_visible()

    answer_all(phone, live)
    phone.locator("button[value=submit]:visible").click()
    phone.locator("main form button[type=submit]").first.click()
    expect(phone.locator("main")).to_contain_text(REPLY)
    expect(phone.locator("main")).to_contain_text(WORDS)
    for page in (phone, desk):
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
