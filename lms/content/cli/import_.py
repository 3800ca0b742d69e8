"""`lms import`: a bank from another program's file."""

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from lms.content.interchange.bank_reading import read_bank
from lms.content.interchange.formats import FORMATS, read_any
from lms.content.interchange.landing import Landed, ids_in, land
from lms.content.interchange.looking import look_at
from lms.content.interchange.report import Losses
from lms.content.source.images import MEDIA
from lms.content.source.texts import NAME
from lms.content.source.tree import KINDS
from lms.content.speaking import say_in
from lms.errors import Conflict, Invalid, Unreadable
from lms.platform.i18n import LANGUAGES
from lms.platform.rules import Phrase, phrase
from lms.platform.speaking import told
from lms.settings import load_settings

BANK = re.compile(r"[a-z0-9][a-z0-9-]*\.[a-z]{2}\.md")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("import", help=told("read a bank of questions from Word, Excel, Moodle XML, GIFT, QTI or Aiken"))
    command.add_argument("file", type=Path, help=told("the file to read; its format is told by what it holds"))
    command.add_argument("--into", type=Path, required=True, metavar="BANK", help=told("a new bank or one to add to: content/quizzes/<slug>/<bank>.vi.md"))
    command.add_argument("--format", choices=sorted(FORMATS), help=told("only where the file is taken for something else"))
    command.add_argument("--lang", choices=LANGUAGES, help=told("language of the bank (default: as its name says)"))
    command.add_argument("--dry-run", action="store_true", help=told("write nothing; print the bank and the report"))
    command.add_argument("--force", action="store_true", help=told("put the file in the place of a bank that is there, instead of adding to it"))
    command.add_argument("--strict", action="store_true", help=told("exit status 1 if anything was lost; nothing is written then"))
    command.add_argument("--report", choices=("text", "json"), default="text", help=told("form of the report"))
    command.set_defaults(run=run_import)


def run_import(arguments: argparse.Namespace) -> int:
    """`lms import`; exit status 0, 1 with losses and --strict, 2 if the file cannot be read."""
    settings = load_settings(arguments.instance, os.environ)
    said = arguments.said_in
    into: Path = arguments.into
    lang = _bank_lang(into, arguments.lang)
    losses = Losses()
    try:
        data = arguments.file.read_bytes()
    except OSError as wrong:
        raise Unreadable("%(name)s cannot be read: %(why)s", name=str(arguments.file), why=wrong.strerror or str(wrong)) from wrong
    bank, form = read_any(data, lang, losses, name=arguments.file.name, form=arguments.format or "")
    before = "" if arguments.force or not into.exists() else into.read_text("utf-8-sig")
    if before.strip():
        read_bank(before.encode(), lang, Losses(), name=into.name)
    there = dict(_pictures(into.parent))
    landed = land(bank, losses, before=before, taken=_taken(into), there=there)
    look_at(landed, settings.zone, losses, there=there, before=before)
    failed = bool(arguments.strict and losses.found)
    if not arguments.dry_run and not failed:
        _write(into, landed)
    count = sum(1 for _ in landed.bank.each())
    done = (
        phrase("Nothing was written: %(n)s losses.", n=len(losses.found))
        if failed
        else phrase("%(n)s items read from %(format)s; nothing was written.", n=count, format=FORMATS[form].title)
        if arguments.dry_run
        else phrase(
            "%(n)s items from %(format)s written to %(path)s; %(pictures)s pictures beside it.",
            n=count,
            format=FORMATS[form].title,
            path=str(into),
            pictures=len(landed.pictures),
        )
    )
    if arguments.dry_run and arguments.report == "text":
        print(landed.text)
    print_report(losses, arguments.report, said, done, items=count, format=form, written=not (failed or arguments.dry_run))
    return 1 if failed else 0


def _bank_lang(into: Path, given: str | None) -> str:
    """The language that the name of a bank says."""
    match = NAME.search(into.name)
    if not match or match["lang"] not in LANGUAGES or not BANK.fullmatch(into.name):
        raise Invalid("%(name)s is no name of a bank: write small letters, digits and hyphens, then the language, like dien.vi.md.", name=into.name)
    if given and given != match["lang"]:
        raise Conflict("The name %(name)s says another language than --lang %(lang)s.", name=into.name, lang=given)
    return match["lang"]


def _taken(into: Path) -> set[str]:
    """The ids of the content folder that a bank lies in; those of the file itself and of its translations are not among them."""
    folders = [folder.parent for folder in into.resolve().parents if folder.name in KINDS]
    root = folders[-1] if folders else into.resolve().parent
    mine = {into.resolve().with_name(NAME.sub(rf"\g<name>.{lang}.md", into.name)) for lang in LANGUAGES}
    return {id_ for path in root.rglob("*.md") if path.resolve() not in mine and path.is_file() for id_ in ids_in(path.read_text("utf-8", "replace"))}


def _pictures(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.suffix.lower() in MEDIA and path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _write(into: Path, landed: Landed) -> None:
    """Write pictures, then the bank, each whole or not at all."""
    for name, data in {**landed.pictures, into.name: landed.text.encode()}.items():
        path = into.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting = path.with_name(f".{path.name}.part")
        waiting.write_bytes(data)
        waiting.replace(path)


def print_report(losses: Losses, form: str, lang: str, done: Phrase, **facts: object) -> None:
    """The loss report: for people on the error channel with one last line of what was done, for programs as one JSON object."""
    if form == "json":
        lines = [{"where": _said(lang, loss.where), "what": say_in(lang, loss.what)} for loss in losses.found]
        print(json.dumps({**facts, "losses": lines}, ensure_ascii=False, indent=2))
        return
    for loss in losses.found:
        print(f"{_said(lang, loss.where)}: {say_in(lang, loss.what)}", file=sys.stderr)
    print(say_in(lang, done))


def _said(lang: str, where: str | Phrase) -> str:
    return say_in(lang, where) if isinstance(where, Phrase) else where
