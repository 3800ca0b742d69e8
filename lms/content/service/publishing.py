"""Publishing: compiled packages are stored under their digests, and one row says which manifest the site shows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.content.bodies import to_body
from lms.content.digests import digest_json
from lms.content.events import Published
from lms.content.models import ContentBlob, ContentPackage, ItemRevision, Publication, PublicationCurrent
from lms.content.packages.compiler import SITE_ZONE, Compiled, compile_tree
from lms.content.service.former import FormerPackages, frozen_now
from lms.content.service.holding import hold, hold_frozen, hold_needed, hold_problems, why_unsealed
from lms.content.service.pinning import pins_of
from lms.content.service.staleness import list_stale, record_translations, stale_by_subject, warnings_of
from lms.content.service.tombstones import find_returned, record_lives
from lms.content.source.problems import Problem
from lms.content.source.tree import ContentTree, read_trees
from lms.platform.audit import record
from lms.platform.db import Base
from lms.platform.events import announce
from lms.platform.phrases import to_stored
from lms.platform.rules import Phrase, phrase

Manifest = dict[str, dict[str, str]]
BATCH = 500
PUBLISHING_LOCK = 0x5645414F
"""Key of PostgreSQL's advisory lock that lets one transaction at a time publish."""


@dataclass(frozen=True)
class PublishReport:
    """What publishing did. Names are 'courses/x'; held packages stay as they were (`kept`) or absent; stale counts outdated translations."""

    publication_id: int
    digest: str
    changed: bool
    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    held: Mapping[str, Phrase]
    kept: tuple[str, ...]
    problems: tuple[Problem, ...]
    stale: int = 0

    @property
    def lines(self) -> list[Phrase]:
        """The report as sentences: what changed, and what is held and why."""
        counts = {"added": len(self.added), "updated": len(self.updated), "unchanged": len(self.unchanged), "removed": len(self.removed)}
        first = phrase("Content: %(added)s added, %(updated)s updated, %(unchanged)s unchanged, %(removed)s removed.", **counts)
        older = [phrase("Translations older than their source: %(n)s.", n=self.stale)] if self.stale else []
        return [first, *older] + [
            phrase("Held back: %(name)s. %(why)s It stays as it was.", name=name, why=why)
            if name in self.kept
            else phrase("Held back: %(name)s. %(why)s It is not on the site.", name=name, why=why)
            for name, why in self.held.items()
        ]

    def in_words(self) -> str:
        """The report in English."""
        return "\n".join(str(line) for line in self.lines)


def publish_sources(
    session: Session, sources: Sequence[Path], *, now: datetime, actor_id: int | None, zone: ZoneInfo = SITE_ZONE, working: bool = False
) -> PublishReport:
    """Publish the content folders of a site: their last commits, or the files as they stand if `working`. A running site compiles first: `publish_compiled`."""
    return publish(session, read_trees(sources, working=working), now=now, actor_id=actor_id, zone=zone)


def publish(session: Session, tree: ContentTree, *, now: datetime, actor_id: int | None = None, zone: ZoneInfo = SITE_ZONE) -> PublishReport:
    """Check a tree and show what is sound of it; a held package keeps its former state.

    zone: of the wall-clock times in the files. A package that left the tree leaves the site. Publishing the same again changes nothing.
    """
    return publish_compiled(session, compile_tree(tree, zone), tree, now=now, actor_id=actor_id)


def publish_compiled(session: Session, compiled: Compiled, tree: ContentTree, *, now: datetime, actor_id: int | None) -> PublishReport:
    """As `publish`, of a tree that has been compiled already. Two at once go one after the other."""
    lock_publishing(session)
    current = find_current(session)
    before: Manifest = json.loads(current.manifest) if current else {}
    compiled = judge(session, compiled, tree, before, now=now)
    manifest: Manifest = {name: before[name] for name in compiled.held if name in before}
    for name, package in compiled.packages.items():
        assert package.made is not None
        manifest[name] = {"digest": package.made.digest, "source_rev": tree.rev_of(name)}
        if name in before and before[name]["digest"] == package.made.digest:
            manifest[name] = before[name]
    record_lives(session, compiled.packages.values(), set(compiled.held) & set(before), now=now)
    record_translations(session, compiled.packages.values(), now=now)
    stale = list_stale(session, manifest)
    former = json.loads(current.report) if current else {}
    said = {"held": {name: to_stored(why) for name, why in sorted(compiled.held.items())}, "stale": stale_by_subject(stale)}
    live = frozenset(item.digest for package in compiled.packages.values() for item in package.items)
    said["pins"] = pins_of(session, before, compiled.held, former, live)
    changes = changes_between(before, manifest)
    changed = current is None or manifest != before or any(former.get(key, {}) != said[key] for key in said)
    if changed:
        _store(session, compiled, tree)
        current = add_publication(session, manifest, said | changes, now=now, actor_id=actor_id)
    assert current is not None
    return PublishReport(
        publication_id=current.id,
        digest=current.digest,
        changed=changed,
        added=tuple(changes["added"]),
        updated=tuple(changes["updated"]),
        unchanged=tuple(sorted(set(before) & set(manifest) - set(changes["updated"]) - set(compiled.held))),
        removed=tuple(changes["removed"]),
        held=compiled.held,
        kept=tuple(sorted(set(compiled.held) & set(before))),
        problems=tuple(sorted((*compiled.problems, *warnings_of(stale, tree)), key=lambda problem: problem.order)),
        stale=len(stale),
    )


def judge(session: Session, compiled: Compiled, tree: ContentTree, before: Mapping[str, Mapping[str, str]], *, now: datetime) -> Compiled:
    """What of a checked tree may go on the site that shows `before`: without what another item's id, an open contest or a kept package holds back."""
    former = FormerPackages(session)
    compiled = hold_problems(compiled, find_returned(session, compiled, tree))
    frozen = frozen_now(session, former, before, now=now)
    compiled = hold_frozen(compiled, before, frozen.until)
    after = {name: package.made for name, package in compiled.packages.items()}
    compiled = hold(compiled, why_unsealed(frozen.contests, frozen.until, frozen.drawn(former, before), after, now))
    return hold_needed(compiled, before, former)


def lock_publishing(session: Session) -> None:
    """Until the end of this transaction nobody else publishes; on SQLite a writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(PUBLISHING_LOCK)))


def changes_between(before: Manifest, after: Manifest) -> dict[str, list[str]]:
    """The names that came, changed and went."""
    return {
        "added": sorted(set(after) - set(before)),
        "updated": sorted(name for name in set(after) & set(before) if after[name]["digest"] != before[name]["digest"]),
        "removed": sorted(set(before) - set(after)),
    }


def _store(session: Session, compiled: Compiled, tree: ContentTree) -> None:
    packages, items = [], []
    for name, package in compiled.packages.items():
        kind, _, slug = name.partition("/")
        assert package.made is not None
        packages.append({"digest": package.made.digest, "kind": kind, "slug": slug, "source_rev": tree.rev_of(name), "body": to_body(package.made)})
        for item in package.items:
            row = {"digest": item.digest, "item_id": item.id, "kind": item.kind, "body": to_body(item)}
            items.append(row | {"presentation_digest": item.presentation_digest, "key_digest": item.key_digest})
    _keep(session, ContentPackage, packages)
    _keep(session, ItemRevision, items)
    _keep(session, ContentBlob, ({"digest": blob.digest, "media_type": blob.media_type, "data": blob.data} for blob in compiled.blobs.values()))


def _keep(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Store rows under their digests; one that is there already is the same."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    wanted = list(rows)
    for start in range(0, len(wanted), BATCH):
        session.execute(insert(model).on_conflict_do_nothing(), wanted[start : start + BATCH])


def add_publication(session: Session, manifest: Manifest, report: dict[str, Any], *, now: datetime, actor_id: int | None) -> Publication:
    """Store a publication and show it."""
    publication = Publication(
        digest=digest_json({name: entry["digest"] for name, entry in manifest.items()}),
        manifest=json.dumps(manifest, sort_keys=True),
        published_at=now,
        published_by=actor_id,
        report=json.dumps(report, ensure_ascii=False, sort_keys=True, default=str),
    )
    session.add(publication)
    session.flush()
    point_to(session, publication, now=now, actor_id=actor_id, action="content.publish")
    return publication


def point_to(session: Session, publication: Publication, *, now: datetime, actor_id: int | None, action: str) -> None:
    """Switch the row that says what the site shows, and tell."""
    row = session.get(PublicationCurrent, 1, with_for_update=True)
    if row is None:
        session.add(PublicationCurrent(id=1, publication_id=publication.id))
    else:
        row.publication_id = publication.id
    record(session, now=now, actor_id=actor_id, action=action, subject_kind="publication", subject_id=publication.id)
    session.flush()
    announce(session, Published(publication.id, publication.digest, now))


def find_current(session: Session) -> Publication | None:
    """The publication that the site shows."""
    return session.scalars(select(Publication).join(PublicationCurrent, PublicationCurrent.publication_id == Publication.id)).one_or_none()
