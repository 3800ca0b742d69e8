"""Lists in pages: which page the address asks for, how many there are, and the address of another."""

from typing import Any

from flask import request, url_for

MOST = 100_000
"""No list has more pages; a number without end would be more than a database counts."""


def page_asked(pages: int | None = None) -> int:
    """The page of a list that the address asks for, from 1; not past the last where `pages` says how many there are."""
    return min(max(1, request.args.get("page", 1, type=int)), MOST if pages is None else pages)


def pages_of(total: int, size: int) -> int:
    """How many pages a list has, at least one."""
    return max(1, -(-total // size))


def page_url(page: int) -> str:
    """The present address with another page."""
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if key != "page"}
    return url_for(request.endpoint or "", **(request.view_args or {}), **kept, page=page)
