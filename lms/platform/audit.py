"""The audit trail: who did what to whom, when. Append-only; it holds ids and names of fields, never personal values."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Index, String, Text, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.platform.db import Base, append_only


class AuditEvent(Base):
    """One act. A row means: at this instant this person did this to that subject."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    detail: Mapped[str] = mapped_column(Text, default="{}")


append_only(AuditEvent.__table__)  # type: ignore[arg-type]
WRITE = insert(AuditEvent.__table__)  # type: ignore[arg-type]


def record(
    session: Session,
    *,
    now: datetime,
    actor_id: int | None,
    action: str,
    subject_kind: str,
    subject_id: int | str,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write one act into the trail, in the transaction of the act itself.

    detail: ids, counts, names of changed fields, reasons; no names, phones or other personal values.
    """
    text = json.dumps(detail or {}, ensure_ascii=False, sort_keys=True, default=str)
    values = {"at": now, "actor_id": actor_id, "action": action, "subject_kind": subject_kind, "subject_id": str(subject_id), "detail": text}
    session.connection().execute(WRITE, values)
