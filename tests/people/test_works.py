"""Second jobs and what somebody works as: entered beside the main work, ended on a day, within the own units."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import Membership
from lms.people.rules import Role
from lms.people.service import close_unit, move_person
from lms.people.service.unit_merging import merge_unit
from lms.people.service.works import add_second_work, end_second_work
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.conftest import NOW
from tests.make import make_learner, make_unit, sign_in

TODAY = date(2026, 11, 22)
ACT: dict[str, Any] = {"now": NOW, "actor_id": None, "paths": ("/",)}


def test_a_second_job_stands_beside_the_main_one(db: Database) -> None:
    with db.writing() as session:
        main, other = make_unit(session), make_unit(session)
        person = make_learner(session, unit=main)
        added = add_second_work(session, person_id=person.id, unit_id=other.id, on=TODAY, position=" thợ  điện ", kind="contractor", **ACT)
        assert (added.main, added.position, added.kind) == (False, "thợ điện", "contractor")
        with pytest.raises(Conflict, match="there already"):
            add_second_work(session, person_id=person.id, unit_id=other.id, on=TODAY, **ACT)
        with pytest.raises(Conflict, match="there already"):
            add_second_work(session, person_id=person.id, unit_id=main.id, on=TODAY, **ACT)
        with pytest.raises(Invalid, match="began"):
            end_second_work(session, person_id=person.id, membership_id=added.id, last_on=date(2026, 11, 21), **ACT)
        with pytest.raises(NotFound):
            end_second_work(session, person_id=person.id, membership_id=added.id, last_on=TODAY, **{**ACT, "paths": (main.path,)})
        end_second_work(session, person_id=person.id, membership_id=added.id, last_on=TODAY, **ACT)
        with pytest.raises(Conflict, match="already"):
            end_second_work(session, person_id=person.id, membership_id=added.id, last_on=TODAY, **ACT)
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_kind == "person").order_by(AuditEvent.id)).all()
        assert actions[-2:] == ["second_work_added", "second_work_ended"]


def test_a_second_job_needs_a_first_and_an_open_unit(db: Database) -> None:
    with db.writing() as session:
        unit, shut = make_unit(session), make_unit(session)
        person, idle = make_learner(session, unit=unit), make_learner(session)
        close_unit(session, unit_id=shut.id, on=TODAY, **ACT)
        for who, where, kind, error in (
            (idle, unit, "employee", Conflict),
            (person, shut, "employee", Conflict),
            (person, make_unit(session), "owner", Invalid),
        ):
            with pytest.raises(error):
                add_second_work(session, person_id=who.id, unit_id=where.id, on=TODAY, kind=kind, **ACT)
        main = session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
        with pytest.raises(NotFound):
            end_second_work(session, person_id=person.id, membership_id=main.id, last_on=TODAY, **ACT)


def test_what_somebody_works_as_goes_on_through_moves_and_mergers(db: Database) -> None:
    with db.writing() as session:
        first, second, third = (make_unit(session) for _ in range(3))
        person = make_learner(session, unit=first)
        move_person(session, person_id=person.id, unit_id=second.id, on=date(2026, 11, 23), kind="contractor", **ACT)
        assert move_person(session, person_id=person.id, unit_id=first.id, on=date(2026, 11, 24), **ACT).kind == "contractor"
        merge_unit(session, source_id=first.id, target_id=third.id, on=date(2026, 12, 1), **ACT)
        session.expire_all()
        last = session.scalars(select(Membership).where(Membership.person_id == person.id).order_by(Membership.from_on.desc())).first()
        assert last is not None
        assert (last.unit_id, last.kind) == (third.id, "contractor")


def test_the_database_knows_the_kinds_too(db: Database) -> None:
    with pytest.raises(IntegrityError), db.writing() as session:
        person = make_learner(session)
        session.add(Membership(person_id=person.id, unit_id=make_unit(session).id, kind="owner", from_on=TODAY))
        session.flush()


@pytest.mark.parametrize(("lang", "word"), [("vi", "người của nhà thầu"), ("zh", "承包商派来的人员"), ("en", "sent by a contractor")])
def test_an_administrator_enters_and_ends_it_from_the_page(client: FlaskClient, db: Database, lang: str, word: str) -> None:
    with db.writing() as session:
        top = make_unit(session)
        other = make_unit(session, parent=top)
        boss = make_learner(session, unit=top, roles=(Role.ADMINISTRATOR,))
        worker = make_learner(session, unit=top)
    sign_in(client, boss)
    page = f"/people/{worker.id}"
    client.get(f"{page}?lang={lang}")
    sent = {"unit": str(other.id), "position": "x", "work_kind": "contractor", "on": "2026-11-22"}
    assert client.post(f"{page}/second", data=sent).status_code == 302
    assert client.post(f"{page}/second", data=sent).status_code == 409
    shown = client.get(page).text
    assert shown.count(word) > shown.count(f'<option value="contractor">{word}')
    with db.reading() as session:
        added = session.scalars(select(Membership).where(Membership.person_id == worker.id, Membership.main.is_(False))).one()
    assert f"{page}/second/{added.id}/end" in shown
    assert client.post(f"{page}/second/{added.id}/end").status_code == 302
    assert f"{page}/second/{added.id}/end" not in client.get(page).text
