"""The page of practice and mock exams of a course."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.assessment.guarding import GuardedItems
from lms.assessment.rules.topics import topic_words
from lms.assessment.service.practised import KEPT, list_practised
from lms.content.access import catalogue
from lms.content.catalogue import Course, Quiz
from lms.errors import NotFound
from lms.learning.rehearsal.pools import find_free, list_weak
from lms.learning.rehearsal.rules import ALL, COUNTS, MOCK, PRACTICE, WEAK, Wanted, count_topics
from lms.learning.rehearsal.sources import find_test
from lms.people.access import current_person, login_required
from lms.platform.i18n import say
from lms.platform.site import now, reading, site

bp = Blueprint("rehearsal", __name__, template_folder="../templates")
SHOWN = 5


def get_test(slug: str) -> tuple[Course, Quiz]:
    """The course and its test, if that lets practise in one way or another. Raises NotFound."""
    found = find_test(catalogue(), slug, PRACTICE, now()) or find_test(catalogue(), slug, MOCK, now())
    if found is None:
        raise NotFound("There is nothing to practise in this course.")
    return found


@bp.get("/practice/<slug>")
@login_required
def show(slug: str) -> str:
    """What can be practised, by topic; the mock exam; the latest practice."""
    course, quiz = get_test(slug)
    person_id = current_person().person_id
    guard = site().part(GuardedItems)  # type: ignore[type-abstract]
    free = find_free(reading(), catalogue(), quiz, PRACTICE, guard=guard, person_id=person_id, now=now())
    return render_template(
        "learning/practice.html",
        course=course,
        quiz=quiz,
        free=free,
        topics=[(topic, say(topic_words(topic)), count) for topic, count in count_topics(free.entries).items()],
        weak=[say(topic_words(topic)) for topic in list_weak(reading(), free, person_id=person_id, course=slug)[:3]],
        counts=COUNTS,
        days=KEPT.days,
        views=list_practised(reading(), person_id=person_id, offering_prefix=f"{PRACTICE}:{slug}/", limit=SHOWN),
        mocks=list_practised(reading(), person_id=person_id, offering_prefix=f"{MOCK}:{slug}", limit=SHOWN),
    )


@bp.post("/practice/<slug>")
@login_required
def start(slug: str) -> Response:
    """Start what was chosen: the request goes on, as it is, to the start of that offering."""
    get_test(slug)
    topic = request.form.get("topic", WEAK)
    count = request.form.get("count", default=COUNTS[1], type=int)
    wanted = Wanted(slug, topic if topic in (ALL, WEAK) or "/" not in topic else ALL, count if count in COUNTS else COUNTS[1])
    return redirect(url_for("assessment.start", key=wanted.key), 307)
