"""Aiken: a question, choices `A.` and `ANSWER: A`. Only single choice in plain text."""

import re
from dataclasses import replace

from lms.content.interchange.decoding import decode
from lms.content.interchange.escaping import escape, normal
from lms.content.interchange.model import Answer, Bank, BankItem
from lms.content.interchange.report import Losses
from lms.content.interchange.to_html import to_plain
from lms.errors import Unreadable
from lms.platform.rules import phrase

CHOICE = re.compile(r"\s*(?P<letter>[A-Z])(?:\.|\))\s+(?P<text>.*\S)\s*$")
ANSWER = re.compile(r"\s*ANSWER\s*[:：]\s*(?P<letter>[A-Za-z])\s*\.?\s*$")


def write_aiken(bank: Bank, losses: Losses) -> bytes:
    """The single-choice items of a bank; the others are left out by name."""
    blocks = []
    for item in bank.each():
        right = [number for number, answer in enumerate(item.answers) if answer.right]
        if item.kind != "single" or len(right) != 1:
            losses.add(item, phrase("Aiken knows only questions with one right choice, so the item is left out."))
            continue
        lines = [_line(item.whole, bank.lang), *(f"{chr(65 + n)}. {_line(a.text, bank.lang)}" for n, a in enumerate(item.answers))]
        blocks.append("\n".join([*lines, f"ANSWER: {chr(65 + right[0])}"]))
    return ("\n\n".join(blocks) + "\n").encode()


def _line(markdown: str, lang: str) -> str:
    """One line that is not taken for a choice or an answer."""
    line = " ".join(to_plain(markdown, lang).split())
    return f"– {line}" if CHOICE.match(line) or ANSWER.match(line) else line


def read_aiken(data: bytes, lang: str, losses: Losses, *, name: str = "Aiken") -> Bank:
    """The questions of a file. Raises Unreadable if there is none."""
    items: list[BankItem] = []
    asked: list[str] = []
    choices: list[str] = []
    for number, line in enumerate(normal(decode(data, name)).split("\n"), 1):
        choice, answer = CHOICE.match(line), ANSWER.match(line)
        if answer:
            item = _item(asked, choices, answer["letter"].upper())
            if item is None:
                losses.add(phrase("line %(n)s", n=number), phrase("Here stands an answer, but no whole question above it: %(text)s", text=" ".join(asked)[:80]))
            else:
                items.append(item)
            asked, choices = [], []
        elif choice and asked and choice["letter"] == chr(65 + len(choices)):
            choices.append(choice["text"])
        elif line.strip():
            if choices:
                losses.add(phrase("line %(n)s", n=number), phrase("This question has no line ANSWER and is left out: %(text)s", text=" ".join(asked)[:80]))
                asked, choices = [], []
            asked.append(line.strip())
    if not items:
        raise Unreadable("%(name)s holds no Aiken question: a text, lines `A.`, `B.` and a line `ANSWER: A`.", name=name)
    if asked:
        losses.add(phrase("end of the file"), phrase("This question has no line ANSWER and is left out: %(text)s", text=" ".join(asked)[:80]))
    return Bank(lang, tuple(items))


def _item(asked: list[str], choices: list[str], letter: str) -> BankItem | None:
    right = ord(letter) - 65
    if not asked or not 0 <= right < len(choices) or len(choices) < 2:  # noqa: PLR2004
        return None
    answers = tuple(Answer(escape(text, inline=True), n == right) for n, text in enumerate(choices))
    return replace(BankItem("", "single", escape("\n".join(asked[:1]), inline=True)), answers=answers, body=escape("\n".join(asked[1:])))
