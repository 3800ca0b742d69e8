"""What a cell of a sheet of people says, as people write it: names in capitals, phones without their zero, dates in many forms."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from lms.people.rules.codes import looks_like_national_id, normal_phone, staff_code_of
from lms.people.rules.names import CJK, fold, name_words
from lms.platform.rules import Phrase, phrase

NAME_MAX, UNIT_MAX, POSITION_MAX, EMAIL_MAX = 200, 300, 120, 200
EARLIEST = date(1900, 1, 1)
DAY_ZERO = date(1899, 12, 30)
SERIALS = range(3_654, 73_051)
"""Days from 1910 to 2100 as a spreadsheet counts them: a date whose cell has lost its format."""
YEAR = re.compile(r"(19|20)\d\d")
YEAR_FIRST = re.compile(r"(\d{4})[-./\s年](\d{1,2})[-./\s月](\d{1,2})日?(?:[T\s]\d{1,2}:\d\d.*)?")
DAY_FIRST = re.compile(r"(?:ngay )?(\d{1,2})(?:[-./\s]| thang )(\d{1,2})(?:[-./\s]| nam )(\d{4}|\d{2})")
COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
LOST_DIGITS = re.compile(r"\d\.\d+[eE]\+\d+")
MOBILE_WITHOUT_ZERO = re.compile(r"[35789]\d{8}")
AROUND_SIGNS = re.compile(r"\s*([-./])\s*")
BROKEN = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")
CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
CHINESE_ID = 18
LANGS = {
    "vi": "vi", "tieng viet": "vi", "viet": "vi", "vietnamese": "vi", "越南语": "vi",
    "zh": "zh", "tieng trung": "zh", "trung": "zh", "中文": "zh", "汉语": "zh", "chinese": "zh",
    "en": "en", "tieng anh": "en", "anh": "en", "英语": "en", "英文": "en", "english": "en",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, or with the row (key ''). A note leaves the row as it is; anything else keeps it from being applied."""

    key: str
    words: Phrase
    note: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says: values by field (texts in their normal form, dates), without what is empty; and what is wrong."""

    values: Mapping[str, str | date]
    problems: tuple[Problem, ...] = field(default=())

    def text(self, key: str) -> str:
        """A text of the row, '' where the cell is empty."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""

    def day(self, key: str) -> date | None:
        """A date of the row."""
        value = self.values.get(key)
        return value if isinstance(value, date) else None


class Unclear(Exception):
    """The cell cannot be read; `words` says why. note: it is left out, and the rest of the row holds."""

    def __init__(self, words: Phrase, *, note: bool = False) -> None:
        super().__init__(str(words))
        self.words = words
        self.note = note


def plain_cell(text: str) -> str:
    """A cell as it is meant: half-width, composed, one space between words, without the apostrophe that marks a text in spreadsheets."""
    words = name_words(unicodedata.normalize("NFKC", text))
    return words[1:].lstrip() if words[:1] in ("'", "\u2019") else words


def read_cells(cells: Mapping[str, str], *, today: date) -> Said:
    """What the cells of a row say, by field; every cell that cannot be read is told."""
    values: dict[str, str | date] = {}
    problems: list[Problem] = []
    for key, raw in cells.items():
        text = plain_cell(raw)
        if not text:
            continue
        try:
            values[key] = _read(key, text, today)
        except Unclear as unclear:
            problems.append(Problem(key, unclear.words, unclear.note))
    family, given = values.pop("family_name", ""), values.pop("given_name", "")
    if "full_name" not in values and (family or given):
        values["full_name"] = f"{family} {given}".strip() if not CJK.search(f"{family}{given}") else f"{family}{given}"
    problems += _whole(values, {problem.key for problem in problems})
    return Said(values, tuple(problems))


def _read(key: str, text: str, today: date) -> str | date:
    if BROKEN.fullmatch(text):
        raise Unclear(phrase("The formula in this cell has no value: %(text)s.", text=text))
    return READERS[key](text) if key in READERS else _date(text, key, today)


def _whole(values: Mapping[str, str | date], bad: set[str]) -> list[Problem]:
    """What is wrong with a row as a whole."""
    wrong = []
    if "full_name" not in values and not bad & {"full_name", "family_name", "given_name"}:
        wrong.append(Problem("full_name", phrase("The name is missing.")))
    if not ({"staff_code", "phone"} & set(values)) and not bad & {"staff_code", "phone"}:
        wrong.append(Problem("staff_code", phrase("Give a staff code or a phone number: the person signs in with one of them.")))
    begins, ends = values.get("from_on"), values.get("until_on")
    if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
        wrong.append(Problem("until_on", phrase("The last day is before the first.")))
    return wrong


def read_name(text: str) -> str:
    """A name; one all in capitals gets small letters, as its owner writes it."""
    if len(text) > NAME_MAX:
        raise Unclear(phrase("A person needs a name of at most 200 characters."))
    if not any(letter.isalpha() for letter in text):
        raise Unclear(phrase("This is no name: %(text)s.", text=text[:40]))
    return " ".join(word.capitalize() for word in text.split()) if text.isupper() and not CJK.search(text) else text


def read_code(text: str) -> str:
    """A staff code; zeros in front stay."""
    code = staff_code_of(text)
    if code is None:
        raise Unclear(phrase("A staff code has letters, digits and . / - _ (at most 40)."))
    return code


def read_phone(text: str) -> str:
    """A phone number; a Vietnamese mobile number whose zero a spreadsheet took for a number's gets it back."""
    phone = normal_phone(text) or (f"0{text}" if MOBILE_WITHOUT_ZERO.fullmatch(text) else None)
    if phone is None:
        raise Unclear(phrase("That is not a phone number. Vietnam: 0912 345 678; elsewhere with + and the country: +86 138 1234 5678."))
    return phone


def read_email(text: str) -> str:
    """An e-mail address in small letters."""
    name, at, host = text.partition("@")
    if not (name and at and "." in host) or " " in text or len(text) > EMAIL_MAX:
        raise Unclear(phrase("That is not an e-mail address."))
    return text.lower()


def read_national_id(text: str) -> str:
    """A national id: 9 or 12 digits (Vietnam), 18 places with a right check digit (China, GB 11643).

    A Vietnamese number of 12 digits begins with the number of a province, 001 to 096: one of 10 or 11 has lost zeros in a spreadsheet.
    """
    if LOST_DIGITS.fullmatch(text):
        raise Unclear(phrase("The spreadsheet has lost digits of this number. Give the column the format Text and type it again."))
    plain = re.sub(r"[\s.\-]", "", text).upper()
    if plain.isdecimal() and len(plain) in (10, 11):
        plain = plain.zfill(12)
    if not looks_like_national_id(plain):
        raise Unclear(phrase("A national id has 9 or 12 digits (Vietnam) or 18 places (China)."))
    if len(plain) == CHINESE_ID and CHECK_DIGITS[sum(w * int(d) for w, d in zip(CHECK_WEIGHTS, plain, strict=False)) % 11] != plain[-1]:
        raise Unclear(phrase("The last place of this national id does not fit the others: a digit is wrong, or the spreadsheet has rounded it."))
    return plain


def read_lang(text: str) -> str:
    """A language of the site."""
    lang = LANGS.get(fold(text))
    if lang is None:
        raise Unclear(phrase("There is no language %(lang)s here.", lang=text[:40]))
    return lang


def read_date(text: str, *, today: date) -> date:
    """A day as people write it: 15/3/1990, 15-03-90, 15.3.1990, 1990-03-15, 19900315, 1990年3月15日, ngày 15 tháng 3 năm 1990, or a spreadsheet's count.

    The day stands before the month. Two digits of a year are of this century up to this year, else of the last. Raises Unclear.
    """
    plain = AROUND_SIGNS.sub(r"\1", fold(text))
    for form, order in ((YEAR_FIRST, (0, 1, 2)), (DAY_FIRST, (2, 1, 0)), (COMPACT, (0, 1, 2))):
        match = form.fullmatch(plain)
        if match:
            year, month, day = (int(match.groups()[place]) for place in order)
            return _day(text, _full_year(year, today), month, day)
    if plain.isdecimal() and int(plain) in SERIALS and not YEAR.fullmatch(plain):
        return DAY_ZERO + timedelta(days=int(plain))
    raise Unclear(phrase("%(text)s is no date. Write day/month/year, like 15/3/1990.", text=text[:40]))


def _full_year(year: int, today: date) -> int:
    if year >= 100:  # noqa: PLR2004
        return year
    return year + (2000 if year <= today.year % 100 else 1900)


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        made = date(year, month, day)
    except ValueError:
        raise Unclear(phrase("%(text)s is no date. Write day/month/year, like 15/3/1990.", text=text[:40])) from None
    if made < EARLIEST:
        raise Unclear(phrase("%(text)s is too long ago.", text=text[:40]))
    return made


def _date(text: str, key: str, today: date) -> date:
    if key == "birth_on":
        if YEAR.fullmatch(text):
            raise Unclear(phrase("Only a year of birth stands here; the day of birth stays open."), note=True)
        born = read_date(text, today=today)
        if born > today:
            raise Unclear(phrase("%(text)s has not come yet.", text=text[:40]))
        return born
    return read_date(text, today=today)


def _at_most(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > limit:
            raise Unclear(phrase("This text is too long: at most %(limit)s characters.", limit=limit))
        return text

    return read


READERS: Mapping[str, Callable[[str], str]] = {
    "full_name": read_name,
    "family_name": read_name,
    "given_name": read_name,
    "staff_code": read_code,
    "phone": read_phone,
    "email": read_email,
    "national_id": read_national_id,
    "lang": read_lang,
    "unit": _at_most(UNIT_MAX),
    "unit_code": _at_most(UNIT_MAX),
    "position": _at_most(POSITION_MAX),
}
