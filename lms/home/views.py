"""The first page of each role, put together from the rooms."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from lms.assessment.exams.service.looking import PREFIX as EXAM
from lms.assessment.exams.service.looking import due_exams
from lms.assessment.models import Attempt
from lms.assessment.rules.terms import Terms
from lms.assessment.service import list_recent
from lms.assessment.service.look import AttemptView
from lms.certification.service.overview import summary
from lms.certification.service.own import OwnStanding, own_standing
from lms.certification.views.words import STANDING
from lms.clock import to_ms
from lms.content.access import catalogue
from lms.content.catalogue import Course, Lesson, Words
from lms.contests.service.entrants import live_rounds
from lms.home.rules import action_month, urgency
from lms.learning.rehearsal.rules import PRACTICE
from lms.learning.rehearsal.sources import find_test
from lms.learning.service.study import Progress, count_done, find_next, list_progress
from lms.people.access import current_person, login_required, scope
from lms.people.rules import Permission
from lms.platform.site import now, reading, site, today

bp = Blueprint("home", __name__, template_folder="templates")
RESULTS = 3


@dataclass(frozen=True, slots=True)
class GoOn:
    """The one card to go on with: a course, its next lesson, how many lessons are done."""

    course: Course
    lesson: Lesson
    done: int


@dataclass(frozen=True, slots=True)
class Recent:
    """A recent result with the title of what was sat."""

    view: AttemptView
    title: Words


@bp.get("/")
@login_required
def index() -> str:
    """What the signed-in person should do next, and for those who look after others, how their people stand."""
    me, session = current_person().person_id, reading()
    standings = own_standing(session, catalogue(), me, today())
    progress = list_progress(session, person_id=me)
    paths = scope(Permission.SEE_STANDING)
    go_on = find_go_on(progress, standings)
    return render_template(
        "home/index.html",
        standings=sorted(standings, key=lambda own: urgency(own.standing.value, waived=own.waived_until is not None)),
        go_on=go_on,
        exams=due_exams(session, person_id=me, on=today(), now=now()),
        now_ms=to_ms(now()),
        to_ms=to_ms,
        rounds=live_rounds(catalogue(), session, person_id=me, zone=site().settings.zone, now=now()),
        recent=[Recent(view, title_of(view.attempt)) for view in list_recent(session, person_id=me, limit=RESULTS)],
        counts=summary(session, catalogue(), paths, today()) if paths else {},
        schemes=catalogue().schemes,
        month=action_month(today()),
        practice=find_practice(go_on, standings),
        standing_words=STANDING,
    )


def find_go_on(progress: dict[tuple[str, str], Progress], standings: list[OwnStanding]) -> GoOn | None:
    """The course to go on with: the one studied last, else one that an assigned scheme asks for, else the first; done courses are left out."""
    last: dict[str, float] = {}
    for (course, _), state in progress.items():
        last[course] = max(last.get(course, 0), state.seen_at.timestamp())
    needed = {own.scheme.slug for own in standings if own.needed}
    found = [(course, lesson) for course in catalogue().courses.values() if (lesson := find_next(course, progress))]
    best = max(found, key=lambda pair: (last.get(pair[0].slug, 0), bool(needed & set(pair[0].schemes))), default=None)
    return GoOn(best[0], best[1], count_done(best[0], progress)) if best else None


def find_practice(go_on: GoOn | None, standings: list[OwnStanding]) -> Course | None:
    """A course whose questions can be practised: the one to go on with, else one that an assigned scheme asks for, else the first."""
    needed = {own.scheme.slug for own in standings if own.needed}
    courses = [course for slug, course in catalogue().courses.items() if find_test(catalogue(), slug, PRACTICE, now())]
    return max(courses, key=lambda course: (go_on is not None and course == go_on.course, bool(needed & set(course.schemes))), default=None)


def title_of(attempt: Attempt) -> Words:
    """What was sat, in words: the exam's, course's or round's title, else the quiz's, else the key itself."""
    offering, quiz = attempt.offering, attempt.quiz
    if offering.startswith(EXAM):
        return Terms.from_json(attempt.rules).title
    kind, _, rest = offering.partition(":")
    if kind == "course" and rest in catalogue().courses:
        return catalogue().courses[rest].title
    slug, _, name = rest.partition("/")
    contest = catalogue().contests.get(slug) if kind == "round" else None
    one = next((one for stage in contest.stages for one in stage.rounds if one.slug == name), None) if contest else None
    if one is not None:
        return one.title
    return catalogue().quizzes[quiz].title if quiz in catalogue().quizzes else {"vi": offering}
