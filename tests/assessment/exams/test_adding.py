"""People who come to an exam after its opening: with a reason, on record, to nobody's harm."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from lms.assessment.exams.models import Exam, ExamAddition, ExamPerson
from lms.assessment.exams.offerings import key_of
from lms.assessment.exams.service.adding import add_people
from lms.errors import Conflict, Invalid, NotFound, SiteError
from lms.people.models import Person
from lms.platform.audit import AuditEvent
from tests.assessment.exams.conftest import DAY, Ground
from tests.make import make_learner, make_unit, sign_in


def add(ground: Ground, exam: Exam, *people: Person, reason: str = "Quên ghi tên", paths: tuple[str, ...] | None = None) -> int:
    with ground.db.writing() as session:
        return add_people(
            session,
            exam_id=exam.id,
            typed="\n".join(str(person.staff_code) for person in people),
            reason=reason,
            paths=paths or (ground.unit.path,),
            actor_id=ground.trainer.id,
            today=DAY,
            now=ground.clock.now(),
        )


def test_whoever_was_forgotten_on_the_list_sits_it_too(ground: Ground) -> None:
    exam = ground.make(people=str(ground.first.staff_code))
    ground.clock.set(exam.opens_at)
    assert ground.find(exam, ground.second) is None
    assert add(ground, exam, ground.first, ground.second) == 1
    assert ground.find(exam, ground.second) is not None
    assert ground.find(exam, ground.first) is not None
    with ground.db.reading() as session:
        row = session.scalars(select(ExamAddition)).one()
        assert (row.n, row.reason, row.by_person_id) == (1, "Quên ghi tên", ground.trainer.id)
        trail = session.scalars(select(AuditEvent).where(AuditEvent.action == "exam_people_added")).one()
    assert str(ground.second.id) in str(trail.detail)


def test_a_guest_sits_an_exam_of_a_whole_unit_and_everyone_of_that_goes_on(ground: Ground) -> None:
    exam = ground.make()
    ground.clock.set(exam.opens_at)
    with ground.db.writing() as session:
        guest = make_learner(session, unit=make_unit(session))
    assert ground.find(exam, guest) is None
    assert add(ground, exam, guest, paths=("/",)) == 1
    assert ground.find(exam, guest) is not None
    assert ground.find(exam, ground.first) is not None
    assert ground.find(exam, ground.stranger) is None


@pytest.mark.parametrize(
    ("minutes", "reason", "error", "why"),
    [
        pytest.param(-1, "x", Conflict, "while an exam is open", id="before the opening"),
        pytest.param(121, "x", Conflict, "while an exam is open", id="after the close"),
        pytest.param(0, "  ", Invalid, "Give a reason", id="without a reason"),
    ],
)
def test_only_while_it_is_open_and_with_a_reason(ground: Ground, minutes: int, reason: str, error: type[SiteError], why: str) -> None:
    exam = ground.make(people=str(ground.first.staff_code))
    ground.clock.set(exam.opens_at + timedelta(minutes=minutes))
    with pytest.raises(error, match=why):
        add(ground, exam, ground.second, reason=reason)
    with ground.db.reading() as session:
        assert session.scalars(select(ExamPerson.person_id)).all() == [ground.first.id]


def test_one_who_is_not_there_and_nobody_new_change_nothing(ground: Ground) -> None:
    exam = ground.make(people=str(ground.first.staff_code))
    ground.clock.set(exam.opens_at)
    with pytest.raises(Invalid, match="Nobody in your part"):
        add(ground, exam, ground.second, ground.stranger)
    with pytest.raises(Conflict, match="already"):
        add(ground, exam, ground.first)
    with pytest.raises(NotFound):
        add(ground, exam, ground.second, paths=("/999/",))
    with ground.db.reading() as session:
        assert session.scalars(select(ExamAddition)).all() == []


def test_what_was_added_stays_on_record(ground: Ground) -> None:
    exam = ground.make(people=str(ground.first.staff_code))
    ground.clock.set(exam.opens_at)
    add(ground, exam, ground.second)
    with pytest.raises(DatabaseError), ground.db.writing() as session:
        session.execute(text("DELETE FROM exam_addition"))


def of(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    client.get("/sign-in")
    sign_in(client, person)
    return client


def test_from_the_page_to_the_sitting_in_three_languages(ground: Ground, app: Flask) -> None:
    exam = ground.make(people=str(ground.first.staff_code))
    ground.clock.set(exam.opens_at)
    trainer, learner, where = of(app, ground.trainer), of(app, ground.second), f"/exams/{exam.id}"
    assert learner.get(f"/offerings/{key_of(exam.id)}").status_code == 404
    assert ground.second.full_name not in trainer.get(f"/supervision/room/{key_of(exam.id)}").text
    for lang, words in (("vi", "Thêm người"), ("zh", "增加人员"), ("en", "Add people")):
        assert words in trainer.get(f"{where}?lang={lang}").text
    refused = trainer.post(f"{where}/people", data={"people": "NV-KHONG-CO", "reason": "Quên ghi tên"})
    assert refused.status_code == 422
    assert "NV-KHONG-CO" in refused.text
    assert trainer.post(f"{where}/people", data={"people": str(ground.second.staff_code), "reason": ""}).status_code == 422
    assert trainer.post(f"{where}/people", data={"people": str(ground.second.staff_code), "reason": "Quên ghi tên"}).status_code == 303
    page = trainer.get(f"{where}?lang=en").text
    assert "1 person has been added." in page
    assert "1 person added · Quên ghi tên" in page
    assert ground.second.full_name in trainer.get(f"/supervision/room/{key_of(exam.id)}").text
    assert "/sittings/" in learner.post(f"/offerings/{key_of(exam.id)}").headers["Location"]


def test_a_guest_of_a_whole_unit_stands_on_the_page_and_in_the_room(ground: Ground, app: Flask) -> None:
    exam = ground.make()
    ground.clock.set(exam.opens_at)
    with ground.db.writing() as session:
        guest = make_learner(session, unit=make_unit(session, parent=ground.unit), full_name="Khách Mời")
    add(ground, exam, guest)
    trainer = of(app, ground.trainer)
    assert "and 1 person by name" in trainer.get(f"/exams/{exam.id}?lang=en").text
    assert trainer.get(f"/supervision/room/{key_of(exam.id)}").text.count("Khách Mời") == 1


def test_strangers_add_nobody(ground: Ground, app: Flask) -> None:
    exam = ground.make()
    ground.clock.set(exam.opens_at)
    assert of(app, ground.first).post(f"/exams/{exam.id}/people", data={"people": "x", "reason": "x"}).status_code == 403
