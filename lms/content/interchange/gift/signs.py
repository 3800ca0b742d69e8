"""The signs of GIFT: what is escaped, and texts read as they were meant."""

import re

SIGNS = "\\~=#{}:"
HIDDEN = {sign: chr(0xE000 + number) for number, sign in enumerate(SIGNS)}
SHOWN = {hidden: sign for sign, hidden in HIDDEN.items()} | {"\ue00f": "\n"}
FORMAT = re.compile(r"\s*\[(?P<format>html|moodle|plain|markdown)\]")


def escaped(text: str) -> str:
    """A text in a GIFT file: on one line, with every sign marked."""
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", "\\n")


def hidden(text: str) -> str:
    """Marked signs as private characters, so that the others can be looked for."""
    text = re.sub("[\ue000-\ue00f]", "", text)
    return re.sub(r"\\([\\~=#{}:n])", lambda m: "\ue00f" if m[1] == "n" else HIDDEN[m[1]], text)


def shown(text: str) -> str:
    """The signs again."""
    return "".join(SHOWN.get(sign, sign) for sign in text)
