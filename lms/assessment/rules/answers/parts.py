"""An answer in its parts, as the fields of a page hold them, and back to one text."""

import json
from collections.abc import Mapping, Sequence

from lms.assessment.rules.answers.canonical import Refused, dump_gaps
from lms.assessment.rules.answers.texts import clean
from lms.platform.rules import phrase


def pairs_of(answer: str) -> dict[str, str]:
    """The pairs of a matching, left -> right."""
    return dict(pair.split(":", 1) for pair in answer.split())


def gaps_of(answer: str) -> list[str]:
    """The texts of gaps; none where nothing is answered."""
    texts: list[str] = json.loads(answer) if answer else []
    return texts


def fields_of(kind: str, answer: str) -> dict[str, str]:
    """The fields of an answer by name: an ordering the place (from 1) of each letter, a matching the right side of each left one, gaps by number."""
    if kind == "ordering":
        return {letter: str(place) for place, letter in enumerate(answer, 1)}
    if kind == "matching":
        return pairs_of(answer)
    return {str(n): text for n, text in enumerate(gaps_of(answer))} if kind == "gaps" else {}


def compose(kind: str, whole: Sequence[str], fields: Mapping[str, str]) -> str:
    """The answer that the fields of a form make. whole: what stood in fields without a name of their own.

    Raises Refused where an ordering has no or the same place for two letters.
    """
    if kind == "ordering":
        return _by_place(fields)
    if kind == "matching":
        return " ".join(f"{left}:{right}" for left, right in sorted(fields.items()) if right)
    if kind == "gaps":
        return dump_gaps([clean(text) for _, text in sorted(fields.items(), key=lambda field: (len(field[0]), field[0]))])
    if kind in ("numeric", "short", "essay"):
        return clean("".join(whole), lines=kind == "essay")
    return "".join(sorted("".join(whole)))


def _by_place(fields: Mapping[str, str]) -> str:
    placed = {letter: int(place) for letter, place in fields.items() if place.isascii() and place.isdecimal() and len(place) < len("1000")}
    if not placed and not any(fields.values()):
        return ""
    if sorted(placed.values()) != list(range(1, len(fields) + 1)):
        raise Refused(phrase("Give every row a place of its own, from 1 to %(most)s, or none to any. Nothing was saved yet.", most=len(fields)))
    return "".join(sorted(placed, key=lambda letter: placed[letter]))
