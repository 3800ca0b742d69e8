"""Forms of the import."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FileField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from lms.people.forms import REQUIRED, options
from lms.people.importing.words import ENCODINGS, FIELDS
from lms.web.forms import SiteForm


class UploadForm(SiteForm):
    """A file, where its people belong, and from when changes hold."""

    file = FileField(_l("File"), [InputRequired(_l("Choose a file."))])
    unit = SelectField(_l("Unit"), coerce=int)
    effect_on = DateField(_l("Moves and changes of job hold from"), [REQUIRED])
    leavers = BooleanField(_l("The file lists everybody of this unit: whoever is missing leaves on that day"))
    encoding = SelectField(_l("Encoding of a CSV file"), choices=options(ENCODINGS.items()))


def columns_form(keys: list[str], **given: Any) -> SiteForm:
    """A choice for each column, by its place."""
    choices = options([("", _l("– left out –")), *FIELDS.items()])
    fields = {f"column_{place}": SelectField(choices=choices, default=key) for place, key in enumerate(keys)}
    form: SiteForm = type("ColumnsForm", (SiteForm,), fields)(**given)
    return form


def row_form(keys: list[str], cells: list[str], **given: Any) -> SiteForm:
    """The texts of a row that can be mended, by field."""
    fields = {key: StringField(FIELDS[key], [Optional(), Length(max=400)], default=cell) for key, cell in zip(keys, cells, strict=False) if key}
    form: SiteForm = type("RowForm", (SiteForm,), fields)(**given)
    return form
