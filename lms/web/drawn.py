"""Text that is drawn once and shown often: what differs from reader to reader stands in it as a slot and is filled in for every page.

A slot is a name between two marks that are random in each process, so that no author's text can hold one; drawn text is kept
split at its slots, and filling is one join.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

from flask import current_app, g
from markupsafe import Markup

EDGE = f"\ue000{secrets.token_hex(8)}\ue000"
SLOT = re.compile(f"{EDGE}([a-z_]+){EDGE}")
KEPT = 4096
V = TypeVar("V")
Text = tuple[str, ...]
"""Drawn text split at its slots: plain text and names of slots by turns."""


def slot(name: str) -> str:
    """The mark of a place that is filled for every page."""
    return f"{EDGE}{name}{EDGE}"


class Drawn:
    """Drawn texts by what they were drawn from, in the memory of this process."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Text] = {}

    def find(self, template: str, key: Hashable, context: Callable[[], Mapping[str, object]]) -> Text:
        """The text of a template, drawn if it has not been. key: everything that its words depend on; nothing personal may be drawn.

        Raises RuntimeError if the token of one session was.
        """
        found = self._kept.get((template, key))
        if found is None:
            made = current_app.jinja_env.get_template(template).render(context(), slot=slot)
            if (token := g.get("csrf_token")) and token in made:
                raise RuntimeError(f"{template} is drawn for everybody, but holds one reader's token: use slot('csrf')")
            found = tuple(SLOT.split(made))
            keep(self._kept, (template, key), found)
        return found


def keep(kept: dict[Hashable, V], key: Hashable, value: V) -> None:
    """Remember it; what is too much is dropped as a whole, for it is soon made again."""
    if len(kept) >= KEPT:
        kept.clear()
    kept[key] = value


def fill(text: Text, value_of: Callable[[str], str]) -> Markup:
    """The text with its slots filled. value_of: the value of a slot as safe HTML."""
    return Markup("".join([value_of(piece) if place % 2 else piece for place, piece in enumerate(text)]))  # noqa: S704  (by our own templates)


def drawn() -> Drawn:
    """The drawn texts of the current application."""
    found: Drawn = current_app.extensions["drawn"]
    return found
