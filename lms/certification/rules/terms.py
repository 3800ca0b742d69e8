"""What the rules need to know: a scheme's terms by date, and a person's record. Plain values, no content, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from lms.certification.rules.dates import Counting, Starts

PARTS = ("law", "management", "theory", "practice", "test")
ONLINE = frozenset({"lesson"})
"""Kinds of evidence whose time was studied on the site, so that the scheme's limit on online minutes holds for it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """One dated version of a scheme. Minutes; both dates included, open if none. parts: least minutes of a part in initial training."""

    from_on: date
    to_on: date | None
    initial_minutes: int
    refresher_minutes: int
    parts: Mapping[str, int]
    online_initial: int
    online_refresher: int
    cycle_months: int | None
    counting: Counting
    starts: Starts
    window_days: int
    warn_days: int
    test_required: bool


@dataclass(frozen=True, slots=True)
class SchemeTerms:
    """A scheme as the rules see it. recorded: a standing in force is shown as "recorded" (an entry in a register, no card)."""

    slug: str
    recorded: bool
    versions: tuple[Terms, ...]

    def on(self, day: date) -> Terms | None:
        """The version in force on a day."""
        return next((v for v in self.versions if v.from_on <= day and (v.to_on is None or day <= v.to_on)), None)


@dataclass(frozen=True, slots=True)
class EvidenceMark:
    """What befell a proof, and when we learnt it. kind: withdrawn (what it rests on was corrected) | restored."""

    id: int
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """A proof of training. kind: lesson | class | test (passed) | external; seconds by part; `on` is the day it happened.

    withdrawn_at: from when it counts no more, because what it rests on was made void.
    """

    id: int
    kind: str
    seconds: Mapping[str, int]
    on: date
    recorded_at: datetime
    marks: tuple[EvidenceMark, ...] = ()

    def counts(self, known_at: datetime) -> bool:
        """Whether, by what was known at an instant, it was recorded and not withdrawn."""
        if not self.marks:
            return self.recorded_at <= known_at
        last = max((mark for mark in self.marks if mark.at <= known_at), key=lambda mark: mark.id, default=None)
        return self.recorded_at <= known_at and (last is None or last.kind != "withdrawn")


@dataclass(frozen=True, slots=True)
class Mark:
    """What befell a period. kind: suspended | reinstated | revoked | superseded; `on` is the day from which it holds, `at` when we learnt it."""

    id: int
    kind: str
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """A confirmed period; both dates included, no last day where the scheme has no cycle."""

    id: int
    from_on: date
    until_on: date | None
    confirmed_at: datetime
    evidence_ids: frozenset[int] = frozenset()
    marks: tuple[Mark, ...] = ()

    def known(self, at: datetime) -> "Period":
        """The period with the marks that we knew of at an instant."""
        if all(mark.at <= at for mark in self.marks):
            return self
        return replace(self, marks=tuple(mark for mark in self.marks if mark.at <= at))


@dataclass(frozen=True, slots=True)
class Trigger:
    """Something that calls for training again whatever the dates: a new job, new equipment, a long absence, a new law."""

    id: int
    kind: str
    on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of one person under one scheme."""

    evidence: tuple[Evidence, ...] = field(default=())
    periods: tuple[Period, ...] = field(default=())
    triggers: tuple[Trigger, ...] = field(default=())

    def known(self, at: datetime) -> "Record":
        """The record as we knew it at an instant: what was written later is left out, and so are proofs that had been withdrawn by then."""
        return Record(
            tuple(e for e in self.evidence if e.counts(at)),
            tuple(p.known(at) for p in self.periods if p.confirmed_at <= at),
            tuple(t for t in self.triggers if t.recorded_at <= at),
        )


def marked(period: Period, as_of: date) -> str | None:
    """The mark that holds on a period on a day."""
    return mark_on(period.marks, as_of) if period.marks else None


def mark_on(marks: Iterable[Mark], as_of: date) -> str | None:
    """The one of a period's marks that holds on a day: revoked and superseded are for good, a suspension until it is lifted."""
    state = None
    for mark in sorted((m for m in marks if m.on <= as_of), key=lambda m: (m.on, m.at, m.id)):
        if mark.kind in ("revoked", "superseded"):
            return mark.kind
        state = "suspended" if mark.kind == "suspended" else None
    return state


def begun(record: Record, as_of: date) -> tuple[Period, ...]:
    """The periods that have begun by a day, the latest last; superseded ones are left out."""
    kept = [p for p in record.periods if p.from_on <= as_of and marked(p, as_of) != "superseded"]
    if len(kept) > 1:
        kept.sort(key=lambda p: (p.from_on, p.confirmed_at, p.id))
    return tuple(kept)


def open_trigger(record: Record, period: Period, as_of: date) -> Trigger | None:
    """The earliest trigger after the beginning of a period that no later period has answered."""
    due = (t for t in record.triggers if period.from_on < t.on <= as_of)
    return min(due, key=lambda t: (t.on, t.id), default=None)
