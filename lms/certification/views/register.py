"""The register: entries of a unit for a stretch of time, on the screen and as PDF."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import Response, render_template, request
from flask_babel import gettext

from lms.certification.forms import RegisterForm
from lms.certification.papers import Lang, register_pdf
from lms.certification.scheme_terms import get_scheme
from lms.certification.service.register import PAGE, read_register
from lms.certification.service.units import list_units, narrow
from lms.certification.views.desk import bp, offer
from lms.content.access import catalogue
from lms.content.catalogue import Scheme
from lms.people.access import permission_required, scope
from lms.people.models import Unit
from lms.people.rules import Permission
from lms.platform.i18n import LANGUAGES, current_lang
from lms.platform.site import reading, today
from lms.web.paging import page_asked, pages_of


@dataclass(frozen=True, slots=True)
class Question:
    """Which part of the register is asked for. kept: the same as parts of an address."""

    form: RegisterForm
    scheme: Scheme
    paths: tuple[str, ...]
    unit: Unit | None
    first: date
    last: date

    @property
    def kept(self) -> dict[str, str]:
        """The question for an address."""
        return {"unit": self.form.unit.data or "", "scheme": self.scheme.slug, "from_on": self.first.isoformat(), "until_on": self.last.isoformat()}


def read_question() -> Question:
    """What the address asks for; this year and the first scheme with a register where it says nothing."""
    paths = scope(Permission.SEE_STANDING)
    units = list_units(reading(), paths=paths)
    form = RegisterForm(request.args)
    offer(form, units, every=False)
    kept = [slug for slug, scheme in catalogue().schemes.items() if scheme.valid_label == "recorded"]
    slug = form.scheme.data if form.scheme.data in catalogue().schemes else next(iter(kept or catalogue().schemes), "")
    scheme = get_scheme(catalogue(), slug)
    form.scheme.data = slug
    narrowed, unit = narrow(units, paths, form.unit.data)
    unit = unit or next(iter(units), None)
    first = form.from_on.data or date(today().year, 1, 1)
    last = form.until_on.data or today()
    form.from_on.data, form.until_on.data = first, last
    return Question(form, scheme, narrowed, unit, first, last)


@bp.get("/register")
@permission_required(Permission.SEE_STANDING)
def register_page() -> str:
    """Entries in the order of their numbers."""
    asked = read_question()
    page = page_asked()
    entries, total = read_register(reading(), paths=asked.paths, scheme=asked.scheme.slug, from_on=asked.first, until_on=asked.last, page=page)
    return render_template(
        "certification/register.html",
        form=asked.form,
        scheme=asked.scheme,
        entries=entries,
        total=total,
        page=page,
        pages=pages_of(total, PAGE),
        kept=asked.kept,
    )


@bp.get("/register.pdf")
@permission_required(Permission.SEE_STANDING)
def register_paper() -> Response:
    """The register in the columns of Mẫu 11."""
    asked = read_question()
    scheme, unit, first, last = asked.scheme, asked.unit, asked.first, asked.last
    entries, _ = read_register(reading(), paths=asked.paths, scheme=scheme.slug, from_on=first, until_on=last)
    beside = request.args.get("with", current_lang())
    lang = cast("Lang", beside if beside in LANGUAGES else "vi")
    pdf = register_pdf(
        entries,
        unit=unit.name if unit else gettext("All units"),
        scheme=scheme.title,
        group=scheme.group,
        from_on=first,
        until_on=last,
        demo=unit.demo if unit else False,
        lang=lang,
    )
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="register-{scheme.slug}-{first}-{last}.pdf"'
    return answer
