"""What those who run tests look at first: which tests there are, and how far they are in the own subtree."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lms.assessment.models import Attempt, Result
from lms.assessment.offerings import Listed
from lms.assessment.rules.terms import Terms
from lms.assessment.service.scope import Scope, within
from lms.content.catalogue import Words
from lms.errors import NotFound
from lms.people.models import Unit
from lms.people.rules import covers


@dataclass(frozen=True, slots=True)
class TestLine:
    """One test with its attempts in the scope; void ones are not counted.

    people: distinct persons with an attempt; passed: attempts whose latest result passed, of `closed`; waiting: closed attempts with
    answers that a person has yet to mark. offered: whether it can be sat at present (an old one only has attempts).
    """

    key: str
    title: Words
    offered: bool
    people: int = 0
    running: int = 0
    closed: int = 0
    passed: int = 0
    waiting: int = 0


def list_tests(session: Session, *, scope: Scope, listed: Iterable[Listed]) -> list[TestLine]:
    """Every test that is offered and lies in the scope, then those that only have attempts there. Two queries at most."""
    counted = _count(session, scope)
    offered = [one for one in listed if scope.paths_of(one.key) and (not one.path or one.key in counted or covers(scope.paths_of(one.key), one.path))]
    known = {one.key for one in offered}
    gone = _titles(session, [key for key in counted if key not in known])
    lines = [TestLine(one.key, one.title, True, *counted.get(one.key, ())) for one in offered]  # noqa: FBT003
    return lines + [TestLine(key, title, False, *counted[key]) for key, title in sorted(gone.items())]  # noqa: FBT003


def get_test(session: Session, *, key: str, scope: Scope, listed: Iterable[Listed]) -> TestLine:
    """One test with its attempts in the scope. Raises NotFound where it is neither offered there nor has any."""
    found = next((line for line in list_tests(session, scope=scope, listed=[one for one in listed if one.key == key]) if line.key == key), None)
    if found is None:
        raise NotFound("There is no such test in your part of the organisation.")
    return found


def _count(session: Session, scope: Scope) -> dict[str, tuple[int, int, int, int, int]]:
    later = aliased(Result)
    latest = select(func.max(later.version)).where(later.attempt_id == Attempt.id).scalar_subquery()
    closed = Attempt.state.in_(("submitted", "lapsed"))
    query = select(
        Attempt.offering,
        func.count(Attempt.person_id.distinct()),
        func.count().filter(Attempt.state == "open"),
        func.count().filter(closed),
        func.count().filter(closed, Result.passed.is_(True)),
        func.count().filter(closed, Result.unmarked > 0),
    ).outerjoin(Unit, Unit.id == Attempt.unit_id)
    query = query.outerjoin(Result, (Result.attempt_id == Attempt.id) & (Result.version == latest)).where(
        Attempt.state != "void", ~Attempt.practice, within(scope)
    )
    return {key: (people, running, done, passed, waiting) for key, people, running, done, passed, waiting in session.execute(query.group_by(Attempt.offering))}


def _titles(session: Session, keys: list[str]) -> dict[str, Words]:
    if not keys:
        return {}
    last = select(func.max(Attempt.id)).where(Attempt.offering.in_(keys)).group_by(Attempt.offering)
    rows = session.execute(select(Attempt.offering, Attempt.rules).where(Attempt.id.in_(last)))
    return {row.offering: Terms.from_json(row.rules).title for row in rows}
