"""The numbers and letters that Word counts by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from lms.content.interchange.word.package import W, val

ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
MAX_NUMBER = 9999


@dataclass(frozen=True)
class Level:
    """One level of a list: its form (decimal, upperLetter, bullet ...), its text ('Câu %1:'), and where it starts."""

    form: str
    text: str
    start: int


@dataclass(frozen=True)
class Label:
    """What Word shows before a paragraph."""

    text: str
    form: str
    level: int


@dataclass
class Numbering:
    """Counts as Word does, paragraph by paragraph."""

    levels: Mapping[str, Mapping[int, Level]]
    lists: Mapping[str, str]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def next(self, list_id: str, level: int) -> Label | None:
        """The label of the next paragraph of a list; None for no list."""
        levels = self.levels.get(list_id)
        if not levels or level not in levels:
            return None
        counts = self._counts.setdefault(self.lists.get(list_id, list_id), {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            if levels[level].start != 1 or list_id.startswith("!"):
                counts.pop(level, None)
        mine = levels[level]
        counts[level] = min(counts.get(level, mine.start - 1) + 1, MAX_NUMBER)
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        text = mine.text
        for number in range(9):
            if f"%{number + 1}" in text:
                other = levels.get(number, mine)
                text = text.replace(f"%{number + 1}", written(counts.get(number, other.start), other.form))
        return Label(text, mine.form, level)


def read_numbering(root: Element | None) -> Numbering:
    """The lists of a document."""
    if root is None:
        return Numbering({}, {})
    abstract = {val(one, "abstractNumId"): _levels(one) for one in root.findall(f"{W}abstractNum")}
    levels: dict[str, dict[int, Level]] = {}
    lists: dict[str, str] = {}
    for one in root.findall(f"{W}num"):
        id_, base = val(one, "numId"), val(one.find(f"{W}abstractNumId"))
        levels[id_] = dict(abstract.get(base, {}))
        lists[id_] = base
        for override in one.findall(f"{W}lvlOverride"):
            own = _levels(override)
            levels[id_].update(own)
            start = val(override.find(f"{W}startOverride"))
            if start:
                lists[id_] = f"{base}/{id_}"
                number = _whole(val(override, "ilvl"))
                if number in levels[id_]:
                    levels[id_][number] = Level(levels[id_][number].form, levels[id_][number].text, _whole(start, 1))
    return Numbering(levels, lists)


def _levels(element: Element) -> dict[int, Level]:
    return {
        _whole(val(one, "ilvl")): Level(val(one.find(f"{W}numFmt")) or "decimal", val(one.find(f"{W}lvlText")), _whole(val(one.find(f"{W}start")), 1))
        for one in element.findall(f"{W}lvl")
    }


def _whole(text: str, otherwise: int = 0) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise  # noqa: PLR2004  (more is no number of a list)


def written(number: int, form: str) -> str:
    """A number in a form of Word's."""
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(65 + (number - 1) % 26) * (1 + (number - 1) // 26)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman"):
        text = ""
        for value, sign in ROMAN:
            text += sign * (number // value)
            number %= value
        return text.upper() if form == "upperRoman" else text
    return "" if form in ("bullet", "none") else str(number)
