"""What every kind of item says of itself, and what several kinds share."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.content.catalogue import Choice
from lms.content.items.drafts import ChoiceDraft, ItemDraft, LineDraft, RowDraft
from lms.content.items.folding import folded
from lms.content.items.written import ByLang, Texts
from lms.content.source.plain import digest_text
from lms.content.source.problems import Findings
from lms.platform.rules import phrase

MAX_CHOICES = 10


@dataclass
class Made:
    """The fields of an Item that its kind decides. right: what the key digest rests on; shown: by language, what the presentation digest rests on.

    asked: by language, the lines of the question where they must not give the key away; more: what else makes another revision.
    """

    fields: dict[str, Any]
    right: list[object]
    shown: Mapping[str, list[object]]
    asked: Mapping[str, list[str]] = field(default_factory=dict)
    more: list[object] = field(default_factory=list)


@dataclass(frozen=True)
class Form:
    """A kind of item: what is checked in the source, what a translation must have alike, and how an item is made of all languages."""

    check: Callable[[ItemDraft, Findings], None]
    alike: Callable[[ItemDraft], Sequence[object]]
    make: Callable[[ByLang, str, Texts], Made]


def text_of(choice: ChoiceDraft) -> str:
    """The normalised text of a choice."""
    return digest_text([" ".join(choice.text)])


def choice_of(letter: str, number: int, written: ByLang, source_lang: str, texts: Texts, **more: Any) -> Choice:
    """The choice of that number in all languages."""
    drafts = {lang: one.draft.choices[number] for lang, one in written.items()}
    return Choice(
        letter=letter,
        html={lang: texts.html(written[lang].text, draft.text, inline=True) for lang, draft in drafts.items()},
        feedback={lang: made for lang, draft in drafts.items() if (made := texts.html(written[lang].text, draft.feedback))},
        correct=drafts[source_lang].right,
        fixed=drafts[source_lang].fixed,
        name=drafts[source_lang].name,
        **more,
    )


def letter(number: int) -> str:
    """a, b, c ..."""
    return chr(ord("a") + number)


def hidden_letters(item_id: str, texts: Sequence[str]) -> list[str]:
    """A letter for each text, in an order that tells nothing of their places: by the digest of the text with the item's id."""
    digests = [hashlib.sha256(f"{item_id}\0{text}".encode()).digest() for text in texts]
    ranks = {digest: rank for rank, digest in enumerate(sorted(digests))}
    return [letter(ranks[digest]) for digest in digests]


def ranks_of(names: Sequence[str]) -> list[int]:
    """The places that texts have in the alphabet among themselves: a typo fix seldom changes them, an exchange of two always does."""
    order = sorted(names, key=lambda name: (folded(name), name))
    return [order.index(name) for name in names]


def check_count(item: ItemDraft, lines: Sequence[ChoiceDraft | RowDraft | LineDraft], found: Findings, most: int = MAX_CHOICES) -> None:
    """Two at least, and not more than anybody can look over."""
    if len(lines) < 2:  # noqa: PLR2004
        hint = HINTS.get(item.kind)
        found.error(item.place, "item-few-choices", phrase("An item needs at least two choices; this one has %(n)s.", n=len(lines)), hint)
    if len(lines) > most:
        found.error(lines[most].place, "item-many-choices", phrase("An item has at most %(n)s choices.", n=most))


HINTS = {
    "ordering": phrase("Below `.order` stands a numbered list in the right order: `1. first`, `2. then`."),
    "matching": phrase("Below `.match` stands a table of two columns: `| left | right |`."),
    "hotspot": phrase("Below `.hotspot` stand the regions: `- [x] Cable (10,20 30x15)`."),
}


def check_texts(choices: Sequence[ChoiceDraft], found: Findings) -> None:
    """Choices have texts, and each its own; so do their names."""
    seen: dict[str, int] = {}
    names: dict[str, int] = {}
    for choice in choices:
        text = text_of(choice)
        if not text:
            found.error(choice.place, "item-empty-choice", phrase("The choice has no text."))
        elif text in seen:
            found.error(choice.place, "item-same-choice", phrase("The same choice stands in line %(line)s.", line=seen[text]))
        if choice.name and choice.name in names:
            message = phrase("The choice in line %(line)s has the same name, %(name)s.", line=names[choice.name], name=choice.name)
            found.error(choice.place, "choice-name", message, phrase("A name stands once in an item."))
        seen.setdefault(text, choice.place.line)
        names.setdefault(choice.name, choice.place.line)
