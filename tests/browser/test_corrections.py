"""A question is void: seen in a dry run, made at the desk, told to who is sitting, and found by the learner on the result page."""

import json
import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.assessment.models import Attempt, Result
from lms.assessment.service.corrector import CORRECT_JOB
from tests.browser.acts import COURSE, at_paper, choose, items_of, question, saved, sign_in
from tests.browser.conftest import Device, OpenPage
from tests.browser.history import sit
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen

KEY = f"course:{COURSE}"


def _wrong(live: LiveSite) -> tuple[int, str, str]:
    """The closed attempt, and an item of it that was wrong: attempt, item, revision."""
    with live.db.reading() as session:
        attempt_id, rows = session.execute(select(Result.attempt_id, Result.items)).one()
    row = next(row for row in json.loads(rows) if row[4] != "right")
    return attempt_id, row[0], row[1]


def _sitting(live: LiveSite, page: Page, digest: str) -> int:
    """CN02 sits a paper that holds the revision (drawn again until it does); the place of another question."""
    sign_in(page, "CN02")
    page.goto(f"/offerings/{KEY}")
    page.locator("main form button").click()
    at_paper(page)
    with live.db.writing() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.state == "open")).one()
        paper = json.loads(attempt.paper)
        if digest not in [row[0] for row in paper]:
            closed = json.loads(session.scalars(select(Attempt.paper).where(Attempt.state != "open")).one())
            attempt.paper = json.dumps(closed)
            paper = closed
        place = next(n for n, row in enumerate(paper, 1) if row[0] == digest)
    live.db.info.pop("assessment.shapes", None)
    return place


@pytest.mark.parametrize(("lang", "device"), [pytest.param("vi", "phone", id="vi-phone"), pytest.param("zh", "desktop", id="zh-desktop")])
def test_from_the_dry_run_to_the_learner(live: LiveSite, open_page: OpenPage, lang: str, device: Device) -> None:
    sit(live, "CN01", KEY, wrong=8)
    attempt_id, item_id, digest = _wrong(live)
    running = open_page(device, lang)
    place = _sitting(live, running, digest)
    running.reload()

    desk = open_page(device, lang)
    sign_in(desk, "GV01")
    desk.goto(f"/tests/{KEY}")
    check_screen(desk, lang)
    desk.locator(f"main a[href='/corrections/{KEY}']").click()
    check_screen(desk, lang)
    desk.locator(f"main a[href^='/correct/{digest}']").first.click()
    check_screen(desk, lang)
    desk.locator("label[for='do-full']").click()
    desk.locator("main form[method=get] button").click()
    expect(desk.locator("#dry-run")).to_be_visible()
    expect(desk.locator("#dry-run table")).to_contain_text("CN01")
    check_screen(desk, lang)
    with live.db.reading() as session:
        assert session.scalars(select(Result.version).where(Result.attempt_id == attempt_id)).all() == [1]
    desk.locator("#reason").fill("Hình bị thiếu")
    desk.locator("form.card button").click()
    expect(desk).to_have_url(re.compile(r"/correction/\d+"))
    live.clock.move(seconds=3)
    assert live.site.jobs.tick(live.clock.now())[CORRECT_JOB] == 1
    desk.reload()
    check_screen(desk, lang)

    other = 1 if place != 1 else 2
    running.locator(f".number-grid [data-n='{other}']").click()
    choose(running, items_of(live)[str(question(running).get_attribute("data-item"))])
    saved(running)
    expect(running.locator("[data-sitting-say]")).to_contain_text(str(place))
    running.locator(f".number-grid [data-n='{place}']").click()
    assert question(running).get_attribute("data-item") == item_id
    expect(question(running).locator("[data-notice]")).to_contain_text(str(place))
    check_screen(running, lang)
    running.reload()
    expect(running.locator(".sitting-notice", has_text=str(place)).first).to_be_visible()

    learner = open_page(device, lang)
    sign_in(learner, "CN01")
    learner.goto(f"/sittings/{attempt_id}/result")
    expect(learner.locator("main")).to_contain_text("Hình bị thiếu")
    check_screen(learner, lang)
    desk.goto(f"/attempts/{attempt_id}")
    expect(desk.locator("main table")).to_contain_text("Hình bị thiếu")
    check_screen(desk, lang)
    for address in (f"/results/{KEY}", f"/late/{KEY}", "/marking", "/marking/done"):
        desk.goto(address)
        check_screen(desk, lang)
