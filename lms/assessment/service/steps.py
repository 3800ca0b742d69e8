"""Going through a paper that is taken in steps: where it stands, and leaving a step for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.assessment.rules.navigation import steps_of
from lms.assessment.rules.sections import SectionTerms
from lms.assessment.rules.terms import Terms, is_late
from lms.assessment.service.papers import item_ids
from lms.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a paper stands. step: the open one; steps: that of each item id; count: how many there are (1 where navigation is free)."""

    step: int
    steps: Mapping[str, int]
    count: int

    def is_open(self, item_id: str) -> bool:
        """Whether the item may be seen and answered now."""
        return self.steps[item_id] == self.step

    def is_left(self, item_id: str) -> bool:
        """Whether the item has been left for good."""
        return self.steps[item_id] < self.step

    @property
    def is_last(self) -> bool:
        """Whether no step follows."""
        return self.step >= self.count - 1


def progress_of(attempt: Attempt, terms: Terms) -> Progress:
    """Where the paper of an attempt stands."""
    steps = steps_of(terms.navigation, item_ids(attempt.paper), terms.sections)
    return Progress(attempt.step, steps, max(steps.values(), default=0) + 1)


def section_of(terms: Terms, item_id: str) -> SectionTerms | None:
    """The section that an item stands in; None where the paper has none."""
    return next((section for section in terms.sections if item_id in section.items), None)


def leave_step(session: Session, *, attempt_id: int, person_id: int, step: int, now: datetime) -> int:
    """Close a step of the own open attempt for good and open the next; gives the step that is open now.

    One that has been left before, by another window or a second press, stays left. Raises NotFound for another's attempt, Conflict once it is over.
    """
    query = select(Attempt).filter_by(id=attempt_id, person_id=person_id).with_for_update(key_share=True)
    attempt = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if attempt is None:
        raise NotFound("There is no such try.")
    if attempt.state != "open" or is_late(attempt.deadline_at, attempt.grace_s, now):
        raise Conflict("This try is over.")
    if step == attempt.step and not progress_of(attempt, Terms.from_json(attempt.rules)).is_last:
        attempt.step += 1
    return attempt.step
