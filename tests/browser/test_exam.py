"""An exam in two browsers: the candidate's phone and the supervisor's desk, each told of what the other does."""

import os
import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.assessment.exams.demo import CODE, make_demo_exam
from lms.assessment.exams.models import Exam
from lms.assessment.models import Attempt, Response
from lms.assessment.supervision.models import AttemptEvent
from lms.content.service.loading import CatalogueHolder
from tests.browser.acts import at_paper, choose, items_of, question, saved, sign_in
from tests.browser.conftest import OpenPage, WatchOf
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen

SHOTS = os.environ.get("VEAN_SHOTS")


def _exam(live: LiveSite) -> Exam:
    """The demonstration's exam, five minutes after its opening."""
    now = live.clock.now()
    with live.db.writing() as session:
        catalogue = live.site.part(CatalogueHolder).current(now)
        make_demo_exam(session, catalogue=catalogue, zone=live.site.settings.zone, now=now)
        exam = session.scalars(select(Exam)).one()
    live.clock.set(exam.opens_at + timedelta(minutes=5))
    return exam


def _shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def _attempt(live: LiveSite) -> Attempt:
    with live.db.reading() as session:
        return session.scalars(select(Attempt)).one()


def _answer(page: Page, live: LiveSite) -> None:
    choose(page, items_of(live)[str(question(page).get_attribute("data-item"))])
    saved(page)


def _act(desk: Page, act: str, reason: str, minutes: int | None = None) -> None:
    form = desk.locator(f"form:has(input[name=act][value={act}])")
    form.locator("xpath=..").locator("summary").click()
    if minutes is not None:
        form.locator("input[name=minutes]").fill(str(minutes))
    form.locator("input[name=reason]").fill(reason)
    form.locator("button").click()


def _start(phone: Page, exam: Exam) -> None:
    """From the card on the first page, past a wrong code, to the paper."""
    sign_in(phone, "CN01")
    phone.goto("/")
    _shot(phone, "home-phone")
    phone.locator(f"a[href$='/offerings/exam:{exam.id}'], a[href$='/offerings/exam%3A{exam.id}']").first.click()
    check_screen(phone, "vi")
    _shot(phone, "before-phone")
    phone.locator("input[name=code]").fill("SAI123")
    phone.locator("main form button").click()
    expect(phone.locator(".notice--error")).to_be_visible()
    phone.locator("input[name=code]").fill(CODE.lower())
    phone.locator("main form button").click()
    at_paper(phone)


def _hide(page: Page, *, hidden: bool) -> None:
    """As if another window lay above the page."""
    value = "true" if hidden else "false"
    page.evaluate(f"Object.defineProperty(document, 'hidden', {{ value: {value}, configurable: true }})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def _free(desk: Page, tablet: Page, paper: str) -> None:
    """Another device is told so, and goes on once the supervisor has freed the sitting."""
    sign_in(tablet, "CN01")
    tablet.goto(paper)
    expect(tablet.locator("h1")).to_contain_text("máy khác")
    check_screen(tablet, "vi")
    _shot(tablet, "elsewhere-phone")
    desk.reload()
    _act(desk, "unlock", "Máy hết pin")
    expect(desk.locator(".notice--success")).to_be_visible()
    tablet.get_by_role("link", name="Mở lại ở đây").click()
    at_paper(tablet)


def test_a_candidate_and_a_supervisor_see_each_other(live: LiveSite, open_page: OpenPage) -> None:
    exam = _exam(live)
    phone, desk = open_page(), open_page("desktop")
    sign_in(desk, "DT01")
    desk.goto(f"/supervision/room/exam:{exam.id}")
    check_screen(desk, "vi")
    seat = desk.locator("tr", has_text="CN01")
    expect(seat).to_contain_text("chưa bắt đầu")
    _start(phone, exam)
    _answer(phone, live)
    expect(seat).to_contain_text("đang làm bài")
    expect(seat).to_contain_text("1/")
    _hide(phone, hidden=True)
    _hide(phone, hidden=False)
    expect(seat).to_contain_text("rời trang 1 lần")
    _shot(desk, "room-live")

    # More time is given at the desk; the phone, which has missed it, does not hand in at the old end.
    seat.locator("a").click()
    check_screen(desk, "vi")
    before = _attempt(live).deadline_at
    _act(desk, "time", "Máy treo", 5)
    expect(desk.locator(".notice--success")).to_be_visible()
    _shot(desk, "sitting-desktop")
    assert _attempt(live).deadline_at == before + timedelta(minutes=5)
    live.clock.set(before + timedelta(seconds=2))
    phone.evaluate("document.querySelector('[data-countdown]').dispatchEvent(new CustomEvent('countdown:left', { detail: 900 }))")
    expect(phone.locator("main")).to_contain_text("Máy treo")
    expect(phone).to_have_url(re.compile(r"/sittings/\d+(\?|$)"))
    assert _attempt(live).state == "open"
    check_screen(phone, "vi")
    _shot(phone, "paper-phone")
    phone.locator("[data-hand-in]").click()
    expect(phone).to_have_url(re.compile("/submit$"))
    with live.db.reading() as session:
        assert session.scalars(select(AttemptEvent.kind).order_by(AttemptEvent.id)).all() == ["left", "back", "extra_time"]


def test_a_sitting_moves_to_another_device_and_is_handed_in_from_the_desk(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    exam = _exam(live)
    phone, desk, tablet = open_page(), open_page("desktop"), open_page()
    for page in (phone, tablet):
        watch_of(page).allow("423|409")
    _start(phone, exam)
    _answer(phone, live)
    sign_in(desk, "DT01")
    desk.goto(f"/supervision/sittings/{_attempt(live).id}")
    _free(desk, tablet, re.sub(r"\?.*", "", phone.url))
    question(phone).locator("button[value=next]").click()
    question(phone).locator(".answer label").first.click()
    expect(phone.locator("[data-sitting-say]")).to_contain_text("máy khác")
    expect(phone.locator("[data-save-state]")).to_have_attribute("data-state", "not-sent")
    with live.db.reading() as session:
        assert len(session.scalars(select(Response)).all()) == 1

    desk.reload()
    _act(desk, "hand-in", "Hết giờ của phòng")
    expect(desk.locator(".notice--success")).to_be_visible()
    tablet.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(tablet).to_have_url(re.compile("/result$"))
    expect(tablet.locator("main")).to_contain_text("Hết giờ của phòng")
    check_screen(tablet, "vi")
    _shot(tablet, "result-phone")


def test_the_screens_in_two_languages(live: LiveSite, open_page: OpenPage) -> None:
    exam = _exam(live)
    for lang in ("vi", "zh"):
        for device in ("phone", "desktop"):
            page = open_page(device, lang)
            sign_in(page, "DT01")
            for name, address in (
                ("list", "/exams/"),
                ("new", "/exams/new"),
                ("exam", f"/exams/{exam.id}"),
                ("room", f"/supervision/room/exam:{exam.id}"),
                ("projector", f"/supervision/room/exam:{exam.id}?view=projector"),
            ):
                page.goto(address)
                check_screen(page, lang)
                _shot(page, f"{name}-{device}-{lang}")
