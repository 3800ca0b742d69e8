"""A look into a workbook before it is read: how far its values reach, which rows are hidden, which formulas have no value."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from lms.errors import Unreadable
from lms.platform.xml_reading import local, read_xml
from lms.platform.zips import check_zip

PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CHUNK = 1 << 20
MAX_SHEETS, MAX_DEPTH, MAX_TOLD = 100, 20, 1000
MAX_UNPACKED = 200 * 1024 * 1024


@dataclass
class Looked:
    """What a sheet holds: the last row and column with a value, hidden rows (numbers) and formulas without a value (places)."""

    rows: int = 0
    columns: int = 0
    hidden: list[int] = field(default_factory=list)
    unvalued: list[str] = field(default_factory=list)


class _Refused(Exception):
    pass


def look_into(data: bytes, name: str, *, max_rows: int, max_columns: int) -> Mapping[str, Looked]:
    """What the sheets of a workbook hold, by title. The reader makes room for every cell up to the last with a value: more than the limits is refused.

    A million empty rows cost nothing; macros are never looked at. Raises Unreadable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            check_zip(package, name, max_total=MAX_UNPACKED)
            titles = _titles(package, name)
            found = {}
            for title, path in titles.items():
                with package.open(path) as part:
                    found[title] = looked = _look(part, name, title)
                if looked.rows > max_rows + 100 or looked.columns > max_columns:
                    raise Unreadable(
                        "%(name)s: the sheet %(sheet)s goes on to row %(row)s, column %(column)s; at most %(rows)s rows and %(columns)s columns are read.",
                        name=name,
                        sheet=title[:60],
                        row=looked.rows,
                        column=looked.columns,
                        rows=max_rows,
                        columns=max_columns,
                    )
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, OSError) as wrong:
        raise Unreadable("%(name)s is no whole Excel workbook: %(why)s", name=name, why=str(wrong)[:200]) from wrong


def _titles(package: zipfile.ZipFile, name: str) -> dict[str, str]:
    """The paths of the sheets by their titles."""
    names = set(package.namelist())
    if "xl/workbook.xml" not in names:
        raise Unreadable("%(name)s is no Excel workbook (.xlsx).", name=name)
    targets = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for one in read_xml(package.read("xl/_rels/workbook.xml.rels"), name).iter():
            if local(one) == "Relationship":
                target = one.get("Target", "")
                targets[one.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = [one for one in read_xml(package.read("xl/workbook.xml"), name).iter() if local(one) == "sheet"]
    if len(sheets) > MAX_SHEETS:
        raise Unreadable("%(name)s has more than %(n)s sheets.", name=name, n=MAX_SHEETS)
    return {one.get("name", ""): targets[one.get(REL_ID, "")] for one in sheets if targets.get(one.get(REL_ID, "")) in names}


def _look(part: IO[bytes], name: str, title: str) -> Looked:
    looker = _Looker()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = looker.start, looker.end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = looker.refuse
    try:
        while chunk := part.read(CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003  (expat takes it by position)
        parser.Parse(b"", True)  # noqa: FBT003
    except _Refused as refused:
        raise Unreadable("%(name)s declares a document type or entities, or nests without end; such files are not read.", name=name) from refused
    except expat.ExpatError as wrong:
        raise Unreadable("%(name)s: the sheet %(sheet)s is cut off or damaged: %(why)s", name=name, sheet=title[:60], why=str(wrong)) from wrong
    return looker.looked


class _Looker:
    """Follows the elements of one sheet."""

    def __init__(self) -> None:
        self.looked = Looked()
        self._depth = self._row = self._column = 0
        self._formula = self._valued = False

    def refuse(self, *_: object) -> None:
        raise _Refused

    def start(self, tag: str, given: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _Refused
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self._row = int(given["r"]) if given.get("r", "").isdecimal() else self._row + 1
            self._column = 0
            if given.get("hidden") in ("1", "true") and len(self.looked.hidden) < MAX_TOLD:
                self.looked.hidden.append(self._row)
        elif tag == "c":
            place = PLACE.fullmatch(given.get("r", ""))
            self._column = _number(place[1]) if place else self._column + 1
            self._row = int(place[2]) if place else self._row
            self._formula = self._valued = False
        elif tag == "f":
            self._formula = True
        elif tag in ("v", "is"):
            self._valued = True

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag.rpartition(":")[2] != "c":
            return
        if self._valued:
            self.looked.rows, self.looked.columns = max(self.looked.rows, self._row), max(self.looked.columns, self._column)
        elif self._formula and len(self.looked.unvalued) < MAX_TOLD:
            self.looked.unvalued.append(f"{_letters(self._column)}{self._row}")


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters
