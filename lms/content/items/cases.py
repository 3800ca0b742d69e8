"""Cases: a text or picture with several items, checked where they are written and put together where they are drawn."""

from collections.abc import Iterable, Mapping, Sequence

from lms.content.catalogue import Item
from lms.content.items.drafts import CaseDraft, Part
from lms.content.items.making import check_id
from lms.content.source.problems import Findings
from lms.platform.rules import phrase

FLAGS = frozenset({"case"})


def check_cases(parts: Iterable[Part], found: Findings) -> None:
    """The cases of a text in its source language have a text, an id, and two items at least."""
    for case in parts:
        if not isinstance(case, CaseDraft):
            continue
        check_id(case, found)
        if not case.text.strip():
            found.error(case.place, "item-no-text", phrase("The case has no title: its header has no text."))
        if len(case.items) < 2:  # noqa: PLR2004
            message = phrase("A case has at least two items; this one has %(n)s.", n=len(case.items))
            found.error(case.place, "case-items", message, phrase("Write its items below it with `### Question {#id}`, or make one item of it."))
        known = phrase("A case has an id and the mark .case; the rest belongs to its items.")
        unknown = [("." + flag, place) for flag, place in case.flags.items() if flag not in FLAGS]
        for key, place in [*unknown, *((key, place) for key, (_, place) in case.attributes.items())]:
            found.error(place, "key-unknown", phrase("The key %(key)s is not known here.", key=key), known)


def entries_of(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """What can be drawn of items: each by itself, those of a case together; void ones are left out."""
    entries: dict[str, list[Item]] = {}
    for item in items:
        if not item.void:
            entries.setdefault(f"case {item.case.id}" if item.case else item.id, []).append(item)
    return [tuple(entry) for entry in entries.values()]


def fits(entry: Sequence[Item], tags: set[str], difficulty: int | None) -> bool:
    """Whether a line of a draw takes an entry: a case has the tags and topics of all its items, and the difficulty of its hardest one."""
    has = {tag for item in entry for tag in (*item.tags, item.topic)}
    return tags <= has and difficulty in (None, max(item.difficulty for item in entry))


def cases_of(entries: Iterable[Sequence[Item]]) -> Mapping[str, tuple[str, ...]]:
    """All items of each case by the digest of its first one."""
    return {entry[0].digest: tuple(item.digest for item in entry) for entry in entries if entry[0].case}
