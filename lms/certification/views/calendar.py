"""The calendar of a person: its address made, replaced, ended, and the file behind it, which needs no sign-in."""

from contextlib import suppress
from datetime import timedelta

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse

from lms.certification.calendar_file import calendar_of
from lms.certification.service.feeds import close_feed, find_feed, note_read, open_feed, read_feed
from lms.certification.views.own import bp
from lms.content.access import catalogue
from lms.errors import NotFound
from lms.people.access import current_person, login_required, may
from lms.people.rules import Permission
from lms.platform.site import now, reading, site, today, writing

NOTE_EVERY = timedelta(days=1)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(site().settings.secret_key, salt="certification.calendar")


@bp.get("/calendar")
@login_required
def calendar_page() -> str:
    """The address to enter in a calendar program, if there is one."""
    me = current_person().person_id
    feed = find_feed(reading(), person_id=me)
    address = site().settings.public_url.rstrip("/") + url_for("certificates.calendar_file", token=_signer().dumps([me, feed.n])) if feed else ""
    return render_template("certification/calendar.html", feed=feed, address=address, units=may(Permission.SEE_STANDING))


@bp.post("/calendar")
@login_required
def calendar_open() -> AnyResponse:
    """A new address; a former one opens nothing any more."""
    with writing() as session:
        n = open_feed(session, person_id=current_person().person_id, now=now())
    flash(gettext("The address is made.") if n == 1 else gettext("The new address is made; the former one opens nothing any more."), "success")
    return redirect(url_for("certificates.calendar_page"))


@bp.post("/calendar/end")
@login_required
def calendar_end() -> AnyResponse:
    """Let the address open nothing any more."""
    with writing() as session:
        close_feed(session, person_id=current_person().person_id)
    flash(gettext("The calendar has ended."), "success")
    return redirect(url_for("certificates.calendar_page"))


@bp.get("/calendar/<token>.ics")
def calendar_file(token: str) -> Response:
    """What a calendar program reads. Whoever has the address has the calendar."""
    try:
        person_id, n = _signer().loads(token)
    except (BadSignature, ValueError, TypeError) as unsigned:
        raise NotFound("This calendar has ended.") from unsigned
    feed = read_feed(reading(), catalogue(), person_id=int(person_id), n=int(n), today=today(), now=now())
    known = find_feed(reading(), person_id=feed.person_id)
    if known is not None and (known.used_at is None or known.used_at < now() - NOTE_EVERY):
        with suppress(OperationalError), writing() as session:
            note_read(session, person_id=feed.person_id, now=now())
    settings = site().settings
    answer = Response(calendar_of(feed, site_name=settings.site_name, public_url=settings.public_url, now=now()), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'inline; filename="vean.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
