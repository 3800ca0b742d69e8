"""Everything works without JavaScript: nothing here runs a script, and no step is missing."""

import re

from playwright.sync_api import expect
from sqlalchemy import select

from lms.people.models import Membership, Person
from tests.browser.acts import COURSE, sign_in
from tests.browser.conftest import OpenPage, WatchOf
from tests.browser.history import person_id, sit, unit
from tests.browser.live import LiveSite

SUBMIT = "main form[method=post] button[type=submit]"


def test_a_lesson_is_read_and_its_minutes_count(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page(javascript=False)
    sign_in(page, "CN01")
    page.locator("main a.btn--primary").first.click()
    live.clock.move(minutes=4, seconds=30)
    page.locator("form[action$='/done'] button").click()
    page.goto(f"/courses/{COURSE}")
    expect(page.locator(".step--done")).to_have_count(1)
    expect(page.locator(".step--done .step-note")).to_contain_text("4")


def test_a_result_is_shown_with_its_review(live: LiveSite, open_page: OpenPage) -> None:
    sit(live, "CN01", f"course:{COURSE}", wrong=1)
    page = open_page(javascript=False)
    sign_in(page, "CN01")
    page.locator(".results a").click()
    expect(page.locator(".score-big")).to_have_text("19")
    expect(page.locator("article.question")).to_have_count(20)
    expect(page.locator(".answer--wrong")).to_have_count(1)


def test_an_officer_records_a_class_day(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page("desktop", javascript=False)
    watch_of(page).allow("422")
    sign_in(page, "AT01")
    page.goto("/classes/new")
    page.locator("select[name=unit]").select_option(index=1)
    page.locator("main form button").click()
    page.locator(SUBMIT).click()
    expect(page.locator(".form-errors")).to_be_visible()
    page.locator("input[name=title]").fill("An toàn hàn điện")
    page.locator("input[name=trainer]").fill("Phan Thử Nghiệm")
    page.locator("input[name=theory]").fill("1.5")
    page.locator("input[name=schemes]").last.check()
    page.locator("input[name=present]").first.check()
    page.locator(SUBMIT).click()
    expect(page).to_have_url(re.compile(r"/classes/\d+$"))
    expect(page.locator("main h1")).to_have_text("An toàn hàn điện")


def test_a_forgotten_pin_is_replaced_by_a_slip(live: LiveSite, open_page: OpenPage) -> None:
    officer = open_page("desktop", javascript=False)
    sign_in(officer, "AT01")
    with live.db.reading() as session:
        worker_id = person_id(session, "CN01")
    officer.goto(f"/people/{worker_id}")
    officer.locator("form[action$='/slip'] button").click()
    pin = officer.locator(".slip-secret").inner_text()
    worker = open_page(javascript=False)
    sign_in(worker, "CN01", pin)
    expect(worker).to_have_url(re.compile("/me/secret"))
    worker.locator("input[name=chosen]").fill("830274")
    worker.locator("input[name=again]").fill("830274")
    worker.locator(SUBMIT).click()
    again = open_page(javascript=False)
    sign_in(again, "CN01", "830274")
    expect(again.locator("main h1")).to_contain_text("Nguyễn Văn Minh Họa")


def test_an_administrator_makes_a_unit_and_enters_a_person(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page("desktop", javascript=False)
    sign_in(page, "QT01")
    with live.db.reading() as session:
        above = unit(session, "DEMO-1").id
    page.goto(f"/units/new?parent={above}")
    page.locator("input[name=name]").fill("Tổ Bốc Xếp")
    page.locator("input[name=code]").fill("DEMO-1-BX")
    page.locator("select[name=kind]").select_option("team")
    page.locator(SUBMIT).click()
    expect(page).not_to_have_url(re.compile("/new"))
    with live.db.reading() as session:
        made = unit(session, "DEMO-1-BX").id
    page.goto(f"/people/new?unit={made}")
    page.locator("input[name=full_name]").fill("Lý Thị Thử")
    page.locator("input[name=staff_code]").fill("BX01")
    page.locator("input[name=position]").fill("công nhân bốc xếp")
    page.locator(SUBMIT).click()
    expect(page).to_have_url(re.compile(r"/people/\d+$"))
    expect(page.locator("main h1")).to_have_text("Lý Thị Thử")
    with live.db.reading() as session:
        work = session.execute(select(Membership).join(Person).where(Person.staff_code == "BX01")).scalar_one()
        assert work.unit_id == made
