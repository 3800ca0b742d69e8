"""`lms publish`: put what is sound on the site."""

import argparse
import os
from pathlib import Path

from lms.clock import SystemClock
from lms.content.cli.asking import add_lang, lang_of
from lms.content.packages.compiler import compile_tree
from lms.content.service.publishing import PublishReport, go_back, publish_compiled
from lms.content.source.tree import read_trees
from lms.content.speaking import line_of, say_in
from lms.platform.db import Database
from lms.platform.rules import phrase
from lms.settings import load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("publish", help="publish the content sources; packages with errors stay as they were")
    command.add_argument("path", nargs="?", type=Path, help="a content folder (default: the site's content sources)")
    command.add_argument("--working-tree", action="store_true", help="read the files as they stand, not the last commit")
    command.add_argument("--go-back", type=int, metavar="ID", help="show an earlier publication again instead")
    add_lang(command)
    command.set_defaults(run=run_publish)


def run_publish(arguments: argparse.Namespace) -> int:
    """`lms publish`; exit status 1 if something was held back. The tree is compiled before the transaction, so that nobody waits for it."""
    settings = load_settings(arguments.instance, os.environ)
    lang = lang_of(arguments.lang, settings.default_lang)
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
