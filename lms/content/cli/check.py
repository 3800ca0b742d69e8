"""`lms check`: say everything that is wrong."""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lms.content.cli.asking import find_root, refused, repository_of
from lms.content.cli.forms import as_github, as_json, explained
from lms.content.cli.sarif import as_sarif
from lms.content.codes import CODES
from lms.content.packages.compiler import check
from lms.content.source.problems import Problem, did_you_mean
from lms.content.source.tree import read_tree
from lms.content.speaking import line_of, say_in
from lms.errors import NotFound
from lms.platform.rules import phrase
from lms.platform.speaking import add_lang, told
from lms.settings import Settings, load_settings

FORMATS = ("text", "json", "sarif", "github")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("check", help=told("report everything that is wrong with content; exit status 1 if there are errors"))
    command.add_argument("path", nargs="*", type=Path, help=told("content folders, or folders or files inside one (default: the site's content sources)"))
    command.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help=told("json: a list of {file, line, column, severity, code, message, hint}; sarif: SARIF 2.1.0; github: workflow commands"),
    )
    command.add_argument("--explain", metavar="CODE", help=told("say what a code means and what to do, with examples, and check nothing"))
    add_lang(command)
    command.set_defaults(run=run_check)


def run_check(arguments: argparse.Namespace) -> int:
    """`lms check`: the files as they stand. Exit status 0 without errors, 1 with errors, 2 where nothing could be checked."""
    settings = load_settings(arguments.instance, os.environ)
    lang = arguments.said_in
    if arguments.explain:
        return _explain(arguments.explain, lang)
    paths = arguments.path or list(settings.sources)
    try:
        found = [problem for path in paths for problem in check_path(path, settings)]
        repository = repository_of(find_root(paths[0]))
    except NotFound as nowhere:
        return refused(nowhere, lang)
    problems = list({(problem.order, problem.hint is None): problem for problem in found}.values())
    _show(problems, arguments.format, repository, lang)
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def _show(problems: Sequence[Problem], form: str, repository: Path, lang: str) -> None:
    if form == "json":
        print(json.dumps([as_json(problem, lang) for problem in problems], ensure_ascii=False, indent=2))
        return
    if form == "sarif":
        print(json.dumps(as_sarif([_from(repository, one) for one in problems], repository=repository, lang=lang), ensure_ascii=False, indent=2))
        return
    for problem in problems:
        print(as_github(_from(repository, problem), lang) if form == "github" else line_of(problem, lang))
    errors = sum(problem.severity == "error" for problem in problems)
    print(say_in(lang, phrase("Errors: %(errors)s, warnings: %(warnings)s", errors=errors, warnings=len(problems) - errors)))


def _from(repository: Path, problem: Problem) -> Problem:
    """The problem with its file named from the root of the repository; one outside of it keeps its name."""
    file = Path(problem.file).resolve()
    return replace(problem, file=file.relative_to(repository).as_posix()) if file.is_relative_to(repository) else problem


def _explain(name: str, lang: str) -> int:
    code = CODES.get(name.strip("`[] "))
    if code is None:
        return refused(NotFound("There is no code %(code)s. %(hint)s", code=name[:40], hint=did_you_mean(name, CODES)), lang)
    print(explained(code, lang))
    return 0


def check_path(path: Path, settings: Settings) -> list[Problem]:
    """The problems at or below a path, their files named as the path was given. Raises NotFound if it is in no content folder."""
    root = find_root(path)
    problems = check(read_tree(root, working=True), settings.zone)
    within = path.resolve()
    return [replace(problem, file=(root / problem.file).as_posix()) for problem in problems if (root / problem.file).resolve().is_relative_to(within)]
