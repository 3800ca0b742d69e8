"""The content page for trainers: what is wrong, what is published, what is held back, how the sources are."""

from itertools import groupby

from flask import render_template

from lms.content.models import PublishJob
from lms.content.service.desk import ContentDesk
from lms.content.service.jobs import RUNNING, is_over, message_of
from lms.content.service.overview import look
from lms.content.source.problems import Problem
from lms.content.views.blueprint import bp
from lms.people.access import permission_required, scope
from lms.people.rules import Permission
from lms.platform.site import now, reading, site
from lms.web.paging import page_asked, pages_of

PAGE = 100
STALE_SHOWN = 100
STEPS = ("queued", *RUNNING)


@bp.get("/check")
@permission_required(Permission.SEE_CONTENT_CHECK)
def check() -> str:
    """What is wrong with the content sources, what is published since when, and what is held back."""
    overview = look(reading(), site().part(ContentDesk), now=now())
    pages = pages_of(len(overview.problems), PAGE)
    page = page_asked(pages)
    return render_template(
        "content/check.html",
        overview=overview,
        files=_by_file(overview.problems[(page - 1) * PAGE : page * PAGE]),
        page=page,
        pages=pages,
        page_of=_pages(overview.problems),
        stale=overview.stale[:STALE_SHOWN],
        may_publish=may_publish(),
        **job_words(overview.job),
    )


def may_publish() -> bool:
    """Whether the reader may publish for the whole site."""
    return "/" in scope(Permission.PUBLISH_CONTENT)


def job_words(job: PublishJob | None) -> dict[str, object]:
    """A publishing as the page shows it: its steps with their states, and what it said at its end."""
    if job is None:
        return {"job": None}
    at = STEPS.index(job.state) if job.state in STEPS else len(STEPS)
    states = {step: "done" if place < at else "current" if place == at else "todo" for place, step in enumerate(STEPS)}
    return {"job": job, "job_steps": states, "job_over": is_over(job), "job_said": message_of(job)}


def _by_file(problems: tuple[Problem, ...]) -> list[tuple[str, list[Problem]]]:
    return [(file, list(those)) for file, those in groupby(problems, key=lambda problem: problem.file)]


def _pages(problems: tuple[Problem, ...]) -> dict[tuple[str, int, int, str, str], int]:
    """On which page each problem stands."""
    return {problem.order: place // PAGE + 1 for place, problem in enumerate(problems)}
