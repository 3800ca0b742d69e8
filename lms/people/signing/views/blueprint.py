"""The blueprint of signing in."""

from flask import Blueprint

bp = Blueprint("signing", __name__, template_folder="../templates")
