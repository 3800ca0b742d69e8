"""Data for the tests of certification: terms, records, and a company with people, issuers and evidence in a real database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.certification.models import Assignment, Document, Issuer
from lms.certification.rules.terms import Evidence, Mark, Period, Record, SchemeTerms, Terms, Trigger
from lms.certification.service.confirm import confirm
from lms.certification.service.intake import add_evidence
from lms.content.catalogue import Catalogue
from lms.people.models import Person, Unit
from lms.people.rules import Role
from tests.make import make_learner, make_unit

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
G1, G4 = "vn-nd44-nhom-1", "vn-nd44-nhom-4"
LATER = datetime(2100, 1, 1, tzinfo=UTC)


def make_terms(**given: Any) -> Terms:
    """The terms of group 1: 16 hours with parts, 8 of them online, 2 years."""
    plain: dict[str, Any] = {
        "from_on": date(2016, 7, 1),
        "to_on": None,
        "initial_minutes": 960,
        "refresher_minutes": 480,
        "parts": {"law": 480, "management": 420, "test": 60},
        "online_initial": 480,
        "online_refresher": 240,
        "cycle_months": 24,
        "counting": "corresponding_day",
        "starts": "issue",
        "window_days": 30,
        "warn_days": 60,
        "test_required": True,
    }
    return Terms(**plain | given)


def make_scheme(*versions: Terms, recorded: bool = False, **given: Any) -> SchemeTerms:
    """A scheme of these versions, or of one made of what is given."""
    return SchemeTerms("scheme", recorded, versions or (make_terms(**given),))


def lesson(id: int, minutes: int, on: date = date(2026, 6, 1), part: str = "law", at: datetime = NOW) -> Evidence:  # noqa: A002
    return Evidence(id, "lesson", {part: 60 * minutes}, on, at)


def class_day(id: int, minutes: Mapping[str, int], on: date = date(2026, 6, 1), at: datetime = NOW) -> Evidence:  # noqa: A002
    return Evidence(id, "class", {part: 60 * n for part, n in minutes.items()}, on, at)


def exam(id: int, on: date = date(2026, 6, 1), at: datetime = NOW) -> Evidence:  # noqa: A002
    return Evidence(id, "test", {}, on, at)


def period(id: int, first: date, last: date | None, *marks: Mark, at: datetime | None = None, used: tuple[int, ...] = ()) -> Period:  # noqa: A002
    confirmed = at or datetime(first.year, first.month, first.day, tzinfo=UTC)
    return Period(id, first, last, confirmed, frozenset(used), marks)


def mark(id: int, kind: str, on: date, at: datetime | None = None) -> Mark:  # noqa: A002
    return Mark(id, kind, on, at or datetime(on.year, on.month, on.day, tzinfo=UTC))


def trigger(id: int, on: date, kind: str = "job_change", at: datetime | None = None) -> Trigger:  # noqa: A002
    return Trigger(id, kind, on, at or datetime(on.year, on.month, on.day, tzinfo=UTC))


def record_of(*things: Evidence | Period | Trigger) -> Record:
    return Record(
        tuple(t for t in things if isinstance(t, Evidence)),
        tuple(t for t in things if isinstance(t, Period)),
        tuple(t for t in things if isinstance(t, Trigger)),
    )


@dataclass
class Company:
    """A company with two workshops, an officer of the first, workers in both, an employer and a training organisation that may issue."""

    root: Unit
    shop: Unit
    other: Unit
    officer: Person
    workers: list[Person]
    stranger: Person
    employer: Issuer
    trainer: Issuer

    @property
    def paths(self) -> tuple[str, ...]:
        """The subtree of the officer."""
        return (self.shop.path,)


def make_company(session: Session, workers: int = 3, codes: tuple[str, str] = ("CK", "HLA")) -> Company:
    root = make_unit(session, name="Công ty Cơ khí")
    shop, other = make_unit(session, parent=root, name="Xưởng Một"), make_unit(session, parent=root, name="Xưởng Hai")
    officer = make_learner(session, unit=shop, roles=(Role.OFFICER,), full_name="Lê Thị Hằng")
    people = [make_learner(session, unit=shop, full_name=f"Nguyễn Thị Ưởng {n}", birth_on=date(1990, 2, 28)) for n in range(workers)]
    stranger = make_learner(session, unit=other)
    employer = Issuer(code=codes[0], name="Công ty Cơ khí", kind="employer", unit_id=root.id)
    trainer = Issuer(code=codes[1], name="Trung tâm Huấn luyện A", kind="training_org", provider_class="A", unit_id=shop.id)
    session.add_all([employer, trainer])
    session.flush()
    return Company(root, shop, other, officer, people, stranger, employer, trainer)


def assign_all(session: Session, people: list[Person], scheme: str = G4, from_on: date = date(2026, 1, 1)) -> None:
    session.add_all(Assignment(person_id=person.id, scheme=scheme, from_on=from_on, reason="") for person in people)
    session.flush()


def train(session: Session, person: Person, scheme: str = G4, on: date = date(2026, 11, 20), tag: str = "1", **given: Any) -> None:
    """Complete evidence: 8 hours on the site, 8 and more in class, the test passed."""
    plain: dict[str, Any] = {"person_id": person.id, "scheme": scheme, "on": on, "digest": "d", "recorded_by": None, "now": NOW} | given
    add_evidence(session, kind="lesson", seconds={"law": 480 * 60}, source_ref=f"khoa/bai#{tag}", **plain)
    add_evidence(session, kind="class", seconds={"management": 420 * 60, "test": 3600}, source_ref=f"class_day:{tag}", **plain)
    add_evidence(session, kind="test", seconds={}, source_ref=f"attempt:{tag}{person.id}", **plain)


def confirm_all(session: Session, company: Company, catalogue: Catalogue, people: list[Person], **given: Any) -> list[Document]:
    plain: dict[str, Any] = {
        "catalogue": catalogue,
        "scheme": G4,
        "person_ids": [person.id for person in people],
        "issuer_id": company.employer.id,
        "issued_on": TODAY,
        "paths": company.paths,
        "actor_id": company.officer.id,
        "public_url": "https://vean.example",
        "today": TODAY,
        "now": NOW,
    }
    return confirm(session, **plain | given)


def make_trained(session: Session, company: Company, catalogue: Catalogue, n: int = 1) -> list[Document]:
    """All workers need group 4; the first n have it through 22/11/2027. Gives their papers."""
    assign_all(session, company.workers)
    for worker in company.workers[:n]:
        train(session, worker)
    return confirm_all(session, company, catalogue, company.workers[:n])
