"""Which choices are right, from how they look: only where some are marked and others are not, and where the marks agree."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lms.content.interchange.word.rich import MOSTLY, Look, Rich
from lms.content.interchange.word.signs import RIGHT, STARS, WRONG
from lms.platform.rules import Phrase, phrase


@dataclass
class Choice:
    """A choice as read: its text, how its label looks, and a star or tick found before it."""

    letter: str
    rich: Rich
    label: Rich
    starred: bool = False
    ticked: bool = False


LOOKS: tuple[tuple[Phrase, Callable[[Look], bool], bool], ...] = (
    (phrase("highlighted"), lambda look: bool(look.highlight), True),
    (phrase("coloured"), lambda look: bool(look.colour), True),
    (phrase("underlined"), lambda look: look.underline, True),
    (phrase("bold"), lambda look: look.bold, False),
    (phrase("slanted"), lambda look: look.italic, False),
)


def take_signs(choice: Choice) -> None:
    """Take stars and ticks off a choice and remember them."""
    for pattern, sign in ((RIGHT, "ticked"), (WRONG, ""), (STARS, "starred")):
        while True:
            plain = choice.rich.plain
            match = next((m for m in pattern.finditer(plain) if m.end() > m.start() and (m.start() == 0 or m.end() == len(plain))), None)
            if match is None or not (plain[: match.start()] + plain[match.end() :]).strip():
                break
            if sign:
                setattr(choice, sign, True)
            choice.rich = choice.rich.without(match.start(), match.end())


def decide(choices: Sequence[Choice]) -> tuple[frozenset[int], list[Phrase]]:
    """The numbers of the choices that are marked, and what a person should look at."""
    everyone = frozenset(range(len(choices)))
    signs = [(phrase("marked by a sign"), frozenset(n for n in everyone if choices[n].starred or choices[n].ticked), True)]
    found = [(name, marked, strong) for name, marked, strong in (*signs, *_looks(choices)) if marked and marked != everyone]
    strong = [one for one in found if one[2]] or found
    if not strong:
        return frozenset(), []
    if len({marked for _, marked, _ in strong}) > 1:
        told = [phrase("%(how)s: %(letters)s", how=name, letters=_letters(choices, marked)) for name, marked, _ in strong]
        return frozenset(), [phrase("The marks do not agree, so none is taken: %(marks)s", marks=told)]
    right = strong[0][1]
    other = [phrase("%(how)s: %(letters)s", how=name, letters=_letters(choices, marked)) for name, marked, _ in found if marked != right]
    return right, [
        phrase("Taken as right: %(letters)s; other marks say something else: %(marks)s", letters=_letters(choices, right), marks=other)
    ] if other else []


def _letters(choices: Sequence[Choice], numbers: frozenset[int]) -> str:
    return ", ".join(choices[n].letter for n in sorted(numbers))


def _looks(choices: Sequence[Choice]) -> Iterator[tuple[Phrase, frozenset[int], bool]]:
    """For each look: the choices whose text has it, or (where no text has) whose label has it."""
    everyone = frozenset(range(len(choices)))
    for name, has, strong in LOOKS:
        texts = frozenset(n for n in everyone if choices[n].rich.share(has) >= MOSTLY)
        labels = frozenset(n for n in everyone if choices[n].label.text.strip() and choices[n].label.share(has) >= MOSTLY)
        marked = texts if texts and texts != everyone else labels
        yield name, marked, strong
