"""`lms check` and `lms publish`."""

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path

from lms.clock import SystemClock
from lms.content.packages.compiler import check, compile_tree
from lms.content.service.publishing import PublishReport, go_back, publish_compiled
from lms.content.source.problems import Problem
from lms.content.source.tree import KINDS, read_tree, read_trees
from lms.content.speaking import line_of, say_in
from lms.errors import NotFound
from lms.platform.db import Database
from lms.platform.rules import phrase
from lms.settings import Settings, load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    command = subparsers.add_parser("check", help="report everything that is wrong with content; exit status 1 if there are errors")
    command.add_argument("path", nargs="?", type=Path, help="a content folder, or a folder or file inside one (default: the site's content sources)")
    command.add_argument("--format", choices=("text", "json"), default="text", help="json: a list of {file, line, column, severity, code, message, hint}")
    command.add_argument("--lang", choices=("vi", "zh", "en"), help="language of the messages (default: the site's)")
    command.set_defaults(run=run_check)
    command = subparsers.add_parser("publish", help="publish the content sources; packages with errors stay as they were")
    command.add_argument("path", nargs="?", type=Path, help="a content folder (default: the site's content sources)")
    command.add_argument("--working-tree", action="store_true", help="read the files as they stand, not the last commit")
    command.add_argument("--go-back", type=int, metavar="ID", help="show an earlier publication again instead")
    command.add_argument("--lang", choices=("vi", "zh", "en"), help="language of the messages (default: the site's)")
    command.set_defaults(run=run_publish)


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


def run_publish(arguments: argparse.Namespace) -> int:
    """`lms publish`; exit status 1 if something was held back. The tree is compiled before the transaction, so that nobody waits for it."""
    settings = load_settings(arguments.instance, os.environ)
    lang = arguments.lang or settings.default_lang
    sources = (arguments.path,) if arguments.path else settings.sources
    tree = read_trees(sources, working=arguments.working_tree) if arguments.go_back is None else None
    compiled = compile_tree(tree, settings.zone) if tree else None
    db = Database(settings.url_of_database)
    try:
        if tree is None or compiled is None:
            with db.writing() as session:
                go_back(session, publication_id=arguments.go_back, now=SystemClock().now(), actor_id=None)
            print(say_in(lang, phrase("The site shows publication %(id)s again.", id=arguments.go_back)))
            return 0
        with db.writing() as session:
            report = publish_compiled(session, compiled, tree, now=SystemClock().now(), actor_id=None)
    finally:
        db.dispose()
    for problem in report.problems:
        print(line_of(problem, lang))
    print(words_of(report, lang))
    return 1 if report.held else 0


def words_of(report: PublishReport, lang: str) -> str:
    """The report in a few lines."""
    return "\n".join(say_in(lang, line) for line in report.lines)


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
