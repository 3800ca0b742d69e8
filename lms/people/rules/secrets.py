"""What a PIN or password that somebody chooses must be (NIST SP 800-63B: length, and no well-known ones; nothing else)."""

import itertools

from lms.people.rules.names import fold
from lms.platform.rules import Phrase, phrase

PIN_DIGITS = 6
PASSWORD_MIN = 10
PASSWORD_MAX = 200
BANNED = frozenset(
    """
    1234567890 0123456789 0987654321 12345678910 qwertyuiop qwerty1234 qwerty12345 password12 password123 password1234 passw0rd123
    matkhau123 matkhau1234 matkhau12345 matkhau123456 iloveyou123 administrator admin12345 admin123456 abcdefghij abcd123456 abc1234567
    1q2w3e4r5t 1qaz2wsx3edc 1111111111 0000000000 anhyeuem123 anhyeuem1234 antoanlaodong antoanvesinhlaodong woaini1314 5201314520
    a123456789 aa123456789
    """.split()  # noqa: SIM905  (a list of one word a line would fill the screen)
)


def refuse_pin(pin: str) -> Phrase | None:
    """Why a person may not choose this PIN, if so: six digits, not all alike, no run, no repetition of two or three."""
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        return phrase("A PIN has six digits.")
    steps = {int(after) - int(before) for before, after in itertools.pairwise(pin)}
    if steps in ({0}, {1}, {-1}) or pin == pin[:2] * 3 or pin == pin[:3] * 2:
        return phrase("That PIN is too easy to guess. Choose one without a pattern.")
    return None


def refuse_password(password: str, *, own: tuple[str, ...] = ()) -> Phrase | None:
    """Why a person may not choose this password, if so: at least ten characters, not well known, not the own name, code or phone.

    own: the person's name, staff code and phone number.
    """
    if len(password) < PASSWORD_MIN:
        return phrase("A password has at least %(n)s characters.", n=PASSWORD_MIN)
    if len(password) > PASSWORD_MAX:
        return phrase("A password has at most %(n)s characters.", n=PASSWORD_MAX)
    plain = fold(password).replace(" ", "")
    if plain in BANNED or len(set(plain)) < 4 or plain in {fold(word).replace(" ", "") for word in own}:  # noqa: PLR2004
        return phrase("That password is too easy to guess. Use several words that only you would put together.")
    return None
