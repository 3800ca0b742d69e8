"""The plain form of the header of an item: `## Question {#id .flag key=value}`, with plain signs and one blank between the parts."""

import re

from lms.content.items.headers import ATTRIBUTE, HEADER
from lms.content.markup.basis import MARK, PARTED

OPENED = re.compile(r"(?P<level>#{2,3})(?!#)(?P<text>.*?)\s*[{｛]\s*(?P<attributes>[.＃#\w][^{}｛｝]*)[}｝]$")
NO_ID = re.compile(r"^\s*[#＃]\s*(?=[.]|$|\s)")
TAGS = re.compile(r"\s*[,，、;]\s*")


def plain_header(line: str, *, id_: str = "") -> str | None:
    """The header in plain form, with `id_` where it has none; None if it is no header or its braces cannot be read."""
    match = HEADER.match(line) or OPENED.match(line)
    if match is None:
        return None
    braces = NO_ID.sub("", match["attributes"]) if id_ else match["attributes"]
    parts = _parts(braces)
    if parts is None:
        return None
    named = [part for part in parts if part.startswith("#")]
    rest = [part for part in parts if not part.startswith("#")]
    inner = " ".join([*(named or ([f"#{id_}"] if id_ else [])), *rest])
    text = match["text"].strip()
    return f"{match['level']} {text} {{{inner}}}" if text else f"{match['level']} {{{inner}}}"


def _parts(text: str) -> list[str] | None:
    """The parts of the braces in plain form; None where one cannot be read or an id stands twice."""
    parts: list[str] = []
    at = 0
    while text[at:].strip():
        match = ATTRIBUTE.match(text, at)
        if match is None or match.end() == at:
            return None
        if match["id"]:
            parts.append(f"#{match['id']}")
        elif match["flag"]:
            parts.append(f".{match['flag']}")
        else:
            parts.append(_value(match))
        at = match.end()
    return parts if sum(part.startswith("#") for part in parts) <= 1 else None


def _value(match: re.Match[str]) -> str:
    key = match["key"]
    if match["bare"] is not None:
        return f"{key}={match['bare']}"
    given = (match["quoted"] if match["quoted"] is not None else match["curly"]).strip()
    value = ", ".join(tags_of(given)) if key == "tags" else plain_basis(given) if key == "basis" else given
    return f'{key}="{value}"' if '"' not in value else f"{key}=“{value}”"


def tags_of(value: str) -> list[str]:
    """The tags of a value."""
    return [tag for tag in TAGS.split(value.strip()) if tag]


def plain_basis(value: str) -> str:
    """Bases with plain marks, parted by a plain semicolon."""
    made = []
    for part in PARTED.split(value):
        match = MARK.match(part.strip())
        made.append(f"{match['text']} [{match['mark'].replace('？', '?')}]" if match and match["text"] else part.strip())
    return "; ".join(made)
