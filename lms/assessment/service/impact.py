"""What rests on items: attempts in progress, and scored ones that would end otherwise. Nothing is changed."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session, aliased

from lms.assessment.correction_models import Correction
from lms.assessment.models import Attempt, Result
from lms.assessment.rules.answers.judging import Key
from lms.assessment.rules.answers.parts import gaps_of
from lms.assessment.rules.rejudging import Letters, Unclear, carried, outcome
from lms.assessment.rules.scoring import ItemScore, Keyed, Verdict, score_item
from lms.assessment.rules.terms import Terms
from lms.assessment.service.keys import keyed
from lms.assessment.service.look import CLOSED
from lms.content.catalogue import Item
from lms.content.impact.letters import letters_between
from lms.content.impact.rooms import EXAMPLES, Flips, Open, Sittings

CHUNK = 500
EMPTY: frozenset[str] = frozenset()
NARROWED = 40
"""Up to so many items the database looks through the papers itself; above, almost every paper holds one."""
Row = tuple[str, str, str, str, Verdict, int, int]


@dataclass
class _Tally:
    judged: int = 0
    unclear: int = 0
    to_fail: list[int] = field(default_factory=list)
    to_pass: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Rejudge:
    """The new keys, and which former letter is which."""

    scored: Mapping[str, Item]
    former: Mapping[str, Item]
    keys: Mapping[str, Keyed]
    letters: Mapping[str, Letters]

    @classmethod
    def by(cls, scored: Mapping[str, Item], former: Mapping[str, Item]) -> "Rejudge":
        """Made once for all papers. scored: new revisions by item id; former: revisions by digest."""
        letters = {
            digest: Letters(letters_between(old.choices, scored[old.id].choices), letters_between(old.targets, scored[old.id].targets))
            for digest, old in former.items()
        }
        return cls(scored, former, {id_: keyed(item) for id_, item in scored.items()}, letters)

    def touches(self, rows: Iterable[Row], settled: Collection[str] = ()) -> bool:
        """Whether a paper holds another revision of an item that would be judged otherwise. settled: see `outcome`."""
        return any(row[0] in self.scored and row[1] != self.scored[row[0]].digest and row[1] not in settled for row in rows)

    def outcome(self, rows: Collection[Row], terms: Terms, critical_wrong: int, settled: Collection[str] = ()) -> bool | None:
        """Whether the paper would have passed. settled: revisions of which a correction has decided, so that they stay as they are. Raises Unclear."""
        items = []
        for row in rows:
            new = self.scored.get(row[0])
            old = self.former.get(row[1]) if new else None
            if old is None or new is None or row[4] == "void" or row[1] in settled:
                items.append(_stored(row))
                continue
            critical_wrong -= old.critical and row[4] not in ("right", "unmarked", "void")
            if not new.void:
                items.append(self._again(row, old, new, terms))
        return outcome(items, pass_percent=terms.pass_percent, critical_wrong=critical_wrong, sections=terms.sections, below_zero=terms.below_zero)

    def _again(self, row: Row, old: Item, new: Item, terms: Terms) -> ItemScore:
        if not row[3] or new.accept:
            return score_item(self.keys[new.id], row[3], terms.marks)
        if old.kind != new.kind or new.kind == "essay" or (new.kind == "gaps" and len(gaps_of(row[3])) != len(new.blanks)):
            raise Unclear
        return score_item(self.keys[new.id], carried(new.kind, row[3], self.letters[old.digest], to=len(new.choices)), terms.marks)


def find_sittings(session: Session, *, seen: Mapping[str, str], scored: Mapping[str, Item], former: Mapping[str, Item]) -> Sittings:
    """See `SittingsOf`. One query for the first question, two for the second, none where there is nothing to ask; rows come in chunks."""
    found = _flips(session, Rejudge.by(scored, former)) if scored else {}
    flips = [
        Flips(offering, one.judged, len(one.to_fail), len(one.to_pass), one.unclear, tuple(one.to_fail[:EXAMPLES]), tuple(one.to_pass[:EXAMPLES]))
        for offering, one in sorted(found.items())
    ]
    return Sittings(tuple(_open(session, seen)) if seen else (), tuple(flips), frozenset(id_ for one in found.values() for id_ in one.to_fail))


def _open(session: Session, seen: Mapping[str, str]) -> Iterator[Open]:
    found: dict[str, list[int]] = {}
    query = select(Attempt.id, Attempt.offering, Attempt.paper).where(Attempt.state == "open", _holds(Attempt.paper, seen)).order_by(Attempt.id)
    for row in session.execute(query.execution_options(yield_per=CHUNK)):
        if any(placed[0] != seen.get(placed[1], placed[0]) for placed in json.loads(row.paper)):
            found.setdefault(row.offering, []).append(row.id)
    return (Open(offering, len(ids), tuple(ids[:EXAMPLES])) for offering, ids in sorted(found.items()))


def _flips(session: Session, rejudge: Rejudge) -> dict[str, _Tally]:
    found: dict[str, _Tally] = {}
    corrected = _corrected(session, rejudge.former)
    later = aliased(Result)
    newer = select(later.attempt_id).where(later.attempt_id == Result.attempt_id, later.version > Result.version).exists()
    query = select(Attempt.id, Attempt.offering, Attempt.rules, Result.items, Result.passed, Result.critical_wrong)
    query = query.join(Result, Result.attempt_id == Attempt.id).where(Attempt.state.in_(CLOSED), Result.passed.is_not(None), ~newer)
    query = query.where(_holds(Result.items, rejudge.scored)).order_by(Attempt.id)
    for row in session.execute(query.execution_options(yield_per=CHUNK)):
        paper = [tuple(one) for one in json.loads(row.items)]
        settled = corrected.get("", EMPTY) | corrected.get(row.offering, EMPTY)
        if rejudge.touches(paper, settled):
            tally = found.setdefault(row.offering, _Tally())
            tally.judged += 1
            try:
                passed = rejudge.outcome(paper, _terms(row.rules), row.critical_wrong, settled)
            except Unclear:
                passed = None
            if passed is None:
                tally.unclear += 1
            elif passed != row.passed:
                (tally.to_pass if passed else tally.to_fail).append(row.id)
    return found


def _corrected(session: Session, digests: Collection[str]) -> dict[str, frozenset[str]]:
    """The revisions of which a correction has decided that was not taken back, by offering ('': every one). One query."""
    undone = select(Correction.undoes).where(Correction.undoes.is_not(None))
    asked = select(Correction.offering, Correction.digest).where(Correction.digest.in_(digests), Correction.kind != "undo", Correction.id.not_in(undone))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for offering, digest in session.execute(asked):
        found[offering].add(digest)
    return {offering: frozenset(mine) for offering, mine in found.items()}


@lru_cache(maxsize=64)
def _terms(stored: str) -> Terms:
    """The terms, which thousands of attempts at one offering share."""
    return Terms.from_json(stored)


def _holds(column: object, ids: Collection[str]) -> ColumnElement[bool]:
    return or_(*(column.contains(f'"{id_}"', autoescape=True) for id_ in ids)) if len(ids) <= NARROWED else true()  # type: ignore[attr-defined]


def _stored(row: Row) -> ItemScore:
    """An item that stays as it was judged; its `critical` is counted beside."""
    return ItemScore(Keyed(row[0], row[1], row[2], Key(""), 0, critical=False), row[3], row[4], row[5], row[6])
