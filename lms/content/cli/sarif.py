"""Problems as SARIF 2.1.0, the form in which code hosts and editors take the findings of a checker."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lms import __version__
from lms.content.codes import CODES
from lms.content.codes.code import Code
from lms.content.source.problems import Problem
from lms.content.speaking import say_in

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
LANGUAGE = {"vi": "vi", "zh": "zh-CN", "en": "en"}


def as_sarif(problems: Sequence[Problem], *, repository: Path, lang: str) -> dict[str, Any]:
    """A log of one run; the files of the problems are paths from the root of the repository."""
    rules = _rules(problems)
    place = {rule.code: number for number, rule in enumerate(rules)}
    driver = {
        "name": "lms check",
        "fullName": "Vệ An: lms check",
        "version": __version__,
        "semanticVersion": __version__,
        "language": LANGUAGE[lang],
        "rules": [_rule(rule, lang) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "language": LANGUAGE[lang],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"uri": repository.as_uri().rstrip("/") + "/", "description": {"text": "The root of the repository."}}},
        "results": [_result(problem, place[problem.code], lang) for problem in problems],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rules(problems: Iterable[Problem]) -> list[Code]:
    """Every documented code, and those of problems that are not documented yet."""
    found = {problem.code: Code(problem.code, problem.severity, problem.message, problem.hint or problem.message) for problem in problems}
    return list((found | CODES).values())


def _rule(code: Code, lang: str) -> dict[str, Any]:
    says, todo = say_in(lang, code.says), say_in(lang, code.todo)
    examples = "".join(f"\n\n{sign}\n\n{_fenced(text)}" for sign, text in (("✗", code.bad), ("✓", code.good)) if text)
    return {
        "id": code.code,
        "name": "".join(part.capitalize() for part in code.code.split("-")),
        "shortDescription": {"text": says},
        "fullDescription": {"text": f"{says} {todo}"},
        "help": {
            "text": f"{says} {todo}" + "".join(f"\n{sign} {text}" for sign, text in (("✗", code.bad), ("✓", code.good)) if text),
            "markdown": f"{says} {todo}{examples}",
        },
        "defaultConfiguration": {"level": code.severity},
    }


def _fenced(text: str) -> str:
    return f"```\n{text}\n```"


def _result(problem: Problem, rule: int, lang: str) -> dict[str, Any]:
    message = say_in(lang, problem.message)
    hint = say_in(lang, problem.hint)
    location = {
        "artifactLocation": {"uri": quote(problem.file), "uriBaseId": ROOT},
        "region": {"startLine": problem.line, "startColumn": problem.column},
    }
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity,
        "message": {"text": f"{message} {hint}".strip()},
        "locations": [{"physicalLocation": location}],
    }
