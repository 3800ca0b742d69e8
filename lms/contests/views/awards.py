"""The prizes of a round after its close: who gets which, and how it can be checked."""

from collections.abc import Iterator

from flask import Response, render_template
from flask_babel import gettext

from lms.content.access import catalogue
from lms.contests.rules.schedule import Phase, phase_of
from lms.contests.rules.values import ContestRules, RoundRules
from lms.contests.service.awards import TierAwards, read_awards
from lms.contests.terms import get_contest, rules_of
from lms.contests.views.blueprint import bp, rules_for
from lms.errors import NotAllowed, NotFound
from lms.people.access import current_person, login_required, permission_required, scope
from lms.people.rules import Permission
from lms.platform.audit import record
from lms.platform.i18n import pick
from lms.platform.site import now, reading, writing
from lms.web.files import csv_file


@bp.get("/contests/<slug>/<round_slug>/awards")
@login_required
def awards(slug: str, round_slug: str) -> str:
    """Tier by tier, for everybody who may see the ranking."""
    contest, rules, tiers = _find(slug, round_slug)
    organiser = "/" in scope(Permission.SEE_RANKING_DESK)
    return render_template("contests/awards.html", contest=contest, rules=rules, tiers=tiers, organiser=organiser)


@bp.get("/contests/<slug>/<round_slug>/awards.csv")
@permission_required(Permission.SEE_RANKING_DESK)
def awards_file(slug: str, round_slug: str) -> Response:
    """The winners as a file, for certificates and the treasurer; who takes it away is in the audit trail."""
    _, rules, tiers = _find(slug, round_slug)
    if "/" not in scope(Permission.SEE_RANKING_DESK):
        raise NotAllowed("Only an organiser of the whole site may take away the list of prizes.")
    with writing() as session:
        actor = current_person().person_id
        record(session, now=now(), actor_id=actor, action="awards_exported", subject_kind="round", subject_id=f"{slug}/{rules.slug}")
    head = [gettext("Prize"), gettext("Tier"), gettext("Place"), gettext("Staff code"), gettext("Full name"), gettext("Unit"), gettext("Lot number")]

    def rows() -> Iterator[tuple[object, ...]]:
        for tier in tiers:
            for one in tier.winners:
                titles = (pick(tier.rules.title), pick(tier.rules.tier_titles[tier.name]))
                yield (*titles, one.place, one.staff_code, one.name, one.unit or "", one.code)

    return csv_file(f"{slug}-{round_slug}-awards.csv", head, rows())


def _find(slug: str, round_slug: str) -> tuple[ContestRules, RoundRules, list[TierAwards]]:
    """Raises NotFound for a round without prizes, NotAllowed before the close."""
    rules = rules_for(slug, round_slug)
    contest = rules_of(get_contest(catalogue(), slug), catalogue().quizzes_of(slug))
    prizes = contest.prizes_of(round_slug)
    if not prizes:
        raise NotFound("This round has no prizes.")
    if phase_of(rules.opens_at, rules.closes_at, now()) is not Phase.CLOSED:
        raise NotAllowed("The prizes are given after the close, at %(at)s.", at=rules.closes_at)
    return contest, rules, read_awards(reading(), contest=slug, round_slug=round_slug, prizes=prizes, seed=contest.lot_seed)
