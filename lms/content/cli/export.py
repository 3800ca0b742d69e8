"""`lms export`: a bank for another program."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lms.clock import SystemClock
from lms.content.cli.import_ import print_report
from lms.content.interchange.exporting import bank_of, sealed_in
from lms.content.interchange.formats import FORMATS, write_any
from lms.content.interchange.report import Losses
from lms.content.interchange.xlsx.writing import write_template
from lms.content.source.tree import ContentTree, read_tree
from lms.content.speaking import say_in
from lms.errors import Conflict, Invalid, NotFound
from lms.platform.i18n import LANGUAGES
from lms.platform.rules import phrase
from lms.platform.speaking import told
from lms.settings import load_settings

WRITTEN = sorted(name for name, form in FORMATS.items() if form.write)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("export", help=told("write a bank of questions as Moodle XML, GIFT, QTI, Aiken or Excel"))
    command.add_argument("bank", nargs="?", metavar="QUIZ/BANK", help=told("as under content/quizzes: dien/cau-hoi"))
    command.add_argument("--format", choices=WRITTEN, help=told("the format to write"))
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help=told("the file to write"))
    command.add_argument("--lang", choices=LANGUAGES, help=told("which language of the bank (default: its source language)"))
    command.add_argument("--from", type=Path, dest="source", metavar="FOLDER", help=told("a content folder (default: the site's content sources)"))
    command.add_argument("--template", action="store_true", help=told("write an empty Excel sheet to fill in, with examples, instead of a bank"))
    command.add_argument("--sealed", action="store_true", help=told("write a bank also while it is sealed"))
    command.add_argument("--force", action="store_true", help=told("put the file in the place of one that is there"))
    command.add_argument("--strict", action="store_true", help=told("exit status 1 if anything was lost; nothing is written then"))
    command.add_argument("--report", choices=("text", "json"), default="text", help=told("form of the report"))
    command.set_defaults(run=run_export)


def run_export(arguments: argparse.Namespace) -> int:
    """`lms export`; exit status 0, 1 with losses and --strict, 2 if the bank cannot be read."""
    settings = load_settings(arguments.instance, os.environ)
    said = arguments.said_in
    if arguments.out.exists() and not arguments.force:
        raise Conflict("%(path)s is there already; --force puts the new file in its place.", path=str(arguments.out))
    form = arguments.format
    if arguments.template:
        return _template(arguments.out, arguments.lang or said, said)
    if not arguments.bank or not form:
        raise Invalid("Say which bank, and --format %(formats)s.", formats=" | ".join(WRITTEN))
    tree = _tree([arguments.source] if arguments.source else list(settings.sources), arguments.bank)
    until = sealed_in(tree, arguments.bank, SystemClock().now(), settings.zone)
    if until and not arguments.sealed:
        raise Conflict("The bank %(name)s is sealed until %(until)s.", name=arguments.bank, until=until)
    losses = Losses()
    bank = bank_of(tree, arguments.bank, arguments.lang, losses)
    data = write_any(bank, form, losses)
    failed = bool(arguments.strict and losses.found)
    if not failed:
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_bytes(data)
    count = sum(1 for _ in bank.each())
    done = (
        phrase("Nothing was written: %(n)s losses.", n=len(losses.found))
        if failed
        else phrase("%(n)s items written to %(path)s as %(format)s.", n=count, path=str(arguments.out), format=FORMATS[form].title)
    )
    print_report(losses, arguments.report, said, done, items=count, format=form, written=not failed)
    return 1 if failed else 0


def _template(out: Path, lang: str, said: str) -> int:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(write_template(lang))
    print(say_in(said, phrase("The template was written to %(path)s.", path=str(out))))
    return 0


def _tree(folders: Sequence[Path], bank: str) -> ContentTree:
    """The files of the quiz of a bank, as they stand."""
    inside = f"quizzes/{bank.partition('/')[0]}/"
    for folder in folders:
        tree = read_tree(folder, working=True)
        files = {path: data for path, data in tree.files.items() if path.startswith(inside)}
        if files:
            return replace(tree, files=files)
    raise NotFound("There is no bank %(name)s.", name=bank)
