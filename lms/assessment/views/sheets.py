"""A paper as it may be shown while it is sat: what of it is open, what has been left, what has been checked, by sections."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.assessment.rules.review import may_check
from lms.assessment.rules.sections import SectionTerms
from lms.assessment.rules.terms import Terms
from lms.assessment.service.checking import list_checked
from lms.assessment.service.look import last_saved_at
from lms.assessment.service.reviewed import Reviewed
from lms.assessment.service.sheet import Question, list_questions
from lms.assessment.service.steps import Progress, progress_of, section_of
from lms.content.access import catalogue
from lms.content.subjects import is_stale, item_subject
from lms.platform.i18n import current_lang


@dataclass(frozen=True, slots=True)
class Cell:
    """A question in the number grid. url: '' where it has been left or not been reached; state: right or wrong once it has been checked."""

    n: int
    url: str
    current: bool
    answered: bool
    flagged: bool
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The cells of a section; section: None where the paper has none."""

    number: int
    section: SectionTerms | None
    cells: list[Cell]


@dataclass(frozen=True)
class Sheet:
    """A paper as its person may see it now. questions: all, for counting; open: those that may be shown; checked: with their keys, by item id."""

    attempt: Attempt
    terms: Terms
    progress: Progress
    questions: list[Question]
    checked: Mapping[str, Reviewed]
    saved_at: datetime | None

    @property
    def open(self) -> list[Question]:
        """The questions that may be seen and, unless they are checked, answered."""
        return [question for question in self.questions if self.progress.is_open(question.item_id)]

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(question.answered for question in self.questions)

    @property
    def elsewhere(self) -> int:
        """How many of them are not to be answered on this page any more."""
        return sum(question.answered for question in self.questions if not self.progress.is_open(question.item_id) or question.item_id in self.checked)

    @property
    def empty(self) -> list[Question]:
        """Open questions without an answer."""
        return [question for question in self.open if not question.answered]

    @property
    def left_empty(self) -> int:
        """Questions without an answer that have been left for good."""
        return sum(self.progress.is_left(question.item_id) and not question.answered for question in self.questions)

    @property
    def unreached(self) -> int:
        """Questions of later steps."""
        return sum(self.progress.steps[question.item_id] > self.progress.step for question in self.questions)

    @property
    def flagged(self) -> list[Question]:
        """Open questions that the person wanted to look at again."""
        return [question for question in self.open if question.flagged]

    @property
    def checks(self) -> bool:
        """Whether answers may be checked one by one."""
        return may_check(self.terms, guarded=False)

    @property
    def one_by_one(self) -> bool:
        """Whether the open step is a single question of several."""
        return self.progress.count > 1 and len(self.open) == 1

    def section_of(self, question: Question) -> tuple[int, SectionTerms] | None:
        """The section of a question with its number from 1."""
        section = section_of(self.terms, question.item_id)
        return (self.terms.sections.index(section) + 1, section) if section else None

    def note_on(self, question: Question) -> str:
        """Whether the question is missing ('missing') or old ('stale') in the reader's language; else nothing."""
        lang = current_lang()
        return "missing" if lang not in question.prompt else "stale" if is_stale(catalogue(), item_subject(question.item_id), lang) else ""

    def place(self, asked: int | None) -> int:
        """The number of the question to show: the one asked for if it is open, else the first open one without an answer."""
        shown = self.open
        if any(question.n == asked for question in shown):
            return asked or 1
        return next((question.n for question in shown if not question.answered), shown[0].n)

    def with_question(self, question: Question) -> "Sheet":
        """The sheet with a question in another state."""
        return replace(self, questions=[question if one.n == question.n else one for one in self.questions])

    def groups(self, current: int | None) -> list[Group]:
        """The cells of the grid by sections."""
        here = url_for("assessment.sitting", attempt_id=self.attempt.id)
        cells = {question.item_id: self._cell(question, current, here) for question in self.questions}
        if not self.terms.sections:
            return [Group(0, None, list(cells.values()))]
        return [Group(n, section, [cells[item] for item in section.items if item in cells]) for n, section in enumerate(self.terms.sections, 1)]

    def _cell(self, question: Question, current: int | None, here: str) -> Cell:
        is_open = self.progress.is_open(question.item_id)
        url = f"{here}?n={question.n}" if is_open else ""
        done = self.checked.get(question.item_id)
        state = ("right" if done.verdict == "right" else "wrong") if done else None
        return Cell(question.n, url, question.n == current, question.answered, question.flagged, state)


def read_sheet(session: Session, attempt: Attempt) -> Sheet:
    """The sheet of an open attempt."""
    terms = Terms.from_json(attempt.rules)
    questions, responses = list_questions(session, attempt)
    return Sheet(attempt, terms, progress_of(attempt, terms), questions, list_checked(session, attempt, responses), last_saved_at(responses))
