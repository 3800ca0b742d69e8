"""The blueprint of the content room; every file beside it adds its pages."""

from flask import Blueprint

bp = Blueprint("content", __name__, url_prefix="/content", template_folder="../templates", static_folder=None)
