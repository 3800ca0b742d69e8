"""When two texts are the same answer: width, composition and blanks never matter, accents and case only where the item says so."""

import re
import unicodedata

TONES = "\u0300\u0301\u0303\u0309\u0323"
END = r"(?![\w\u0300-\u036f])"
LATER_TONE = re.compile(rf"([oO])([aAeE])([{TONES}]){END}|(?<![qQ])([uU])([yY])([{TONES}]){END}")
BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff\uf900-\ufaff]) (?=[\u3400-\u9fff\uf900-\ufaff])")


def fold(text: str, *, keep_accents: bool = False, keep_case: bool = False) -> str:
    """A text as it is compared.

    Always: full-width signs as half-width ones (NFKC), invisible signs left out, blanks run together and left out between Chinese
    characters, and the Vietnamese tone on the one vowel or the other (hoà, hòa). Accents go, đ too, unless they are kept; so does case.
    """
    text = unicodedata.normalize("NFKC", text)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = BETWEEN_HAN.sub("", " ".join(text.split()))
    text = text if keep_case else text.casefold()
    parts = unicodedata.normalize("NFD", text)
    if keep_accents:
        return unicodedata.normalize("NFC", _one_tone_place(parts))
    bare = "".join(sign for sign in parts if unicodedata.category(sign) != "Mn")
    return unicodedata.normalize("NFC", bare.replace("đ", "d").replace("Đ", "D"))


def _one_tone_place(parts: str) -> str:
    """The tone of oa, oe, uy on the first vowel, where the syllable ends with them (hoà -> hòa); the two ways of writing are one word."""
    return LATER_TONE.sub(lambda found: "".join(found[n] or "" for n in (1, 3, 2, 4, 6, 5)), parts)
