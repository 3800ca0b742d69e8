"""Persons: entered, corrected, moved with dates, never deleted; what is one's alone is told in words."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.errors import Conflict, Invalid, NotFound, SiteError
from lms.people.models import Account, Membership, Person
from lms.people.rules import Role
from lms.people.secrets import make_secret
from lms.people.service import close_unit, create_person, edit_person, leave, move_person
from lms.people.service.listing import Wanted, list_people
from lms.people.service.persons import Taken, get_person, join
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.conftest import NOW
from tests.make import make_learner, make_unit

ACT: dict[str, Any] = {"now": NOW, "actor_id": None}
TODAY = date(2026, 11, 22)
ALL: dict[str, Any] = {"paths": ("/",), "on": TODAY, "page": 1}


def test_a_person_is_kept_in_normal_form_with_unit_and_account(db: Database) -> None:
    with db.writing() as session:
        unit = make_unit(session)
        person = create_person(
            session,
            full_name="  Nguyễn  Văn An ",
            staff_code="nv001",
            phone="+84 912 345 678",
            email="AN@example.vn",
            national_id="001099012345",
            identity_key="k",
            unit_id=unit.id,
            position="thợ hàn",
            secret=make_secret("975310", "pin"),
            now=NOW,
        )
        assert (person.full_name, person.staff_code, person.phone, person.email) == ("Nguyễn Văn An", "NV001", "0912345678", "an@example.vn")
        assert person.search_text == "nguyen van an nv001 0912345678"
        assert person.national_id_last == "2345"
        member = session.scalars(select(Membership)).one()
        assert (member.unit_id, member.position, member.from_on, member.until_on) == (unit.id, "thợ hàn", NOW.date(), None)
        assert session.scalars(select(Account)).one().must_change


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"staff_code": "nv1"}, "staff_code"),
        ({"phone": "0912.345.678"}, "phone"),
        ({"email": "A@b.vn"}, "email"),
        ({"national_id": "001 099 012 345", "identity_key": "k"}, "national_id"),
    ],
)
def test_what_is_another_persons_is_told_by_its_field(db: Database, given: dict[str, Any], field: str) -> None:
    with db.writing() as session:
        create_person(session, full_name="A", staff_code="NV1", phone="0912345678", email="a@b.vn", national_id="001099012345", identity_key="k", now=NOW)
        other = create_person(session, full_name="B", staff_code="B", now=NOW)
    with pytest.raises(Taken) as made, db.writing() as session:
        create_person(session, **({"full_name": "C", "now": NOW} | given))  # type: ignore[arg-type]
    with pytest.raises(Taken) as edited, db.writing() as session:
        edit_person(session, person_id=other.id, **({"full_name": "C"} | given | ACT))
    assert made.value.field == edited.value.field == field


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"full_name": " "}, id="no name"),
        pytest.param({"full_name": "x" * 201}, id="a long name"),
        pytest.param({"staff_code": "a b"}, id="staff code"),
        pytest.param({"phone": "12"}, id="phone"),
        pytest.param({"lang": "fr"}, id="language"),
        pytest.param({"national_id": "12", "identity_key": "k"}, id="national id"),
        pytest.param({"national_id": "001099012345"}, id="national id without a key"),
        pytest.param({"secret": "123456"}, id="a weak PIN"),
        pytest.param({"secret": "ngan", "secret_kind": "password"}, id="a short password"),
        pytest.param({"paths": ("/1/",)}, id="no unit, by an administrator of a subtree"),
    ],
)
def test_what_cannot_be_is_refused(db: Database, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid), db.writing() as session:
        create_person(session, **({"full_name": "A", "now": NOW} | given))  # type: ignore[arg-type]


def test_a_secret_may_be_given_as_text(db: Database) -> None:
    with db.writing() as session:
        create_person(session, full_name="A", secret="mèo tre 7x", secret_kind="password", must_change=False, now=NOW)
        account = session.scalars(select(Account)).one()
        assert (account.secret_kind, account.must_change) == ("password", False)
        assert "7x" not in repr(make_secret("mèo tre 7x", "password"))


def test_a_correction_records_the_names_of_fields_and_no_values(db: Database) -> None:
    with db.writing() as session:
        person = create_person(session, full_name="Nguyễn Văn An", staff_code="NV1", national_id="001099012345", identity_key="k", now=NOW)
        edit_person(session, person_id=person.id, full_name="Nguyễn Văn Ân", staff_code="NV1", **ACT)
        assert person.national_id_last == "2345"
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "person_edited")).one()
        assert event.detail == '{"fields": ["full_name"]}'
        edit_person(session, person_id=person.id, full_name="Nguyễn Văn Ân", staff_code="NV1", **ACT)
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "person_edited")).all()) == 1


def test_what_another_constraint_refuses_is_laid_to_no_field(db: Database) -> None:
    with pytest.raises(IntegrityError), db.writing() as session:
        session.add(Person(full_name="X", sort_key="x", lang="fr", created_at=NOW))
        create_person(session, full_name="Nguyễn Văn An", staff_code="NV1", now=NOW)
    with db.reading() as session:
        assert session.scalars(select(Person)).all() == []


def test_a_move_ends_the_former_work_the_day_before_and_deletes_nothing(db: Database) -> None:
    with db.writing() as session:
        first, second = make_unit(session), make_unit(session)
        person = make_learner(session, unit=first)
        move_person(session, person_id=person.id, unit_id=second.id, position="tổ trưởng", on=TODAY, **ACT)
        rows = session.execute(select(Membership.unit_id, Membership.from_on, Membership.until_on).order_by(Membership.id)).all()
        assert [tuple(row) for row in rows] == [(first.id, date(2026, 1, 1), date(2026, 11, 21)), (second.id, TODAY, None)]


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2025, 12, 31)])
def test_a_move_comes_after_the_day_the_present_work_began(db: Database, on: date) -> None:
    with db.writing() as session:
        first, second = make_unit(session), make_unit(session)
        person = make_learner(session, unit=first)
    with pytest.raises(Invalid), db.writing() as session:
        move_person(session, person_id=person.id, unit_id=second.id, on=on, **ACT)
    with db.writing() as session:
        move_person(session, person_id=person.id, unit_id=second.id, on=date(2026, 1, 2), **ACT)


def test_a_move_to_the_same_place_or_a_closed_unit_is_refused(db: Database) -> None:
    with db.writing() as session:
        first, closed = make_unit(session), make_unit(session)
        person = make_learner(session, unit=first)
        close_unit(session, unit_id=closed.id, on=TODAY, **ACT)
    for unit in (first, closed):
        with pytest.raises(Conflict), db.writing() as session:
            move_person(session, person_id=person.id, unit_id=unit.id, position="công nhân", on=TODAY, **ACT)


def test_who_is_about_to_leave_and_moves_instead_has_one_main_unit_a_day(db: Database) -> None:
    with db.writing() as session:
        first, second = make_unit(session), make_unit(session)
        person = make_learner(session, unit=first)
        leave(session, person_id=person.id, last_on=date(2026, 12, 31), **ACT)
        move_person(session, person_id=person.id, unit_id=second.id, on=TODAY, **ACT)
        rows = session.execute(select(Membership.unit_id, Membership.from_on, Membership.until_on).order_by(Membership.id)).all()
        assert [tuple(row) for row in rows] == [(first.id, date(2026, 1, 1), date(2026, 11, 21)), (second.id, TODAY, None)]


def test_who_has_left_comes_back_after_the_last_day(db: Database) -> None:
    with db.writing() as session:
        unit = make_unit(session)
        person = make_learner(session, unit=unit)
        leave(session, person_id=person.id, last_on=date(2026, 6, 30), **ACT)
        with pytest.raises(Invalid):
            move_person(session, person_id=person.id, unit_id=unit.id, on=date(2025, 12, 31), **ACT)
        move_person(session, person_id=person.id, unit_id=unit.id, position="công nhân", on=TODAY, **ACT)
        rows = session.execute(select(Membership.from_on, Membership.until_on).order_by(Membership.id)).all()
        assert [tuple(row) for row in rows] == [(date(2026, 1, 1), date(2026, 6, 30)), (TODAY, None)]


def test_who_works_nowhere_is_moved_in(db: Database) -> None:
    with db.writing() as session:
        unit = make_unit(session)
        person = make_learner(session)
        assert move_person(session, person_id=person.id, unit_id=unit.id, on=TODAY, **ACT).from_on == TODAY


def test_the_constraint_decides_between_two_who_move_somebody_at_once(db: Database) -> None:
    with db.writing() as session:
        unit = make_unit(session)
        person = make_learner(session, unit=unit)
    with pytest.raises(Conflict, match="Somebody else"), db.writing() as session:
        join(session, person.id, unit.id, "", TODAY, ("/",))


def test_leaving_ends_the_work_and_keeps_the_person(db: Database) -> None:
    with db.writing() as session:
        unit = make_unit(session)
        person = make_learner(session, unit=unit)
        with pytest.raises(Invalid):
            leave(session, person_id=person.id, last_on=date(2025, 12, 31), **ACT)
        leave(session, person_id=person.id, last_on=TODAY, **ACT)
        with pytest.raises(Conflict):
            leave(session, person_id=person.id, last_on=TODAY, **ACT)
        assert get_person(session, person_id=person.id, paths=(unit.path,), on=TODAY)
        with pytest.raises(NotFound):
            get_person(session, person_id=person.id, paths=(unit.path,), on=date(2026, 11, 23))
        assert get_person(session, person_id=person.id, paths=("/",), on=date(2026, 11, 23))


@pytest.mark.parametrize("search", ["nguyen duc", "ĐỨC", "đưc anh", "NV77", "nv7", "0912 345 678", "5678", "anh nguyễn"])
def test_a_search_finds_without_accents_by_code_and_by_phone(db: Database, search: str) -> None:
    with db.writing() as session:
        make_learner(session, full_name="Nguyễn Đức Ánh", staff_code="NV77", phone="0912345678")
        make_learner(session, full_name="Lê Văn Bình", staff_code="LB", phone="0987000111")
    with db.reading() as session:
        found, total = list_people(session, wanted=Wanted(search=search), **ALL)
        assert ([one.staff_code for one in found], total) == (["NV77"], 1)


@pytest.mark.parametrize("search", ["%", "_", "nguyen_", "\\"])
def test_signs_of_patterns_are_searched_as_they_are(db: Database, search: str) -> None:
    with db.writing() as session:
        make_learner(session, full_name="Nguyễn A")
    with db.reading() as session:
        assert list_people(session, wanted=Wanted(search=search), **ALL) == ([], 0)


def test_the_list_narrows_by_unit_role_and_closed_accounts(db: Database) -> None:
    with db.writing() as session:
        root = make_unit(session)
        team, other = make_unit(session, parent=root), make_unit(session)
        officer = make_learner(session, unit=root, roles=(Role.OFFICER, Role.JUDGE))
        worker, gone = make_learner(session, unit=team), make_learner(session, unit=team)
        stranger = make_learner(session, unit=other)
        without = Person(full_name="Chưa Có", sort_key="1", created_at=NOW)
        session.add(without)
        session.get_one(Account, gone.id).active = False
    with db.reading() as session:

        def ids(paths: tuple[str, ...] = ("/",), **wanted: Any) -> set[int]:
            return {one.id for one in list_people(session, paths=paths, wanted=Wanted(**wanted), on=TODAY, page=1)[0]}

        assert ids() == {officer.id, worker.id, stranger.id, without.id}
        assert ids((root.path,)) == {officer.id, worker.id}
        assert ids(()) == set()
        assert ids(unit_id=team.id) == {worker.id}
        assert ids((root.path,), unit_id=other.id) == set()
        assert ids(unit_id=999_999) == set()
        assert ids(role=Role.JUDGE) == {officer.id}
        assert ids(closed=True) == {gone.id}
        rows = {one.id: one for one in list_people(session, wanted=Wanted(), **ALL)[0]}
        assert rows[officer.id].roles == (Role.OFFICER, Role.JUDGE)
        assert rows[without.id].active is None


def test_nobody_outside_the_subtree_is_edited_or_moved(db: Database) -> None:
    with db.writing() as session:
        own, foreign = make_unit(session), make_unit(session)
        inside, outside = make_learner(session, unit=own), make_learner(session, unit=foreign)
    paths = (own.path,)
    works: list[Any] = [
        lambda session: edit_person(session, person_id=outside.id, full_name="X", paths=paths, **ACT),
        lambda session: move_person(session, person_id=outside.id, unit_id=own.id, on=TODAY, paths=paths, **ACT),
        lambda session: move_person(session, person_id=inside.id, unit_id=foreign.id, on=TODAY, paths=paths, **ACT),
        lambda session: leave(session, person_id=outside.id, last_on=TODAY, paths=paths, **ACT),
        lambda session: create_person(session, full_name="X", unit_id=foreign.id, paths=paths, now=NOW),
    ]
    for work in works:
        with pytest.raises(SiteError) as refused, db.writing() as session:
            work(session)
        assert isinstance(refused.value, NotFound)


def test_what_the_database_refuses_for_another_reason_is_not_called_taken(db: Database) -> None:
    with pytest.raises(IntegrityError), db.writing() as session:
        session.add(Person(staff_code="NV9", full_name="A", sort_key="a", lang="xx", created_at=NOW))
        create_person(session, full_name="Nguyễn Văn An", staff_code="NV8", unit_id=make_unit(session).id, position="", secret=None, **ACT)
