"""What `practice:<course>/<topic>/<count>` and `mock:<course>` offer: papers that count for nothing, drawn around what must not be known yet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from lms.assessment.guarding import GuardedItems
from lms.assessment.offerings import Listed, Offering
from lms.assessment.rules.paper import Line, PoolTooSmall, draw
from lms.assessment.rules.topics import topic_words
from lms.content.catalogue import Catalogue, Course, Draw, Quiz
from lms.content.policy import Policy, Retake
from lms.content.sealing import is_sealed
from lms.content.service.pools import PoolIds
from lms.learning.rehearsal.pools import Free, find_free, list_weak
from lms.learning.rehearsal.rules import ALL, MOCK, PRACTICE, WEAK, Entry, choose, read_key
from lms.platform.rules import Phrase, phrase

PRACTICE_S = 2 * 60 * 60
"""A practice has no hurry; it ends some time, so that nothing stays open for ever."""


def find_test(catalogue: Catalogue, slug: str, mode: str, now: datetime) -> tuple[Course, Quiz] | None:
    """A course with the test whose banks it lets practise, or sit as a mock exam; None if it does not, or not yet."""
    course = catalogue.courses.get(slug)
    quiz = catalogue.quizzes.get(course.quiz) if course and course.quiz else None
    if course is None or quiz is None or mode not in quiz.policy.rehearsal or is_sealed(quiz, now):
        return None
    return course, quiz


@dataclass(frozen=True)
class PracticeSource:
    """Practice: as many items as asked for of a topic, each checked at once."""

    pools: PoolIds
    guard: GuardedItems

    def find(self, session: Session, catalogue: Catalogue, key: str, person_id: int, now: datetime) -> Offering | None:
        """The practice of that key for that person now; barred where nothing is free."""
        wanted = read_key(key)
        found = find_test(catalogue, wanted.course, PRACTICE, now) if wanted else None
        if wanted is None or found is None:
            return None
        course, quiz = found
        free = find_free(session, catalogue, quiz, PRACTICE, guard=self.guard, person_id=person_id, now=now)
        weak = list_weak(session, free, person_id=person_id, course=course.slug) if wanted.topic == WEAK else []
        lines = choose(free.entries, wanted.topic, weak, wanted.count)
        made = replace(
            quiz,
            attempts=None,
            time_limit_s=PRACTICE_S,
            draws=tuple(_line(quiz, pick, entries) for pick, entries in lines),
            shuffle_items=True,
            shuffle_choices=True,
            review="after_each",
            review_keys="always",
            opens_at=None,
            closes_at=None,
            practice=True,
            policy=Policy(),
        )
        nothing = phrase("There is nothing to practise on this at present: its questions are in a test or contest that is open now.")
        return Offering(
            key=key,
            title=quiz.title,
            quiz=made,
            attempts_max=None,
            review="after_each",
            back_url=f"/practice/{course.slug}",
            practice=True,
            barred=None if lines else nothing,
            stale_langs=self.pools.stale_langs(session, catalogue, quiz),
            notes=(_on(wanted.topic, weak), *_kept_back(free)),
        )

    def listed(self, session: Session, catalogue: Catalogue) -> Sequence[Listed]:  # noqa: ARG002
        """Nothing: practice is nobody's business but the learner's."""
        return ()


@dataclass(frozen=True)
class MockSource:
    """Mock exams: the blueprint, the clock and the marks of the test, with everything shown afterwards."""

    pools: PoolIds
    guard: GuardedItems

    def find(self, session: Session, catalogue: Catalogue, key: str, person_id: int, now: datetime) -> Offering | None:
        """The mock exam of that key for that person now; barred where too few items are free for its blueprint."""
        found = find_test(catalogue, key.removeprefix(f"{MOCK}:"), MOCK, now)
        if found is None:
            return None
        course, quiz = found
        free = find_free(session, catalogue, quiz, MOCK, guard=self.guard, person_id=person_id, now=now)
        made = replace(
            quiz,
            attempts=None,
            draws=free.draws,
            review="after_submit",
            review_keys="always",
            opens_at=None,
            closes_at=None,
            practice=True,
            policy=replace(quiz.policy, retake=Retake(), show=Policy().show),
        )
        few = phrase("Too few questions are free for a mock exam at present: others are in a test or contest that is open now. Practise by topic meanwhile.")
        return Offering(
            key=key,
            title=quiz.title,
            quiz=made,
            attempts_max=None,
            review="after_submit",
            pass_percent=quiz.pass_percent,
            back_url=f"/practice/{course.slug}",
            practice=True,
            barred=None if _is_drawable(free.draws) else few,
            stale_langs=self.pools.stale_langs(session, catalogue, quiz),
            notes=(phrase("This is a mock exam: the same number of questions, time and pass mark as in the test."), *_kept_back(free)),
        )

    def listed(self, session: Session, catalogue: Catalogue) -> Sequence[Listed]:  # noqa: ARG002
        """Nothing: mock exams are nobody's business but the learner's."""
        return ()


def _line(quiz: Quiz, pick: int, entries: Sequence[Entry]) -> Draw:
    cases = {entry.head: entry.items for entry in entries if len(entry.items) > 1}
    return Draw(f"{quiz.slug}/*", pick, (), None, tuple(entry.head for entry in entries), cases)


def _is_drawable(draws: Sequence[Draw]) -> bool:
    if not any(one.pick for one in draws):
        return False
    try:
        draw([Line(one.pick, one.pool) for one in draws], Random(0))  # noqa: S311  (only whether it can be drawn)
    except PoolTooSmall:
        return False
    return True


def _on(topic: str, weak: Sequence[str]) -> Phrase:
    if topic == WEAK and weak:
        return phrase("You practise your weak topics first: %(topic)s and others.", topic=topic_words(weak[0]))
    return phrase("You practise all topics.") if topic in (ALL, WEAK) else phrase("You practise: %(topic)s.", topic=topic_words(topic))


def _kept_back(free: Free) -> tuple[Phrase, ...]:
    """Said where something is missing, so that nobody takes the rest for all."""
    words = phrase("%(n)s questions are left out at present, because a test or contest that is open now may ask them.", n=free.kept_back)
    return (words,) if free.kept_back else ()
