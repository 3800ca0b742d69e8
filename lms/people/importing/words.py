"""Words of the import for what its tables hold as codes."""

from flask_babel import lazy_gettext as _l

FIELDS = {
    "full_name": _l("Full name"),
    "family_name": _l("Family name"),
    "given_name": _l("Given name"),
    "staff_code": _l("Staff code"),
    "phone": _l("Phone number"),
    "email": _l("E-mail"),
    "birth_on": _l("Date of birth"),
    "national_id": _l("National id"),
    "lang": _l("Language"),
    "unit": _l("Unit"),
    "unit_code": _l("Unit code"),
    "position": _l("Job"),
    "from_on": _l("Start date"),
    "until_on": _l("Last day"),
}
"""The fields that a column can be, in the order in which they are offered; the names are headers that every import knows."""

STATES = {
    "mapping": _l("columns to be confirmed"),
    "checking": _l("being checked"),
    "checked": _l("checked, not applied"),
    "applying": _l("being applied"),
    "applied": _l("applied"),
    "undoing": _l("being undone"),
    "undone": _l("undone"),
    "failed": _l("stopped"),
}

ROWS = {
    "new": _l("New"),
    "changed": _l("Changed"),
    "unchanged": _l("Unchanged"),
    "leaver": _l("Leaving"),
    "error": _l("Errors"),
    "skipped": _l("Left out"),
}

OUTCOMES = {
    "applied": _l("applied"),
    "stale": _l("not applied"),
    "undone": _l("undone"),
    "kept": _l("not undone"),
}

ENCODINGS = {
    "": _l("Found out by what the file holds"),
    "utf-8": _l("UTF-8"),
    "gb18030": _l("GB 18030 (Chinese Windows)"),
    "cp1258": _l("Windows-1258 (Vietnamese Windows)"),
}
