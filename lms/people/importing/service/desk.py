"""Sheets and their rows as the pages show them, a page at a time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import Session

from lms.people.importing.models import PeopleImport, PeopleImportRow
from lms.people.importing.rules.cells import Problem
from lms.people.importing.rules.planning import CHANGED, ERROR, LEAVER, NEW, SKIPPED, UNCHANGED
from lms.people.importing.service.applying import STALE
from lms.people.importing.service.rows import by_field, cells_of, keys_of_import, load_plan, load_problems
from lms.people.importing.service.undoing import KEPT
from lms.people.models import Membership, Person, Unit
from lms.platform.phrases import from_stored
from lms.platform.rules import Phrase

PAGE = 50
SAMPLES, LOOKED_AT = 3, 40
SHOWS = (NEW, CHANGED, UNCHANGED, LEAVER, ERROR, SKIPPED)
TO_DO = "todo"
"""The list of rows that were left behind by an apply or an undo."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet in the list, with the names of its unit and of who handed it in, and how many rows it has by state."""

    sheet: PeopleImport
    unit: str | None
    by: str | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as a page shows it. name, code: of the person as known, else as the row says; unit: where it leads (name), before: where the person works."""

    n: int
    sheet: str
    line: int
    state: str
    outcome: str
    person_id: int | None
    name: str
    code: str
    problems: Sequence[Problem]
    changes: Sequence[tuple[str, str | date | None, str | date | None]]
    identity: str | None
    unit: str | None
    position: str
    on: date | None
    before: str | None
    last_on: date | None


Named = tuple[str, str, str | None]
"""Name, staff code or phone, and the present unit of somebody."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column with some of what stands in it, and the field that it is taken for."""

    place: int
    header: str
    samples: Sequence[str]
    key: str


def list_sheets(session: Session, *, person_id: int, paths: Sequence[str], page: int) -> tuple[list[Listed], int]:
    """The sheets of a person, or everybody's for whom the whole site is theirs, latest first, and how many there are; three queries."""
    mine: ColumnElement[bool] = true() if "/" in paths else PeopleImport.made_by == person_id
    where = (mine, PeopleImport.state != "reading")
    total = session.scalar(select(func.count()).select_from(PeopleImport).where(*where)) or 0
    rows = session.execute(
        select(PeopleImport, Unit.name, Person.full_name)
        .outerjoin(Unit, Unit.id == PeopleImport.unit_id)
        .outerjoin(Person, Person.id == PeopleImport.made_by)
        .where(*where)
        .order_by(PeopleImport.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    counted = select(PeopleImportRow.import_id, PeopleImportRow.state, func.count()).where(PeopleImportRow.import_id.in_([row[0].id for row in rows]))
    counts: dict[int, dict[str, int]] = {}
    for sheet_id, state, n in session.execute(counted.group_by(PeopleImportRow.import_id, PeopleImportRow.state)):
        counts.setdefault(sheet_id, {})[state] = n
    return [Listed(sheet, unit, by, counts.get(sheet.id, {})) for sheet, unit, by in rows], total


def count_rows(session: Session, sheet_id: int) -> dict[tuple[str, str], int]:
    """How many rows there are by state and outcome."""
    grouped = select(PeopleImportRow.state, PeopleImportRow.outcome, func.count()).where(PeopleImportRow.import_id == sheet_id)
    return {(state, outcome): n for state, outcome, n in session.execute(grouped.group_by(PeopleImportRow.state, PeopleImportRow.outcome))}


def list_columns(session: Session, sheet: PeopleImport) -> list[Column]:
    """The columns with samples of what stands in each."""
    headers, keys = json.loads(sheet.headers), keys_of_import(sheet)
    first = session.scalars(
        select(PeopleImportRow).where(PeopleImportRow.import_id == sheet.id, PeopleImportRow.line > 0).order_by(PeopleImportRow.n).limit(40)
    )
    cells = [cells_of(row) for row in first]
    return [
        Column(place, header, list(dict.fromkeys(row[place] for row in cells if row[place]))[:SAMPLES], keys[place] if place < len(keys) else "")
        for place, header in enumerate(headers)
    ]


def list_rows(session: Session, sheet: PeopleImport, *, show: str, page: int) -> tuple[list[Shown], int]:
    """A page of rows of a state (or those left to do), in the order of the sheet, and how many there are; four queries."""
    where = (PeopleImportRow.import_id == sheet.id, _shown(show))
    total = session.scalar(select(func.count()).select_from(PeopleImportRow).where(*where)) or 0
    rows = session.scalars(select(PeopleImportRow).where(*where).order_by(PeopleImportRow.n).limit(PAGE).offset((page - 1) * PAGE)).all()
    return show_rows(session, sheet, rows), total


def _shown(show: str) -> ColumnElement[bool]:
    if show == TO_DO:
        return or_(PeopleImportRow.outcome.in_((STALE, KEPT)), PeopleImportRow.state == ERROR)
    return PeopleImportRow.state == show if show in SHOWS else false()


def show_rows(session: Session, sheet: PeopleImport, rows: Sequence[PeopleImportRow]) -> list[Shown]:
    """Rows with the names of the people and units in them; two queries."""
    keys = keys_of_import(sheet)
    plans = {row.n: dict(load_plan(row)) for row in rows}
    people = _people(session, [row.person_id for row in rows if row.person_id], sheet.effect_on)
    unit_ids = {plan["move"][0] for plan in plans.values() if plan.get("move")}
    units: dict[int, str] = dict(session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids))).all())
    return [_show(row, keys, plans[row.n], people, units) for row in rows]


def _people(session: Session, ids: Sequence[int], on: date) -> dict[int, Named]:
    """People as they are known."""
    lasting = Membership.until_on.is_(None) | (Membership.until_on >= on)
    rows = session.execute(
        select(Person.id, Person.full_name, Person.staff_code, Person.phone, Unit.name)
        .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.main & lasting)
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(Person.id.in_(ids))
        .order_by(Membership.from_on)
    )
    return {row[0]: (row[1], row[2] or row[3] or "", row[4]) for row in rows}


def _show(
    row: PeopleImportRow, keys: Sequence[str], plan: Mapping[str, Any], people: Mapping[int, tuple[str, str, str | None]], units: dict[int, str]
) -> Shown:
    fields = by_field(keys, cells_of(row))
    said = fields.get("full_name") or f"{fields.get('family_name', '')} {fields.get('given_name', '')}".strip()
    name, code, before = people.get(row.person_id or 0, (said, fields.get("staff_code") or fields.get("phone", ""), None))
    unit_id, position, on = plan.get("move") or (None, "", None)
    changes = plan.get("changes") or {}
    last_on = plan.get("last_on")
    return Shown(
        n=row.n,
        sheet=row.sheet,
        line=row.line,
        state=row.state,
        outcome=row.outcome,
        person_id=row.person_id,
        name=name,
        code=code,
        problems=load_problems(row),
        changes=[(key, _value(pair[0], key), _value(pair[1], key)) for key, pair in changes.items()],
        identity=str(plan["identity"]) if plan.get("identity") else None,
        unit=units.get(unit_id) if unit_id else None,
        position=position,
        on=date.fromisoformat(on) if on else None,
        before=before,
        last_on=date.fromisoformat(str(last_on)) if last_on else None,
    )


def _value(value: str | None, key: str) -> str | date | None:
    return date.fromisoformat(value) if value and key == "birth_on" else value


def iter_bad_rows(session: Session, sheet: PeopleImport) -> Iterator[tuple[PeopleImportRow, list[Problem]]]:
    """Every row that is wrong or was left behind, in order, a few at a time."""
    wanted = select(PeopleImportRow).where(PeopleImportRow.import_id == sheet.id, PeopleImportRow.line > 0, _shown(TO_DO)).order_by(PeopleImportRow.n)
    for row in session.scalars(wanted.execution_options(yield_per=500)):
        yield row, load_problems(row)


def notes_of(sheet: PeopleImport) -> list[Phrase]:
    """What is to be known of how the file was read."""
    return [from_stored(note) for note in json.loads(sheet.notes)]


def why_of(sheet: PeopleImport) -> Phrase | None:
    """Why the last step failed."""
    why: Phrase | None = from_stored(json.loads(sheet.why)) if sheet.why else None
    return why
