"""Standing: may this person be counted as trained on a day, why, until when, and what to do."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms.certification.rules.dates import DAY
from lms.certification.rules.terms import Period, Record, SchemeTerms, Terms, begun, marked, open_trigger
from lms.platform.rules import Phrase, phrase

STANDINGS = ("none", "valid", "expiring", "expired", "retrain_required", "suspended", "revoked")
"""In order: where several hold, the later one wins."""

IN_FORCE = frozenset({"valid", "expiring"})


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer. shown: the value, but "recorded" for "valid" where the scheme keeps a register only.

    next_on: the next date on which the value changes by itself, as far as it is known today; until_on: last day in force, if any;
    period_id: the period that speaks.
    """

    value: str
    shown: str
    reason: Phrase
    next_on: date | None
    to_do: Phrase | None
    until_on: date | None = None
    period_id: int | None = None


def standing(scheme: SchemeTerms, record: Record, *, as_of: date, known_at: datetime) -> Standing:
    """The standing of a record under a scheme on a day, by what was known at an instant.

    The period that began last speaks. It is in force through its last day, and a period that follows without a gap prolongs it.
    Warning days before the end it is expiring. A trigger after its beginning, a suspension or a revocation outweigh the dates.
    """
    known = record.known(known_at)
    value = value_on(scheme, known, as_of)
    shown = "recorded" if value == "valid" and scheme.recorded else value
    changes = next_change(lambda day: value_on(scheme, known, day), edges(scheme, known, lambda terms: terms.warn_days), as_of)
    spoken = begun(known, as_of)
    period = spoken[-1] if spoken else None
    until = end_in_force(known, period, as_of) if period else None
    reason, to_do = _words(scheme, known, value, as_of, period, until, changes)
    return Standing(value, shown, reason, changes, to_do, until, period.id if period else None)


def value_on(scheme: SchemeTerms, known: Record, as_of: date) -> str:
    """The bare value of the standing on a day; see `standing`."""
    spoken = begun(known, as_of)
    if not spoken:
        return "none"
    period = spoken[-1]
    mark = marked(period, as_of)
    if mark is not None:
        return mark
    if open_trigger(known, period, as_of):
        return "retrain_required"
    until = end_in_force(known, period, as_of)
    if until is None:
        return "valid"
    if as_of > until:
        return "expired"
    terms = scheme.on(as_of)
    return "expiring" if terms and as_of >= until - timedelta(days=terms.warn_days) else "valid"


def end_in_force(known: Record, period: Period, as_of: date) -> date | None:
    """The last day in force: of the period, or of those that follow it without a gap and are neither marked nor called in question."""
    until = period.until_on
    later = sorted((p for p in known.periods if p.from_on > as_of and marked(p, as_of) is None), key=lambda p: (p.from_on, p.id))
    for p in later:
        if until is None or p.from_on > until + DAY:
            break
        until = None if p.until_on is None else max(until, p.until_on)
    return until


def edges(scheme: SchemeTerms, known: Record, days_before: Callable[[Terms], int]) -> Iterator[date]:
    """Every date on which a value that rests on periods, triggers and versions may change; days_before: how long before the end it does."""
    for period in known.periods:
        yield period.from_on
        yield from (mark.on for mark in period.marks)
        if period.until_on is not None:
            yield period.until_on + DAY
            yield from (period.until_on - timedelta(days=days_before(terms)) for terms in scheme.versions)
    yield from (trigger.on for trigger in known.triggers)
    yield from (terms.from_on for terms in scheme.versions)


def next_change(value_at: Callable[[date], object], edges: Iterable[date], as_of: date) -> date | None:
    """The first date after `as_of`, among those on which it may change, with another value."""
    now = value_at(as_of)
    return next((day for day in sorted(set(edges)) if day > as_of and value_at(day) != now), None)


def _words(
    scheme: SchemeTerms, known: Record, value: str, as_of: date, period: Period | None, until: date | None, changes: date | None
) -> tuple[Phrase, Phrase | None]:
    if period is None:
        if changes:
            return phrase("A confirmed period begins on %(day)s.", day=changes), None
        return phrase("No training under this scheme has been confirmed."), phrase("Take the training; the officer confirms it when the evidence is complete.")
    if value in ("revoked", "suspended"):
        return _marked_words(value, period, as_of)
    if value == "retrain_required":
        trigger = open_trigger(known, period, as_of)
        assert trigger is not None
        return (
            phrase("%(what)s on %(day)s calls for training again.", what=TRIGGER_WORDS.get(trigger.kind, TRIGGER_WORDS["other"]), day=trigger.on),
            phrase("Be trained again before going on with the new work."),
        )
    if until is None:
        return phrase("Confirmed from %(day)s; the scheme sets no end.", day=period.from_on), None
    return _dated_words(scheme, value, as_of, until)


def _marked_words(value: str, period: Period, as_of: date) -> tuple[Phrase, Phrase]:
    since = max(mark.on for mark in period.marks if mark.on <= as_of and mark.kind == value)
    if value == "revoked":
        return phrase("Revoked from %(day)s.", day=since), phrase("Ask the safety officer; new training must be confirmed.")
    return phrase("Suspended from %(day)s.", day=since), phrase("Ask the safety officer what must be done before it is lifted.")


def _dated_words(scheme: SchemeTerms, value: str, as_of: date, until: date) -> tuple[Phrase, Phrase | None]:
    if value == "expired":
        words = phrase("The next training was due by %(day)s.", day=until) if scheme.recorded else phrase("Expired: the last day was %(day)s.", day=until)
        return words, phrase("Take the refresher training now; ask the officer before doing this work.")
    words = phrase("Recorded; the next training is due by %(day)s.", day=until) if scheme.recorded else phrase("In force through %(day)s.", day=until)
    if value == "valid":
        return words, None
    return words, phrase("Plan the refresher training; days left: %(days)s.", days=(until - as_of).days)


TRIGGER_WORDS = {
    "job_change": phrase("A change of job"),
    "technology_change": phrase("A change of equipment or technology"),
    "absence": phrase("A long absence"),
    "law_change": phrase("A change of law or knowledge"),
    "other": phrase("An event"),
}
