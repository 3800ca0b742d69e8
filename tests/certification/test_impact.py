"""Which certificates rest on tests that would fail."""

from datetime import date

from sqlalchemy.orm import Session

from lms.certification.models import PeriodMark
from lms.certification.service.impact import find_resting
from lms.certification.service.intake import add_evidence
from lms.content.catalogue import Catalogue
from lms.content.impact.rooms import Resting
from lms.people.models import Person
from lms.platform.db import Database
from tests.certification.make import G1, G4, NOW, TODAY, Company, confirm_all, train
from tests.counting import count_queries


def attempt_of(person: Person) -> int:
    """The attempt that `train` says was passed."""
    return int(f"1{person.id}")


def prove(session: Session, person: Person, scheme: str, attempt: int) -> None:
    """Another passed test."""
    ref = f"attempt:{attempt}"
    add_evidence(session, person_id=person.id, scheme=scheme, kind="test", seconds={}, on=TODAY, source_ref=ref, digest="d", recorded_by=None, now=NOW)


def resting(db: Database, *attempt_ids: int, today: date = TODAY) -> tuple[Resting, ...]:
    with db.reading() as session:
        return find_resting(session, attempt_ids=attempt_ids, today=today)


def test_periods_and_documents_that_used_the_test_are_counted(db: Database, company: Company, catalogue: Catalogue) -> None:
    one, two, three = company.workers
    with db.writing() as session:
        for person in (one, two, three):
            train(session, person)
        prove(session, two, G4, 999999)
        prove(session, one, G1, 888888)
        confirm_all(session, company, catalogue, [one, two])
    ids = [attempt_of(person) for person in (one, two, three)]
    assert resting(db, *ids) == (Resting(G4, people=2, periods=2, in_force=2, alone=1, documents=2, waiting=1),)
    assert resting(db, ids[2]) == (Resting(G4, 0, 0, 0, 0, 0, 1),)
    assert resting(db, 888888) == (Resting(G1, 0, 0, 0, 0, 0, 1),)
    assert resting(db, *ids, today=date(2099, 1, 1)) == (Resting(G4, 2, 2, 0, 0, 2, 1),)
    assert resting(db, 1) == ()


def test_a_revoked_period_rests_on_nothing(db: Database, company: Company, catalogue: Catalogue) -> None:
    (one, *_) = company.workers
    with db.writing() as session:
        train(session, one)
        (paper,) = confirm_all(session, company, catalogue, [one])
        session.add(PeriodMark(period_id=paper.period_id, kind="revoked", on=TODAY, cause="other", at=NOW, by=company.officer.id))
    assert resting(db, attempt_of(one)) == (Resting(G4, 0, 0, 0, 0, 0, 0),)


def test_queries_do_not_grow_with_people(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        for person in company.workers:
            train(session, person)
        confirm_all(session, company, catalogue, company.workers)
    counts = []
    for asked in ([attempt_of(company.workers[0])], [attempt_of(person) for person in company.workers], [1], []):
        with count_queries(db) as counted:
            resting(db, *asked)
        counts.append(len(counted))
    assert counts == [2, 2, 1, 0]
