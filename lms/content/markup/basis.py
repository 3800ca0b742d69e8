"""Basis lines: a source and, in square brackets at its end, how sure it is."""

import re

from lms.content.catalogue import Basis, Certainty
from lms.content.source.problems import Findings, Place
from lms.platform.rules import phrase

MARK = re.compile(r"^(?P<text>.*?)\s*[\[【［]\s*(?P<mark>[A-Za-z0-9?？]{1,5})\s*[\]】］]\s*[.。]?$")
PARTED = re.compile(r"(?<=[\]】］])\s*[;；]\s*")
CERTAINTIES: dict[str, Certainty] = {"S": "S", "D": "D", "S2": "S2", "K": "K", "site": "site"}


def read_basis(text: str, place: Place, found: Findings) -> Basis | None:
    """One basis; without a mark, with an unknown one, or marked [?] it is noted and left out."""
    match = MARK.match(text.strip())
    hint = phrase("End the line with [S] seen in a source, [D] derived, [S2] secondary source, [K] good practice, or [site] own rule.")
    if not match:
        found.error(place, "basis-no-mark", phrase("This basis does not say how sure it is: %(text)s", text=text[:80]), hint)
        return None
    if match["mark"] in "?？":
        message = phrase("A basis marked [?] is not for learners: %(text)s", text=text[:80])
        found.error(place, "basis-uncertain", message, phrase("Find a source and mark it, or leave the statement out."))
        return None
    certainty = CERTAINTIES.get(match["mark"]) or CERTAINTIES.get(match["mark"].upper())
    if certainty is None:
        found.error(place, "basis-mark", phrase("The mark [%(mark)s] is not known.", mark=match["mark"]), hint)
        return None
    return Basis(match["text"], certainty)


def read_bases(text: str, place: Place, found: Findings) -> tuple[Basis, ...]:
    """The bases of one attribute, parted by a semicolon behind a mark."""
    return tuple(basis for part in PARTED.split(text) if part.strip() and (basis := read_basis(part, place, found)))
