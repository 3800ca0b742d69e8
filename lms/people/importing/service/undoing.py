"""Undoing an import: what nobody has touched since becomes what it was; the rest stays, and is told."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from lms.people.importing.models import PeopleImport, PeopleImportRow
from lms.people.importing.rules.cells import Problem
from lms.people.importing.service.applying import APPLIED
from lms.people.importing.service.rows import dump_problems, load_plan, load_problems
from lms.people.models import Membership, Person
from lms.people.rules import search_text, sort_key
from lms.platform.audit import AuditEvent
from lms.platform.db import Base
from lms.platform.rules import phrase

UNDO_BATCH = 500
UNDONE, KEPT = "undone", "kept"
OWN_TABLES = frozenset({"person", "membership", "people_import_row"})
"""What an import itself leaves behind of somebody new; a row anywhere else means that the person has been here."""


def undo_batch(session: Session, sheet: PeopleImport, *, now: datetime) -> int:
    """Take back the last rows that were applied; gives how many, 0 when none is left.

    Somebody new who has done nothing here goes again; a field or a work that was changed since stays as it is.
    """
    wanted = select(PeopleImportRow).where(PeopleImportRow.import_id == sheet.id, PeopleImportRow.outcome == APPLIED)
    rows = session.scalars(wanted.order_by(PeopleImportRow.n.desc()).limit(UNDO_BATCH)).all()
    if not rows:
        return 0
    touched = [row.person_id for row in rows if row.person_id]
    people = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(touched)))}
    works = {one.id: one for one in session.scalars(select(Membership).where(Membership.person_id.in_(touched)))}
    created = [row for row in rows if json.loads(row.undo).get("created")]
    present = _seen_elsewhere(session, [row.person_id for row in created if row.person_id])
    gone: list[tuple[int, int | None]] = []
    events = []
    for row in rows:
        undo: dict[str, Any] = json.loads(row.undo)
        person_id = row.person_id or 0
        if undo.get("created"):
            mine = [one for one in works.values() if one.person_id == person_id]
            if person_id in present or len(mine) > 1 or not _as_made(people[person_id], row, mine, undo):
                _keep(row)
                continue
            gone.append((person_id, undo.get("joined")))
            row.person_id = None
        elif not _take_back(session, people[person_id], row, works, undo):
            _keep(row)
            continue
        row.outcome = UNDONE
        detail = json.dumps({"import": sheet.id})
        events.append(
            {"at": now, "actor_id": sheet.made_by, "action": "import_undone", "subject_kind": "person", "subject_id": str(person_id), "detail": detail}
        )
    session.flush()
    if gone:
        ids = [person for person, _ in gone]
        session.execute(update(PeopleImportRow).where(PeopleImportRow.person_id.in_(ids)).values(person_id=None))
        session.execute(delete(Membership).where(Membership.id.in_([work for _, work in gone if work])))
        session.execute(delete(Person).where(Person.id.in_(ids)))
    if events:
        session.execute(insert(AuditEvent), events)
    return len(rows)


def _keep(row: PeopleImportRow) -> None:
    row.outcome = KEPT
    words = phrase("Changed or used since: it stays as it is. Correct it on the person's page.")
    row.problems = dump_problems((*load_problems(row), Problem("", words)))


def _as_made(person: Person, row: PeopleImportRow, works: Sequence[Membership], undo: dict[str, Any]) -> bool:
    """Whether somebody new is still what the row made."""
    plan: Any = load_plan(row)
    fields = all(_stored(getattr(person, key)) == after for key, (_, after) in plan["changes"].items())
    return fields and all(one.id == undo.get("joined") and one.until_on is None for one in works)


def _take_back(session: Session, person: Person, row: PeopleImportRow, works: dict[int, Membership], undo: dict[str, Any]) -> bool:
    """Put back what a row changed, if all of it is still as the row left it."""
    plan: Any = load_plan(row)
    if any(_stored(getattr(person, key)) != after for key, (_, after) in plan["changes"].items()):
        return False
    joined = works.get(undo.get("joined") or 0)
    former = works.get(undo["former"][0]) if undo.get("former") else None
    if (undo.get("joined") and (joined is None or joined.until_on is not None)) or not _former_as_left(former, plan, undo):
        return False
    later = [one for one in works.values() if one.person_id == person.id and one.main and joined is not None and one.from_on > joined.from_on]
    if later:
        return False
    for key, before in undo.get("fields", {}).items():
        setattr(person, key, date.fromisoformat(before) if key == "birth_on" and before else before)
    person.sort_key = sort_key(person.full_name)
    person.search_text = search_text(person.full_name, person.staff_code, person.phone)
    if joined is not None:
        session.delete(joined)
        session.flush()
    if former is not None:
        _, former.unit_id, former.position, until = undo["former"]
        former.until_on = date.fromisoformat(until) if until else None
    session.flush()
    return True


def _former_as_left(former: Membership | None, plan: dict[str, Any], undo: dict[str, Any]) -> bool:
    """Whether the work before is still as the row left it: ended by it, or put right by it."""
    if former is None:
        return not undo.get("former")
    if plan["last_on"]:
        return bool(_stored(former.until_on) == plan["last_on"])
    if undo.get("joined"):
        return former.until_on is not None
    return not plan["move"] or bool([former.unit_id, former.position] == plan["move"][:2])


def _stored(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _seen_elsewhere(session: Session, person_ids: Sequence[int]) -> set[int]:
    """Which of these people any other table knows: one query a table."""
    found: set[int] = set()
    for table in Base.metadata.sorted_tables:
        if table.name in OWN_TABLES:
            continue
        for column in table.columns:
            if any(key.column.table.name == "person" for key in column.foreign_keys):
                found |= set(session.scalars(select(column).where(column.in_(person_ids)).distinct()))
    return found
