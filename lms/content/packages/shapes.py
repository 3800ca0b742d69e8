"""The shape of settings files and front matter: which keys there are and what they hold; anything else is an error with its line."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from lms.content.source.problems import Findings, did_you_mean
from lms.content.source.yamlish import Node
from lms.platform.rules import Phrase, phrase

SLUG = r"^[a-z0-9][a-z0-9-]{0,79}$"
Slug = Annotated[str, Field(pattern=SLUG)]
Lang = Literal["vi", "zh", "en"]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Certainty = Literal["S", "D", "S2", "K", "site"]
Part = Literal["law", "management", "theory", "practice", "test"]
YES, NO = frozenset({"yes", "true", "on", "có", "是"}), frozenset({"no", "false", "off", "không", "否"})
LOCAL, DAY = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$", r"^\d{4}-\d{2}-\d{2}$"


def any_case(words: Iterable[str]) -> str:
    """A pattern of words in small or capital letters, for readers of patterns that know no flags."""
    return "^(" + "|".join("".join(f"[{low}{low.upper()}]" if low != low.upper() else low for low in word) for word in sorted(words)) + ")$"


def _yes_no(value: object) -> object:
    if isinstance(value, str) and value.lower() in YES | NO:
        return value.lower() in YES
    return value


def _local(value: object) -> object:
    """A wall-clock time as authors write it, to the minute; refuses zones and seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(LOCAL, value):
        return {"not": "an instant"}
    return value


def _day(value: object) -> object:
    return value if not isinstance(value, str) or re.fullmatch(DAY, value) else {"not": "a date"}


def as_list(value: object) -> object:
    """One text as a list of one; nothing as an empty list."""
    return [value] if isinstance(value, str) else [] if value is None else value


Flag = Annotated[bool, BeforeValidator(_yes_no, json_schema_input_type=bool | Annotated[str, Field(pattern=any_case(YES | NO))])]
Local = Annotated[datetime, BeforeValidator(_local, json_schema_input_type=Annotated[str, Field(pattern=LOCAL)])]
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=Annotated[str, Field(pattern=DAY)])]
Words = dict[Lang, Text]
Tags = Annotated[list[str], BeforeValidator(as_list, json_schema_input_type=list[str] | str | None)]


class Shape(BaseModel):
    """A group of keys; an unknown one is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=Shape)

EXPECTED: Mapping[str, Phrase] = {
    "int_parsing": phrase("a whole number"),
    "int_type": phrase("a whole number"),
    "int_from_float": phrase("a whole number"),
    "float_parsing": phrase("a number"),
    "float_type": phrase("a number"),
    "bool_parsing": phrase("yes or no"),
    "bool_type": phrase("yes or no"),
    "string_type": phrase("a text"),
    "string_too_short": phrase("a text"),
    "list_type": phrase("a list"),
    "dict_type": phrase("a group of keys below it"),
    "model_type": phrase("a group of keys below it"),
    "date_type": phrase("a date like 2027-05-03"),
    "date_parsing": phrase("a date like 2027-05-03"),
    "date_from_datetime_parsing": phrase("a date like 2027-05-03"),
    "datetime_type": phrase("a time like 2027-05-03T08:00"),
    "datetime_parsing": phrase("a time like 2027-05-03T08:00"),
    "datetime_from_date_parsing": phrase("a time like 2027-05-03T08:00"),
    "string_pattern_mismatch": phrase("an id of small letters a-z, digits and hyphens"),
}


def read_shape(kind: type[S], node: Node, found: Findings) -> S | None:
    """The node as this shape; every deviation is noted at its line, and then there is None."""
    try:
        return kind.model_validate(node.plain() if node.value else {})
    except ValidationError as wrong:
        for error in wrong.errors():
            _note(kind, node, error, found)
        return None


def _note(kind: type[Shape], node: Node, error: ErrorDetails, found: Findings) -> None:
    loc = [step for step in error["loc"] if step != "[key]"]
    key = str(next((step for step in reversed(loc) if isinstance(step, str)), ""))
    if error["type"] == "missing":
        found.error(node.place_of(loc[:-1]), "key-missing", phrase("The key %(key)s is missing.", key=key))
    elif error["type"] == "extra_forbidden":
        known = _fields_at(kind, loc[:-1])
        found.error(node.place_of(loc, key=True), "key-unknown", phrase("The key %(key)s is not known here.", key=key), did_you_mean(key, known))
    else:
        expected = _expected(error)
        message = phrase("%(key)s holds %(value)s, which is not %(expected)s.", key=key, value=_shown(node, loc), expected=expected)
        found.error(node.place_of(loc), "value-wrong", message)


def _shown(node: Node, loc: list[int | str]) -> str:
    value: Any = node.plain()
    for step in loc:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            break
    return f"“{value}”" if isinstance(value, str) else "–" if value is None else "[…]" if isinstance(value, list) else "{…}"


LIMITS: Mapping[str, tuple[Phrase, str]] = {
    "greater_than_equal": (phrase("at least %(n)s"), "ge"),
    "greater_than": (phrase("at least %(n)s"), "gt"),
    "less_than_equal": (phrase("at most %(n)s"), "le"),
    "less_than": (phrase("at most %(n)s"), "lt"),
    "too_short": (phrase("a list with at least %(n)s entries"), "min_length"),
    "too_long": (phrase("a list with at most %(n)s entries"), "max_length"),
    "string_too_long": (phrase("a text of at most %(n)s characters"), "max_length"),
}
"""Limits that a value can break, and where the library keeps the limit."""


def _expected(error: ErrorDetails) -> Phrase:
    context = error.get("ctx", {})
    if error["type"] == "literal_error":
        return phrase("one of %(words)s", words=str(context.get("expected", "")).replace("'", "").replace(" or ", ", "))
    if error["type"] in LIMITS:
        words, name = LIMITS[error["type"]]
        return Phrase(words.message, {"n": context.get(name)})
    return EXPECTED.get(error["type"], phrase("of the right form"))


def _fields_at(kind: Any, loc: list[int | str]) -> list[str]:
    """The keys a shape knows at a path."""
    for step in loc:
        if isinstance(step, int) or not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            continue
        kind = _model_in(
            kind.model_fields[step].annotation
            if step in kind.model_fields
            else next((f.annotation for f in kind.model_fields.values() if f.alias == step), None)
        )
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [field.alias or name for name, field in kind.model_fields.items()]
    return ["vi", "zh", "en"]


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((inner for part in getattr(annotation, "__args__", ()) if (inner := _model_in(part)) is not None), None)
