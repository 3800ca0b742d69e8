"""The audit trail, for whoever administers the whole site."""

from collections.abc import Mapping
from datetime import date

from flask import render_template, request

from lms.errors import NotAllowed
from lms.people.access import permission_required, scope
from lms.people.rules import Permission
from lms.people.service.trail import PAGE, Asked, list_trail
from lms.people.views.blueprint import bp, sections
from lms.people.words import ACTIONS, FIELDS, SUBJECTS, VALUES
from lms.platform.i18n import gettext, named, show_date, show_list
from lms.platform.site import reading
from lms.web.paging import page_asked, page_url, pages_of


@bp.get("/people/audit")
@permission_required(Permission.SEE_AUDIT)
def audit() -> str:
    """Who did what to whom, latest first, narrowed to a subject or an actor."""
    if "/" not in scope(Permission.SEE_AUDIT):
        raise NotAllowed("Your role does not include this page.")
    asked = Asked(
        subject_kind=request.args.get("kind", "")[:40],
        subject_id=request.args.get("subject", "")[:80],
        actor_id=request.args.get("actor", None, type=int),
    )
    entries, total = list_trail(reading(), asked=asked, page=page_asked())
    return render_template(
        "people/audit.html",
        entries=entries,
        total=total,
        asked=asked,
        page=page_asked(),
        pages=pages_of(total, PAGE),
        page_url=page_url,
        sections=sections(),
        actions=ACTIONS,
        describe=describe,
        subjects=SUBJECTS,
    )


def describe(detail: Mapping[str, object]) -> str:
    """What the trail keeps of an act beside its subject, in the reader's words."""
    return show_list((_said(key, value) for key, value in detail.items() if value is not None), clauses=True)


def _said(key: str, value: object) -> str:
    if key == "fields" and isinstance(value, list):
        return show_list(map(str, named(value, FIELDS)))
    shown = show_list(value) if isinstance(value, list) else _day(value) or str(VALUES.get(str(value), value))
    return gettext("%(name)s: %(value)s", name=FIELDS.get(key, key), value=shown)


def _day(value: object) -> str:
    try:
        return show_date(date.fromisoformat(value)) if isinstance(value, str) and "-" in value else ""
    except ValueError:
        return ""
