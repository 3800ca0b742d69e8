"""Two states of the content beside each other: what an item, a course, a package would be that it is not now. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from lms.content.catalogue import Change, Course, Item
from lms.content.impact.letters import is_key_flipped
from lms.platform.rules import Phrase

Aspect = Literal["key", "wording", "points", "critical", "void", "accept", "partial", "practical", "other"]
SCORED: frozenset[Aspect] = frozenset({"key", "points", "critical", "void", "accept", "partial", "practical"})
"""What decides what a stored answer brings."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """An item as it stands in a state of the content, without its words. package: 'quizzes/x' or 'courses/x'."""

    id: str
    digest: str
    package: str


@dataclass(frozen=True)
class Side:
    """A state of the content: packages by name ('courses/x'), items by id."""

    packages: Mapping[str, object]
    stamps: Mapping[str, Stamp]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item with another revision. what: in which respects; 'other' is what nobody sees while sitting (explanations, sources, tags)."""

    package: str
    old: Item
    new: Item
    what: tuple[Aspect, ...]

    @property
    def is_scored(self) -> bool:
        """Whether stored answers would bring something else."""
        return not SCORED.isdisjoint(self.what)


@dataclass(frozen=True, slots=True)
class CourseChange:
    """A course that changes: slugs of lessons, and the entries of kind retrain that were not in force before."""

    slug: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    retrain: tuple[Change, ...]


@dataclass(frozen=True)
class Comparison:
    """All differences. added, updated, removed: packages; held: those that stay as they are, and why."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    held: Mapping[str, Phrase]
    items_added: tuple[Stamp, ...]
    items_removed: tuple[Stamp, ...]
    items: tuple[ItemChange, ...]
    courses: tuple[CourseChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change and nothing is held back."""
        return not (self.added or self.updated or self.removed or self.held or self.items_added or self.items_removed or self.items)

    def count(self, aspect: Aspect) -> int:
        """How many items change in a respect."""
        return sum(aspect in change.what for change in self.items)


def compare(before: Side, after: Side, held: Mapping[str, Phrase], items: Callable[[Collection[str]], Mapping[str, Item]]) -> Comparison:
    """What differs. held: packages that stay as they are in `before`, or absent; items: the revisions of digests, asked once."""
    stays = {name: made for name, made in before.packages.items() if name in held}
    packages = dict(after.packages) | stays
    stamps = dict(after.stamps) | {id_: stamp for id_, stamp in before.stamps.items() if stamp.package in stays}
    both = sorted(id_ for id_ in set(before.stamps) & set(stamps) if before.stamps[id_].digest != stamps[id_].digest)
    found = items([side[id_].digest for side in (before.stamps, stamps) for id_ in both])
    return Comparison(
        added=tuple(sorted(set(packages) - set(before.packages))),
        updated=tuple(sorted(name for name in set(packages) & set(before.packages) if _digest(packages[name]) != _digest(before.packages[name]))),
        removed=tuple(sorted(set(before.packages) - set(packages))),
        held=dict(sorted(held.items())),
        items_added=_only(stamps, before.stamps),
        items_removed=_only(before.stamps, stamps),
        items=tuple(change_of(stamps[id_].package, found[before.stamps[id_].digest], found[stamps[id_].digest]) for id_ in both),
        courses=tuple(_courses(before.packages, packages)),
    )


def change_of(package: str, old: Item, new: Item) -> ItemChange:
    """In which respects two revisions of an item differ."""
    differs: dict[Aspect, bool] = {
        "key": old.key_digest != new.key_digest and is_key_flipped(old, new),
        "wording": old.presentation_digest != new.presentation_digest,
        "points": old.points != new.points,
        "critical": old.critical != new.critical,
        "void": old.void != new.void,
        "accept": old.accept != new.accept,
        "partial": old.partial != new.partial,
        "practical": old.practical != new.practical,
    }
    what = tuple(aspect for aspect, is_other in differs.items() if is_other)
    return ItemChange(package, old, new, what or ("other",))


def _digest(made: object) -> object:
    return getattr(made, "digest", None)


def _only(mine: Mapping[str, Stamp], other: Mapping[str, Stamp]) -> tuple[Stamp, ...]:
    return tuple(mine[id_] for id_ in sorted(set(mine) - set(other)))


def _courses(before: Mapping[str, object], after: Mapping[str, object]) -> Iterable[CourseChange]:
    for name in sorted(set(before) & set(after)):
        old, new = before[name], after[name]
        if isinstance(old, Course) and isinstance(new, Course) and old.digest != new.digest:
            yield course_change(old, new)


def course_change(old: Course, new: Course) -> CourseChange:
    """What differs between two states of a course."""
    was, will = ({lesson.slug: lesson.digest for lesson in course.lessons} for course in (old, new))
    retrain = tuple(change for change in new.changes if change.kind == "retrain" and change.version > old.version)
    changed = tuple(slug for slug in will if slug in was and was[slug] != will[slug])
    return CourseChange(new.slug, tuple(s for s in will if s not in was), tuple(s for s in was if s not in will), changed, retrain)
