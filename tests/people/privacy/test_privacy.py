"""One's own data as a file; erasing somebody: what goes, what has to stay, who may, and that nothing is left."""

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.certification.models import Evidence
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.people.importing.models import PeopleImport, PeopleImportRow
from lms.people.models import Account, Membership, Person
from lms.people.privacy.keeping import RecordKeepers
from lms.people.privacy.service.erasing import NAMELESS, erase_person, preview_erasure
from lms.people.privacy.service.gathering import gather
from lms.people.rules import Grant, Role
from lms.people.service.listing import Wanted, list_people
from lms.people.signing.models import SignedSession
from lms.platform.audit import AuditEvent
from lms.platform.db import Base, Database
from lms.platform.rules import phrase
from lms.platform.site import Site
from tests.conftest import NOW
from tests.make import make_learner, make_unit, sign_in

TODAY = date(2026, 11, 22)
ADMIN = (Grant(Role.ADMINISTRATOR, "/"),)
NOTHING, RECORDS = RecordKeepers(), RecordKeepers((lambda _session, _person_id: phrase("records"), lambda _session, _person_id: None))


@pytest.fixture()
def person(db: Database) -> Person:
    """Somebody who has left, with everything that can be known of a person."""
    with db.writing() as session:
        unit = make_unit(session)
        boss = make_learner(session, roles=(Role.ADMINISTRATOR,), staff_code="QT01")
        known: dict[str, Any] = {
            "phone": "0912345678",
            "email": "an@example.vn",
            "birth_on": date(1990, 1, 1),
            "national_id_digest": "d" * 64,
            "national_id_last": "2345",
        }
        made = make_learner(session, unit=unit, full_name="Nguyễn Văn An", staff_code="NV9", **known)
        session.execute(update(Membership).where(Membership.person_id == made.id).values(until_on=date(2026, 6, 30)))
        session.add(SignedSession(person_id=made.id, epoch=1, agent="chrome-android", how="secret", begun_at=NOW, seen_at=NOW))
        sheet = PeopleImport(made_by=boss.id, made_at=NOW, file_name="x", effect_on=TODAY, headers="[]", state="applied")
        session.add(sheet)
        session.flush()
        session.add(PeopleImportRow(import_id=sheet.id, n=1, line=2, cells='["Nguyễn Văn An"]', person_id=made.id, phone="0912345678", identity_last="2345"))
        return made


def _erase(session: Any, person: Person, **given: Any) -> bool:
    values: dict[str, Any] = {"reason": "theo yêu cầu", "keepers": NOTHING, "actor_id": 1, "actor_grants": ADMIN, "paths": ("/",)} | given
    return erase_person(session, person_id=person.id, today=TODAY, now=NOW, **values)


def test_everything_that_is_kept_of_somebody_is_gathered_without_secrets(db: Database, person: Person) -> None:
    with db.reading() as session:
        found = gather(session, person_id=person.id)
    assert set(found) == {"person", "account", "membership", "signed_session", "people_import_row"}
    text = json.dumps(found)
    for secret in ("argon2", "d" * 64):
        assert secret not in text
    assert found["person"][0]["birth_on"] == "1990-01-01"


def test_without_records_the_name_goes_too(db: Database, person: Person) -> None:
    with db.writing() as session:
        assert preview_erasure(session, person_id=person.id, keepers=NOTHING, paths=("/",), today=TODAY).kept == []
        assert _erase(session, person) is True
    with db.reading() as session:
        left = session.get_one(Person, person.id)
        assert (left.full_name, left.staff_code, left.phone, left.email, left.birth_on, left.national_id_last) == (NAMELESS, None, None, None, None, None)
        assert session.get(Account, person.id) is None
        row = session.scalars(select(PeopleImportRow)).one()
        assert (row.cells, row.phone, row.identity_last) == ("[]", None, None)
        assert list_people(session, paths=("/",), wanted=Wanted(search="nv9"), on=TODAY, page=1) == ([], 0)
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "person_erased")).one()
        assert json.loads(event.detail) == {"name_kept": False, "reason": "theo yêu cầu"}
        everything = "".join(str(tuple(row)) for table in Base.metadata.sorted_tables for row in session.execute(select(table)))
    for trace in ("Nguyễn Văn An", "nguyen van an", "0912345678", "an@example.vn", "1990-01-01", "d" * 64, "NV9"):
        assert trace not in everything, trace


def test_what_has_to_be_kept_keeps_the_name(db: Database, person: Person) -> None:
    with db.writing() as session:
        assert [str(one) for one in preview_erasure(session, person_id=person.id, keepers=RECORDS, paths=("/",), today=TODAY).kept] == ["records"]
        assert _erase(session, person, keepers=RECORDS) is False
        left = session.get_one(Person, person.id)
        assert (left.full_name, left.staff_code, left.national_id_last, left.phone, left.birth_on) == ("Nguyễn Văn An", "NV9", "2345", None, None)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"reason": " "}, Invalid),
        ({"paths": ("/999/",)}, NotFound),
        ({"actor_grants": ()}, None),
    ],
)
def test_who_may_and_why(db: Database, person: Person, given: dict[str, Any], error: type[Exception] | None) -> None:
    with db.writing() as session:
        if error is None:
            assert _erase(session, person, **given)
            return
        with pytest.raises(error):
            _erase(session, person, **given)


def test_nobody_is_erased_who_works_or_decides_here_or_themselves(db: Database) -> None:
    with db.writing() as session:
        unit = make_unit(session)
        worker, officer = make_learner(session, unit=unit), make_learner(session, roles=(Role.OFFICER,))
        for somebody, given, error in (
            (worker, {}, Conflict),
            (officer, {}, Conflict),
            (officer, {"actor_grants": ()}, NotAllowed),
            (worker, {"actor_id": worker.id}, Conflict),
        ):
            with pytest.raises(error):
                _erase(session, somebody, **given)


def test_training_is_what_has_to_be_kept(db: Database, the_site: Site, person: Person) -> None:
    keepers = the_site.part(RecordKeepers)
    with db.writing() as session:
        assert keepers.reasons(session, person.id) == []
        session.add(Evidence(person_id=person.id, scheme="s", kind="test", source_ref="x", on=TODAY, recorded_at=NOW))
        session.flush()
        (kept,) = keepers.reasons(session, person.id)
        assert kept.params == {"periods": 0, "proofs": 1}


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_the_pages(app: Flask, client: FlaskClient, db: Database, person: Person, lang: str) -> None:
    with db.reading() as session:
        boss = session.scalars(select(Person).where(Person.staff_code == "QT01")).one()
    own, desk = client, app.test_client()
    sign_in(own, person)
    assert own.get(f"/me/privacy?lang={lang}").status_code == 200
    taken = own.get("/me/privacy/data.json")
    assert taken.headers["Cache-Control"] == "no-store"
    assert json.loads(taken.text)["person"][0]["full_name"] == "Nguyễn Văn An"
    sign_in(desk, boss)
    where = f"/people/{person.id}/erase"
    assert where in desk.get(f"/people/{person.id}").text
    assert desk.get(f"{where}?lang={lang}").status_code == 200
    assert desk.post(where, data={"reason": ""}).status_code == 422
    assert desk.post(where, data={"reason": "theo yêu cầu"}).status_code == 302
    assert own.get("/me/").status_code == 302
    assert desk.get("/people").status_code == 200
    assert desk.get(f"/people/{person.id}").status_code == 200
    with db.reading() as session:
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == str(person.id))).all()
    assert {"own_data_taken", "person_erased"} <= set(actions)


def test_a_stranger_erases_nobody(client: FlaskClient, db: Database, person: Person) -> None:
    with db.writing() as session:
        other = make_learner(session, unit=make_unit(session), roles=(Role.ADMINISTRATOR,))
        works = make_learner(session, unit=make_unit(session))
    sign_in(client, other)
    for somebody in (person, works):
        assert client.get(f"/people/{somebody.id}/erase").status_code == 404
        assert client.post(f"/people/{somebody.id}/erase", data={"reason": "x"}).status_code == 404
