"""The index of the search: made again for each publication, in its transaction, and only for the packages that changed."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from lms.content.bodies import package_from
from lms.content.catalogue import Course, Glossary
from lms.content.events import Published
from lms.content.models import ContentPackage
from lms.content.service.publishing import find_current
from lms.library.models import SearchEntry, SearchWord
from lms.library.rules.folding import fold
from lms.library.rules.words import tokens
from lms.library.texts import Findable, of_course, of_glossary
from lms.platform.db import Database

VERSION = "1"
"""Raise it when the same text must give other words: the next minute makes the index anew."""

TITLE, BESIDE, MOST = 100, 20, 8
"""What a word is worth in a title, in a heading, and at most in the text, where each time counts one."""

BATCH = 2000


def on_published(session: Session, _event: Published) -> None:
    """With the publication comes its index."""
    refresh(session)


class IndexKeeper:
    """The job that makes good an index that does not fit: after an upgrade of the program or a restored backup."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def __call__(self, _now: datetime) -> int:
        """How many packages were read into the index or taken out of it."""
        with self._db.reading() as session:
            gone, fresh = _difference(session)
        if not gone and not fresh:
            return 0
        with self._db.writing() as session:
            return refresh(session)


def refresh(session: Session) -> int:
    """Let the index hold what is published now and nothing else. How many packages were read in or taken out."""
    gone, fresh = _difference(session)
    if gone:
        old = select(SearchEntry.id).where(SearchEntry.source.in_(gone))
        session.execute(delete(SearchWord).where(SearchWord.entry_id.in_(old)))
        session.execute(delete(SearchEntry).where(SearchEntry.source.in_(gone)))
    if fresh:
        rows = session.execute(select(ContentPackage.digest, ContentPackage.kind, ContentPackage.body).where(ContentPackage.digest.in_(fresh)))
        for digest, kind, body in rows.all():
            made = package_from(kind, body)
            assert isinstance(made, Course | Glossary)
            _add(session, fresh[digest], list(of_course(made) if isinstance(made, Course) else of_glossary(made)))
    return len(gone) + len(fresh)


def _difference(session: Session) -> tuple[list[str], Mapping[str, str]]:
    """Sources that leave the index, and digests of packages that come in with the source they get."""
    publication = find_current(session)
    manifest: dict[str, dict[str, str]] = json.loads(publication.manifest) if publication else {}
    wanted = {entry["digest"]: f"{VERSION}:{entry['digest']}" for name, entry in manifest.items() if name.startswith(("courses/", "glossary/"))}
    there = set(session.scalars(select(SearchEntry.source).distinct()))
    return sorted(there - set(wanted.values())), {digest: source for digest, source in wanted.items() if source not in there}


def _add(session: Session, source: str, pages: Sequence[Findable]) -> None:
    first = (session.scalar(select(func.max(SearchEntry.id))) or 0) + 1
    entries = [_entry(first + place, source, page) for place, page in enumerate(pages)]
    _insert(session, SearchEntry, entries)
    words = [row for place, page in enumerate(pages) for row in _words(first + place, page)]
    _insert(session, SearchWord, words)


def _entry(id_: int, source: str, page: Findable) -> dict[str, Any]:
    text = " ".join(page.text.split())
    folded = fold(f"{page.title} {page.beside} {text}")
    row = {"id": id_, "source": source, "kind": page.kind, "language": page.language, "course": page.course}
    return row | {"slug": page.slug, "title": page.title, "text": text, "folded": folded}


def _words(id_: int, page: Findable) -> Iterable[dict[str, Any]]:
    worth: Counter[str] = Counter({token: min(count, MOST) for token, count in Counter(tokens(page.text)).items()})
    worth.update(dict.fromkeys(tokens(page.beside), BESIDE))
    worth.update(dict.fromkeys(tokens(page.title), TITLE))
    return ({"language": page.language, "token": token.encode(), "entry_id": id_, "score": score} for token, score in worth.items())


def _insert(session: Session, model: type[SearchEntry | SearchWord], rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), BATCH):
        session.execute(insert(model), rows[start : start + BATCH])
