"""Pages of courses and lessons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from lms.clock import from_ms, to_ms
from lms.content.access import catalogue
from lms.content.catalogue import Course, Lesson
from lms.content.subjects import is_stale, lesson_subject
from lms.errors import Invalid, NotFound
from lms.learning.lesson_text import lesson_text
from lms.learning.rehearsal.rules import MOCK, PRACTICE
from lms.learning.rehearsal.sources import find_test
from lms.learning.service.study import Progress, count_done, find_next, finish_lesson, list_progress, note_sign
from lms.people.access import current_person, login_required
from lms.platform.i18n import current_lang, gettext, pick, show_minutes
from lms.platform.site import asking, now, today, writing
from lms.web.assets import address
from lms.web.drawn import drawn, fill
from lms.web.frame import draw_page

bp = Blueprint("learning", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lesson stands in its course: its number from 1, and its neighbours."""

    number: int
    previous: Lesson | None
    following: Lesson | None


def place_of(course: Course, lesson: Lesson) -> Place:
    """The place of a lesson in its course."""
    lessons = course.lessons
    number = lessons.index(lesson) + 1
    return Place(number, lessons[number - 2] if number > 1 else None, lessons[number] if number < len(lessons) else None)


def steps_of(course: Course, progress: Mapping[tuple[str, str], Progress]) -> list[dict[str, object]]:
    """The lessons of a course as the outline shows them."""
    return [_step(course, lesson, *_state_of(lesson, progress.get((course.slug, lesson.slug)))) for lesson in course.lessons]


def _state_of(lesson: Lesson, state: Progress | None, current: Lesson | None = None) -> tuple[str, int]:
    """Where the reader is with a lesson (done, current, todo), and the whole minutes studied."""
    kind = "current" if lesson is current else "done" if state and state.done_at else "todo"
    return kind, state.credited_s // 60 if state else 0


def _step(course: Course, lesson: Lesson, kind: str, studied: int) -> dict[str, object]:
    """A line of the outline: label, address, state, and the declared minutes with those studied."""
    note = gettext("%(m)s min", m=lesson.minutes)
    if studied:
        note = gettext("%(m)s min, studied %(time)s", m=lesson.minutes, time=show_minutes(studied * 60))
    return {"label": pick(lesson.title), "url": address("learning.lesson", slug=course.slug, lesson_slug=lesson.slug), "state": kind, "note": note}


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
    progress = list_progress(asking(), person_id=current_person().person_id)
    shown = [(course, count_done(course, progress), find_next(course, progress)) for course in catalogue().courses.values()]
    return render_template("learning/courses.html", courses=shown)


@bp.get("/courses/<slug>")
@login_required
def course(slug: str) -> str:
    """One course: what it is, its lessons with ticks and minutes, its quiz, what it counts for."""
    found = get_course(slug)
    progress = list_progress(asking(), person_id=current_person().person_id, course=slug)
    schemes = [catalogue().schemes[name] for name in found.schemes if name in catalogue().schemes]
    quiz = catalogue().quizzes.get(found.quiz) if found.quiz else None
    return render_template(
        "learning/course.html",
        course=found,
        steps=steps_of(found, progress),
        done=count_done(found, progress),
        next_lesson=find_next(found, progress),
        quiz=quiz,
        rehearses=any(find_test(catalogue(), slug, mode, now()) for mode in (PRACTICE, MOCK)),
        schemes=schemes,
    )


@bp.get("/courses/<slug>/<lesson_slug>")
@login_required
def lesson(slug: str, lesson_slug: str) -> str:
    """One lesson with outline, credited time and the way on."""
    found = get_course(slug)
    wanted = get_lesson(found, lesson_slug)
    progress = list_progress(asking(), person_id=current_person().person_id, course=slug)
    state = progress.get((slug, lesson_slug))
    own = {
        "steps": _draw_steps(found, progress, wanted),
        "opened": _opened().dumps([slug, lesson_slug, to_ms(now())]),
        "credited": show_minutes(state.credited_s if state else 0),
    }
    return draw_page(
        "learning/lesson.html",
        key=(catalogue().publication_id, found.digest, lesson_slug, is_stale(catalogue(), lesson_subject(slug, lesson_slug), current_lang())),
        context=lambda: {"course": found, "lesson": wanted, "here": place_of(found, wanted), "text": lesson_text(wanted)},
        own=own,
    )


def _draw_steps(course: Course, progress: Mapping[tuple[str, str], Progress], current: Lesson) -> str:
    """The outline: each of its lines is drawn once for each state that it can be in."""
    key, drawings, lines = (current_lang(), request.script_root, course.digest), drawn(), []
    for number, lesson in enumerate(course.lessons, 1):
        state = _state_of(lesson, progress.get((course.slug, lesson.slug)), current)
        context = partial(_line, course, lesson, number, state)
        lines.append(fill(drawings.find("learning/step.html", (*key, number, *state), context), str))
    return "".join(lines)


def _line(course: Course, lesson: Lesson, number: int, state: tuple[str, int]) -> dict[str, object]:
    return {"step": _step(course, lesson, *state), "number": number}


@bp.post("/courses/<slug>/<lesson_slug>/done")
@login_required
def lesson_done(slug: str, lesson_slug: str) -> Response:
    """The reader is through: credit the time, tick the lesson, go on."""
    found = get_course(slug)
    wanted = get_lesson(found, lesson_slug)
    opened_at = _opened_at(request.form.get("opened", ""), slug, lesson_slug)
    with writing() as session:
        finish_lesson(session, person_id=current_person().person_id, course=found, lesson=wanted, opened_at=opened_at, today=today(), now=now())
    following = place_of(found, wanted).following
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
