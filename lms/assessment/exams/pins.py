"""The revision of a quiz that an exam is sat with: it follows what is published until the opening, then stays, whatever is published."""

import json
import threading
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.exams.models import Exam
from lms.content.bodies import package_from
from lms.content.catalogue import Catalogue, Quiz
from lms.content.events import Published
from lms.content.models import ContentPackage, Publication

KEPT = 200


class PinnedQuizzes:
    """Quizzes by their digests, read once in a process: a revision never changes. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: dict[str, Quiz] = {}

    def get(self, session: Session, catalogue: Catalogue, slug: str, digest: str) -> Quiz | None:
        """The quiz of that revision; None if it was never published. No query where it is the one that is published now."""
        shown = catalogue.quizzes.get(slug)
        if shown is not None and shown.digest == digest:
            return shown
        with self._lock:
            known = self._read.get(digest)
        return known or self._load(session, digest)

    def _load(self, session: Session, digest: str) -> Quiz | None:
        row = session.execute(select(ContentPackage.kind, ContentPackage.body).where(ContentPackage.digest == digest)).first()
        made = package_from(row.kind, row.body) if row else None
        if not isinstance(made, Quiz):
            return None
        with self._lock:
            if len(self._read) >= KEPT:
                self._read.clear()
            self._read[digest] = made
        return made


def follow_published(session: Session, event: Published) -> None:
    """Let the exams that have not opened yet follow a publication, in its own transaction; one whose quiz has gone keeps the last revision."""
    coming = session.scalars(select(Exam).where(Exam.removed_at.is_(None), Exam.opens_at > event.at)).all()
    if not coming:
        return
    manifest: Mapping[str, Mapping[str, str]] = json.loads(session.scalar(select(Publication.manifest).where(Publication.id == event.publication_id)) or "{}")
    for exam in coming:
        exam.quiz_digest = manifest.get(f"quizzes/{exam.quiz}", {}).get("digest", exam.quiz_digest)
    session.flush()
