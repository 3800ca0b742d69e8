"""The blueprints of the room, and what its views share."""

from flask import Blueprint
from wtforms import Form

from lms.errors import SiteError
from lms.people.access import may, scope
from lms.people.rules import Permission
from lms.people.service.persons import Taken
from lms.people.words import KINDS, ROLES, WORK_KINDS
from lms.platform.i18n import say
from lms.platform.rules import Phrase, phrase

bp = Blueprint("people", __name__, template_folder="../templates")
me_bp = Blueprint("me", __name__, template_folder="../templates", url_prefix="/me")
units_bp = Blueprint("units", __name__, template_folder="../templates", url_prefix="/units")


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {"ROLE_WORDS": ROLES, "KIND_WORDS": KINDS, "WORK_KIND_WORDS": WORK_KINDS}


def blame(form: Form | None, refused: SiteError | None) -> None:
    """Put an error of a service, if there is one, beside the field it speaks of, else over the form."""
    if form is None or refused is None:
        return
    field = form[refused.field] if isinstance(refused, Taken) and refused.field in form else None
    if field is None:
        form.form_errors = [*form.form_errors, say(refused)]
    else:
        field.errors = [*field.errors, say(refused)]


def sections() -> list[tuple[str, Phrase, str]]:
    """The pages of the room that the reader may open, as (endpoint, label, icon)."""
    shown = (
        ("people.index", phrase("People"), "people", may(Permission.SEE_PEOPLE)),
        ("people.units.index", phrase("Units"), "unit", may(Permission.SEE_PEOPLE)),
        ("imports.index", phrase("Import"), "upload", may(Permission.EDIT_PEOPLE)),
        ("joining.desk", phrase("Joining"), "qr", may(Permission.RESET_SECRET)),
        ("crew.desk", phrase("Shared devices"), "key", may(Permission.SHARE_DEVICE)),
        ("people.audit", phrase("Audit trail"), "clock", "/" in scope(Permission.SEE_AUDIT)),
    )
    return [(endpoint, label, icon) for endpoint, label, icon, allowed in shown if allowed]
