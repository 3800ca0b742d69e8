"""Pages of courses and lessons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from lms.clock import from_ms, to_ms
from lms.content.access import catalogue
from lms.content.catalogue import Course, Lesson
from lms.errors import Invalid, NotFound
from lms.learning.forms import LessonDoneForm
from lms.learning.service.study import Progress, find_next, finish_lesson, list_progress, note_sign
from lms.people.access import current_person, login_required
from lms.platform.site import now, reading, today, writing

bp = Blueprint("learning", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lesson stands in its course: its number from 1, its neighbours, how far the reader is with it."""

    number: int
    lesson: Lesson
    progress: Progress | None
    previous: Lesson | None
    following: Lesson | None


def places(course: Course, progress: Mapping[tuple[str, str], Progress]) -> list[Place]:
    """The lessons of a course in order, each with its neighbours and the reader's progress."""
    lessons = course.lessons
    return [
        Place(
            number,
            lesson,
            progress.get((course.slug, lesson.slug)),
            lessons[number - 2] if number > 1 else None,
            lessons[number] if number < len(lessons) else None,
        )
        for number, lesson in enumerate(lessons, 1)
    ]


def get_course(slug: str) -> Course:
    """The published course of that slug. Raises NotFound."""
    course = catalogue().courses.get(slug)
    if course is None:
        raise NotFound("There is no such course.")
    return course


def get_lesson(course: Course, slug: str) -> Lesson:
    """The lesson of that slug. Raises NotFound."""
    lesson = course.find_lesson(slug)
    if lesson is None:
        raise NotFound("There is no such lesson in this course.")
    return lesson


@bp.get("/courses")
@login_required
def courses() -> str:
    """All courses with the reader's progress."""
    progress = list_progress(reading(), person_id=current_person().person_id)
    shown = [(course, places(course, progress), find_next(course, progress)) for course in catalogue().courses.values()]
    return render_template("learning/courses.html", courses=shown)


@bp.get("/courses/<slug>")
@login_required
def course(slug: str) -> str:
    """One course: what it is, its lessons with ticks and minutes, its quiz, what it counts for."""
    found = get_course(slug)
    progress = list_progress(reading(), person_id=current_person().person_id, courses=[slug])
    schemes = [catalogue().schemes[name] for name in found.schemes if name in catalogue().schemes]
    quiz = catalogue().quizzes.get(found.quiz) if found.quiz else None
    return render_template(
        "learning/course.html", course=found, places=places(found, progress), next_lesson=find_next(found, progress), quiz=quiz, schemes=schemes
    )


@bp.get("/courses/<slug>/<lesson_slug>")
@login_required
def lesson(slug: str, lesson_slug: str) -> str:
    """One lesson with outline, credited time and the way on."""
    found = get_course(slug)
    wanted = get_lesson(found, lesson_slug)
    progress = list_progress(reading(), person_id=current_person().person_id, courses=[slug])
    shown = places(found, progress)
    here = shown[found.lessons.index(wanted)]
    form = LessonDoneForm(opened=_opened().dumps([slug, lesson_slug, to_ms(now())]))
    return render_template("learning/lesson.html", course=found, lesson=wanted, here=here, places=shown, form=form)


@bp.post("/courses/<slug>/<lesson_slug>/done")
@login_required
def lesson_done(slug: str, lesson_slug: str) -> Response:
    """The reader is through: credit the time, tick the lesson, go on."""
    found = get_course(slug)
    wanted = get_lesson(found, lesson_slug)
    opened_at = _opened_at(request.form.get("opened", ""), slug, lesson_slug)
    with writing() as session:
        finish_lesson(session, person_id=current_person().person_id, course=found, lesson=wanted, opened_at=opened_at, today=today(), now=now())
    following = places(found, {})[found.lessons.index(wanted)].following
    return redirect(url_for(".lesson", slug=slug, lesson_slug=following.slug) if following else url_for(".course", slug=slug))


@bp.post("/study")
@login_required
def study() -> Response:
    """A sign of activity from the page's script: {course, lesson}; answers with the credited seconds."""
    said = request.get_json(silent=True)
    if not isinstance(said, dict):
        raise Invalid("A sign of activity names a course and a lesson.")
    found = get_course(str(said.get("course")))
    wanted = get_lesson(found, str(said.get("lesson")))
    with writing() as session:
        credited_s = note_sign(session, person_id=current_person().person_id, course=found, lesson=wanted, now=now())
    return jsonify(credited_s=credited_s)


def _opened() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="lesson-opened")


def _opened_at(token: str, slug: str, lesson_slug: str) -> datetime | None:
    if not token:
        return None
    try:
        course_slug, signed_lesson, opened_ms = _opened().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return from_ms(int(opened_ms)) if (course_slug, signed_lesson) == (slug, lesson_slug) else None
