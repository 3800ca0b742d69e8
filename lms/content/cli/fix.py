"""`lms fix`: bring content into its plain form."""

import argparse
import difflib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lms.content.cli.asking import find_root, refused
from lms.content.fixing.fixing import Fixed, fix_tree
from lms.content.fixing.writing import replace_file
from lms.content.source.tree import read_tree
from lms.content.speaking import say_in
from lms.errors import NotFound, SiteError
from lms.platform.rules import Phrase, phrase
from lms.platform.speaking import add_lang, told
from lms.settings import load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("fix", help=told("give ids to items that lack one and bring content into its plain form; its meaning stays"))
    command.add_argument("path", nargs="*", type=Path, help=told("content folders, or folders or files inside one (default: the site's content sources)"))
    command.add_argument("--dry-run", action="store_true", help=told("write nothing, show what would change; exit status 1 if something would"))
    add_lang(command)
    command.set_defaults(run=run_fix)


def run_fix(arguments: argparse.Namespace) -> int:
    """`lms fix`. Exit status 0 when all is in plain form, 1 if a file was refused (or would change, for a dry run), 2 for wrong use."""
    settings = load_settings(arguments.instance, os.environ)
    lang = arguments.said_in
    try:
        wanted = _wanted(arguments.path or list(settings.sources))
    except NotFound as nowhere:
        return refused(nowhere, lang)
    failed = 0
    for root, one in wanted:
        if one.refused is not None:
            line, why = one.refused
            print(f"{(root / one.path).as_posix()}:{line}: {say_in(lang, why)}", file=sys.stderr)
            failed += 1
        elif arguments.dry_run:
            sys.stdout.writelines(_diff(root, one))
        elif not _write(root, one, lang):
            failed += 1
    changed = len(wanted) - failed
    said = phrase("Files that would change: %(n)s", n=changed) if arguments.dry_run else phrase("Files changed: %(n)s", n=changed)
    print(say_in(lang, said))
    return 1 if failed or (arguments.dry_run and changed) else 0


def _wanted(paths: Sequence[Path]) -> list[tuple[Path, Fixed]]:
    """What is to be done at or below the paths, each file once. A whole tree is read for each, because ids are of the tree."""
    wanted: dict[Path, tuple[Path, Fixed]] = {}
    read: dict[Path, list[Fixed]] = {}
    for path in paths:
        root = find_root(path)
        whole = root.resolve()
        if whole not in read:
            read[whole] = fix_tree(read_tree(root, working=True))
        for one in read[whole]:
            file = (root / one.path).resolve()
            if file.is_relative_to(path.resolve()):
                wanted.setdefault(file, (root, one))
    return list(wanted.values())


def _write(root: Path, one: Fixed, lang: str) -> bool:
    path = root / one.path
    try:
        replace_file(path, one.before, one.after)
    except SiteError as changed:
        print(say_in(lang, Phrase(changed.message, changed.params)), file=sys.stderr)
        return False
    for note in one.notes:
        print(f"{path.as_posix()}:{note.line}: {say_in(lang, note.what)}")
    return True


def _diff(root: Path, one: Fixed) -> list[str]:
    name = (root / one.path).as_posix()
    before, after = (io.StringIO(data.decode("utf-8"), newline="\n").readlines() for data in (one.before, one.after))
    lines = difflib.unified_diff(before, after, f"a/{name}", f"b/{name}")
    return [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
