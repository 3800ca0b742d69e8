"""Forms of signing in with more than a secret."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from lms.people.forms import REQUIRED, strip
from lms.web.forms import SiteForm


class CodeForm(SiteForm):
    """A code of the app, or a recovery code."""

    code = StringField(_l("Code"), [REQUIRED, Length(max=40)], filters=[strip])
