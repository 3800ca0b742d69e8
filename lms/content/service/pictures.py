"""Published pictures, many at once."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.content.models import ContentBlob


def total_bytes(session: Session, digests: Sequence[str]) -> int:
    """The bytes of published pictures together, asked without reading them."""
    return int(session.scalar(select(func.coalesce(func.sum(func.length(ContentBlob.data)), 0)).where(ContentBlob.digest.in_(digests))) or 0)


def read_pictures(session: Session, digests: Sequence[str]) -> Mapping[str, bytes]:
    """The bytes of published pictures by digest."""
    rows = session.execute(select(ContentBlob.digest, ContentBlob.data).where(ContentBlob.digest.in_(digests)))
    return {row.digest: row.data for row in rows}
