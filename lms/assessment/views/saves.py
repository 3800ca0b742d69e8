"""What was sent, as a Save: from the script's JSON or from the form of a page without script."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.assessment.rules.answers.canonical import Refused
from lms.assessment.rules.answers.parts import compose
from lms.assessment.service.save import AnswerRefused, Save
from lms.errors import Invalid

SAVE_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LATEST_MS = 253_402_300_799_000
MOST = 1_000_000


def save_from_json(body: Any) -> Save:
    """The save of a JSON body {item, answer, save_id, seen, client_at}. Raises Invalid.

    `letters` is what the script called the answer before there were other kinds: a page opened then still saves.
    """
    if not isinstance(body, Mapping):
        raise Invalid("What was sent is not an answer. Nothing was changed.")
    return _save(body.get("item"), body.get("answer", body.get("letters")), body.get("save_id"), body.get("seen"), body.get("client_at"))


def fields_of_form(form: MultiDict[str, str]) -> dict[str, str]:
    """The fields of an answer that has several: `answer.a` is the field `a`."""
    return {name.removeprefix("answer."): value for name, value in form.items() if name.startswith("answer.")}


def answer_of(form: MultiDict[str, str]) -> str:
    """The answer that a form holds, as its kind is written. Raises AnswerRefused where its fields make none."""
    try:
        return compose(form.get("kind", ""), form.getlist("answer"), fields_of_form(form))
    except Refused as refused:
        raise AnswerRefused(refused.words.message, **refused.words.params) from refused


def save_from_form(form: MultiDict[str, str], answer: str) -> Save:
    """The save of a form, its answer as `answer_of` makes it. Raises Invalid."""
    seen = form.get("seen", "")
    return _save(form.get("item"), answer, form.get("save_id"), int(seen) if seen.isdecimal() and len(seen) <= len(str(MOST)) else None, None)


def _save(item: object, answer: object, save_id: object, seen: object, client_ms: object) -> Save:
    if not isinstance(item, str) or not isinstance(answer, str):
        raise Invalid("What was sent is not an answer. Nothing was changed.")
    if not isinstance(save_id, str) or not SAVE_ID.fullmatch(save_id):
        raise Invalid("The answer carries no id of its own. Reload the page and try again.")
    if type(seen) is not int or not 0 <= seen <= MOST:
        raise Invalid("The answer does not say which one it replaces. Reload the page and try again.")
    known = type(client_ms) is int and 0 <= client_ms <= LATEST_MS
    return Save(item, answer, save_id, seen, client_ms if known else None)  # type: ignore[arg-type]
