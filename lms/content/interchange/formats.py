"""The formats by name, and which one a file is in, told by what it holds and not by what it is called."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lms.content.interchange.aiken import ANSWER, read_aiken, write_aiken
from lms.content.interchange.bank_reading import read_bank
from lms.content.interchange.bank_writing import write_bank
from lms.content.interchange.decoding import decode
from lms.content.interchange.gift.reading import read_gift
from lms.content.interchange.gift.writing import write_gift
from lms.content.interchange.model import Bank
from lms.content.interchange.moodle.reading import read_moodle
from lms.content.interchange.moodle.writing import write_moodle
from lms.content.interchange.qti.reading import read_qti
from lms.content.interchange.qti.writing import write_qti2, write_qti3
from lms.content.interchange.report import Losses
from lms.content.interchange.returning import note_lost
from lms.content.interchange.word.reading import read_docx
from lms.content.interchange.xlsx.reading import read_xlsx
from lms.content.interchange.xlsx.writing import write_xlsx
from lms.content.items.headers import HEADER
from lms.errors import Unreadable
from lms.platform.rules import phrase
from lms.platform.sheet import XLSX
from lms.platform.xml_reading import local, read_xml
from lms.platform.zips import read_zip

Read = Callable[[bytes, str, Losses], Bank]
Write = Callable[[Bank, Losses], bytes]


@dataclass(frozen=True)
class Format:
    """A format: how people call it, how its files end, and what reads and writes it (None: only the other way)."""

    title: str
    ending: str
    media_type: str
    read: Read
    write: Write | None = None


FORMATS: Mapping[str, Format] = {
    "moodle": Format("Moodle XML", ".xml", "application/xml", read_moodle, write_moodle),
    "gift": Format("GIFT", ".gift.txt", "text/plain", read_gift, write_gift),
    "aiken": Format("Aiken", ".aiken.txt", "text/plain", read_aiken, write_aiken),
    "qti2": Format("QTI 2.1", ".qti2.zip", "application/zip", read_qti, write_qti2),
    "qti3": Format("QTI 3.0", ".qti3.zip", "application/zip", read_qti, write_qti3),
    "xlsx": Format("Excel", ".xlsx", XLSX, read_xlsx, write_xlsx),
    "docx": Format("Word", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", read_docx),
    "markdown": Format("Markdown", ".md", "text/markdown", read_bank, lambda bank, _losses: write_bank(bank).encode()),
}
WORD, EXCEL, QTI = "word/document.xml", "xl/workbook.xml", "imsmanifest.xml"
FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", phrase("%(name)s is a file of an old Office (.doc, .xls): open it and save it as .docx or .xlsx.")),
    (b"%PDF", phrase("%(name)s is a PDF: nothing can be read from it safely. Look for the Word file that it was made of.")),
    (b"{\\rtf", phrase("%(name)s is an RTF text: open it in Word and save it as .docx.")),
)


def guess(data: bytes, name: str) -> str:
    """The name of the format. Raises Unreadable for what is none of them."""
    for mark, words in FOREIGN:
        if data.startswith(mark):
            raise Unreadable(words.message, name=name)
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _packed(data, name)
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    head = data[:400].decode("utf-16" if wide else "utf-8", "ignore")
    if head.removeprefix("\ufeff").lstrip().startswith("<"):
        return _tagged(data, name)
    text = decode(data, name)
    if any(HEADER.match(line.rstrip()) for line in text.splitlines()):
        return "markdown"
    if any(ANSWER.match(line) for line in text.splitlines()):
        return "aiken"
    if re.search(r"(?<!\\)\{(?:[^{}]|\\.)*[=~#TF](?:[^{}]|\\.)*(?<!\\)\}|\{\s*\}", text):
        return "gift"
    raise Unreadable("%(name)s is in no format that is known here: %(formats)s.", name=name, formats=[form.title for form in FORMATS.values()])


def _packed(data: bytes, name: str) -> str:
    paths = set(read_zip(data, name))
    if any(path.rpartition("/")[2] == QTI for path in paths):
        return "qti2"
    if WORD in paths or any(path.startswith("word/document") for path in paths):
        return "docx"
    if any(path.startswith("xl/workbook") for path in paths):
        return "xlsx"
    raise Unreadable("%(name)s is a zip file, but no Word document, Excel workbook or QTI package.", name=name)


def _tagged(data: bytes, name: str) -> str:
    root = local(read_xml(data, name))
    if root == "quiz":
        return "moodle"
    if root in ("assessmentItem", "qti-assessment-item"):
        return "qti2"
    if root == "questestinterop":
        raise Unreadable("%(name)s is QTI 1.2, which is not read here: export it as QTI 2.1 or as Moodle XML.", name=name)
    raise Unreadable("%(name)s is XML of a kind that is not known here: <%(tag)s>.", name=name, tag=root[:40])


def write_any(bank: Bank, form: str, losses: Losses) -> bytes:
    """The bank in a format that can be written. What the file does not give back when it is read again is among the losses."""
    write = FORMATS[form].write
    assert write is not None
    data = write(bank, losses)
    note_lost(bank, data, FORMATS[form].read, FORMATS[form].title, losses)
    return data


def read_any(data: bytes, lang: str, losses: Losses, *, name: str, form: str = "") -> tuple[Bank, str]:
    """The bank in a file and the name of its format, guessed where none is given. Raises Unreadable."""
    if not data.strip():
        raise Unreadable("%(name)s is empty.", name=name)
    form = form or guess(data, name)
    bank = FORMATS[form].read(data, lang, losses)
    if not bank.items:
        first = losses.found[0].what if losses.found else phrase("it is empty")
        raise Unreadable("%(name)s holds no question that could be read: %(why)s", name=name, why=first)
    return bank, form
