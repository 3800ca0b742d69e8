"""Problems as lines: for people, for JSON, and as the commands that GitHub turns into marks beside the lines of a change."""

from lms.content.codes.code import Code
from lms.content.source.problems import Problem
from lms.content.speaking import SEVERITY, say_in


def as_json(problem: Problem, lang: str) -> dict[str, object]:
    """A problem with everything that is known of it."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "code": problem.code,
        "message": say_in(lang, problem.message),
        "hint": say_in(lang, problem.hint) or None,
    }


def as_github(problem: Problem, lang: str) -> str:
    """`::error file=...,line=...,col=...,title=CODE::message`, with what would end a part early written as %xx."""
    text = " ".join(part for part in (say_in(lang, problem.message), say_in(lang, problem.hint)) if part)
    head = f"file={_property(problem.file)},line={problem.line},col={problem.column},title={_property(problem.code)}"
    return f"::{problem.severity} {head}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def explained(code: Code, lang: str) -> str:
    """What a code means and what to do, with its two examples."""
    lines = [f"{code.code} ({say_in(lang, SEVERITY[code.severity])})", say_in(lang, code.says), say_in(lang, code.todo)]
    for sign, text in (("✗", code.bad), ("✓", code.good)):
        lines += ["", *(f"  {sign if number == 0 else ' '} {line}" for number, line in enumerate(text.split("\n")))] if text else []
    return "\n".join(lines)
