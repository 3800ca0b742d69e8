"""What was sent, as a Save: from the script's JSON or from the form of a page without script."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.assessment.service.save import Save
from lms.errors import Invalid

SAVE_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LATEST_MS = 253_402_300_799_000
MOST = 1_000_000


def save_from_json(body: Any) -> Save:
    """The save of a JSON body {item, letters, save_id, seen, client_at}. Raises Invalid."""
    if not isinstance(body, Mapping):
        raise Invalid("What was sent is not an answer. Nothing was changed.")
    return _save(body.get("item"), body.get("letters"), body.get("save_id"), body.get("seen"), body.get("client_at"))


def save_from_form(form: MultiDict[str, str]) -> Save:
    """The save of a form; its ticked rows are `letters`. Raises Invalid."""
    seen = form.get("seen", "")
    return _save(
        form.get("item"), "".join(form.getlist("letters")), form.get("save_id"), int(seen) if seen.isdecimal() and len(seen) <= len(str(MOST)) else None, None
    )


def _save(item: object, letters: object, save_id: object, seen: object, client_ms: object) -> Save:
    if not isinstance(item, str) or not isinstance(letters, str):
        raise Invalid("What was sent is not an answer. Nothing was changed.")
    if not isinstance(save_id, str) or not SAVE_ID.fullmatch(save_id):
        raise Invalid("The answer carries no id of its own. Reload the page and try again.")
    if type(seen) is not int or not 0 <= seen <= MOST:
        raise Invalid("The answer does not say which one it replaces. Reload the page and try again.")
    known = type(client_ms) is int and 0 <= client_ms <= LATEST_MS
    return Save(item, letters, save_id, seen, client_ms if known else None)  # type: ignore[arg-type]
