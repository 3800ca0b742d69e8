"""What publishing would do: the published state beside that of the sources, and what rests on the difference."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.bodies import item_from
from lms.content.catalogue import Course, Item, Quiz
from lms.content.impact.comparing import Comparison, Side, Stamp, compare
from lms.content.impact.rooms import ImpactRooms, Learners, Resting, Sittings
from lms.content.models import ItemLife, ItemRevision
from lms.content.packages.compiler import Compiled
from lms.content.service.former import FormerPackages
from lms.content.service.publishing import find_current, judge
from lms.content.source.tree import ContentTree

BATCH = 5000
"""Most values in one query: both databases take more."""


NOTHING = Sittings()


@dataclass(frozen=True)
class Impact:
    """What would change, and what rests on it. rev: of the state that was compared; against: what it was compared with.

    rooms_asked: whether the database was there to ask what rests on the change.
    """

    rev: str
    against: str
    comparison: Comparison
    rooms_asked: bool = False
    sittings: Sittings = NOTHING
    resting: tuple[Resting, ...] = ()
    learners: tuple[Learners, ...] = ()


def weigh_content(tree: ContentTree, compiled: Compiled, base: ContentTree, base_compiled: Compiled) -> Impact:
    """Two states of the sources beside each other, without a database."""
    before, after = side_of(base_compiled), side_of(compiled)
    revisions = {item.digest: item for made in (base_compiled, compiled) for item in _items_of(made)}
    return Impact(tree.rev, base.rev, compare(before, after, compiled.held, lambda _digests: revisions))


def weigh(session: Session, tree: ContentTree, compiled: Compiled, rooms: ImpactRooms, *, now: datetime, today: date) -> Impact:
    """What publishing a checked tree would do to the site, in a number of queries that does not grow with people or attempts."""
    current = find_current(session)
    manifest: dict[str, dict[str, str]] = json.loads(current.manifest) if current else {}
    judged = judge(session, compiled, tree, manifest, now=now)
    stored = FormerPackages(session)([entry["digest"] for entry in manifest.values()])
    packages = {name: stored[entry["digest"]] for name, entry in manifest.items()}
    before = Side(packages, published_stamps(session, packages))
    made = {item.digest: item for item in _items_of(judged)}

    def revisions(digests: Collection[str]) -> Mapping[str, Item]:
        missing = [digest for digest in digests if digest not in made]
        return made | {item.digest: item for item in _stored(session, ItemRevision.digest, missing)}

    comparison = compare(before, side_of(judged), judged.held, revisions)
    scored = {change.new.id: change.new for change in comparison.items if change.is_scored}
    seen = {change.new.id: change.new.digest for change in comparison.items if change.what != ("other",)}
    former = {item.digest: item for item in _stored(session, ItemRevision.item_id, sorted(scored))}
    sittings = rooms.sittings(session, seen=seen, scored=scored, former=former)
    retrained = [course for change in comparison.courses if change.retrain and isinstance(course := packages[f"courses/{change.slug}"], Course)]
    return Impact(
        rev=tree.rev,
        against=str(current.id) if current else "",
        comparison=comparison,
        rooms_asked=True,
        sittings=sittings,
        resting=rooms.resting(session, attempt_ids=sittings.failing, today=today),
        learners=rooms.learners(session, courses=retrained),
    )


def side_of(compiled: Compiled) -> Side:
    """A checked tree as a state."""
    stamps = {item.id: Stamp(item.id, item.digest, name) for name, package in compiled.packages.items() for item in package.items}
    return Side({name: package.made for name, package in compiled.packages.items()}, stamps)


def published_stamps(session: Session, packages: Mapping[str, object]) -> Mapping[str, Stamp]:
    """The items that the site shows: those that its packages draw and ask, which are so after going back too, and those that lie unused in its banks."""
    lives = select(ItemLife.item_id, ItemLife.digest, ItemLife.package).where(ItemLife.gone_at.is_(None))
    stamps = {row.item_id: Stamp(row.item_id, row.digest, row.package) for row in session.execute(lives) if row.package in packages}
    used = {digest: name for package in packages.values() for digest, name in _used(package)}
    for part in _batches(list(used)):
        for row in session.execute(select(ItemRevision.item_id, ItemRevision.digest).where(ItemRevision.digest.in_(part))):
            stamps[row.item_id] = Stamp(row.item_id, row.digest, used[row.digest])
    return stamps


def _used(package: object) -> Iterator[tuple[str, str]]:
    """The digests that a package shows, with the package in which their items stand."""
    if isinstance(package, Quiz):
        yield from ((digest, f"quizzes/{draw.bank.partition('/')[0]}") for draw in package.draws for digest in draw.digests)
    elif isinstance(package, Course):
        yield from ((digest, f"courses/{package.slug}") for lesson in package.lessons for digest in lesson.self_checks)


def _items_of(compiled: Compiled) -> Iterator[Item]:
    return (item for package in compiled.packages.values() for item in package.items)


def _stored(session: Session, column: object, wanted: Iterable[str]) -> Iterator[Item]:
    for part in _batches(list(wanted)):
        rows = session.scalars(select(ItemRevision.body).where(column.in_(part)))  # type: ignore[attr-defined]
        yield from (item_from(body) for body in rows)


def _batches(values: list[str]) -> Iterator[list[str]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
