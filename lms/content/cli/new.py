"""`lms new`: begin a course, quiz, contest, scheme, or a whole content repository."""

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from lms.clock import SystemClock, local_date
from lms.content.cli.asking import find_root, refused
from lms.content.cli.schema import text_of
from lms.content.fixing.ids import Ids
from lms.content.packages.schemas import schemas
from lms.content.scaffold.making import KINDS, Wanted, new_package, new_repository
from lms.content.source.tree import ContentTree, read_tree
from lms.content.speaking import say_in
from lms.errors import Conflict, NotFound, SiteError
from lms.platform.rules import phrase
from lms.platform.speaking import add_lang, told
from lms.settings import load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("new", help=told("begin a course, quiz, contest, scheme or content repository with files that explain themselves"))
    command.add_argument("kind", choices=(*KINDS, "repository"), help=told("what to begin"))
    command.add_argument("name", help=told("name of the new package (small letters a-z, digits, hyphens), or the folder of the new repository"))
    command.add_argument("--path", type=Path, default=Path("content"), help=told("content folder of the new package (default: %(default)s)"))
    add_lang(command)
    command.set_defaults(run=run_new)


def run_new(arguments: argparse.Namespace) -> int:
    """`lms new`. Exit status 2 if the name is not a name or something stands there already; then nothing is written."""
    settings = load_settings(arguments.instance, os.environ)
    lang = arguments.said_in
    today = local_date(SystemClock().now(), settings.zone)
    try:
        if arguments.kind == "repository":
            root, tree = Path(arguments.name), None
            texts = {f"{name}.schema.json": text_of(schema) for name, schema in schemas().items()}
            files = new_repository(Wanted("", lang, today, _ids(None)), texts)
        else:
            root, tree = _content(arguments.path)
            files = new_package(arguments.kind, Wanted(arguments.name, lang, today, _ids(tree)), tree)
        write_new(root, files)
    except SiteError as error:
        return refused(error, lang)
    for path in sorted(files):
        print((root / path).as_posix())
    print(say_in(lang, phrase("Made. Next: open these files, then run: lms check %(path)s", path=root.as_posix())))
    return 0


def _content(path: Path) -> tuple[Path, ContentTree | None]:
    """The content folder, and its tree where it has one already."""
    try:
        root = find_root(path)
        return root, read_tree(root, working=True)
    except NotFound:
        return path, None


def _ids(tree: ContentTree | None) -> Callable[[], str]:
    texts = [data.decode("utf-8", "replace") for path, data in tree.files.items() if path.endswith(".md")] if tree else []
    return Ids(texts).new


def write_new(root: Path, files: Mapping[str, str]) -> None:
    """Write files that are not there yet. Raises Conflict, and writes none, if one of them is."""
    there = [path for path in sorted(files) if (root / path).exists()]
    if there:
        raise Conflict("%(path)s is there already; nothing was written.", path=(root / there[0]).as_posix())
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open("x", encoding="utf-8", newline="\n") as out:
            out.write(text)
