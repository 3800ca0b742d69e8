"""What of the offering of an attempt decides whether it goes on, as things stand now."""

from lms.assessment.exams.offerings import PREFIX as EXAM
from lms.assessment.guarding import GuardedItems
from lms.assessment.models import Attempt
from lms.assessment.offerings import Offering, OfferingSources
from lms.assessment.rules.review import Shown, review_of
from lms.assessment.rules.terms import Terms, may_try_again
from lms.assessment.service import get_attempt, tries_used
from lms.assessment.service.look import has_passed, items_of
from lms.assessment.service.start import terms_of
from lms.assessment.supervision.service.acts import Window
from lms.clock import from_ms, to_ms
from lms.content.access import catalogue
from lms.errors import NotFound
from lms.platform.site import now, reading, site


def window_of(attempt: Attempt) -> Window:
    """The window of an attempt: a constant number of queries."""
    sources = site().part(OfferingSources)
    prefix = attempt.offering.partition(":")[0]
    terms = Terms.from_json(attempt.rules)
    try:
        offering = sources.get(reading(), catalogue(), attempt.offering, person_id=attempt.person_id, now=now())
    except NotFound:
        return Window(from_ms(terms.closes_ms) if terms.closes_ms else None, offered=False, locked=prefix in sources.locked)
    passed = has_passed(reading(), person_id=attempt.person_id, offering=attempt.offering)
    shown = _keys_shown(attempt, terms, offering, passed=passed)
    proves = prefix != EXAM or any(course.quiz == attempt.quiz for course in catalogue().courses.values())
    return Window(offering.closes_at, locked=prefix in sources.locked, keys_shown=shown, proven=passed and proves)


def _keys_shown(attempt: Attempt, terms: Terms, offering: Offering, *, passed: bool) -> bool:
    """Whether the learner may be looking at what is right: as the page of the result decides it."""
    result = get_attempt(reading(), attempt_id=attempt.id, person_id=attempt.person_id).result
    if result is None or attempt.state == "open":
        return False
    now_ms = to_ms(now())
    used = tries_used(reading(), person_id=attempt.person_id, offering=attempt.offering, period=attempt.period)
    again = any(may_try_again(rules, used, period=attempt.period, now_ms=now_ms) for rules in (terms, terms_of(offering)))
    ids = [item.item_id for item in items_of(result)]
    guarded = site().part(GuardedItems).guarded_until(reading(), catalogue(), ids, now()) is not None  # type: ignore[type-abstract]
    return all(review_of(rules, passed=passed, again=again, now_ms=now_ms, guarded=guarded)[0] is Shown.KEYS for rules in (terms, terms_of(offering)))
