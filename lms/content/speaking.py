"""Problems in a given language, and what the ground has for saying things without a request."""

from lms.content.source.problems import Problem
from lms.platform.rules import phrase
from lms.platform.speaking import say_in

__all__ = ["SEVERITY", "line_of", "say_in"]

SEVERITY = {"error": phrase("error"), "warning": phrase("warning")}


def line_of(problem: Problem, lang: str) -> str:
    """`file:line:column: error CODE message — hint`."""
    hint = f" — {say_in(lang, problem.hint)}" if problem.hint else ""
    place = f"{problem.file}:{problem.line}:{problem.column}"
    return f"{place}: {say_in(lang, SEVERITY[problem.severity])} {problem.code} {say_in(lang, problem.message)}{hint}"
