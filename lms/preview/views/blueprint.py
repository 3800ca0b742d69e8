"""The blueprint, and what its pages share."""

from flask import Blueprint, g

from lms.content.source.problems import Problem
from lms.preview.parts import state
from lms.preview.places import excerpt, lines_of

bp = Blueprint("preview", __name__)


@bp.app_template_global()
def lines_near(problem: Problem) -> list[tuple[int, str]]:
    """The lines of the file round a problem."""
    known: dict[str, list[str]] = g.setdefault("preview_lines", {})
    if problem.file not in known:
        known[problem.file] = lines_of(state().tree, problem.file)
    return excerpt(known[problem.file], problem.line)


def problems_below(prefix: str) -> list[Problem]:
    """The problems of the files whose names begin so."""
    return [problem for problem in state().compiled.problems if problem.file.startswith(prefix)]
