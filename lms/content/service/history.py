"""The list of publications: who, when, what changed, what was held and why, and when one was shown again."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.content.models import Publication, PublicationCurrent
from lms.content.service.publishing import changes_between, find_current
from lms.content.service.rollback import get_publication
from lms.people.models import Person
from lms.platform.audit import AuditEvent
from lms.platform.phrases import from_stored
from lms.platform.rules import Phrase

PAGE = 20


@dataclass(frozen=True, slots=True)
class PastPublication:
    """One publication. by: None if by a command; back_to: the earlier one that it shows again; shown_again: when it was shown again and by whom."""

    id: int
    at: datetime
    by: str | None
    packages: int
    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    held: dict[str, Phrase]
    back_to: int | None
    is_current: bool
    shown_again: tuple[tuple[datetime, str | None], ...]


@dataclass(frozen=True, slots=True)
class History:
    """A page of the list, the latest first."""

    publications: tuple[PastPublication, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What showing a publication again would change of what is shown now."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]


def list_history(session: Session, *, page: int) -> History:
    """A page of the list, in four queries whatever its length."""
    count = session.scalar(select(func.count()).select_from(Publication)) or 0
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    named = select(Publication, Person.full_name).outerjoin(Person, Person.id == Publication.published_by)
    rows = session.execute(named.order_by(Publication.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    current = session.scalar(select(PublicationCurrent.publication_id))
    again = _shown_again(session, [row[0].id for row in rows])
    return History(tuple(_past(row[0], row[1], current, again.get(row[0].id, ())) for row in rows), page, pages)


def get_past(session: Session, publication_id: int) -> PastPublication:
    """One publication of the list. Raises NotFound."""
    publication = get_publication(session, publication_id)
    by = session.scalar(select(Person.full_name).where(Person.id == publication.published_by))
    current = session.scalar(select(PublicationCurrent.publication_id))
    return _past(publication, by, current, _shown_again(session, [publication_id]).get(publication_id, ()))


def compare(session: Session, publication_id: int) -> Difference:
    """What would change if it were shown again. Raises NotFound."""
    current = find_current(session)
    wanted = json.loads(get_publication(session, publication_id).manifest)
    found = changes_between(json.loads(current.manifest) if current else {}, wanted)
    return Difference(**{key: tuple(names) for key, names in found.items()})


def _shown_again(session: Session, ids: list[int]) -> dict[int, tuple[tuple[datetime, str | None], ...]]:
    acts = select(AuditEvent.subject_id, AuditEvent.at, Person.full_name).outerjoin(Person, Person.id == AuditEvent.actor_id)
    mine = acts.where(AuditEvent.subject_kind == "publication", AuditEvent.subject_id.in_([str(id_) for id_ in ids]), AuditEvent.action == "content.go_back")
    found: dict[int, tuple[tuple[datetime, str | None], ...]] = {}
    for row in session.execute(mine.order_by(AuditEvent.id)):
        found[int(row.subject_id)] = (*found.get(int(row.subject_id), ()), (row.at, row.full_name))
    return found


def _past(publication: Publication, by: str | None, current: int | None, again: tuple[tuple[datetime, str | None], ...]) -> PastPublication:
    report: dict[str, Any] = json.loads(publication.report)
    return PastPublication(
        id=publication.id,
        at=publication.published_at,
        by=by,
        packages=len(json.loads(publication.manifest)),
        added=tuple(report.get("added", ())),
        updated=tuple(report.get("updated", ())),
        removed=tuple(report.get("removed", ())),
        held={name: from_stored(why) for name, why in report.get("held", {}).items()},
        back_to=report.get("back_to"),
        is_current=publication.id == current,
        shown_again=again,
    )
