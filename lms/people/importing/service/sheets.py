"""Sheets that were handed in: kept, mapped, asked to be checked, applied, undone or thrown away; rows mended or left out."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from lms.errors import Conflict, Invalid, NotFound
from lms.people.importing.models import PeopleImport, PeopleImportRow, SheetForm
from lms.people.importing.rules.cells import read_cells
from lms.people.importing.rules.headers import KEYS, digest_text
from lms.people.importing.rules.planning import ERROR, SKIPPED
from lms.people.importing.service.applying import APPLIED, STALE
from lms.people.importing.service.checking import Check, check_rows
from lms.people.importing.service.reading import Line, Table, fields_of
from lms.people.importing.service.rows import MASK, cells_of, identifiers_of, keys_of_import
from lms.people.importing.service.units import list_names
from lms.people.service.units import get_unit
from lms.platform.audit import record
from lms.platform.db import Database, insert_into
from lms.platform.phrases import to_stored

STORE_BATCH = 2000
RESTING = ("mapping", "checked", "applied", "undone", "failed")
UNMAPPED_KEPT, KEPT = timedelta(days=1), timedelta(days=30)
"""How long a sheet is kept that nobody mapped, and the rows of one that was checked or applied."""


def store_sheet(
    db: Database,
    table: Table,
    *,
    file_name: str,
    unit_id: int | None,
    effect_on: date,
    leavers: bool,
    made_by: int | None,
    paths: tuple[str, ...],
    now: datetime,
) -> int:
    """Keep a sheet with its rows, in batches so that nobody waits long for the database; gives its id. Raises NotFound for a unit outside `paths`, Invalid."""
    if leavers and unit_id is None:
        raise Invalid("Choose the unit whose whole list this is.")
    with db.writing() as session:
        if unit_id is not None:
            get_unit(session, unit_id=unit_id, paths=paths)
        sheet = PeopleImport(
            made_by=made_by,
            made_at=now,
            file_name=file_name[-200:],
            unit_id=unit_id,
            effect_on=effect_on,
            leavers=leavers,
            headers=json.dumps(table.headers, ensure_ascii=False),
            keys=json.dumps(fields_of(table, _remembered(session, table.headers))),
            notes=json.dumps([to_stored(note) for note in table.notes], ensure_ascii=False),
            paths=json.dumps(paths),
            total=len(table.lines),
        )
        session.add(sheet)
        session.flush()
        sheet_id = sheet.id
        record(session, now=now, actor_id=made_by, action="people_sheet_read", subject_kind="people_import", subject_id=sheet_id, detail={"rows": sheet.total})
    for begin in range(0, len(table.lines), STORE_BATCH):
        rows = [_row(sheet_id, n, line) for n, line in enumerate(table.lines[begin : begin + STORE_BATCH], begin + 1)]
        with db.writing() as session:
            session.execute(insert_into(session, PeopleImportRow), rows)
    with db.writing() as session:
        session.execute(update(PeopleImport).where(PeopleImport.id == sheet_id).values(state="mapping"))
    return sheet_id


def _row(sheet_id: int, n: int, line: Line) -> dict[str, object]:
    values = {"import_id": sheet_id, "n": n, "sheet": line.sheet, "line": line.line, "cells": json.dumps(line.cells, ensure_ascii=False)}
    return values | {"state": "", "outcome": "", "problems": "[]", "plan": "{}", "undo": "{}"}


def _digest(headers: Sequence[str]) -> str:
    return hashlib.sha256(digest_text(headers).encode()).hexdigest()


def _remembered(session: Session, headers: Sequence[str]) -> list[str] | None:
    kept = session.scalar(select(SheetForm.keys).where(SheetForm.digest == _digest(headers)))
    keys: list[str] | None = json.loads(kept) if kept else None
    return keys


def is_remembered(session: Session, sheet: PeopleImport) -> bool:
    """Whether somebody has confirmed the columns of sheets of this form before."""
    return _remembered(session, json.loads(sheet.headers)) is not None


def get_sheet(session: Session, *, sheet_id: int, person_id: int | None, paths: Sequence[str], lock: bool = False) -> PeopleImport:
    """A sheet of one's own, or anybody's for whom the whole site is theirs. Raises NotFound."""
    wanted = select(PeopleImport).where(PeopleImport.id == sheet_id, PeopleImport.state != "reading")
    sheet = session.scalar(wanted.with_for_update() if lock else wanted)
    if sheet is None or (sheet.made_by != person_id and "/" not in paths):
        raise NotFound("There is no such sheet.")
    return sheet


def map_columns(session: Session, sheet: PeopleImport, keys: Sequence[str], *, paths: tuple[str, ...], actor_id: int | None, now: datetime) -> None:
    """Say what each column is, remember it for sheets of this form, and ask for the check. Raises Invalid, Conflict."""
    if sheet.state not in ("mapping", "checked", "failed"):
        raise Conflict("This sheet is being worked on, or is applied already.")
    headers = json.loads(sheet.headers)
    if len(keys) != len(headers) or any(key and key not in KEYS for key in keys):
        raise Invalid("Choose what each column is.")
    chosen = [key for key in keys if key]
    twice = next((key for key in chosen if chosen.count(key) > 1), None)
    if twice:
        raise Invalid("Two columns cannot be the same. Leave one of them out.")
    if not {"full_name", "given_name", "family_name"} & set(chosen):
        raise Invalid("Say which column holds the name.")
    if not {"staff_code", "phone"} & set(chosen):
        raise Invalid("Say which column holds the staff code or the phone number: people sign in with one of them.")
    values = {"digest": _digest(headers), "keys": json.dumps(list(keys)), "used_by": actor_id, "used_at": now}
    kept = insert_into(session, SheetForm).values(values)
    session.execute(kept.on_conflict_do_update(index_elements=["digest"], set_={key: kept.excluded[key] for key in ("keys", "used_by", "used_at")}))
    sheet.keys = json.dumps(list(keys))
    ask(sheet, "checking", paths=paths)
    session.flush()


def ask(sheet: PeopleImport, state: str, *, paths: tuple[str, ...]) -> None:
    """Ask that a sheet be checked, applied or undone by the job. Raises Conflict where that cannot be now."""
    before = {"checking": ("mapping", "checked", "failed"), "applying": ("checked",), "undoing": ("applied",)}[state]
    if sheet.state not in before:
        raise Conflict("This sheet is being worked on, or is applied already.")
    if state != "checking" and sheet.forgotten_at is not None:
        raise Conflict("What stood in this sheet is forgotten; it cannot be undone any more.")
    sheet.state, sheet.paths, sheet.done, sheet.tries, sheet.why, sheet.claim, sheet.lease_until = state, json.dumps(paths), 0, 0, "", "", None


def get_row(session: Session, sheet: PeopleImport, *, n: int) -> PeopleImportRow:
    """A row of a sheet. Raises NotFound."""
    row = session.get(PeopleImportRow, (sheet.id, n))
    if row is None:
        raise NotFound("There is no such row.")
    return row


def mend_row(
    session: Session, sheet: PeopleImport, *, n: int, fields: Mapping[str, str], paths: tuple[str, ...], today: date, identity_key: str
) -> PeopleImportRow:
    """Put other texts into a row and check it again. An untouched masked national id stays what it is. Raises Conflict, NotFound."""
    row = _open_row(session, sheet, n)
    keys, cells = keys_of_import(sheet), cells_of(row)
    for place, key in enumerate(keys):
        if key and key in fields:
            text = fields[key].strip()
            cells[place] = cells[place] if text.startswith(MASK) else text
    row.cells, row.state = json.dumps(cells, ensure_ascii=False), ""
    sheet.paths = json.dumps(paths)
    session.flush()
    said = read_cells({key: cell for key, cell in zip(keys, cells, strict=False) if key and cell and not cell.startswith(MASK)}, today=today)
    check = Check(list_names(session, paths=paths, on=sheet.effect_on), today, identity_key)
    row.staff_code, row.phone, row.email = (said.text(key) or None for key in ("staff_code", "phone", "email"))
    session.flush()
    _look_for_twins(session, row, check)
    check_rows(session, sheet, [row], check)
    return row


def _look_for_twins(session: Session, row: PeopleImportRow, check: Check) -> None:
    """Who else in the sheet has an identifier of this row."""
    mine = identifiers_of(row)
    columns = {
        "staff_code": PeopleImportRow.staff_code,
        "national_id": PeopleImportRow.identity_digest,
        "phone": PeopleImportRow.phone,
        "email": PeopleImportRow.email,
    }
    same = [columns[key] == value for key, value in mine.items()]
    if not same:
        return
    others = select(PeopleImportRow).where(PeopleImportRow.import_id == row.import_id, PeopleImportRow.n != row.n, PeopleImportRow.line > 0, or_(*same))
    for other in session.scalars(others.where(PeopleImportRow.state.not_in((SKIPPED, ERROR)))):
        for key, value in identifiers_of(other).items():
            check.first[key].setdefault(value, (other.n, other.line))


def leave_out(session: Session, sheet: PeopleImport, *, n: int) -> None:
    """Leave a row out of what is applied. Raises Conflict, NotFound."""
    _open_row(session, sheet, n).state = SKIPPED
    session.flush()


def leave_out_all(session: Session, sheet: PeopleImport, state: str) -> int:
    """Leave every row of a state out (all leavers, all errors); gives how many. Raises Conflict."""
    _needs_checked(sheet)
    mine = (PeopleImportRow.import_id == sheet.id, PeopleImportRow.state == state, PeopleImportRow.outcome == "")
    found = session.scalar(select(func.count()).select_from(PeopleImportRow).where(*mine)) or 0
    session.execute(update(PeopleImportRow).where(*mine).values(state=SKIPPED))
    return found


def _open_row(session: Session, sheet: PeopleImport, n: int) -> PeopleImportRow:
    _needs_checked(sheet)
    row = get_row(session, sheet, n=n)
    if row.outcome == APPLIED:
        raise Conflict("This row is applied already.")
    return row


def _needs_checked(sheet: PeopleImport) -> None:
    if sheet.state != "checked":
        raise Conflict("This sheet is being worked on, or is applied already.")


def check_again(session: Session, sheet: PeopleImport, *, paths: tuple[str, ...]) -> None:
    """Check what is not applied yet anew: of a sheet that waits, or of one that left rows behind. Raises Conflict."""
    if sheet.state == "applied":
        sheet.state = "checked"
    ask(sheet, "checking", paths=paths)
    mine = (PeopleImportRow.import_id == sheet.id, PeopleImportRow.outcome == STALE)
    session.execute(update(PeopleImportRow).where(*mine).values(outcome=""))


def throw_away(session: Session, sheet: PeopleImport, *, actor_id: int, now: datetime) -> None:
    """Forget a sheet of which nothing was applied. Raises Conflict."""
    if sheet.state not in ("mapping", "checked", "failed") or _has_applied(session, sheet.id):
        raise Conflict("This sheet is being worked on, or is applied already.")
    session.execute(delete(PeopleImportRow).where(PeopleImportRow.import_id == sheet.id))
    record(session, now=now, actor_id=actor_id, action="people_sheet_thrown_away", subject_kind="people_import", subject_id=sheet.id)
    session.delete(sheet)
    session.flush()


def _has_applied(session: Session, sheet_id: int) -> bool:
    return session.scalar(select(PeopleImportRow.n).where(PeopleImportRow.import_id == sheet_id, PeopleImportRow.outcome != "").limit(1)) is not None


def forget_old(session: Session, *, now: datetime) -> int:
    """Forget sheets that nobody mapped, and the rows of those that rest since a month; what was done stands in the trail. Gives how many."""
    unmapped = select(PeopleImport.id).where(PeopleImport.state.in_(("reading", "mapping")), PeopleImport.made_at < now - UNMAPPED_KEPT)
    gone = session.scalars(unmapped.limit(20)).all()
    session.execute(delete(PeopleImportRow).where(PeopleImportRow.import_id.in_(gone)))
    session.execute(delete(PeopleImport).where(PeopleImport.id.in_(gone)))
    resting = PeopleImport.state.in_(RESTING), PeopleImport.forgotten_at.is_(None)
    old = session.scalars(select(PeopleImport.id).where(*resting, PeopleImport.made_at < now - KEPT).limit(20)).all()
    session.execute(delete(PeopleImportRow).where(PeopleImportRow.import_id.in_(old)))
    session.execute(update(PeopleImport).where(PeopleImport.id.in_(old)).values(forgotten_at=now, notes="[]"))
    return len(gone) + len(old)
