"""`lms contest`: the log of a round as a file, and its result computed from the log alone."""

import argparse
import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from lms.contests.rules.log import Damaged, read_log
from lms.contests.rules.result import result_lines
from lms.contests.service.publishing import get_result, iter_text, latest_result
from lms.errors import Conflict, Invalid, NotFound, Unreadable
from lms.platform.cli import require_site
from lms.platform.rules import phrase
from lms.platform.site import Site
from lms.platform.speaking import add_lang, say_in, told
from lms.settings import load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `lms contest` with what it can do."""
    command = subparsers.add_parser("contest", help=told("the log of a round, and its result computed from the log alone"))
    what = command.add_subparsers(required=True, metavar="WHAT")
    export = what.add_parser("export", help=told("write the log of a published result into a file"))
    export.add_argument("contest", help=told("slug of the contest"))
    export.add_argument("round", help=told("slug of the round"))
    export.add_argument("file", type=Path, help=told("the log to write; never one that is there"))
    export.add_argument("--result", type=Path, help=told("write the published result beside it"))
    export.add_argument("--version", type=int, help=told("which version (default: the latest)"))
    add_lang(export)
    export.set_defaults(run=run_export)
    recompute = what.add_parser("recompute", help=told("compute the result from a log, without a site; ends with 1 where it is not the published one"))
    recompute.add_argument("file", type=Path, help=told("the log"))
    recompute.add_argument("--published", type=Path, help=told("the published result, to be compared byte for byte"))
    recompute.add_argument("--sha256", help=told("its SHA-256, as the site shows it"))
    recompute.add_argument("--out", type=Path, help=told("write the result into this file"))
    add_lang(recompute)
    recompute.set_defaults(run=run_recompute)


def run_export(arguments: argparse.Namespace) -> int:
    """`lms contest export`."""
    settings = load_settings(arguments.instance, os.environ)
    require_site(settings)
    make_site: Callable[..., Site] = arguments.make_site
    db = make_site(settings).db
    with db.reading() as session:
        version = arguments.version
        if version is None:
            latest = latest_result(session, contest=arguments.contest, round_slug=arguments.round)
            if latest is None:
                raise NotFound("No result of this round was published.")
            version = latest.version
        row = get_result(session, contest=arguments.contest, round_slug=arguments.round, version=version)
    _write(arguments.file, iter_text(db, row, "log"))
    if arguments.result is not None:
        _write(arguments.result, iter_text(db, row, "result"))
    said = phrase(
        "Version %(version)s, %(entrants)s entrants; the SHA-256 of its result: %(digest)s",
        version=row.version,
        entrants=row.entrants,
        digest=row.result_digest,
    )
    print(say_in(arguments.said_in, said))
    db.dispose()
    return 0


def _write(path: Path, text: Iterable[bytes]) -> None:
    try:
        with path.open("xb") as target:
            target.writelines(text)
    except FileExistsError as there:
        raise Conflict("%(file)s is there already.", file=str(path)) from there
    except OSError as refused:
        raise Invalid("%(file)s cannot be written: %(why)s", file=str(path), why=refused.strerror or str(refused)) from refused


def run_recompute(arguments: argparse.Namespace) -> int:
    """`lms contest recompute`: 0 where the result is the published one, 1 where it is another, 2 where the log is damaged or a file cannot be read."""
    try:
        with arguments.file.open(encoding="utf-8", newline="\n") as source:
            log = read_log(source)
    except Damaged as wrong:
        print(f"lms: {arguments.file}:{wrong.line}: {say_in(arguments.said_in, wrong.words)}", file=sys.stderr)
        return 2
    except UnicodeDecodeError as broken:
        raise Unreadable("%(file)s is not written in UTF-8.", file=str(arguments.file)) from broken
    except OSError as refused:
        raise _unread(arguments.file, refused) from refused
    text = "".join(f"{line}\n" for line in result_lines(log))
    digest = hashlib.sha256(text.encode()).hexdigest()
    if arguments.out is not None:
        _write(arguments.out, [text.encode()])
    print(say_in(arguments.said_in, phrase("The SHA-256 of the result: %(digest)s", digest=digest)))
    if arguments.sha256 is None and arguments.published is None:
        print(say_in(arguments.said_in, phrase("Nothing was compared: give the published result (--published) or its digest (--sha256).")))
        return 0
    same = arguments.sha256 is None or arguments.sha256.strip().lower() == digest
    same = same and (arguments.published is None or _read(arguments.published) == text.encode())
    verdict = phrase("It is the published result, byte for byte.") if same else phrase("It is not the published result.")
    print(say_in(arguments.said_in, verdict))
    return 0 if same else 1


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as refused:
        raise _unread(path, refused) from refused


def _unread(path: Path, refused: OSError) -> Unreadable:
    return Unreadable("%(file)s cannot be read: %(why)s", file=str(path), why=refused.strerror or str(refused))
