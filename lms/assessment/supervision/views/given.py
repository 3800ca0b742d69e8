"""A stored answer in the words of its item, for a supervisor: nothing tells whether it is right."""

from collections.abc import Sequence

from markupsafe import Markup

from lms.assessment.rules.answers.parts import gaps_of, pairs_of
from lms.assessment.service.papers import Placed
from lms.content.catalogue import Choice
from lms.platform.i18n import pick


def given_words(placed: Placed, answer: str) -> list[str]:
    """The answer as lines of plain text; none where there is none."""
    item = placed.item
    if not answer:
        return []
    if item.kind in ("single", "multiple", "hotspot"):
        return [f"{letter.upper()} · {_text(item.choices, letter)}" for letter in placed.letters if letter in answer]
    if item.kind == "ordering":
        return [f"{n}. {_text(item.choices, letter)}" for n, letter in enumerate(answer, 1)]
    if item.kind == "matching":
        return [f"{_text(item.choices, left)} → {_text(item.targets, right)}" for left, right in pairs_of(answer).items()]
    if item.kind == "gaps":
        return [f"{n}. {text}" for n, text in enumerate(gaps_of(answer), 1)]
    return [answer]


def _text(choices: Sequence[Choice], letter: str) -> str:
    html = next((pick(choice.html) for choice in choices if choice.letter == letter), "")
    return Markup(html).striptags()  # noqa: S704  (it is escaped again where it is shown)
