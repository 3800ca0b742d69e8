"""The ids of the items that a quiz may draw, read once for each catalogue."""

import threading
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.catalogue import Catalogue, Quiz
from lms.content.models import ItemRevision
from lms.content.subjects import stale_langs

BATCH = 500


class PoolIds:
    """Item ids by quiz; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: tuple[str, dict[str, frozenset[str]]] = ("", {})

    def of(self, session: Session, catalogue: Catalogue, quiz: Quiz) -> frozenset[str]:
        """The ids of all items that may come up."""
        with self._lock:
            if self._read[0] != catalogue.digest:
                self._read = (catalogue.digest, {})
            known = self._read[1]
            if quiz.digest not in known:
                known[quiz.digest] = frozenset(_ids(session, sorted({digest for draw in quiz.draws for digest in draw.digests})))
            return known[quiz.digest]

    def stale_langs(self, session: Session, catalogue: Catalogue, quiz: Quiz) -> frozenset[str]:
        """The languages in which an item that may come up is older than its source. No query where nothing is stale. A round's quiz is `contest/round`."""
        contest, slash, _ = quiz.slug.partition("/")
        if not catalogue.stale and not catalogue.pins:
            return frozenset()
        return stale_langs(catalogue, self.of(session, catalogue, quiz), contest if slash else "")


def _ids(session: Session, digests: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(digests), BATCH):
        yield from session.scalars(select(ItemRevision.item_id).where(ItemRevision.digest.in_(digests[start : start + BATCH])))
