"""Training: how far the evidence goes toward the next confirmation, and what is missing, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce

from lms.certification.rules.dates import DAY, end_of_term, months_before
from lms.certification.rules.standing import IN_FORCE, edges, end_in_force, next_change, value_on
from lms.certification.rules.terms import ONLINE, PARTS, Evidence, Period, Record, SchemeTerms, Terms, begun, marked
from lms.platform.rules import Phrase, phrase

LONGEST_CLIP = 4
"""A day that is corresponding to several (the end of February) is so for at most this many."""

PART_WORDS = {
    "law": phrase("law"),
    "management": phrase("management"),
    "theory": phrase("theory"),
    "practice": phrase("practice"),
    "test": phrase("test"),
}


@dataclass(frozen=True, slots=True)
class PartProgress:
    """Whole minutes counted in a part, and the least the scheme asks for there (none in a refresher)."""

    part: str
    minutes: int
    needed: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Evidence against a version of the scheme. Minutes are whole and rounded down; online_minutes: studied on the site, before the limit."""

    kind: str
    parts: tuple[PartProgress, ...]
    minutes: int
    needed: int
    online_minutes: int
    online_limit: int
    test_required: bool
    test_passed: bool
    missing: tuple[Phrase, ...]
    evidence_ids: tuple[int, ...]

    @property
    def hours_done(self) -> bool:
        """Whether the minutes suffice, in all and by part."""
        return self.minutes >= self.needed and all(part.minutes >= part.needed for part in self.parts)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing but the confirmation."""
        return self.hours_done and (self.test_passed or not self.test_required)


@dataclass(frozen=True, slots=True)
class Training:
    """value: not_started | in_training | awaiting_exam | awaiting_issue | complete; next_on: when it next changes by itself."""

    value: str
    reason: Phrase
    next_on: date | None
    to_do: Phrase | None
    progress: Progress | None


def training(scheme: SchemeTerms, record: Record, *, as_of: date, known_at: datetime) -> Training:
    """How far a person is toward the next confirmation, on a day, by what was known at an instant.

    Complete evidence awaits its confirmation, also before the window of renewal opens, but not while a period is suspended; otherwise a
    period in force outside that window is complete. Evidence alone never gives a standing: finishing lessons ends at the latest in
    "awaiting issue".
    """
    known = record.known(known_at)
    value = _value_on(scheme, known, as_of)
    changes = next_change(lambda day: _value_on(scheme, known, day), _edges(scheme, known), as_of)
    terms = scheme.on(as_of)
    if terms is None:
        return Training(value, phrase("The scheme is not in force on this day."), changes, None, None)
    progress = measure(terms, known, as_of)
    reason, to_do = _words(value, progress)
    return Training(value, reason, changes, to_do, progress)


def measure(terms: Terms, known: Record, as_of: date) -> Progress:
    """The evidence that counts on a day against a version of the scheme.

    It is a refresher where a former period stands, else initial training. What a period has used counts no more; nor does what lies before
    the last period's beginning or the last trigger since then, or (a rule of the site) what is older than one cycle. Lessons on the site count up to the
    limit on online minutes, first where a part has its minimum, then in the order of the parts.
    """
    spoken = tuple(p for p in begun(known, as_of) if marked(p, as_of) != "revoked")
    refresher = bool(spoken)
    counted = _counted(terms, known, spoken, as_of)
    online, there = _sum(e for e in counted if e.kind in ONLINE), _sum(e for e in counted if e.kind not in ONLINE)
    limit_s = 60 * (terms.online_refresher if refresher else terms.online_initial)
    minima = {} if refresher else {part: 60 * minutes for part, minutes in terms.parts.items()}
    seconds = _allot(online, there, minima, limit_s)
    parts = tuple(PartProgress(part, seconds[part] // 60, minima.get(part, 0) // 60) for part in PARTS)
    needed = terms.refresher_minutes if refresher else terms.initial_minutes
    passed = any(e.kind == "test" for e in counted)
    total = sum(seconds.values()) // 60
    missing = tuple(_missing(parts, total, needed, passed=passed or not terms.test_required))
    return Progress(
        "refresher" if refresher else "initial",
        parts,
        total,
        needed,
        sum(online.values()) // 60,
        limit_s // 60,
        terms.test_required,
        passed,
        missing,
        tuple(e.id for e in counted),
    )


def _counted(terms: Terms, known: Record, spoken: tuple[Period, ...], as_of: date) -> tuple[Evidence, ...]:
    used = frozenset[int]().union(*(p.evidence_ids for p in known.periods if marked(p, as_of) != "superseded"))
    first = months_before(as_of, terms.cycle_months) if terms.cycle_months else date.min
    begins = spoken[-1].from_on if spoken else date.min
    first = max(first, begins, *(trigger.on for trigger in known.triggers if begins < trigger.on <= as_of))
    fresh = (e for e in known.evidence if e.kind != "external" and e.id not in used and first <= e.on <= as_of)
    return tuple(sorted(fresh, key=lambda e: (e.on, e.id)))


def _sum(evidence: Iterator[Evidence]) -> dict[str, int]:
    total = dict.fromkeys(PARTS, 0)
    for one in evidence:
        for part, seconds in one.seconds.items():
            if part in total:
                total[part] += max(0, seconds)
    return total


def _allot(online: Mapping[str, int], there: Mapping[str, int], minima: Mapping[str, int], limit_s: int) -> dict[str, int]:
    """Seconds by part: those of classes, and those online as far as the limit goes, first to fill the minima."""
    seconds = dict(there)
    left = limit_s
    for wanted in ({part: max(0, minima.get(part, 0) - there[part]) for part in PARTS}, dict(online)):
        for part in PARTS:
            taken = min(left, wanted[part], online[part] - (seconds[part] - there[part]))
            seconds[part] += taken
            left -= taken
    return seconds


def _missing(parts: tuple[PartProgress, ...], total: int, needed: int, *, passed: bool) -> Iterator[Phrase]:
    for part in parts:
        if part.minutes < part.needed:
            yield phrase("%(minutes)s minutes of %(part)s", minutes=part.needed - part.minutes, part=PART_WORDS[part.part])
    if total < needed:
        yield phrase("%(minutes)s minutes in all", minutes=needed - total)
    if not passed:
        yield phrase("the passed test")


def _value_on(scheme: SchemeTerms, known: Record, as_of: date) -> str:
    terms = scheme.on(as_of)
    progress = measure(terms, known, as_of) if terms else None
    if terms and progress and progress.complete and value_on(scheme, known, as_of) != "suspended":
        return "awaiting_issue"
    if _resting(scheme, terms, known, as_of):
        return "complete"
    if progress is None or not progress.evidence_ids:
        return "not_started"
    return "awaiting_exam" if progress.hours_done else "in_training"


def _resting(scheme: SchemeTerms, terms: Terms | None, known: Record, as_of: date) -> bool:
    """Whether nothing need be done yet: a period is in force and its window of renewal has not opened."""
    value = value_on(scheme, known, as_of)
    if value == "suspended":
        return True
    if value not in IN_FORCE:
        return False
    until = end_in_force(known, begun(known, as_of)[-1], as_of)
    return until is None or terms is None or as_of < until - timedelta(days=terms.window_days)


def _edges(scheme: SchemeTerms, known: Record) -> Iterator[date]:
    yield from edges(scheme, known, lambda terms: terms.window_days)
    yield from (terms.to_on + DAY for terms in scheme.versions if terms.to_on)
    for evidence in known.evidence:
        yield evidence.on
        for terms in scheme.versions:
            if terms.cycle_months:
                aged = end_of_term(evidence.on, terms.cycle_months, "corresponding_day")
                yield from (aged + DAY * days for days in range(1, LONGEST_CLIP + 1))


def _words(value: str, progress: Progress) -> tuple[Phrase, Phrase | None]:
    if value == "complete":
        return phrase("Trained and confirmed."), None
    if value == "awaiting_issue":
        return phrase("The evidence is complete; it is not yet confirmed."), phrase("The officer confirms it, or sends it to the body that may issue.")
    if value == "awaiting_exam":
        return phrase("The hours are complete; the test is not yet passed."), phrase("Pass the test.")
    missing = _listed(progress.missing)
    if value == "not_started":
        return phrase("No training toward the next confirmation yet."), phrase("Still needed: %(list)s.", list=missing)
    return phrase("Training has begun."), phrase("Still needed: %(list)s.", list=missing)


def _listed(words: tuple[Phrase, ...]) -> Phrase:
    """Several phrases as one, with commas; there is always one, for complete evidence waits for its confirmation."""
    return reduce(lambda whole, word: phrase("%(first)s, %(then)s", first=whole, then=word), words)
