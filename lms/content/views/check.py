"""The content check for trainers, and the publish button."""

from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from lms.content.packages.compiler import Compiled
from lms.content.service.desk import ContentDesk
from lms.content.service.publishing import publish_compiled
from lms.content.service.reading import find_state
from lms.content.source.problems import Problem
from lms.content.views.blueprint import bp
from lms.errors import NotAllowed, NotFound
from lms.people.access import current_person, permission_required, scope
from lms.people.rules import Permission
from lms.platform.i18n import say
from lms.platform.site import close_reading, now, reading, site, writing

PAGE = 100


@bp.get("/check")
@permission_required(Permission.SEE_CONTENT_CHECK)
def check() -> str:
    """What is wrong with the content sources, what is published since when, and what is held back."""
    compiled, unreadable = _look()
    problems = compiled.problems if compiled else ()
    pages = max(1, -(-len(problems) // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "content/check.html",
        state=find_state(reading()),
        compiled=compiled,
        unreadable=unreadable,
        errors=sum(problem.severity == "error" for problem in problems),
        warnings=sum(problem.severity == "warning" for problem in problems),
        files=_by_file(problems[(page - 1) * PAGE : page * PAGE]),
        page=page,
        pages=pages,
        may_publish="/" in scope(Permission.PUBLISH_CONTENT),
    )


@bp.post("/publish")
@permission_required(Permission.PUBLISH_CONTENT)
def publish() -> AnyResponse:
    """Publish the content sources; the check page shows what came of it."""
    if "/" not in scope(Permission.PUBLISH_CONTENT):
        raise NotAllowed("Only an administrator of the whole site may publish.")
    actor_id = current_person().person_id
    close_reading()
    tree, compiled = site().part(ContentDesk).look()
    with writing() as session:
        report = publish_compiled(session, compiled, tree, now=now(), actor_id=actor_id)
    for line in report.lines[:1]:
        flash(say(line), "warning" if report.held else "success")
    return redirect(url_for("content.check"))


def _look() -> tuple[Compiled | None, NotFound | None]:
    try:
        return site().part(ContentDesk).look()[1], None
    except NotFound as gone:
        return None, gone


def _by_file(problems: tuple[Problem, ...]) -> list[tuple[str, list[Problem]]]:
    return [(file, list(those)) for file, those in groupby(problems, key=lambda problem: problem.file)]
