"""`lms check`: say everything that is wrong."""

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path

from lms.content.packages.compiler import check
from lms.content.source.problems import Problem
from lms.content.source.tree import KINDS, read_tree
from lms.content.speaking import line_of, say_in
from lms.errors import NotFound
from lms.platform.rules import phrase
from lms.settings import Settings, load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("check", help="report everything that is wrong with content; exit status 1 if there are errors")
    command.add_argument("path", nargs="?", type=Path, help="a content folder, or a folder or file inside one (default: the site's content sources)")
    command.add_argument("--format", choices=("text", "json"), default="text", help="json: a list of {file, line, column, severity, code, message, hint}")
    command.add_argument("--lang", choices=("vi", "zh", "en"), help="language of the messages (default: the site's)")
    command.set_defaults(run=run_check)


def run_check(arguments: argparse.Namespace) -> int:
    """`lms check`: the files as they stand."""
    settings = load_settings(arguments.instance, os.environ)
    lang = arguments.lang or settings.default_lang
    paths = [arguments.path] if arguments.path else list(settings.sources)
    problems = [problem for path in paths for problem in check_path(path, settings)]
    errors = sum(problem.severity == "error" for problem in problems)
    if arguments.format == "json":
        print(json.dumps([_as_json(problem, lang) for problem in problems], ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            print(line_of(problem, lang))
        print(say_in(lang, phrase("Errors: %(errors)s, warnings: %(warnings)s", errors=errors, warnings=len(problems) - errors)))
    return 1 if errors else 0


def check_path(path: Path, settings: Settings) -> list[Problem]:
    """The problems at or below a path, their files named as the path was given. Raises NotFound if it is in no content folder."""
    root = find_root(path)
    problems = check(read_tree(root, working=True), settings.zone)
    within = path.resolve()
    return [replace(problem, file=(root / problem.file).as_posix()) for problem in problems if (root / problem.file).resolve().is_relative_to(within)]


def find_root(path: Path) -> Path:
    """The content folder that a path is or lies in."""
    if not path.exists():
        raise NotFound("There is no %(path)s.", path=str(path))
    if any((path / kind).is_dir() for kind in KINDS):
        return path
    for folder in (*path.parents, *path.resolve().parents):
        inside = path.resolve().relative_to(folder.resolve()).parts if path.resolve().is_relative_to(folder.resolve()) else ()
        if inside and inside[0] in KINDS:
            return folder
    raise NotFound("%(path)s is in no content folder: none above it holds courses, quizzes, contests or schemes.", path=str(path))


def _as_json(problem: Problem, lang: str) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "code": problem.code,
        "message": say_in(lang, problem.message),
        "hint": say_in(lang, problem.hint) or None,
    }
