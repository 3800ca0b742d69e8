"""The catalogue in process memory: loaded once for each publication, and looked after at most every two seconds."""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from lms.content.bodies import item_from, package_from
from lms.content.catalogue import Catalogue, Course, Item
from lms.content.events import Published
from lms.content.markup.terms import explain_lessons
from lms.content.models import ContentPackage, ItemLife, ItemRevision, Publication, PublicationCurrent
from lms.content.service.pinning import pins_from
from lms.content.service.publishing import find_current
from lms.errors import NotFound
from lms.platform.db import Database
from lms.platform.phrases import from_stored

LOOK_EVERY = timedelta(seconds=2)
ITEMS_KEPT = 20_000
EMPTY = Catalogue(digest="")


def load_catalogue(session: Session, known: Mapping[str, Any] | None = None) -> Catalogue:
    """The catalogue of the current publication, empty before the first; `known` holds packages by digest that need not be read again."""
    publication = find_current(session)
    return EMPTY if publication is None else _load(session, publication, known or {})


def with_terms(catalogue: Catalogue, before: Catalogue) -> Catalogue:
    """The catalogue with the terms of its glossaries marked in its lessons: once for each publication, never for a request.

    before: an earlier catalogue, whose lessons need not be marked again where lesson and glossaries are the same.
    """
    terms = {term.id: term for glossary in catalogue.glossary.values() for term in glossary.terms}
    explained = explain_lessons(catalogue.courses.values(), tuple(terms.values()), before.explained if before.terms == terms else {})
    return replace(catalogue, terms=terms, explained=explained)


def _load(session: Session, publication: Publication, known: Mapping[str, Any]) -> Catalogue:
    manifest: dict[str, dict[str, str]] = json.loads(publication.manifest)
    wanted = {entry["digest"] for entry in manifest.values()} - set(known)
    rows = (
        session.execute(select(ContentPackage.digest, ContentPackage.kind, ContentPackage.body).where(ContentPackage.digest.in_(wanted))).all()
        if wanted
        else []
    )
    packages = dict(known) | {row.digest: package_from(row.kind, row.body) for row in rows}
    kinds: dict[str, dict[str, Any]] = {"courses": {}, "quizzes": {}, "contests": {}, "schemes": {}, "glossary": {}}
    for name in sorted(manifest):
        kind, _, slug = name.partition("/")
        made = packages[manifest[name]["digest"]]
        kinds[kind][slug] = replace(made, source_rev=manifest[name]["source_rev"]) if isinstance(made, Course) else made
    report = json.loads(publication.report)
    held = {name: from_stored(why) for name, why in report["held"].items()}
    stale = {subject: tuple(langs) for subject, langs in report.get("stale", {}).items()}
    return Catalogue(digest=publication.digest, held=held, publication_id=publication.id, stale=stale, pins=pins_from(report), **kinds)


class CatalogueHolder:
    """Gives every request the current catalogue without a query, but one each two seconds at most; safe between threads."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._catalogue = EMPTY
        self._looked_at: datetime | None = None
        self._packages: dict[str, Any] = {}

    def current(self, now: datetime) -> Catalogue:
        """The catalogue as of the last look, which is never older than two seconds."""
        looked_at = self._looked_at
        if looked_at is not None and looked_at <= now < looked_at + LOOK_EVERY:
            return self._catalogue
        with self._lock:
            if self._looked_at is looked_at:
                self._look()
                self._looked_at = now
            return self._catalogue

    def _look(self) -> None:
        with self._db.reading() as session:
            pointed = session.scalar(select(PublicationCurrent.publication_id))
            if pointed is None or pointed == self._catalogue.publication_id:
                return
            self._catalogue = with_terms(load_catalogue(session, self._packages), self._catalogue)
        catalogue = self._catalogue
        kinds: tuple[Mapping[str, Any], ...] = (catalogue.courses, catalogue.quizzes, catalogue.contests, catalogue.schemes, catalogue.glossary)
        self._packages = {made.digest: made for kind in kinds for made in kind.values()}

    def forget(self) -> None:
        """Look again at the next call."""
        self._looked_at = None

    def on_published(self, session: Session, _event: Published) -> None:
        """In the process that published, the next request sees it."""
        event.listen(session, "after_commit", lambda _session: self.forget(), once=True)


_items: OrderedDict[str, Item] = OrderedDict()
_items_lock = threading.Lock()


def load_items(session: Session, digests: Iterable[str]) -> dict[str, Item]:
    """Item revisions by digest, from memory where they have been read before (they never change).

    Raises NotFound if one was never published.
    """
    wanted = list(dict.fromkeys(digests))
    with _items_lock:
        found = {digest: _items[digest] for digest in wanted if digest in _items}
        for digest in found:
            _items.move_to_end(digest)
    missing = [digest for digest in wanted if digest not in found]
    if missing:
        rows = session.execute(select(ItemRevision.digest, ItemRevision.body).where(ItemRevision.digest.in_(missing))).all()
        read = {row.digest: item_from(row.body) for row in rows}
        if len(read) < len(missing):
            raise NotFound("An item of this paper was never published.")
        found |= read
        with _items_lock:
            _items.update(read)
            while len(_items) > ITEMS_KEPT:
                _items.popitem(last=False)
    return {digest: found[digest] for digest in wanted}


def load_published_items(session: Session) -> list[Item]:
    """Every item of the packages that are published now, as it was published last: two queries, or one where all were read before."""
    return list(load_items(session, session.scalars(select(ItemLife.digest).where(ItemLife.gone_at.is_(None)))).values())
