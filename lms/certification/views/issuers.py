"""Issuers: who may confirm or issue here. The administrator keeps them."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from lms.certification.forms import IssuerForm
from lms.certification.service.issuers import add_issuer, list_issuers
from lms.certification.service.units import list_units
from lms.certification.views.desk import bp
from lms.people.access import current_person, permission_required, scope
from lms.people.rules import Permission
from lms.platform.site import now, reading
from lms.web.posting import post


@bp.route("/issuers", methods=["GET", "POST"])
@permission_required(Permission.EDIT_UNITS)
def issuers_page() -> str | Response | tuple[str, int]:
    """List the issuers and add one."""
    units = list_units(reading(), paths=scope(Permission.EDIT_UNITS))
    form = IssuerForm()
    form.unit.choices = [("", gettext("The whole site")), *((str(unit.id), unit.name) for unit in units)]
    posted = post(
        form,
        lambda session: add_issuer(
            session,
            code=form.code.data or "",
            name=form.name.data or "",
            kind=form.kind.data,
            provider_class=form.provider_class.data or None,
            unit_id=int(form.unit.data) if form.unit.data else None,
            demo=False,
            actor_id=current_person().person_id,
            paths=scope(Permission.EDIT_UNITS),
            now=now(),
        ),
    )
    if posted.done:
        flash(gettext("The issuer is recorded."), "success")
        return redirect(url_for(".issuers_page"))
    return render_template("certification/issuers.html", issuers=list_issuers(reading()), form=form, refused=posted.words), posted.status
