"""The blueprint of the library's pages."""

from flask import Blueprint

bp = Blueprint("library", __name__, template_folder="../templates")
MAX_PAGE = 1000
