"""Every scored sitting read once, in batches: what is counted of each item and of the papers.

Only the first sitting of each person at an offering counts, as it was scored last: who sits again knows the items. Void sittings and those
with answers that wait for a person are left out.
"""

import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, ColumnElement, select, true, type_coerce
from sqlalchemy.orm import Session, aliased

from lms.assessment.models import Attempt, Response, Result
from lms.assessment.on_paper.models import PaperEntry
from lms.assessment.quality.rules.classical import Reliability
from lms.assessment.quality.rules.counting import ItemSums, share_of
from lms.assessment.quality.rules.looking import MIN_N

BATCH = 500
TICKED = frozenset("abcdefghijklmnopqrstuvwxyz")
LETTERS_MOST = 26
Revision = tuple[str, str]
"""Id and digest."""


@dataclass(slots=True)
class _Papers:
    """The points of every paper, item by item, as small whole numbers: what reliability needs a second time."""

    place: dict[Revision, int] = field(default_factory=dict)
    places: "array[int]" = field(default_factory=lambda: array("I"))
    points: "array[int]" = field(default_factory=lambda: array("i"))
    ends: "array[int]" = field(default_factory=lambda: array("I"))
    shares: "array[int]" = field(default_factory=lambda: array("i"))


@dataclass(slots=True)
class Gathered:
    """sums and last (the latest sitting) by revision; seconds: count of times taken by item; same: whether everybody had the same items.

    covered: of the answers, in ten-thousandths, those to items that at least `MIN_N` people had; only these make the reliability.
    """

    papers: int = 0
    sums: dict[Revision, ItemSums] = field(default_factory=dict)
    last: dict[Revision, int] = field(default_factory=dict)
    seconds: dict[str, dict[int, int]] = field(default_factory=dict)
    same: bool = True
    covered: int = 0
    reliability: Reliability = field(default_factory=Reliability)


def gather(session: Session, offering: str) -> Gathered:
    """All that is counted of an offering, or of everything where it is ''. Two queries, whose rows come in batches."""
    found, papers = Gathered(), _Papers() if offering else None
    former: frozenset[str] | None = None
    for attempt_id, rows in _results(session, offering):
        ids = frozenset(str(row[0]) for row in rows)
        found.same = found.same and former in (None, ids)
        former = ids
        _count(found, papers, attempt_id, rows)
    for item_id, seconds in _times(session, offering):
        counts = found.seconds.setdefault(item_id, {})
        counts[seconds] = counts.get(seconds, 0) + 1
    if papers is not None:
        _add_papers(found, papers)
    return found


def _results(session: Session, offering: str) -> Iterator[tuple[int, list[list[object]]]]:
    later = aliased(Result)
    newer = select(later.attempt_id).where(later.attempt_id == Result.attempt_id, later.version > Result.version).exists()
    query = select(Attempt.id, Result.items).join(Result, Result.attempt_id == Attempt.id)
    query = query.where(Attempt.state.in_(("submitted", "lapsed")), Result.unmarked == 0, ~newer, _first(), _of(offering)).order_by(Attempt.id)
    for attempt_id, items in session.execute(query.execution_options(yield_per=BATCH)):
        yield attempt_id, json.loads(items)


def _of(offering: str) -> ColumnElement[bool]:
    return Attempt.offering == offering if offering else true()


def _first() -> ColumnElement[bool]:
    earlier = aliased(Attempt)
    same = (earlier.person_id == Attempt.person_id, earlier.offering == Attempt.offering, earlier.id < Attempt.id)
    return ~select(earlier.id).where(*same, earlier.state.in_(("submitted", "lapsed"))).exists()


def _count(found: Gathered, papers: _Papers | None, attempt_id: int, rows: list[list[object]]) -> None:
    found.papers += 1
    points, most = sum(row[5] for row in rows), sum(row[6] for row in rows)  # type: ignore[misc]
    total = share_of(points, most)
    for item_id, digest, _topic, answer, verdict, own, own_most in rows:
        if own_most <= 0:  # type: ignore[operator]
            continue
        revision = (str(item_id), str(digest))
        sums = found.sums.get(revision)
        if sums is None:
            sums = found.sums[revision] = ItemSums()
        rest = share_of(points - own, most - own_most) if most > own_most else None  # type: ignore[operator]
        sums.add(share_of(own, own_most), rest, total, _ticked(str(answer)), blank=verdict == "blank")  # type: ignore[arg-type]
        found.last[revision] = attempt_id
        if papers is not None:
            papers.places.append(papers.place.setdefault(revision, len(papers.place)))
            papers.points.append(own)  # type: ignore[arg-type]
    if papers is not None:
        papers.ends.append(len(papers.places))
        papers.shares.append(total)


def _ticked(answer: str) -> str:
    """The letters of an answer that is made of letters; what else an answer may be has none; only choices are looked up."""
    return answer if len(answer) <= LETTERS_MOST and TICKED.issuperset(answer) else ""


def _times(session: Session, offering: str) -> Iterator[tuple[str, int]]:
    """The seconds from one save to the next (the first from the start), of sittings on a screen in which every answer was saved exactly once.

    Where an answer was changed, only its last save is kept, so that nobody can say when it was first thought about: such sittings are left out.
    """
    saved, started = type_coerce(Response.saved_at, BigInteger), type_coerce(Attempt.started_at, BigInteger)
    other = aliased(Response)
    changed = select(other.attempt_id).where(other.attempt_id == Attempt.id, other.seq > 1).exists()
    on_paper = select(PaperEntry.attempt_id).where(PaperEntry.attempt_id == Attempt.id).exists()
    query = select(Response.attempt_id, Response.item_id, saved, started).join(Attempt, Attempt.id == Response.attempt_id)
    query = query.where(Attempt.state.in_(("submitted", "lapsed")), _first(), _of(offering), ~changed, ~on_paper)
    attempt, before = 0, 0
    for attempt_id, item_id, saved_ms, started_ms in session.execute(query.order_by(Response.attempt_id, saved).execution_options(yield_per=BATCH)):
        if attempt_id != attempt:
            attempt, before = attempt_id, started_ms
        yield item_id, max(0, (saved_ms - before + 500) // 1000)
        before = saved_ms


def _add_papers(found: Gathered, papers: _Papers) -> None:
    counts, sums = [0] * len(papers.place), [0] * len(papers.place)
    for place, points in zip(papers.places, papers.points, strict=True):
        counts[place] += 1
        sums[place] += points
    means = [total / count if count >= MIN_N else None for total, count in zip(sums, counts, strict=True)]
    start = 0
    for end, share in zip(papers.ends, papers.shares, strict=True):
        pairs = ((means[place], points) for place, points in zip(papers.places[start:end], papers.points[start:end], strict=True))
        found.reliability.add([points - mean for mean, points in pairs if mean is not None], share)
        start = end
    found.covered = share_of(found.reliability.items, len(papers.places))
