"""The organiser's desk of a contest: taking part by unit, states of attempts, checks, the ranking as a file."""

import csv
import io
from collections.abc import Iterator

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from lms.clock import from_ms
from lms.content.access import catalogue
from lms.content.service.pools import PoolIds
from lms.contests.rules.cells import safe_cell
from lms.contests.rules.schedule import Phase, phase_of
from lms.contests.rules.text import check_contest
from lms.contests.rules.values import ContestRules, RoundRules
from lms.contests.service.desk import count_states, export_rows
from lms.contests.service.entries import recount as rebuild
from lms.contests.service.participation import Boards, list_participation
from lms.contests.terms import find_round, get_contest, rules_of
from lms.contests.views.blueprint import bp, rules_for
from lms.errors import NotAllowed
from lms.people.access import current_person, permission_required, scope
from lms.people.rules import Permission
from lms.platform.audit import record
from lms.platform.site import now, reading, site, today, writing
from lms.web.paging import page_asked, pages_of

UNITS_PAGE = 50
CHUNK = 200
DESK = Permission.SEE_RANKING_DESK


@bp.get("/contests/<slug>/desk")
@permission_required(DESK)
def desk(slug: str) -> str:
    """How many take part, unit by unit; what state the attempts are in; what is wrong with the file."""
    contest = get_contest(catalogue(), slug)
    rules = rules_of(contest, catalogue().quizzes_of(contest.slug))
    chosen = _chosen(rules, request.args.get("round"))
    above = request.args.get("unit", type=int)
    board = site().part(Boards).get(reading(), contest=slug, round_slug=chosen.slug, on=today(), now=now())
    found = list_participation(board, above=above, paths=scope(DESK))
    pages = pages_of(len(found.units), UNITS_PAGE)
    page = page_asked(pages)
    return render_template(
        "contests/desk.html",
        contest=contest,
        rules=rules,
        chosen=chosen,
        phase=phase_of(chosen.opens_at, chosen.closes_at, now()),
        states=count_states(reading(), contest=slug, round_slug=chosen.slug, paths=scope(DESK)),
        trail=found.trail,
        units=found.units[(page - 1) * UNITS_PAGE : page * UNITS_PAGE],
        above=above,
        page=page,
        pages=pages,
        problems=check_contest(rules),
        stale_langs=_stale_langs(rules.slug, chosen.slug),
        whole="/" in scope(DESK),
    )


def _stale_langs(slug: str, round_slug: str) -> list[str]:
    """The languages in which the round cannot be started, because a translation is older than its source."""
    found = find_round(catalogue(), slug, round_slug)
    return sorted(site().part(PoolIds).stale_langs(reading(), catalogue(), found[2].quiz)) if found else []


def _chosen(rules: ContestRules, slug: str | None) -> RoundRules:
    """The round asked for, else the one that is open, else the next to come, else the last. Raises NotFound."""
    if slug is not None:
        return rules_for(rules.slug, slug)
    phases = {phase: [one for one in rules.rounds if phase_of(one.opens_at, one.closes_at, now()) is phase] for phase in Phase}
    return (phases[Phase.OPEN] or phases[Phase.COMING] or phases[Phase.CLOSED][-1:])[0]


@bp.post("/contests/<slug>/<round_slug>/recount")
@permission_required(DESK)
def recount(slug: str, round_slug: str) -> AnyResponse:
    """Rebuild the entries of a round from its attempts; a ranking that was right stays as it is."""
    rules = rules_for(slug, round_slug)
    if "/" not in scope(DESK):
        raise NotAllowed("Only an organiser of the whole site may recount a round.")
    with writing() as session:
        changed = rebuild(session, contest=slug, rules=rules, now=now())
        actor = current_person().person_id
        record(
            session, now=now(), actor_id=actor, action="round_recounted", subject_kind="round", subject_id=f"{slug}/{round_slug}", detail={"changed": changed}
        )
    flash(gettext("Recounted from all tries; entries changed: %(n)s.", n=changed), "success" if not changed else "warning")
    return redirect(url_for("contests.desk", slug=slug, round=round_slug), 303)


@bp.get("/contests/<slug>/<round_slug>/ranking.csv")
@permission_required(DESK)
def export(slug: str, round_slug: str) -> Response:
    """The whole ranking as a file for spreadsheets, sent as it is read."""
    rules_for(slug, round_slug)
    head = [
        gettext("Place"),
        gettext("Staff code"),
        gettext("Full name"),
        gettext("Unit code"),
        gettext("Unit"),
        gettext("Right answers"),
        gettext("Questions"),
        gettext("Time (ms)"),
        gettext("Handed in at"),
        gettext("Tries"),
    ]
    with writing() as session:
        actor = current_person().person_id
        record(session, now=now(), actor_id=actor, action="ranking_exported", subject_kind="round", subject_id=f"{slug}/{round_slug}")
    response = Response(_csv(slug, round_slug, head, scope(DESK)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{round_slug}.csv"'
    return response


def _csv(slug: str, round_slug: str, head: list[str], paths: tuple[str, ...]) -> Iterator[str]:
    zone, db = site().settings.zone, site().db

    def lines() -> Iterator[list[object]]:
        yield list(head)
        with db.reading() as session:
            for row in export_rows(session, contest=slug, round_slug=round_slug, paths=paths):
                handed_in = from_ms(row.submitted_ms).astimezone(zone).isoformat(timespec="milliseconds")
                who = [row.place, row.staff_code, row.name, row.unit_code, row.unit]
                yield [*who, row.correct, row.item_count, row.elapsed_ms, handed_in, row.attempts]

    return _chunks(lines())


def _chunks(lines: Iterator[list[object]]) -> Iterator[str]:
    """The lines as CSV text, some at a time; the mark in front tells spreadsheets that it is UTF-8."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer)
    for number, line in enumerate(lines, 1):
        writer.writerow([safe_cell(value) for value in line])
        if number % CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
