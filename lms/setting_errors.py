"""What is wrong with a setting, in words that can be translated: where it stands, which key, what is wrong, and the word that was meant."""

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from lms.errors import Invalid

Loc = tuple[int | str, ...]

SAID = {
    "int_parsing": Invalid("A whole number stands here."),
    "int_type": Invalid("A whole number stands here."),
    "int_from_float": Invalid("A whole number stands here."),
    "bool_parsing": Invalid("true or false stands here."),
    "bool_type": Invalid("true or false stands here."),
    "string_type": Invalid("A text in quotes stands here."),
    "string_too_short": Invalid("This text is empty."),
    "string_too_long": Invalid("This text is too long."),
    "string_pattern_mismatch": Invalid("This text has signs that cannot stand here."),
    "tuple_type": Invalid('A list stands here: ["…", "…"].'),
    "missing": Invalid("This key is missing."),
}
UNREADABLE = {
    "Cannot overwrite a value": Invalid("The key stands here a second time."),
    "Expected '=' after a key in a key/value pair": Invalid("After a key comes = and then its value."),
    "Invalid value": Invalid("This value cannot be read: a text stands in quotes."),
    "Expected newline or end of document after a statement": Invalid("The line goes on after its value: a text stands in quotes."),
}


class Unfit(ValueError):
    """A value that a check of ours refuses; pydantic carries it to `in_words`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.why = Invalid(message, **params)


def in_words(error: Mapping[str, Any], known: Collection[str]) -> Invalid:
    """What is wrong with one value, of what pydantic says of it. known: the keys that may stand where it does."""
    kind, limits = str(error["type"]), error.get("ctx", {})
    if kind == "extra_forbidden":
        return _with_hint(Invalid("There is no such setting."), str(error["loc"][-1]), known)
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", str(limits["expected"]))
        return _with_hint(Invalid("One of these stands here: %(words)s.", words=tuple(words)), str(error["input"]), words)
    if kind == "value_error" and isinstance(limits["error"], Unfit):
        return limits["error"].why
    if kind == "greater_than_equal":
        return Invalid("The number is at least %(n)s.", n=limits["ge"])
    if kind == "less_than_equal":
        return Invalid("The number is at most %(n)s.", n=limits["le"])
    return SAID.get(kind) or Invalid("This value cannot stand here.")


def _with_hint(what: Invalid, word: str, known: Iterable[str]) -> Invalid:
    near = get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    return Invalid("%(what)s %(hint)s", what=what, hint=Invalid("Did you mean %(word)s?", word=near[0])) if near else what


def unreadable(path: Path, said: str) -> Invalid:
    """A file that is no TOML; said: what Python's reader says of it, with the line at its end."""
    what, _, place = said.partition(" (at ")
    why = UNREADABLE.get(what) or Invalid("This cannot be read; a line is key = value, a text stands in quotes.")
    at = re.fullmatch(r"line (\d+), column (\d+)\)", place)
    where = f"{path}:{at[1]}:{at[2]}" if at else str(path)
    return Invalid("%(where)s: %(what)s", where=where, what=why)


def line_of(text: str, loc: Loc) -> int | None:
    """The line of a file, from 1, where a key stands. loc: as pydantic gives it: the key, or `content_sources`, which one, and its key."""
    key, number, inner = str(loc[0]), *(*loc[1:3], None, None)[:2]
    table, seen, found = "", -1, None
    for line, content in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[\[?\s*[\"']?([^\]\"']+?)[\"']?\s*\]", content):
            table = head[1]
            seen += table == key
            if table == key and (number is None or seen == number):
                found = line
        elif name := re.match(r"\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*=", content):
            if table == "" and name[1] == key:
                return line
            if table == key and seen == number and name[1] == inner:
                return line
    return found
