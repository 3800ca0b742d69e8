"""Confirming training: whose evidence is complete, and what the others lack."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lms.certification.forms import ConfirmForm, UnitForm
from lms.certification.scheme_terms import get_scheme
from lms.certification.service.candidates import list_candidates
from lms.certification.service.confirm import confirm
from lms.certification.service.issuers import list_issuers_for
from lms.certification.service.units import list_units, narrow
from lms.certification.views.desk import PAGE, bp, offer
from lms.content.access import catalogue
from lms.people.access import current_person, permission_required, scope
from lms.people.rules import Permission
from lms.platform.site import now, reading, site, today
from lms.web.paging import page_asked, pages_of
from lms.web.posting import post


@bp.route("/confirm", methods=["GET", "POST"])
@permission_required(Permission.CONFIRM_TRAINING)
def confirm_page() -> str | Response | tuple[str, int]:
    """List those whose evidence is complete and what others lack; confirm the ticked ones."""
    paths = scope(Permission.CONFIRM_TRAINING)
    units = list_units(reading(), paths=paths)
    choice = UnitForm(request.args)
    offer(choice, units, every=False)
    slug = choice.scheme.data if choice.scheme.data in catalogue().schemes else next(iter(catalogue().schemes), "")
    scheme = get_scheme(catalogue(), slug)
    choice.scheme.data = slug
    narrowed, _ = narrow(units, paths, choice.unit.data)
    version = scheme.version_on(today())
    issuers = list_issuers_for(reading(), paths=paths, kind=version.issuer_kind if version else "employer")
    form = ConfirmForm() if request.method == "POST" else ConfirmForm(formdata=None, issued_on=today())
    form.issuer.choices = [(issuer.id, issuer.name) for issuer in issuers]
    posted = post(
        form,
        lambda session: confirm(
            session,
            catalogue=catalogue(),
            scheme=slug,
            person_ids=request.form.getlist("person", type=int),
            issuer_id=form.issuer.data,
            issued_on=form.issued_on.data or today(),
            paths=paths,
            actor_id=current_person().person_id,
            public_url=site().settings.public_url,
            today=today(),
            now=now(),
        ),
    )
    if posted.done:
        flash(ngettext("%(num)d person is confirmed.", "%(num)d people are confirmed.", len(posted.made)), "success")
        return redirect(url_for(".confirm_page", scheme=slug, unit=choice.unit.data or ""))
    people = list_candidates(reading(), scheme=scheme, paths=narrowed, as_of=today())
    pages = pages_of(len(people), PAGE)
    page = page_asked(pages)
    shown = people[(page - 1) * PAGE : page * PAGE]
    ready = sum(one.training.value == "awaiting_issue" for one in people)
    return render_template(
        "certification/confirm.html",
        choice=choice,
        form=form,
        scheme=scheme,
        version=version,
        issuers=issuers,
        people=shown,
        ready=ready,
        total=len(people),
        page=page,
        pages=pages,
        refused=posted.words,
    ), posted.status
