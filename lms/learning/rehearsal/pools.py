"""What of a test's banks may be shown now: not what an open exam or round may ask, what is sealed, or what the person is just being asked."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from lms.assessment.guarding import GuardedItems
from lms.assessment.rules.scoring import Verdict
from lms.assessment.service.checking import list_held
from lms.assessment.service.look import items_of, list_recent
from lms.assessment.service.practised import list_practised
from lms.content.catalogue import Catalogue, Draw, Item, Quiz
from lms.content.sealing import sealed_banks
from lms.content.service.loading import load_items
from lms.learning.rehearsal.rules import PRACTICE, Entry, weak_topics

LOOKED_AT = 10
"""So many of the latest tests, and of the latest practices, say which topics are weak."""


@dataclass(frozen=True)
class Free:
    """The draws of a quiz with what is free of their pools. kept_back: how many items are not; items: all free ones by digest."""

    draws: tuple[Draw, ...]
    items: dict[str, Item]
    kept_back: int

    @property
    def entries(self) -> list[Entry]:
        """Everything free, each entry once, in the order of the draws."""
        found: dict[str, Entry] = {}
        for draw in self.draws:
            for head in draw.pool:
                digests = draw.expand(head)
                found.setdefault(head, Entry(head, digests, frozenset(self.items[digest].topic for digest in digests)))
        return list(found.values())


def find_free(session: Session, catalogue: Catalogue, quiz: Quiz, mode: str, *, guard: GuardedItems, person_id: int, now: datetime) -> Free:
    """What of a quiz this person may practise (mode 'practice') or meet in a mock exam ('mock') now.

    A bank is opened by the quiz that it belongs to. Essays are left out: nobody would mark them.
    """
    items = load_items(session, [digest for draw in quiz.draws for digest in draw.digests])
    ids = [item.id for item in items.values()]
    back = guard.guarded_ids(session, catalogue, ids, now) | list_held(session, person_id=person_id)
    sealed = sealed_banks(catalogue, now)
    opened = {slug for slug, one in catalogue.quizzes.items() if mode in one.policy.rehearsal}
    essays = {digest for digest, item in items.items() if item.kind == "essay"}
    shut = {digest for digest, item in items.items() if item.id in back or item.bank in sealed or item.bank.partition("/")[0] not in opened}
    return Free(tuple(_without(draw, shut, essays) for draw in quiz.draws), {d: item for d, item in items.items() if d not in shut | essays}, len(shut))


def _without(draw: Draw, shut: set[str], essays: set[str]) -> Draw:
    """A draw with what is left of its pool; it asks for fewer only where essays are missing."""
    sound = [head for head in draw.pool if essays.isdisjoint(draw.expand(head))]
    pool = tuple(head for head in sound if shut.isdisjoint(draw.expand(head)))
    return replace(draw, pick=min(draw.pick, len(sound)), pool=pool, cases={head: draw.cases[head] for head in pool if head in draw.cases})


def list_weak(session: Session, free: Free, *, person_id: int, course: str) -> list[str]:
    """The person's weak topics among those that are free, the weakest first, by the latest tests and practices. Three queries at most."""
    views = list_recent(session, person_id=person_id, limit=LOOKED_AT)
    views += list_practised(session, person_id=person_id, offering_prefix=f"{PRACTICE}:{course}/", limit=LOOKED_AT)
    rows = [(item.topic, _is_right(item.verdict)) for view in views if view.result is not None and view.shows_score for item in items_of(view.result)]
    return weak_topics(rows, {item.topic for item in free.items.values()})


def _is_right(verdict: Verdict) -> bool:
    return verdict in ("right", "unmarked")
