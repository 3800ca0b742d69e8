"""What the working tree would change on the site: by lesson and item, in words that were taken away and words that are new."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, islice
from typing import Literal

from lms.content.catalogue import Catalogue, Item, Lesson
from lms.content.differing.plain_text import item_lines, lesson_lines, question_lines

WORD = re.compile(r"\s+|[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")
AROUND = 1
MOST_WORDS = 3000
Mark = Literal["same", "gone", "new"]
Line = tuple[tuple[Mark, str], ...]
"""A line as runs of text; a single empty run parted off as `("same", "…")` stands for lines left out."""
LEFT_OUT: Line = (("same", "…"),)


@dataclass(frozen=True, slots=True)
class Difference:
    """One lesson or item that differs. package: 'courses/x'; name: slug or id; title: in the language compared; kind: what happened to it."""

    package: str
    name: str
    title: str
    kind: Literal["added", "removed", "changed"]
    lines: tuple[Line, ...]


def differences(
    before: Catalogue,
    was: Iterable[Item],
    after: Catalogue,
    now: Iterable[Item],
    lang: str,
    broken: frozenset[str],
    *,
    keys: bool = True,
    most: int | None = None,
) -> list[Difference]:
    """Lessons and items that read differently in a language, by package. was, now: the items of both sides.

    broken: packages that could be read in part only: what they lack is not said to be removed. keys: whether the items are compared with their
    keys; without, what changes a key alone is no difference. most: where to stop, lessons before items.
    """
    lines = item_lines if keys else question_lines
    lessons = _pairs(_lessons(before), _lessons(after), lang, broken, lesson_lines, lambda lesson: lesson.title.get(lang, lesson.slug))
    items = _pairs(_items(was), _items(now), lang, broken, lines, lambda item: " ".join(lines(item, lang)[1:2])[:120])
    return sorted(islice(chain(lessons, items), most), key=lambda one: (one.package, one.name))


def _lessons(catalogue: Catalogue) -> dict[tuple[str, str], Lesson]:
    return {(f"courses/{course.slug}", lesson.slug): lesson for course in catalogue.courses.values() for lesson in course.lessons}


def _items(items: Iterable[Item]) -> dict[tuple[str, str], Item]:
    return {("/".join(item.place.split("/")[:2]), item.id): item for item in items}


def _pairs(old: Mapping, new: Mapping, lang: str, broken: frozenset[str], lines_of, title_of) -> Iterator[Difference]:  # type: ignore[no-untyped-def,type-arg]  # noqa: ANN001
    for package, name in sorted({*old, *new}):
        before, after = old.get((package, name)), new.get((package, name))
        if (before and after and before.digest == after.digest) or (after is None and package in broken):
            continue
        was, now = (lines_of(one, lang) if one else [] for one in (before, after))
        if was != now:
            kind: Literal["added", "removed", "changed"] = "added" if not was else "removed" if not now else "changed"
            yield Difference(package, name, title_of(after or before), kind, tuple(compare(was, now)))


def compare(was: Sequence[str], now: Sequence[str]) -> list[Line]:
    """Both texts as one: unchanged lines only near a change, changed lines with the words that differ."""
    made: list[Line] = []
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    for number, (kind, i, k, m, n) in enumerate(blocks):
        if kind == "equal":
            made += _near(was[i:k], first=number == 0, last=number == len(blocks) - 1)
        elif kind == "replace" and k - i == n - m:
            made += [_words(one, other) for one, other in zip(was[i:k], now[m:n], strict=True)]
        else:
            made += [(("gone", line),) for line in was[i:k]] + [(("new", line),) for line in now[m:n]]
    return made


def _near(lines: Sequence[str], *, first: bool, last: bool) -> list[Line]:
    head, tail = 0 if first else AROUND, 0 if last else AROUND
    if len(lines) <= head + tail:
        return [(("same", line),) for line in lines]
    shown = [*lines[:head], *lines[len(lines) - tail :]]
    kept: list[Line] = [(("same", line),) for line in shown]
    return [*kept[:head], LEFT_OUT, *kept[head:]]


def _words(was: str, now: str) -> Line:
    one, other = WORD.findall(was), WORD.findall(now)
    if len(one) + len(other) > MOST_WORDS:
        return (("gone", was), ("new", now))
    runs: list[tuple[Mark, str]] = []
    for kind, i, k, m, n in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(("same", "".join(one[i:k])))
            continue
        runs += [("gone", "".join(one[i:k]))] if k > i else []
        runs += [("new", "".join(other[m:n]))] if n > m else []
    return tuple(runs)
