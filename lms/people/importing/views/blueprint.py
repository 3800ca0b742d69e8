"""The blueprint of the import, and what its views share."""

from flask import Blueprint

from lms.people.access import current_person, scope
from lms.people.importing.models import PeopleImport
from lms.people.importing.service.sheets import get_sheet
from lms.people.importing.words import FIELDS, OUTCOMES, ROWS, STATES
from lms.people.rules import Permission
from lms.people.words import LANGUAGES
from lms.platform.site import reading

bp = Blueprint("imports", __name__, template_folder="../templates", url_prefix="/people/import")
EDIT = Permission.EDIT_PEOPLE


@bp.context_processor
def _words() -> dict[str, object]:
    return {"FIELD_WORDS": FIELDS, "STATE_WORDS": STATES, "ROW_WORDS": ROWS, "OUTCOME_WORDS": OUTCOMES, "LANGUAGE_WORDS": LANGUAGES}


def the_sheet(sheet_id: int) -> PeopleImport:
    """The sheet of the address, if it is the reader's."""
    return get_sheet(reading(), sheet_id=sheet_id, person_id=current_person().person_id, paths=scope(EDIT))
