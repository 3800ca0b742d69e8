"""Exams and their live room on the pages, without JavaScript: made, sat, supervised, in three languages; strangers find nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.assessment.exams.models import Exam
from lms.assessment.exams.offerings import key_of
from lms.assessment.models import Attempt
from lms.content.models import ItemRevision
from lms.people.models import Person
from lms.people.rules import Role
from tests.assessment.exams.conftest import QUIZ, Ground
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in

LANGS = ("vi", "zh", "en")


class Browsers:
    """A browser a person."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def of(self, person: Person) -> FlaskClient:
        """A new browser, signed in."""
        client = self._app.test_client()
        client.get("/sign-in")
        sign_in(client, person)
        return client


@pytest.fixture()
def browsers(app: Flask) -> Browsers:
    return Browsers(app)


def _form(ground: Ground, **given: Any) -> dict[str, Any]:
    usual = {"title": "Thi cuối khóa", "quiz": QUIZ, "unit": ground.unit.id, "people": "", "attempts": 1, "review": "after_close"}
    return usual | {"opens_at": "2026-11-23T09:00", "closes_at": "2026-11-23T11:00", "code": "", "networks": ""} | given


def _attempt(ground: Ground) -> Attempt:
    with ground.db.reading() as session:
        return session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()  # type: ignore[return-value]


def _start(browser: FlaskClient, exam: Exam, code: str = "") -> str:
    return browser.post(f"/offerings/{key_of(exam.id)}", data={"code": code}).headers["Location"]


def test_an_exam_is_made_changed_and_deleted_from_the_pages(ground: Ground, browsers: Browsers) -> None:
    trainer = browsers.of(ground.trainer)
    assert trainer.get("/exams/new?lang=en").status_code == 200
    refused = trainer.post("/exams/new", data=_form(ground, code="ab"))
    assert refused.status_code == 422
    assert 'value="ab"' in refused.text
    shown = trainer.post("/exams/new", data=_form(ground, code="HOI1", one_device="y", watch="y"))
    assert shown.status_code == 303
    page = trainer.get(shown.location).text
    assert "HOI1" in page
    with ground.db.reading() as session:
        exam = session.scalars(select(Exam)).one()
    assert exam.opens_at.isoformat() == "2026-11-23T02:00:00+00:00"
    edited = trainer.post(f"/exams/{exam.id}/edit", data=_form(ground, title="Thi lại", people=str(ground.first.staff_code)))
    assert edited.status_code == 303
    assert str(ground.first.staff_code) in trainer.get(f"/exams/{exam.id}/edit").text
    assert "Thi lại" in trainer.get("/exams/").text
    assert trainer.get(f"/tests/{key_of(exam.id)}").status_code == 200
    trainer.post(f"/exams/{exam.id}/remove")
    assert "Thi lại" not in trainer.get("/exams/").text
    assert trainer.get(f"/exams/{exam.id}").status_code == 404


def test_the_pages_stand_in_every_language(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make(code="HOI1", watch=True, one_device=True, networks="10.0.0.0/8", people=str(ground.first.staff_code))
    trainer, learner = browsers.of(ground.trainer), browsers.of(ground.first)
    pages: tuple[str, ...] = ("/exams/", "/exams/new", f"/exams/{exam.id}", f"/exams/{exam.id}/edit", f"/supervision/room/{key_of(exam.id)}", "/tests")
    pages += (f"/supervision/room/{key_of(exam.id)}?view=projector", f"/supervision/people/{ground.first.id}/{key_of(exam.id)}")
    for lang, word in zip(LANGS, ("Kỳ thi", "考试", "Exam"), strict=True):
        for page in pages:
            answer = trainer.get(f"{page}{'&' if '?' in page else '?'}lang={lang}")
            assert answer.status_code == 200, page
        assert word in trainer.get(f"/exams/?lang={lang}").text
        assert exam.title in learner.get(f"/?lang={lang}").text
        assert learner.get(f"/offerings/{key_of(exam.id)}?lang={lang}").status_code == 200


def test_the_code_is_typed_before_the_start_and_never_shown_to_candidates(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make(code="HOI1")
    ground.clock.set(exam.opens_at)
    learner = browsers.of(ground.first)
    before = f"/offerings/{key_of(exam.id)}"
    page = learner.get(f"{before}?lang=en").text
    assert 'name="code"' in page
    assert "HOI1" not in page
    assert _start(learner, exam, "SAI1").endswith(before)
    assert "not right" in learner.get(before).text
    paper = _start(learner, exam, "hoi 1")
    assert re.search(r"/sittings/\d+$", paper)
    assert _start(learner, exam).endswith(paper)
    assert "HOI1" not in learner.get(paper).text


def test_an_address_outside_of_the_range_does_not_start(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make(networks="10.20.0.0/16")
    ground.clock.set(exam.opens_at)
    learner = browsers.of(ground.first)
    where = f"/offerings/{key_of(exam.id)}"
    assert learner.post(where, environ_base={"REMOTE_ADDR": "192.0.2.1"}).location.endswith(where)
    assert "/sittings/" in learner.post(where, environ_base={"REMOTE_ADDR": "10.20.7.7"}).location


def test_a_second_device_is_told_so_until_a_supervisor_frees_the_sitting(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make(one_device=True)
    ground.clock.set(exam.opens_at)
    phone, tablet, trainer = browsers.of(ground.first), browsers.of(ground.first), browsers.of(ground.trainer)
    paper = _start(phone, exam)
    assert phone.get(paper).status_code == 200
    for page in (paper, f"{paper}/submit"):
        refused = tablet.get(f"{page}?lang=en")
        assert refused.status_code == 423
        assert "goes on with another device" in refused.text
    assert tablet.get(f"{paper}/state").json["elsewhere"] is True  # type: ignore[index]
    assert tablet.post(f"{paper}/submit").location.endswith(paper)
    assert _attempt(ground).state == "open"
    seat = f"/supervision/sittings/{_attempt(ground).id}"
    assert "Another device asked" in trainer.get(f"{seat}?lang=en").text
    trainer.post(seat, data={"act": "unlock", "reason": "Máy hết pin", "seen": 0})
    assert tablet.get(paper).status_code == 200
    item = _attempt(ground).paper.split('"')[3]
    body = {"item": item, "answer": "", "save_id": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "seen": 0}
    old = phone.post(f"{paper}/answers", json=body)
    assert (old.status_code, old.json["elsewhere"]) == (423, True)  # type: ignore[index]
    form = {"item": item, "seen": "0", "was": "x", "answer": "a", "kind": "single", "save_id": body["save_id"], "n": "1", "go": "next"}
    kept = phone.post(paper, data=form)
    assert kept.status_code == 423
    assert tablet.post(f"{paper}/answers", json=body | {"answer": "a"}).status_code in (200, 422)


def test_a_browser_without_a_device_of_its_own_gets_one_when_it_takes_a_freed_sitting(ground: Ground, app: Flask, browsers: Browsers) -> None:
    exam = ground.make(one_device=True)
    ground.clock.set(exam.opens_at)
    phone, trainer = browsers.of(ground.first), browsers.of(ground.trainer)
    paper = _start(phone, exam)
    trainer.post(f"/supervision/sittings/{_attempt(ground).id}", data={"act": "unlock", "reason": "x", "seen": 0})
    bare = app.test_client()
    bare.set_cookie("vean", phone.get_cookie("vean").value)  # type: ignore[union-attr]
    assert bare.get(paper).status_code == 200
    assert bare.get_cookie("device") is not None
    assert bare.get(paper).status_code == 200
    assert phone.get(paper).status_code == 423


def test_the_room_says_who_is_expected_who_sits_and_of_whom_nothing_is_heard(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make()
    trainer, learner = browsers.of(ground.trainer), browsers.of(ground.first)
    room = f"/supervision/room/{key_of(exam.id)}"
    page = trainer.get(f"{room}?lang=en").text
    assert page.count("state--wait") == 3  # the trainer works there too
    ground.clock.set(exam.opens_at)
    paper = _start(learner, exam)
    attempt = _attempt(ground)
    learner.post(f"/supervision/signs/{attempt.id}", json={"place": 2, "facts": []})
    page = trainer.get(f"{room}?lang=en").text
    assert page.count("state--wait") == 2
    assert "at question 2" in page
    assert "state--busy" in page
    ground.clock.move(minutes=3)
    assert "nothing heard" in trainer.get(f"{room}?lang=en").text
    learner.post(f"{paper}/submit")
    assert "nothing heard" not in trainer.get(f"{room}?lang=en").text


def test_the_part_of_the_room_is_sent_again_only_when_something_happened(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make()
    ground.clock.set(exam.opens_at)
    trainer, learner = browsers.of(ground.trainer), browsers.of(ground.first)
    part = f"/supervision/room/{key_of(exam.id)}?part=1"
    first = trainer.get(part)
    tag = first.headers["ETag"]
    assert "<html" not in first.text
    assert trainer.get(part, headers={"If-None-Match": tag}).status_code == 304
    _start(learner, exam)
    second = trainer.get(part, headers={"If-None-Match": tag})
    assert second.status_code == 200
    ground.clock.move(seconds=10)
    assert trainer.get(part, headers={"If-None-Match": second.headers["ETag"]}).status_code == 200


def test_three_hundred_candidates_cost_as_many_queries_as_one(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make()
    ground.clock.set(exam.opens_at)
    trainer, learner = browsers.of(ground.trainer), browsers.of(ground.first)
    _start(learner, exam)
    room = f"/supervision/room/{key_of(exam.id)}"
    trainer.get(room)
    with count_queries(ground.db) as few:
        trainer.get(room)
    pattern = _attempt(ground)
    copied = {column.name: getattr(pattern, column.name) for column in Attempt.__table__.columns if column.name not in ("id", "person_id")}
    with ground.db.writing() as session:
        for _ in range(300):
            person = make_learner(session, unit=ground.unit)
            session.add(Attempt(**copied, person_id=person.id))
    ground.clock.move(seconds=10)
    trainer.get(room)
    with count_queries(ground.db) as many:
        page = trainer.get(room).text
    assert page.count("state--busy") == 301
    assert len(many) == len(few)
    part = f"{room}?part=1"
    tag = trainer.get(part).headers["ETag"]
    with count_queries(ground.db) as known:
        assert trainer.get(part, headers={"If-None-Match": tag}).status_code == 304
    assert len(known) <= 4


def test_the_acts_are_done_from_the_page_and_the_learner_reads_why(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make()
    ground.clock.set(exam.opens_at)
    trainer, learner = browsers.of(ground.trainer), browsers.of(ground.first)
    paper = _start(learner, exam)
    seat = f"/supervision/sittings/{_attempt(ground).id}"
    before = _attempt(ground).deadline_at
    refused = trainer.post(seat, data={"act": "time", "minutes": 10, "reason": "", "seen": 0})
    assert refused.status_code == 422
    assert trainer.post(seat, data={"act": "time", "minutes": 10, "reason": "Máy treo", "seen": 0}).status_code == 303
    assert _attempt(ground).deadline_at == before + timedelta(minutes=10)
    assert trainer.post(seat, data={"act": "time", "minutes": 10, "reason": "Hai lần", "seen": 0}).status_code == 409
    assert "10 minutes more. Reason: Máy treo" in learner.get(f"{paper}?lang=en").text
    signs = learner.post(f"/supervision/signs/{_attempt(ground).id}", json={"place": 1, "facts": []}).json
    assert signs is not None
    assert (signs["open"], len(signs["told"])) == (True, 1)
    assert learner.post(f"{paper}/submit", data={"auto": "1"}).location.endswith(paper)
    assert trainer.post(seat, data={"act": "hand-in", "reason": "Vi phạm", "seen": 1}).status_code == 303
    assert "Reason: Vi phạm" in learner.get(f"{paper}/result?lang=en").text
    assert trainer.post(seat, data={"act": "reopen", "minutes": 3, "reason": "Nhầm người", "seen": 2}).status_code == 303
    assert "Opened again for 3 minutes" in learner.get(f"{paper}?lang=en").text
    learner.get(f"/offerings/{key_of(exam.id)}")
    learner.post(f"{paper}/submit")
    assert trainer.post(seat, data={"act": "void", "reason": "Hỏng đề", "seen": 3}).status_code == 303
    assert "Reason: Hỏng đề" in learner.get(f"{paper}/result?lang=en").text
    assert trainer.post(seat, data={"act": "nothing", "reason": "x", "seen": 4}).status_code == 422
    for lang in LANGS:
        assert trainer.get(f"{seat}?lang={lang}").status_code == 200
        assert learner.get(f"{paper}/result?lang={lang}").status_code == 200


def test_the_close_and_the_code_are_changed_from_the_page_with_a_reason(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make(code="HOI1")
    ground.clock.set(exam.closes_at - timedelta(minutes=5))
    trainer, learner = browsers.of(ground.trainer), browsers.of(ground.first)
    _start(learner, exam, "HOI1")
    where = f"/exams/{exam.id}"
    assert trainer.get(f"{where}/edit").status_code == 302
    assert trainer.post(f"{where}/close", data={"closes_at": "2026-11-22T12:30", "reason": ""}).status_code == 422
    assert trainer.post(f"{where}/close", data={"closes_at": "2026-11-22T12:30", "reason": "Mất điện"}).status_code == 303
    assert trainer.post(f"{where}/code", data={"code": "x", "reason": "Lộ"}).status_code == 422
    assert trainer.post(f"{where}/code", data={"code": "MOI2", "reason": "Lộ"}).status_code == 303
    assert trainer.post(f"{where}/remove").status_code == 409
    page = trainer.get(f"{where}?lang=en").text
    assert "MOI2" in page
    assert "Mất điện" in page
    ground.clock.move(minutes=1)
    assert trainer.post(f"{where}/close", data={"when": "now", "closes_at": "", "reason": "Xong"}).status_code == 303
    assert _attempt(ground).deadline_at == ground.clock.now()


def test_time_is_granted_to_somebody_who_has_yet_to_start(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make()
    trainer, learner = browsers.of(ground.trainer), browsers.of(ground.first)
    page = f"/supervision/people/{ground.first.id}/{key_of(exam.id)}"
    assert trainer.post(page, data={"minutes": "0", "reason": "Khó đọc"}).status_code == 422
    assert trainer.post(page, data={"minutes": "7", "reason": "Khó đọc"}).status_code == 303
    assert "Khó đọc" in trainer.get(page).text
    assert trainer.get(f"/supervision/people/{ground.stranger.id}/{key_of(exam.id)}").status_code == 404
    ground.clock.set(exam.opens_at)
    assert "7 min more" in learner.get(f"/offerings/{key_of(exam.id)}?lang=en").text
    _start(learner, exam)
    assert _attempt(ground).extra_s == 420


def test_no_key_is_on_the_supervisors_page(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make()
    ground.clock.set(exam.opens_at)
    trainer = browsers.of(ground.trainer)
    _start(browsers.of(ground.first), exam)
    page = trainer.get(f"/supervision/sittings/{_attempt(ground).id}").text
    with ground.db.reading() as session:
        bodies = session.scalars(select(ItemRevision.body)).all()
    assert bodies
    assert "answer--right" not in page
    assert "admonition" not in page


def test_what_was_noticed_stands_as_a_fact_only_where_candidates_were_told(ground: Ground, browsers: Browsers) -> None:
    watched, plain = ground.make(watch=True), ground.make()
    ground.clock.set(watched.opens_at)
    trainer, learner = browsers.of(ground.trainer), browsers.of(ground.first)
    assert "notes when the page is left" in learner.get(f"/offerings/{key_of(watched.id)}?lang=en").text
    assert "notes when the page is left" not in learner.get(f"/offerings/{key_of(plain.id)}?lang=en").text
    for exam in (watched, plain):
        paper = _start(learner, exam)
        assert ("data-watch" in learner.get(paper).text) is (exam is watched)
        ids = [f"{n:08x}-0000-0000-0000-000000000000" for n in range(3)]
        facts = [{"id": ids[0], "kind": "left", "ago_ms": 20_000}, {"id": ids[1], "kind": "back", "ago_ms": 8_000, "lasted_ms": 12_000}]
        facts.append({"id": ids[2], "kind": "pasted", "ago_ms": 0, "chars": 30})
        ground.clock.move(minutes=1)
        assert learner.post(f"/supervision/signs/{_attempt(ground).id}", json={"place": 1, "facts": facts}).status_code == 200
        room = trainer.get(f"/supervision/room/{key_of(exam.id)}?lang=en").text
        seen = "left the page 1 time, longest 12 s; pasted text 1 time"
        assert (seen in room) is (exam is watched)
        assert (seen in trainer.get(f"/supervision/sittings/{_attempt(ground).id}?lang=en").text) is (exam is watched)
    wrongs: list[Any] = [[], {"facts": 1}, {"facts": [{"id": "x", "kind": "left"}]}, {"facts": [{"id": ids[0], "kind": "voided"}]}]
    for wrong in wrongs:
        assert learner.post(f"/supervision/signs/{_attempt(ground).id}", json=wrong).status_code == 422


def test_strangers_find_nothing(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make()
    ground.clock.set(exam.opens_at)
    learner = browsers.of(ground.first)
    _start(learner, exam)
    attempt = _attempt(ground)
    with ground.db.writing() as session:
        other = make_learner(session, unit=make_unit(session), roles=(Role.TRAINER,))
    elsewhere = browsers.of(other)
    pages = [f"/exams/{exam.id}", f"/exams/{exam.id}/edit", f"/supervision/sittings/{attempt.id}", f"/supervision/room/{key_of(exam.id)}"]
    pages.append(f"/supervision/people/{ground.first.id}/{key_of(exam.id)}")
    for page in pages:
        assert elsewhere.get(page).status_code == 404, page
        assert learner.get(page).status_code == 403, page
    for page, data in (
        (f"/supervision/sittings/{attempt.id}", {"act": "void", "reason": "x", "seen": 0}),
        (f"/exams/{exam.id}/close", {"reason": "x", "when": "now"}),
    ):
        assert elsewhere.post(page, data=data).status_code == 404
    assert elsewhere.post(f"/exams/{exam.id}/remove").status_code == 404
    stranger = browsers.of(ground.stranger)
    assert stranger.get(f"/offerings/{key_of(exam.id)}").status_code == 404
    assert stranger.post(f"/supervision/signs/{attempt.id}", json={"place": 1, "facts": []}).status_code == 404
    assert _attempt(ground).state == "open"


def test_nobody_supervises_the_own_sitting(ground: Ground, browsers: Browsers) -> None:
    exam = ground.make()
    ground.clock.set(exam.opens_at)
    trainer = browsers.of(ground.trainer)
    _start(trainer, exam)
    own = _attempt(ground)
    assert own.person_id == ground.trainer.id
    assert trainer.post(f"/supervision/sittings/{own.id}", data={"act": "time", "minutes": 9, "reason": "x", "seen": 0}).status_code == 403
    ground.clock.move(minutes=1)
    assert 'name="act"' not in trainer.get(f"/supervision/sittings/{own.id}").text
    assert trainer.post(f"/exams/{exam.id}/close", data={"when": "now", "reason": "x"}).status_code == 403
