"""Units: how they are ordered and found, and what they may be tagged with."""

from collections.abc import Iterable

from lms.people.rules.names import SORT_KEY_MAX, fold, sort_key

TAGS = ("sme", "cooperative", "craft_village", "high_risk", "public", "foreign_invested")
"""Small or medium enterprise, co-operative, craft village, high-risk trade, public body, foreign-invested enterprise."""
SEARCH_MAX = 260


def unit_sort_key(name: str) -> str:
    """What lists of units are ordered by: from the first word on, where names of people begin with their last."""
    return "".join(sort_key(word) for word in name.split())[:SORT_KEY_MAX]


def unit_search_text(name: str, code: str) -> str:
    """What a search for units looks through: the folded name and the code."""
    return f"{fold(name)} {fold(code)}"[:SEARCH_MAX]


def write_tags(tags: Iterable[str]) -> str:
    """Tags in one text, each between commas, so that one is found by ',tag,'."""
    chosen = [tag for tag in TAGS if tag in set(tags)]
    return f",{','.join(chosen)}," if chosen else ""


def read_tags(text: str) -> tuple[str, ...]:
    """The tags of such a text."""
    return tuple(part for part in text.split(",") if part)
