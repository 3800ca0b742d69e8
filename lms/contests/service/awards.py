"""Who gets the prizes of a round by its ranking as it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.contests.models import Entry
from lms.contests.rules.prizes import Award, Ranked, TierKey, allot
from lms.contests.rules.ranking import competition_ranks
from lms.contests.rules.values import PrizeRules
from lms.contests.service.ranking import ORDER
from lms.people.models import Person, Unit


@dataclass(frozen=True, slots=True)
class Winner:
    """Somebody who gets a prize, or stands for the lot. code: the lot number."""

    code: str
    place: int
    name: str
    staff_code: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class TierAwards:
    """A tier with its winners; waiting: those among whom `seats` lots are to be drawn once the seed is shown; held: it waits for an earlier tier."""

    rules: PrizeRules
    name: str
    quota: int
    winners: tuple[Winner, ...]
    waiting: tuple[Winner, ...] = ()
    seats: int = 0
    held: bool = False


def read_awards(session: Session, *, contest: str, round_slug: str, prizes: Sequence[PrizeRules], seed: str | None) -> list[TierAwards]:
    """Every tier of the prizes of a round, in the order in which they are given: two queries."""
    columns = (*ORDER, Entry.unit_id, Entry.correct, Entry.item_count)
    rows = session.execute(select(*columns).where(Entry.contest == contest, Entry.round == round_slug).order_by(*ORDER)).all()
    places = competition_ranks([row[:3] for row in rows])
    ranked = [Ranked(str(row[3]), place, row[4], row[5] == row[6]) for row, place in zip(rows, places, strict=True)]
    found = allot([one.prize for one in prizes], ranked, seed=seed)
    by_tier: dict[TierKey, list[Award]] = {}
    for award in found.awards:
        by_tier.setdefault(award.key, []).append(award)
    place_of = {one.code: one.place for one in ranked}
    codes = {award.code for award in found.awards} | set(found.waiting.codes if found.waiting else ())
    people = _people(session, contest, round_slug, codes, place_of)
    listed: list[TierAwards] = []
    reached = True
    for one in prizes:
        for tier in one.prize.tiers:
            key = (one.prize.slug, tier.name)
            winners = tuple(people[award.code] for award in by_tier.get(key, ()))
            if found.waiting is not None and found.waiting.key == key:
                waiting = tuple(people[code] for code in found.waiting.codes)
                listed.append(TierAwards(one, tier.name, tier.quota(len(ranked)), winners, waiting, found.waiting.seats))
                reached = False
            else:
                listed.append(TierAwards(one, tier.name, tier.quota(len(ranked)), winners, held=not reached))
    return listed


def _people(session: Session, contest: str, round_slug: str, codes: set[str], place_of: Mapping[str, int]) -> dict[str, Winner]:
    named = (
        select(Person.id, Person.full_name, Person.staff_code, Unit.name)
        .join(Entry, Entry.person_id == Person.id)
        .outerjoin(Unit, Unit.id == Entry.unit_id)
        .where(Entry.contest == contest, Entry.round == round_slug, Person.id.in_([int(code) for code in codes]))
    )
    return {str(row[0]): Winner(str(row[0]), place_of[str(row[0])], row[1], row[2] or "", row[3]) for row in session.execute(named)}
