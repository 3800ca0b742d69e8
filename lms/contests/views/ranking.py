"""The ranking of a round, of persons and of units taking part; asked for again and again, it answers 304 while nothing changes."""

import re
from datetime import timedelta

from flask import Response, make_response, render_template, request

from lms.clock import to_ms
from lms.content.access import catalogue
from lms.contests.rules.schedule import Phase, phase_of
from lms.contests.rules.text import ranking_sentence
from lms.contests.rules.values import RoundRules
from lms.contests.service.participation import Boards, list_participation
from lms.contests.service.publishing import latest_result
from lms.contests.service.ranking import Cursor, Side, changed_at, find_own, list_page
from lms.contests.terms import get_contest
from lms.contests.views.blueprint import bp, rules_for
from lms.errors import NotAllowed, NotFound
from lms.people.access import current_person, login_required, scope
from lms.people.rules import Permission
from lms.platform.i18n import current_lang
from lms.platform.site import now, reading, site, today
from lms.web.paging import page_asked, pages_of

CURSOR = re.compile(r"(-?[0-9]{1,19})\.(-?[0-9]{1,19})\.(-?[0-9]{1,19})\.([0-9]{1,18})")
SETTLED = timedelta(seconds=30)
"""Nodes' clocks and commits may be this far apart: until the last change is older, a page is not taken for unchanged."""
LOOK_AGAIN_S = 300
"""Names of people and members of units change without an entry: a page is taken for unchanged for no longer than this."""
UNITS_PAGE = 50
BIGGEST = 2**63


@bp.get("/contests/<slug>/<round_slug>/ranking")
@login_required
def ranking(slug: str, round_slug: str) -> Response | str:
    """Persons by place, the own row pinned; or units by how many take part. `part=1` gives the live part of the page alone."""
    rules = rules_for(slug, round_slug)
    hidden = rules.ranking == "after_close" and phase_of(rules.opens_at, rules.closes_at, now()) is not Phase.CLOSED
    if hidden and "/" not in scope(Permission.SEE_RANKING_DESK):
        raise NotAllowed("The ranking of this round can be seen from the close on, at %(at)s.", at=rules.closes_at)
    tag = _tag(slug, rules)
    if _is_known(tag):
        return _tagged(Response(status=304), tag)
    by_unit = request.args.get("by") == "unit"
    values = _units(slug, rules) if by_unit else _persons(slug, rules)
    page = "contests/_units.html" if by_unit else "contests/_persons.html"
    template = page if request.args.get("part") else "contests/ranking.html"
    contest = get_contest(catalogue(), slug)
    phase = phase_of(rules.opens_at, rules.closes_at, now())
    if phase is Phase.CLOSED:
        values["published"] = latest_result(reading(), contest=slug, round_slug=rules.slug)
    html = render_template(
        template, contest=contest, rules=rules, by_unit=by_unit, live_part=page, rule=ranking_sentence(rules.rank), phase=phase, hidden=hidden, **values
    )
    return _tagged(make_response(html), tag)


def _persons(slug: str, rules: RoundRules) -> dict[str, object]:
    side, cursor = _asked()
    own = find_own(reading(), contest=slug, round_slug=rules.slug, person_id=current_person().person_id)
    if request.args.get("from") == "me" and own:
        side, cursor = "from", own.cursor
    page = list_page(reading(), contest=slug, round_slug=rules.slug, rank=rules.rank, side=side, cursor=cursor)
    return {"page": page, "own": own, "as_cursor": as_cursor, "at_top": cursor is None}


def _units(slug: str, rules: RoundRules) -> dict[str, object]:
    above = request.args.get("unit", type=int)
    board = site().part(Boards).get(reading(), contest=slug, round_slug=rules.slug, on=today(), now=now())
    found = list_participation(board, above=above)
    pages = pages_of(len(found.units), UNITS_PAGE)
    page = page_asked(pages)
    return {"trail": found.trail, "units": found.units[(page - 1) * UNITS_PAGE : page * UNITS_PAGE], "above": above, "page": page, "pages": pages}


def as_cursor(cursor: Cursor) -> str:
    """A cursor as it stands in an address."""
    return ".".join(str(value) for value in cursor)


def _asked() -> tuple[Side, Cursor | None]:
    """The cursor of the address. Raises NotFound for what is none."""
    for side in ("after", "before"):
        text = request.args.get(side)
        if text is not None:
            match = CURSOR.fullmatch(text)
            first, second, third, person_id = (int(value) for value in match.groups()) if match else (BIGGEST, 0, 0, 0)
            if max(abs(first), abs(second), abs(third)) >= BIGGEST:
                raise NotFound("There is no such page of the ranking.")
            return side, (first, second, third, person_id)
    return "after", None


def _tag(slug: str, rules: RoundRules) -> str:
    """What the page of an address depends on: who asks, in which language, the published rules, the phase, and the last change of an entry."""
    last = changed_at(reading(), contest=slug, round_slug=rules.slug)
    settled = last is None or last < now() - SETTLED
    phase = phase_of(rules.opens_at, rules.closes_at, now())
    person = current_person()
    shown = (
        person.get_id(),
        current_lang(),
        catalogue().digest[:12],
        phase,
        today(),
        to_ms(last) if last else 0,
        to_ms(now()) // (LOOK_AGAIN_S * 1000) if settled else to_ms(now()),
    )
    return "-".join(str(value) for value in shown)


def _is_known(tag: str) -> bool:
    """Whether the asker has this very page; compression adds its own ending to the tag."""
    return any(request.if_none_match.contains_raw(f'"{tag}{ending}"') for ending in ("", ":gzip"))


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    return response
