"""What pages ask of the content tables."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.models import ContentBlob, Publication, PublicationCurrent
from lms.errors import NotFound
from lms.people.models import Person


@dataclass(frozen=True, slots=True)
class PublishedState:
    """The publication that the site shows: since when, by whom (None: by a command), and what it changed, by name of package."""

    id: int
    at: datetime
    by: str | None
    packages: int
    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]


def get_blob(session: Session, digest: str) -> tuple[str, bytes]:
    """Media type and bytes of a published file. Raises NotFound."""
    row = session.execute(select(ContentBlob.media_type, ContentBlob.data).where(ContentBlob.digest == digest)).one_or_none()
    if row is None:
        raise NotFound("There is no such picture.")
    return row.media_type, row.data


def find_state(session: Session) -> PublishedState | None:
    """What is published now; None before the first publication."""
    row = session.execute(
        select(Publication, Person.full_name)
        .join(PublicationCurrent, PublicationCurrent.publication_id == Publication.id)
        .outerjoin(Person, Person.id == Publication.published_by)
    ).one_or_none()
    if row is None:
        return None
    publication, name = row
    report = json.loads(publication.report)
    changed = {key: tuple(report.get(key, ())) for key in ("added", "updated", "removed")}
    return PublishedState(publication.id, publication.published_at, name, len(json.loads(publication.manifest)), **changed)
