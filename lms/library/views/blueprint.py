"""The blueprint of the library's pages."""

from flask import Blueprint, request

bp = Blueprint("library", __name__, template_folder="../templates")
MAX_PAGE = 1000


def asked_page() -> int:
    """The page of a list that the address asks for, from 1."""
    return min(max(1, request.args.get("page", 1, type=int)), MAX_PAGE)
