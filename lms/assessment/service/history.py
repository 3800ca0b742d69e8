"""Why a result is as it is: its versions, and what corrections meant for one paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.assessment.correction_models import Correction, ResultCause
from lms.assessment.models import Attempt, Result
from lms.assessment.rules.corrections import score_paper
from lms.assessment.rules.terms import Terms
from lms.assessment.service.notices import in_force
from lms.assessment.service.scope import Scope, within
from lms.assessment.service.scoring import Papers, load_steps, marks_of, percents_of, rows_of
from lms.errors import NotFound
from lms.people.models import Person, Unit
from lms.platform.rules import Phrase, phrase

CORRECTIONS = {
    "full": phrase("Question %(n)s was void: it counts as right for everybody.").message,
    "drop": phrase("Question %(n)s was void: it counts for nobody.").message,
    "accept": phrase("Question %(n)s was put right: one more answer counts as right.").message,
    "key": phrase("Question %(n)s was put right: its key was replaced.").message,
}
CAUSES = {
    "correction": phrase("A question was corrected"),
    "late": phrase("An answer that came late was accepted"),
    "mark": phrase("A mark was corrected"),
    "": phrase("Written answers were marked"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a result. kind: what made it ('' where no more is known: the first, or marked essays); by: who decided it."""

    result: Result
    kind: str
    reason: str
    correction_id: int | None
    by: str

    @property
    def cause(self) -> Phrase:
        """What made it, in words."""
        return CAUSES[self.kind] if self.result.version > 1 else phrase("Scored when it was handed in")


def list_versions(session: Session, *, attempt_id: int) -> list[Version]:
    """All versions of an attempt's result, the first in front. One query."""
    query = select(Result, ResultCause.kind, ResultCause.reason, ResultCause.correction_id, Person.full_name).outerjoin(
        ResultCause, (ResultCause.attempt_id == Result.attempt_id) & (ResultCause.version == Result.version)
    )
    query = query.outerjoin(Person, Person.id == ResultCause.made_by).where(Result.attempt_id == attempt_id).order_by(Result.version)
    return [Version(row[0], row[1] or "", row[2] or "", row[3], row[4] or "") for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Told:
    """A correction as the person whose paper it concerns is told.

    void: whether its reason may be read before the keys may be seen. version: the result that it made; None where it made none.
    kept: because the result would have been lower.
    """

    words: Phrase
    reason: str
    at: datetime
    void: bool
    version: int | None
    kept: bool


def list_told(session: Session, attempt: Attempt, result: Result, versions: Sequence[Version]) -> list[Told]:
    """The corrections in force of a closed paper, the earliest first. One query, three more where somebody may have been spared a loss."""
    rows = rows_of(result.items)
    places = {row[1]: n for n, row in enumerate(rows, 1)}
    found = in_force(session, list(places), attempt.offering)
    made_by = {one.correction_id: one.result.version for one in versions}
    kept = _kept(session, attempt, result) if any(row.never_lower for row in found) else set()
    return [
        Told(
            words=Phrase(CORRECTIONS[row.kind], {"n": places[row.digest]}),
            reason=row.reason,
            at=row.made_at,
            void=row.kind in ("full", "drop"),
            version=made_by.get(row.id),
            kept=row.id in kept,
        )
        for row in found
    ]


def _kept(session: Session, attempt: Attempt, result: Result) -> set[int]:
    rows = rows_of(result.items)
    steps = load_steps(session, [row[1] for row in rows], offerings=[attempt.offering])[attempt.offering]
    marks = percents_of(marks_of(session, [attempt.id]).get(attempt.id, {}))
    return set(score_paper(Papers(session).given(rows, marks), Terms.from_json(attempt.rules), steps).kept)


@dataclass(frozen=True, slots=True)
class Concerned:
    """An attempt with whose it is, for those who run its test."""

    attempt: Attempt
    person: Person
    unit: Unit | None


def get_concerned(session: Session, *, attempt_id: int, scope: Scope) -> Concerned:
    """An attempt of the scope. Raises NotFound."""
    query = select(Attempt, Person, Unit).join(Person, Person.id == Attempt.person_id).outerjoin(Unit, Unit.id == Attempt.unit_id)
    row = session.execute(query.where(Attempt.id == attempt_id, within(scope))).first()
    if row is None:
        raise NotFound("There is no such try in your part of the organisation.")
    return Concerned(row[0], row[1], row[2])


def list_corrections(session: Session, *, offering: str, digests: Sequence[str]) -> list[Correction]:
    """Every correction that was made for a test, or for these revisions in every test, the latest first. One query."""
    everywhere = (Correction.offering == "") & Correction.digest.in_(digests)
    query = select(Correction).where(or_(Correction.offering == offering, everywhere))
    return list(session.scalars(query.order_by(Correction.id.desc())))
