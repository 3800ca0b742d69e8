"""Staff codes, phone numbers and national ids as people type them, brought to one form."""

import hashlib
import hmac
import re
import unicodedata

CODE = re.compile(r"[\w][\w./-]*")
BETWEEN_DIGITS = re.compile(r"[\s.()\-\u2010-\u2015]+")
CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
PHONE = re.compile(r"0\d{8,10}|\+[1-9]\d{7,14}", re.ASCII)
NATIONAL_ID = re.compile(r"\d{9}|\d{12}|\d{17}[\dX]", re.ASCII)
CODE_MAX = 40


def normal_code(text: str) -> str:
    """What was typed, half-width, in capitals, without spaces around: one form for storing and for looking up. Zeros in front stay."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def staff_code_of(text: str) -> str | None:
    """A staff code in its normal form; none where the text is no code (letters, digits and . / - _, up to 40)."""
    code = normal_code(text)
    return code if len(code) <= CODE_MAX and CODE.fullmatch(code) else None


def normal_phone(text: str) -> str | None:
    """A phone number in one form; none where the text is no phone number.

    Vietnamese numbers begin with 0 (+84, 84 and 0084 become 0); others keep their country: +86 for a Chinese mobile
    (eleven digits from 13 to 19, with or without 86). Spaces, dots, hyphens, brackets and full-width digits are fine.
    """
    digits = BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    for prefix, long_enough in (("+84", 11), ("84", 11)):
        if digits.startswith(prefix) and len(digits) >= long_enough:
            digits = "0" + digits.removeprefix(prefix).removeprefix("0")
    if CHINESE_MOBILE.fullmatch(digits):
        digits = "+86" + digits
    elif CHINESE_MOBILE.fullmatch(digits.removeprefix("86")):
        digits = "+" + digits
    return digits if PHONE.fullmatch(digits) else None


def looks_like_national_id(text: str) -> bool:
    """Whether a text has the form of a national id: 9 or 12 digits (Vietnam), 18 places (China)."""
    return NATIONAL_ID.fullmatch(_plain_id(text)) is not None


def national_id_digest(text: str, key: str) -> tuple[str, str]:
    """The keyed digest of a national id and its last four places: all that is kept of it."""
    plain = _plain_id(text)
    return hmac.new(key.encode(), b"national-id:" + plain.encode(), hashlib.sha256).hexdigest(), plain[-4:]


def _plain_id(text: str) -> str:
    return BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text)).upper()
