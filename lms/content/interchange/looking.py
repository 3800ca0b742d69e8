"""An imported bank as the site would show it, and what `lms check` says of it."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lms.content.catalogue import Item
from lms.content.interchange.landing import Landed
from lms.content.interchange.report import Losses
from lms.content.items.headers import HEADER
from lms.content.packages.quizzes import Banks, read_banks
from lms.content.packages.workspace import Workspace
from lms.content.source.media import Blob
from lms.content.source.problems import Problem
from lms.content.source.tree import ContentTree
from lms.platform.rules import Phrase, phrase

FOLDER = "quizzes/import"
TOLD = frozenset({"item-no-right"})
"""What landing says already."""


@dataclass(frozen=True)
class Looked:
    """Sound items as they will look, their pictures by digest, and the problems at their lines of the new text."""

    items: tuple[Item, ...]
    blobs: Mapping[str, Blob]
    problems: tuple[Problem, ...]


def look_at(landed: Landed, zone: ZoneInfo, losses: Losses, *, there: Mapping[str, bytes] | None = None, before: str = "") -> Looked:
    """Check the new text as if it were in the tree; errors in the imported items are noted as losses, so that nobody has to look twice."""
    path = f"{FOLDER}/bank.{landed.bank.lang}.md"
    files = {posixpath.join(FOLDER, name): data for name, data in {**(there or {}), **landed.pictures}.items()}
    work, banks = Workspace(ContentTree({**files, path: landed.text.encode()}, ""), zone), Banks()
    read_banks(work, FOLDER.partition("/")[2], landed.bank.lang, banks)
    old = before.rstrip().count("\n") + 1 if before.strip() else 0
    problems = tuple(one for one in work.found.sorted() if one.line > old and one.code != "translation-missing")
    lines = landed.text.split("\n")
    for problem in problems:
        if problem.severity == "error" and problem.code not in TOLD:
            losses.add(_item_at(lines, problem.line), phrase("The check says: %(said)s", said=problem.message))
    ids = {item.id for item in landed.bank.each()}
    return Looked(tuple(item for item in banks.items["import/bank"] if item.id in ids), work.media.blobs, problems)


def _item_at(lines: list[str], number: int) -> str | Phrase:
    """The id of the item that a line belongs to."""
    for line in reversed(lines[:number]):
        header = HEADER.match(line)
        if header:
            return header["attributes"].lstrip("#＃ ").split()[0]
    return phrase("line %(n)s", n=number)
