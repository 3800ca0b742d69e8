"""What pages ask of the content tables."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.models import ContentBlob
from lms.errors import NotFound


def get_blob(session: Session, digest: str) -> tuple[str, bytes]:
    """Media type and bytes of a published file. Raises NotFound."""
    row = session.execute(select(ContentBlob.media_type, ContentBlob.data).where(ContentBlob.digest == digest)).one_or_none()
    if row is None:
        raise NotFound("There is no such picture.")
    return row.media_type, row.data
