"""A .docx as a bank."""

from lms.content.interchange.model import Bank
from lms.content.interchange.pictures import Shelf
from lms.content.interchange.report import Losses
from lms.content.interchange.word.document import Reader
from lms.content.interchange.word.items import Maker
from lms.content.interchange.word.package import open_docx
from lms.content.interchange.word.questions import Finder
from lms.errors import Unreadable

MAX_BLOCKS = 50_000


def read_docx(data: bytes, lang: str, losses: Losses, *, name: str = "Word") -> Bank:
    """The questions of a document. Raises Unreadable if it is none, or holds none."""
    shelf = Shelf(losses)
    blocks = []
    for block in Reader(open_docx(data, name), shelf, losses).blocks():
        blocks.append(block)
        if len(blocks) > MAX_BLOCKS:
            raise Unreadable("%(name)s has more than %(n)s paragraphs.", name=name, n=MAX_BLOCKS)
    finder = Finder(losses)
    finder.read(blocks)
    items = Maker(lang, losses).items(finder.questions, finder.keys)
    if not items:
        raise Unreadable("%(name)s: no questions were found. They begin like “Câu 1:”, “1.” or “第1题”, with choices A, B, C below.", name=name)
    return Bank(lang, tuple(items), "", shelf.kept)
