"""Gaps in the text of an item, as lists of what they accept."""

from collections.abc import Callable

from lms.content.interchange.model import BankItem
from lms.content.items.gaps import GAP, NUMBER, PARTED
from lms.content.markup.html_check import CODE


def with_gaps(text: str, written: Callable[[list[str]], str]) -> str:
    """The text with every gap written otherwise; signs inside code are left alone."""
    return "\n".join(_line(line, written) for line in text.split("\n"))


def _line(line: str, written: Callable[[list[str]], str]) -> str:
    bare = CODE.sub(lambda code: " " * len(code[0]), line) if "`" in line else line
    for match in reversed(list(GAP.finditer(bare))):
        inner = line[match.start("inner") : match.end("inner")]
        accepted = [" ".join(part.replace("\\|", "|").split()) for part in PARTED.split(NUMBER.sub("", inner, count=1)) if part.strip()]
        line = line[: match.start()] + written(accepted) + line[match.end() :]
    return line


def gaps_of(item: BankItem) -> list[list[str]]:
    """What each gap of an item accepts, in the order of the text."""
    found: list[list[str]] = []
    for line in item.whole.split("\n"):
        mine: list[list[str]] = []
        _line(line, lambda accepted, mine=mine: mine.append(accepted) or "")  # type: ignore[misc]
        found += reversed(mine)
    return found


def blanked(item: BankItem, sign: str = "…") -> str:
    """The header with a sign in place of each gap."""
    return with_gaps(item.text, lambda _: sign) if item.kind == "gaps" else item.text
