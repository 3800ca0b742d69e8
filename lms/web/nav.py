"""The main navigation: each room offers entries, lms/app.py puts them in order, a page shows those the reader may use."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry. label: English source text; endpoint: of the page; shown: whether the present reader may use it; rooms: more blueprints below it."""

    label: str
    endpoint: str
    icon: str
    shown: Callable[[], bool]
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavLink:
    """An entry as a template shows it."""

    label: str
    url: str
    icon: str
    current: bool
