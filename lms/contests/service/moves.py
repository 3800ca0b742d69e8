"""How the ranking of a round would move if results were corrected. Nothing is changed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.assessment.settling import Corrected, Move, Moves
from lms.content.catalogue import Catalogue
from lms.contests.rules.keys import sort_values
from lms.contests.rules.ranking import competition_ranks
from lms.contests.rules.rounds import REGISTRY
from lms.contests.rules.values import RoundRules, Sat
from lms.contests.service.entries import BATCH, closed_attempts, sat_of
from lms.contests.terms import find_round, get_rules, slugs_of
from lms.people.models import Person

SHOWN = 20
Keys = tuple[int, ...]


class RoundMoves:
    """Answers for rounds: the places by the results as they are, beside those by the results as they would be."""

    def moves(self, session: Session, catalogue: Catalogue, offering: str, changed: Mapping[int, Corrected]) -> Moves | None:
        """See `RankedResults`. Two queries; in memory the rank keys of everybody in the round, a few numbers a person."""
        contest, round_slug = slugs_of(offering)
        if not contest or find_round(catalogue, contest, round_slug) is None:
            return None
        before: dict[int, Keys] = {}
        after: dict[int, Keys] = {}
        for person_id, was, will in _keys(session, contest, get_rules(catalogue, contest, round_slug), changed):
            before |= {person_id: was} if was else {}
            after |= {person_id: will} if will else {}
        return _moves(session, offering, _places(before), _places(after))


def _keys(session: Session, contest: str, rules: RoundRules, changed: Mapping[int, Corrected]) -> Iterator[tuple[int, Keys | None, Keys | None]]:
    rows = session.execute(closed_attempts(contest, rules.slug).order_by(Attempt.person_id).execution_options(yield_per=BATCH))
    for person_id, own in groupby(rows, key=lambda row: row.person_id):
        sats = [sat_of(row) for row in own]
        yield person_id, _rank_keys(rules, sats), _rank_keys(rules, [_corrected(sat, changed.get(sat.attempt_id)) for sat in sats])


def _corrected(sat: Sat, will: Corrected | None) -> Sat:
    return sat if will is None else replace(sat, correct=will.correct, item_count=will.item_count, valid=will.valid)


def _rank_keys(rules: RoundRules, sats: list[Sat]) -> Keys | None:
    kind = REGISTRY[rules.kind]
    chosen = kind.choose(rules, sats)
    return sort_values(rules.rank, kind.tally(rules, chosen)) if chosen else None


def _places(keys: Mapping[int, Keys]) -> dict[int, int]:
    people = sorted(keys, key=lambda person_id: keys[person_id])
    return dict(zip(people, competition_ranks([keys[person_id] for person_id in people]), strict=True))


def _moves(session: Session, offering: str, before: Mapping[int, int], after: Mapping[int, int]) -> Moves:
    moved = sorted((id_ for id_ in {*before, *after} if before.get(id_) != after.get(id_)), key=lambda id_: (after.get(id_, len(after) + 1), id_))
    shown = moved[:SHOWN]
    names = {row.id: row.full_name for row in session.execute(select(Person.id, Person.full_name).where(Person.id.in_(shown)))} if shown else {}
    first = tuple(Move(names[id_], before.get(id_), after.get(id_)) for id_ in shown)
    return Moves(offering, len(moved), len({*before, *after}), first)
