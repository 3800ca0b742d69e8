"""Names of people: their order in lists, and how they are found.

Vietnamese names stand family, middle, given ("Nguyễn Văn An") and lists are in the order of the given name, then the
middle, then the family name. The order of letters is that of the Vietnamese alphabet; tones decide only between names
that are otherwise the same (ngang, huyền, hỏi, ngã, sắc, nặng). Chinese names stand family first and are ordered as they
stand, each character by its place in GB 2312, whose 3,755 common characters are in the order of pinyin; a character
outside them comes after, by radical or code (a surname read in a rare way, such as 单, stands under its usual reading).
"""

import re
import unicodedata

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
FIRST_LETTER = 20
FIRST_DIGIT = 10
END = "00"
UNSEEN = {"Cc", "Cf", "Cs"}
TONES = {"": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
SHAPES = frozenset("\u0306\u0302\u031b")
CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
SORT_KEY_MAX = 1000


def name_words(name: str) -> str:
    """A name in one form: composed letters, one space between words, nothing that cannot be seen (a NUL, a turn of the writing direction)."""
    words = " ".join(unicodedata.normalize("NFC", name).split())
    return " ".join("".join(letter for letter in words if unicodedata.category(letter) not in UNSEEN).split())


def sort_key(name: str) -> str:
    """What lists of people are ordered by: decimal digits only, so that every database compares it alike."""
    words = name_words(unicodedata.normalize("NFKC", name)).lower().split()
    if CJK.search(name):
        return "".join(_hanzi(letter) for letter in "".join(words))[:SORT_KEY_MAX]
    turned = [*words[-1:], *words[1:-1], *words[: 1 if len(words) > 1 else 0]]
    pairs = [[_letter(letter) for letter in word] for word in turned]
    primary = "".join("".join(code for code, _ in word) + END for word in pairs)
    tones = "".join("".join(str(tone) for _, tone in word) for word in pairs)
    return (primary + END + tones)[:SORT_KEY_MAX]


def fold(text: str) -> str:
    """A text without accents, case and width, đ as d: 'Nguyễn Đức' and 'nguyen duc' are the same to a search."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def search_text(name: str, staff_code: str | None, phone: str | None) -> str:
    """What a search looks through: the folded name, the staff code, and the phone number."""
    return " ".join(part for part in (fold(name), fold(staff_code or ""), phone or "") if part)


def _letter(letter: str) -> tuple[str, int]:
    """The two-digit code of a letter with its shape (ă, â, ơ), and its tone."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((TONES[part] for part in parts[1:] if part in TONES), 0)
    shaped = unicodedata.normalize("NFC", parts[0] + "".join(part for part in parts[1:] if part in SHAPES))
    place = LETTERS.find(shaped)
    if place < 0:
        place = LETTERS.find(parts[0])
    if place >= 0:
        return f"{FIRST_LETTER + place}", tone
    return (f"{FIRST_DIGIT + int(letter)}" if letter.isdecimal() else "01"), tone


def _hanzi(letter: str) -> str:
    try:
        code = letter.encode("gb2312")
    except UnicodeEncodeError:
        return f"997{ord(letter):07}"
    return f"99{int.from_bytes(code, 'big'):05}" if len(code) > 1 else _letter(letter)[0]
