"""What can be sat: an attempt belongs to an offering, never to a bare quiz. The rooms above register where offerings come from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy.orm import Session

from lms.content.catalogue import Catalogue, Quiz, Words
from lms.content.policy import Marks
from lms.errors import NotFound, SiteError
from lms.people.rules import Permission
from lms.platform.rules import Phrase

Review = Literal["never", "after_each", "after_submit", "after_close"]


@dataclass(frozen=True, slots=True)
class ToRead:
    """A lesson to read again before the next try. read: whether that has been done."""

    title: Words
    url: str
    read: bool


class Lessons(Protocol):
    """A room that has lessons on what an offering asks."""

    def list_to_read(self, session: Session, *, person_id: int, topics: Collection[str] | None, since: datetime) -> Sequence[ToRead]:
        """The lessons on these topics (all, if None), and whether the person has read each to its end since then."""
        ...


class Admission(Protocol):
    """What stands between a person and the start of an attempt, besides times and tries."""

    @property
    def asks_code(self) -> bool:
        """Whether a code is to be typed."""
        ...

    def refuse(self, session: Session, *, person_id: int, code: str, address: str, now: datetime) -> SiteError | None:
        """Why this person may not start from there with that code; a wrong code is counted, so what this writes is to be kept."""
        ...


@dataclass(frozen=True)
class Offering:
    """A quiz as it is offered to one person at one moment.

    key: `course:<slug>` or `round:<contest>/<round>`; attempts_max: tries within one period (None: as many as one likes);
    period: what the quota counts by ('' the whole offering, else the present day or week); grace_s: how long after the deadline
    a late-arriving save still counts; opens_at is included, closes_at is not; pass_percent: None where nobody passes or fails;
    marks: what a right, wrong and blank item brings (None: as the quiz says, see `scored_by`);
    practice: nothing depends on it, so no result is kept; barred: why nobody can start it at present;
    lessons: where the lessons are that a failed try sends back to;
    back_url: where the lessons to read, or the contest, are; notes: further rules in words, shown before the start;
    stale_langs: languages in which items are older than their source; refuses_stale: whether it is not offered in these.
    one_device: an attempt belongs to the device that it was started on; admits: what else is asked before the start.
    """

    key: str
    title: Words
    quiz: Quiz
    attempts_max: int | None
    period: str = ""
    grace_s: int = 10
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    review: Review = "after_submit"
    pass_percent: int | None = None
    marks: Marks | None = None
    practice: bool = False
    barred: Phrase | None = None
    lessons: Lessons | None = None
    back_url: str = ""
    notes: tuple[Phrase, ...] = ()
    stale_langs: frozenset[str] = frozenset()
    refuses_stale: bool = False
    one_device: bool = False
    admits: Admission | None = None

    @property
    def scored_by(self) -> Marks:
        """What a right, wrong and blank item brings: as it is offered, else as the quiz says."""
        return self.quiz.policy.marks if self.marks is None else self.marks

    def refuses(self, lang: str) -> bool:
        """Whether nobody may start in this language at present."""
        return self.refuses_stale and lang in self.stale_langs


@dataclass(frozen=True, slots=True)
class Listed:
    """A test as those who run it see it in their list. path: of the unit whose test it is; '' where it is everybody's."""

    key: str
    title: Words
    path: str = ""


class OfferingSource(Protocol):
    """A room that offers quizzes."""

    def find(self, session: Session, catalogue: Catalogue, key: str, person_id: int, now: datetime) -> Offering | None:
        """The offering of that key for that person now, or None if there is none or it is not for this person."""
        ...

    def listed(self, session: Session, catalogue: Catalogue) -> Sequence[Listed]:
        """Everything that this room offers at present, to whomever, the latest first."""
        ...


@dataclass
class OfferingSources:
    """The sources by the prefix of their keys (`course`, `round`); lms/app.py fills it.

    run_by: the permission to supervise, mark and look at results by prefix, where it is another than that of teaching (`Permission.RECORD_CLASS`).
    locked: prefixes whose closed attempts are never opened again, because rules that were published say so.
    """

    by_prefix: dict[str, OfferingSource] = field(default_factory=dict)
    run_by: dict[str, Permission] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()

    def add(self, prefix: str, source: OfferingSource) -> None:
        """Let keys that begin with `prefix:` come from this source."""
        self.by_prefix[prefix] = source

    def listed(self, session: Session, catalogue: Catalogue) -> list[Listed]:
        """Every test of every room."""
        return [one for source in self.by_prefix.values() for one in source.listed(session, catalogue)]

    def get(self, session: Session, catalogue: Catalogue, key: str, *, person_id: int, now: datetime) -> Offering:
        """The offering of that key. Raises NotFound."""
        source = self.by_prefix.get(key.partition(":")[0])
        offering = source.find(session, catalogue, key, person_id, now) if source else None
        if offering is None:
            raise NotFound("There is no such test, or it is not open to you.")
        return offering
