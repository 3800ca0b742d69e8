"""The blueprint of joining."""

from flask import Blueprint

bp = Blueprint("joining", __name__, template_folder="../templates")
