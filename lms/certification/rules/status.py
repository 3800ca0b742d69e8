"""What the status cache keeps of a record, computed by the functions of standing and training; a rule of the site, for speed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from lms.certification.rules.standing import edges, end_in_force, next_change, value_on
from lms.certification.rules.terms import Record, SchemeTerms, begun
from lms.certification.rules.training import training


@dataclass(frozen=True, slots=True)
class Status:
    """Where a person stands under a scheme on a day; next_change_on: the first later day on which a value changes by itself."""

    standing: str
    training: str
    until_on: date | None
    next_change_on: date | None


NOTHING = Status("none", "not_started", None, None)
"""The status of whoever has no record under a scheme."""


def status_of(scheme: SchemeTerms, record: Record, *, as_of: date, known_at: datetime) -> Status:
    """The values of `standing` and `training` without their words, and the first day on which one of them changes."""
    known = relevant(record.known(known_at))
    warned = edges(scheme, known, lambda terms: terms.warn_days)
    changes = next_change(lambda day: (value_on(scheme, known, day), _until(known, day)), warned, as_of)
    trained = training(scheme, known, as_of=as_of, known_at=known_at)
    dates = [day for day in (changes, trained.next_on) if day]
    return Status(value_on(scheme, known, as_of), trained.value, _until(known, as_of), min(dates, default=None))


def _until(known: Record, as_of: date) -> date | None:
    spoken = begun(known, as_of)
    return end_in_force(known, spoken[-1], as_of) if spoken else None


def relevant(known: Record) -> Record:
    """A record without the proofs that count on no day: certificates from elsewhere, and what a period has used that nothing supersedes."""
    used = frozenset[int]().union(*(p.evidence_ids for p in known.periods if not any(mark.kind == "superseded" for mark in p.marks)))
    return replace(known, evidence=tuple(e for e in known.evidence if e.kind != "external" and e.id not in used))


Shape = tuple[object, ...]


def shape_of(known: Record) -> Shape | None:
    """What of a relevant record decides its status, without ids: people of one class share it. None where the order of ids may decide."""
    first_days = {period.from_on for period in known.periods}
    if len(first_days) < len(known.periods) or any(period.marks for period in known.periods):
        return None
    proofs = sorted((e.kind, e.on, tuple(sorted(e.seconds.items()))) for e in known.evidence)
    periods = sorted((period.from_on, period.until_on or date.max) for period in known.periods)
    return tuple(proofs), tuple(periods), tuple(sorted((t.on, t.kind) for t in known.triggers))


class StatusReckoner:
    """Computes the statuses of many people on one day; records of the same shape are computed once."""

    def __init__(self, schemes: Mapping[str, SchemeTerms], *, as_of: date, known_at: datetime) -> None:
        self._schemes, self._as_of, self._known_at = schemes, as_of, known_at
        self._made: dict[tuple[str, Shape], Status] = {}

    def status(self, scheme: str, record: Record) -> Status:
        """The status of a record under one of the schemes."""
        known = relevant(record.known(self._known_at))
        shape = shape_of(known)
        if shape is None:
            return self._reckon(scheme, known)
        key = (scheme, shape)
        if key not in self._made:
            self._made[key] = self._reckon(scheme, known)
        return self._made[key]

    def _reckon(self, scheme: str, known: Record) -> Status:
        return status_of(self._schemes[scheme], known, as_of=self._as_of, known_at=self._known_at)
