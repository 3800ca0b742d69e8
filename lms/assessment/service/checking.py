"""Practice: an answer is looked at at once, and is fixed from then on. And which items nobody may look at now."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Response
from lms.assessment.rules.review import may_check
from lms.assessment.rules.scoring import score_item
from lms.assessment.rules.terms import Terms, is_late
from lms.assessment.service.keys import keyed
from lms.assessment.service.look import ItemResult
from lms.assessment.service.papers import item_ids, list_placed
from lms.assessment.service.reviewed import Reviewed, reviewed_of
from lms.errors import Conflict, Invalid, NotAllowed, NotFound


def check_answer(session: Session, *, attempt_id: int, person_id: int, item_id: str, guarded: bool, now: datetime) -> None:
    """Fix the stored answer of an item, so that what is right may be shown; doing it twice changes nothing.

    guarded: whether the item is kept back. Raises NotFound for another's attempt, Conflict once it is over, NotAllowed where the
    policy has no review after each answer or the item is kept back, Invalid for one that the paper does not have or that has no answer yet.
    """
    attempt = session.execute(select(Attempt).filter_by(id=attempt_id, person_id=person_id).with_for_update(key_share=True)).scalar_one_or_none()
    if attempt is None:
        raise NotFound("There is no such try.")
    if attempt.state != "open" or is_late(attempt.deadline_at, attempt.grace_s, now):
        raise Conflict("This try is over.")
    if item_id not in item_ids(attempt.paper):
        raise Invalid("This question is not in your paper. Nothing was changed.")
    terms = Terms.from_json(attempt.rules)
    if not may_check(terms, guarded=False):
        raise NotAllowed("The right answers are not shown during this test.")
    if not may_check(terms, guarded=guarded):
        raise NotAllowed("This question is in a test or contest that is open now, so its right answer is not shown yet.")
    row = session.execute(select(Response).filter_by(attempt_id=attempt_id, item_id=item_id)).scalar_one_or_none()
    if row is None or not row.answer:
        raise Invalid("Answer the question first; then look whether it is right.")
    row.checked_at = row.checked_at or now


def list_checked(session: Session, attempt: Attempt, responses: dict[str, Response]) -> dict[str, Reviewed]:
    """The items of an open attempt whose answers have been looked at, with their keys, by item id; the others are not in it."""
    fixed = {item_id: row for item_id, row in responses.items() if row.checked_at is not None}
    if not fixed:
        return {}
    terms = Terms.from_json(attempt.rules)
    found = {}
    for place in list_placed(session, attempt.paper):
        row = fixed.get(place.item.id)
        if row is not None:
            one = score_item(keyed(place.item), row.answer, terms.marks)
            scored = ItemResult(place.item.id, place.item.digest, place.item.topic, one.answer, one.verdict, one.points, one.max_points)
            found[place.item.id] = reviewed_of(place, scored, None)
    return found


def list_held(session: Session, *, person_id: int, besides: int | None = None) -> frozenset[str]:
    """The ids of the items in the person's open attempts that count for something: nobody looks up what one is just being asked.

    besides: an attempt that is left out.
    """
    query = select(Attempt.id, Attempt.paper).where(Attempt.person_id == person_id, Attempt.state == "open", ~Attempt.practice)
    return frozenset(id_ for row in session.execute(query) if row.id != besides for id_ in item_ids(row.paper))
