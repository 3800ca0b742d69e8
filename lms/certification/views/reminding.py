"""Reminding by hand whom the desk lists."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lms.certification.service.desk import TILES
from lms.certification.service.overview import open_desk
from lms.certification.service.reminding import MOST, remind_listed, worth_telling
from lms.certification.service.units import list_units, narrow
from lms.certification.views.desk import EXCEPTIONS, bp
from lms.content.access import catalogue
from lms.people.access import current_person, permission_required, scope
from lms.people.rules import Permission
from lms.platform.site import now, reading, today
from lms.web.posting import post


@bp.route("/remind", methods=["GET", "POST"])
@permission_required(Permission.REMIND)
def remind_page() -> str | Response | tuple[str, int]:
    """Whom it would reach, and the act."""
    paths, asked = scope(Permission.REMIND), {name: value for name in ("unit", "scheme", "show") if (value := request.args.get(name))}
    narrowed, _ = narrow(list_units(reading(), paths=paths), paths, asked.get("unit"))
    shown = asked.get("show", "")
    tiles = (shown,) if shown in TILES else TILES if shown == "all" else EXCEPTIONS
    desk = open_desk(reading(), catalogue=catalogue(), paths=narrowed, scheme=asked.get("scheme"), as_of=today(), today=today())
    listed = desk.page(tiles, 1, MOST + 1)
    refused, status = None, 200
    if request.method == "POST":
        actor = current_person().person_id
        posted = post(None, lambda session: remind_listed(session, catalogue(), listed, paths=narrowed, actor_id=actor, today=today(), now=now()))
        if posted.done:
            flash(ngettext("%(num)d notice is on its way.", "%(num)d notices are on their way.", posted.made), "success")
            return redirect(url_for(".index", unit=asked.get("unit"), scheme=asked.get("scheme"), show=asked.get("show")))
        refused, status = posted.words, posted.status
    wanted = worth_telling(listed)
    return render_template("certification/remind.html", rows=wanted[:50], n=len(wanted), asked=asked, refused=refused, schemes=catalogue().schemes), status
