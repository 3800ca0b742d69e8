"""What publishing would do, in sentences: the same ones for people at a terminal and for a comment in a pull request."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms.content.impact.comparing import Aspect, Comparison, CourseChange, ItemChange
from lms.content.impact.rooms import Flips, Learners, Open, Resting
from lms.content.service.impact import Impact
from lms.platform.rules import Phrase, phrase

SHOWN = 50
"""Most lines of a section; what is beyond is counted."""
ASPECTS: Mapping[Aspect, Phrase] = {
    "key": phrase("what is right"),
    "wording": phrase("wording"),
    "points": phrase("points"),
    "critical": phrase("critical or not"),
    "void": phrase("void or not"),
    "accept": phrase("any answer right or not"),
    "partial": phrase("a part for a part or not"),
    "practical": phrase("written or done before an assessor"),
    "other": phrase("explanation, source or tags"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    title: Phrase
    lines: tuple[Phrase, ...]


def sections_of(impact: Impact) -> Iterator[Section]:
    """The report, section by section; an empty section is left out."""
    made = impact.comparison
    yield from _section(phrase("Packages"), _packages(made))
    yield from _section(phrase("Held back"), (phrase("%(name)s: %(why)s", name=name, why=why) for name, why in made.held.items()))
    yield from _section(phrase("Items"), _items(made))
    yield from _section(phrase("Courses"), (line for course in made.courses for line in _course(course)))
    yield from _section(phrase("Sittings in progress that hold a changed item"), map(_open, impact.sittings.open))
    yield from _section(phrase("Outcomes by the new keys"), map(_flips, impact.sittings.flips))
    yield from _section(phrase("Certificates that rest on tests that would fail"), map(resting_words, impact.resting))
    yield from _section(phrase("People to be sent back to learn"), map(_learners, impact.learners))


def first_of(impact: Impact) -> tuple[Phrase, ...]:
    """What was compared with what, and what was not asked."""
    rooms = () if impact.rooms_asked else (phrase("There is no database here: sittings, certificates and learners were not looked at."),)
    against = phrase("The state %(rev)s of the sources, compared with %(against)s.", rev=impact.rev, against=against_of(impact))
    return (against, *rooms, *(() if not impact.comparison.is_empty else (phrase("Nothing would change."),)))


def against_of(impact: Impact) -> Phrase:
    """What it was compared with."""
    if not impact.rooms_asked:
        return phrase("the state %(rev)s", rev=impact.against)
    return phrase("publication %(id)s", id=impact.against) if impact.against else phrase("an empty site")


def what_of(change: ItemChange) -> tuple[Phrase, ...]:
    """In which respects an item changes."""
    return tuple(ASPECTS[aspect] for aspect in change.what)


def _section(title: Phrase, lines: Iterable[Phrase]) -> Iterator[Section]:
    if found := tuple(lines):
        more = (phrase("and %(n)s more", n=len(found) - SHOWN),) if len(found) > SHOWN else ()
        yield Section(title, (*found[:SHOWN], *more))


def _packages(made: Comparison) -> Iterator[Phrase]:
    if made.added:
        yield phrase("Added: %(names)s", names=made.added)
    if made.updated:
        yield phrase("Updated: %(names)s", names=made.updated)
    if made.removed:
        yield phrase("Removed: %(names)s", names=made.removed)


def _items(made: Comparison) -> Iterator[Phrase]:
    counts = {"added": len(made.items_added), "removed": len(made.items_removed), "changed": len(made.items), "keys": made.count("key")}
    if any(counts.values()):
        yield phrase("Items: %(added)s added, %(removed)s removed, %(changed)s changed; keys changed: %(keys)s.", **counts)
    # What changes results comes first.
    for change in sorted(made.items, key=lambda one: ("key" not in one.what, not one.is_scored, one.new.place, one.new.id)):
        yield phrase("%(place)s #%(id)s: %(what)s", place=change.new.place, id=change.new.id, what=what_of(change))
    for stamp in made.items_removed:
        yield phrase("%(place)s #%(id)s: removed", place=stamp.package, id=stamp.id)


def _course(course: CourseChange) -> Iterator[Phrase]:
    parts: Sequence[tuple[tuple[str, ...], Phrase]] = (
        (course.added, phrase("lessons added: %(names)s", names=course.added)),
        (course.removed, phrase("lessons removed: %(names)s", names=course.removed)),
        (course.changed, phrase("lessons changed: %(names)s", names=course.changed)),
    )
    told = tuple(words for names, words in parts if names)
    yield phrase("%(name)s: %(what)s", name=course.slug, what=told or phrase("settings"))
    for change in course.retrain:
        yield phrase("%(name)s: version %(version)s sends people back to learn: %(why)s", name=course.slug, version=change.version, why=change.why)


def _open(one: Open) -> Phrase:
    return phrase("%(offering)s: %(n)s", offering=one.offering, n=one.attempts)


def _flips(one: Flips) -> Phrase:
    counts = {"judged": one.judged, "fail": one.to_fail, "pass": one.to_pass, "unclear": one.unclear}
    return phrase(
        "%(offering)s: judged again %(judged)s; passed and would fail %(fail)s; failed and would pass %(pass)s; for a person to judge %(unclear)s",
        offering=one.offering,
        **counts,
    )


def resting_words(one: Resting) -> Phrase:
    """What of a scheme rests on attempts that would fail, in counts."""
    return phrase(
        "%(scheme)s: people %(people)s; periods %(periods)s, in force %(in_force)s, of these without another passed test %(alone)s; documents %(documents)s; "
        "proofs not used yet, people %(waiting)s",
        scheme=one.scheme,
        people=one.people,
        periods=one.periods,
        in_force=one.in_force,
        alone=one.alone,
        documents=one.documents,
        waiting=one.waiting,
    )


def _learners(one: Learners) -> Phrase:
    return phrase("%(course)s: finished %(finished)s, begun %(begun)s", course=one.course, finished=one.finished, begun=one.begun)
