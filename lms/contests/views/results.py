"""The results of a round as they were published, and the organiser's page on which that is done."""

from datetime import timedelta

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from lms.content.access import catalogue
from lms.contests.announcer import JOB
from lms.contests.forms import PublishForm
from lms.contests.models import RoundResult
from lms.contests.rules.schedule import Phase, phase_of
from lms.contests.rules.values import ContestRules, RoundRules
from lms.contests.service.publishing import (
    PAGE,
    Kind,
    Moved,
    draw,
    get_result,
    is_outdated,
    iter_text,
    list_places,
    list_results,
    moves,
    preview,
    publish,
    why_not,
)
from lms.contests.terms import get_contest, rules_of
from lms.contests.views.blueprint import bp, rules_for
from lms.errors import NotAllowed
from lms.people.access import current_person, login_required, permission_required, scope
from lms.people.rules import Permission
from lms.people.views.blueprint import blame
from lms.platform.audit import record
from lms.platform.site import now, reading, site, today, writing
from lms.web.paging import page_asked, page_url, pages_of
from lms.web.posting import carry_out

DESK = Permission.SEE_RANKING_DESK
APPEALS = timedelta(days=3)


def _closed(slug: str, round_slug: str) -> tuple[ContestRules, RoundRules]:
    """Raises NotFound for a round that is not there, NotAllowed before its close."""
    rules = rules_for(slug, round_slug)
    if phase_of(rules.opens_at, rules.closes_at, now()) is not Phase.CLOSED:
        raise NotAllowed("Results are published after the close, at %(at)s.", at=rules.closes_at)
    return rules_of(get_contest(catalogue(), slug), catalogue().quizzes_of(slug)), rules


def _of_whole_site() -> bool:
    return "/" in scope(DESK)


@bp.get("/contests/<slug>/<round_slug>/results")
@login_required
def results(slug: str, round_slug: str) -> str:
    """Every version with its state and digests, and the places of the latest."""
    contest, rules = _closed(slug, round_slug)
    versions = list_results(reading(), contest=slug, round_slug=round_slug)
    places, pages, latest = [], 1, versions[0] if versions else None
    if latest is not None:
        pages = pages_of(latest.entrants, PAGE)
        places = list_places(reading(), latest, page=page_asked(pages))
    shown = {"page": page_asked(pages), "pages": pages, "page_url": page_url, "places": places}
    changed = latest is not None and is_outdated(reading(), latest, counted=_of_whole_site())
    known = {"versions": versions, "latest": latest, "changed": changed, "organiser": _of_whole_site(), "me": current_person().person_id}
    return render_template("contests/results.html", contest=contest, rules=rules, today=today(), **known, **shown)


@bp.route("/contests/<slug>/<round_slug>/results/publish", methods=["GET", "POST"])
@permission_required(DESK)
def publish_page(slug: str, round_slug: str) -> str | AnyResponse | tuple[str, int]:
    """What would be published, what moves since the version before, and the act itself."""
    contest, rules = _closed(slug, round_slug)
    if not _of_whole_site():
        raise NotAllowed("Only an organiser of the whole site may publish results.")
    versions = list_results(reading(), contest=slug, round_slug=round_slug)
    before = versions[0] if versions else None
    over = before is not None and before.state == "final"
    usual = {
        "state": "final" if over else "provisional",
        "appeals_until_on": today() + max(APPEALS, timedelta(days=rules.appeals_days)),
        "base_version": before.version if before else 0,
    }
    form = PublishForm(data=usual)
    form.reason.flags.required = before is not None
    if over:
        form.state.choices = [("final", gettext("final"))]
    on, actor = today(), current_person().person_id

    def act() -> int:
        with site().db.reading() as session:
            drawn = draw(session, contest, rules, on=on)
        with writing() as session:
            return publish(
                session,
                drawn,
                contest=slug,
                round_slug=round_slug,
                state=form.state.data or "",
                appeals_until_on=form.appeals_until_on.data,
                reason=form.reason.data or "",
                base_version=form.base_version.data or 0,
                appeals_days=rules.appeals_days,
                actor_id=actor,
                today=on,
                now=now(),
            ).version

    posted = carry_out(form, act)
    if posted.done:
        site().jobs.soon(JOB)
        flash(gettext("Version %(n)s is published.", n=posted.made), "success")
        return redirect(url_for("contests.results", slug=slug, round_slug=round_slug), 303)
    blame(form, posted.refused)
    against = why_not(reading(), contest=slug, round_slug=round_slug)
    with site().db.reading() as session:
        lines = preview(session, contest, rules, on=on)
    moved: list[Moved] = []
    n_moved = 0
    if before is not None:
        moved, n_moved = moves(site().db, before, lines)
    known = {"before": before, "against": against, "moved": moved, "n_moved": n_moved, "entrants": _entrants(lines)}
    return render_template("contests/publish.html", contest=contest, rules=rules, form=form, **known), posted.status


def _entrants(lines: tuple[str, ...]) -> int:
    return sum('"t":"place"' in line for line in lines)


@bp.get("/contests/<slug>/<round_slug>/results/<int:version>.txt")
@login_required
def result_file(slug: str, round_slug: str, version: int) -> Response:
    """The published text, in which a number stands for each person: whose SHA-256 the page shows."""
    row = get_result(reading(), contest=slug, round_slug=round_slug, version=version)
    return _file(row, "result", f"{slug}-{round_slug}-{version}-result.txt")


@bp.get("/contests/<slug>/<round_slug>/results/<int:version>.log")
@permission_required(DESK)
def log_file(slug: str, round_slug: str, version: int) -> Response:
    """The log that the result is computed from; who takes it away is in the audit trail."""
    if not _of_whole_site():
        raise NotAllowed("Only an organiser of the whole site may take away the log.")
    row = get_result(reading(), contest=slug, round_slug=round_slug, version=version)
    with writing() as session:
        actor = current_person().person_id
        record(session, now=now(), actor_id=actor, action="round_log_exported", subject_kind="round", subject_id=f"{slug}/{round_slug}/{version}")
    return _file(row, "log", f"{slug}-{round_slug}-{version}-log.txt")


def _file(row: RoundResult, kind: Kind, name: str) -> Response:
    answer = Response(iter_text(site().db, row, kind), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
