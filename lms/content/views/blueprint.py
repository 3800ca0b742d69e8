"""The blueprint of the content room; every file beside it adds its pages."""

from flask import Blueprint

from lms.content.access import catalogue
from lms.content.subjects import is_stale, lesson_subject
from lms.platform.i18n import current_lang

bp = Blueprint("content", __name__, url_prefix="/content", template_folder="../templates", static_folder=None)


@bp.app_template_global()
def is_stale_lesson(course: str, lesson: str) -> bool:
    """Whether the reader sees a translation of a lesson that is older than its source."""
    return is_stale(catalogue(), lesson_subject(course, lesson), current_lang())
