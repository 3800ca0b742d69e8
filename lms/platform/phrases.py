"""Phrases as they are stored: with the instants, days, phrases and texts in several languages in them, so that they can be said in any language later."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lms.clock import from_ms, to_ms
from lms.platform.rules import Phrase


def to_stored(value: object) -> Any:
    """A value that JSON can hold."""
    if isinstance(value, Phrase):
        return {"message": value.message, "params": {key: to_stored(inner) for key, inner in value.params.items()}}
    if isinstance(value, datetime):
        return {"at_ms": to_ms(value)}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if isinstance(value, Mapping):
        return {"in": {str(lang): str(text) for lang, text in value.items()}}
    if isinstance(value, tuple | list | set | frozenset):
        return [to_stored(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def from_stored(value: Any) -> Any:
    """What `to_stored` was given; lists stay lists."""
    if isinstance(value, dict) and set(value) == {"message", "params"}:
        return Phrase(value["message"], {key: from_stored(inner) for key, inner in value["params"].items()})
    if isinstance(value, dict) and set(value) == {"at_ms"}:
        return from_ms(value["at_ms"])
    if isinstance(value, dict) and set(value) == {"on"}:
        return date.fromisoformat(value["on"])
    if isinstance(value, dict) and set(value) == {"in"}:
        return value["in"]
    return [from_stored(inner) for inner in value] if isinstance(value, list) else value
