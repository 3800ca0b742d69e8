"""The list of contests, one contest, and its printed rules."""

from itertools import groupby

from flask import render_template

from lms.clock import to_ms
from lms.content.access import catalogue
from lms.contests.rules.schedule import Phase
from lms.contests.rules.text import check_contest, entrants_text, prizes_text, round_text
from lms.contests.service.entrants import RoundView, find_missing, list_rounds
from lms.contests.terms import get_contest, rules_of
from lms.contests.views.blueprint import bp
from lms.people.access import current_person, login_required, may
from lms.people.rules import Permission
from lms.platform.site import now, reading, site
from lms.web.paging import page_asked, pages_of

CLOSED_PAGE = 12


@bp.get("/contests")
@login_required
def index() -> str:
    """Every contest: those with an open round first, then the coming ones, then the closed ones, the latest first."""
    contests = catalogue().contests.values()
    views = list_rounds(reading(), contests=contests, person_id=current_person().person_id, zone=site().settings.zone, now=now())
    by_contest = [list(group) for _, group in groupby(views, key=lambda view: view.contest.slug)]
    is_open = sorted((rounds for rounds in by_contest if _in(rounds, Phase.OPEN)), key=lambda rounds: _in(rounds, Phase.OPEN)[0].closes_at)
    coming = sorted((r for r in by_contest if _in(r, Phase.COMING) and not _in(r, Phase.OPEN)), key=lambda r: _in(r, Phase.COMING)[0].opens_at)
    closed = [rounds for rounds in by_contest if not _in(rounds, Phase.OPEN) and not _in(rounds, Phase.COMING)]
    closed.sort(key=lambda rounds: max(view.closes_at for view in rounds), reverse=True)
    pages = pages_of(len(closed), CLOSED_PAGE)
    page = page_asked(pages)
    shown = closed[(page - 1) * CLOSED_PAGE : page * CLOSED_PAGE]
    groups = [(Phase.OPEN, is_open), (Phase.COMING, coming), (Phase.CLOSED, shown)]
    return render_template("contests/index.html", groups=groups, first=_first, page=page, pages=pages, now_ms=to_ms(now()), to_ms=to_ms)


def _in(rounds: list[RoundView], phase: Phase) -> list[RoundView]:
    """The rounds of a phase, the one whose moment comes first in front."""
    return sorted((view for view in rounds if view.phase is phase), key=lambda view: view.closes_at if phase is Phase.OPEN else view.opens_at)


def _first(rounds: list[RoundView], phase: Phase) -> RoundView:
    """The round that stands for its contest in a group of the list."""
    found = _in(rounds, phase)
    return found[-1] if phase is Phase.CLOSED else found[0]


@bp.get("/contests/<slug>")
@login_required
def show(slug: str) -> str:
    """One contest: what it is, its rounds with the reader's tries, the way to sitting, rules and ranking."""
    contest = get_contest(catalogue(), slug)
    person_id = current_person().person_id
    views = list_rounds(reading(), contests=[contest], person_id=person_id, zone=site().settings.zone, now=now())
    by_slug = {view.round.slug: view for view in views}
    return render_template(
        "contests/show.html",
        contest=contest,
        stages=[(stage, [by_slug[one.slug] for one in stage.rounds]) for stage in contest.stages],
        rules={one.slug: one for one in rules_of(contest, catalogue().quizzes_of(contest.slug)).rounds},
        missing=find_missing(reading(), person_id=person_id, unique=contest.unique),
        organiser=may(Permission.SEE_RANKING_DESK),
        with_prizes={one.round for one in contest.prizes},
        now_ms=to_ms(now()),
        to_ms=to_ms,
    )


@bp.get("/contests/<slug>/rules")
@login_required
def rules(slug: str) -> str:
    """The rules as they are computed, to be read and printed."""
    contest = get_contest(catalogue(), slug)
    its_rules = rules_of(contest, catalogue().quizzes_of(contest.slug))
    stages = [(stage, [(one, round_text(one)) for one in stage.rounds]) for stage in its_rules.stages]
    return render_template(
        "contests/rules.html",
        contest=contest,
        entrants=entrants_text(its_rules),
        stages=stages,
        prizes=prizes_text(its_rules),
        problems=check_contest(its_rules),
    )
