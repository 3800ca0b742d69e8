"""The audit trail, for whoever administers the whole site."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.errors import NotAllowed
from lms.people.access import permission_required, scope
from lms.people.rules import Permission
from lms.people.service.trail import PAGE, Asked, list_trail
from lms.people.views.blueprint import bp, sections
from lms.people.words import ACTIONS, FIELDS, SUBJECTS, VALUES
from lms.platform.audit_seals import verdict_of, verify
from lms.platform.i18n import gettext, named, say, show_date, show_list
from lms.platform.site import reading, site
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
        action=request.args.get("action", "")[:60],
        since=_instant(request.args.get("since", "")),
        before=_instant(request.args.get("until", ""), days=1),
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


def _instant(day: str, *, days: int = 0) -> datetime | None:
    """The instant at which a day begins where the site is, or so many days later; None where no day was asked for."""
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=days), time.min, tzinfo=site().settings.zone)
    except (ValueError, OverflowError):
        return None


@bp.post("/people/audit/verify")
@permission_required(Permission.SEE_AUDIT)
def verify_audit() -> Response:
    """Look at every seal over the trail."""
    if "/" not in scope(Permission.SEE_AUDIT):
        raise NotAllowed("Your role does not include this page.")
    found = verify(reading(), site().settings.secret_key)
    flash(say(verdict_of(found)), "success" if found.broken is None else "error")
    return redirect(url_for("people.audit"))


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
