"""The dry run: what would become of each row. It changes nothing but the rows themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lms.people.importing.models import PeopleImport, PeopleImportRow
from lms.people.importing.rules.cells import Problem, Said
from lms.people.importing.rules.planning import ERROR, IDENTIFIERS, LEAVER, SKIPPED, Identity, Plan, make_plan
from lms.people.importing.service.known import Directory, find_known
from lms.people.importing.service.rows import dump_problems, identifiers_of, keys_of_import, paths_of_import, put_plan, read_row
from lms.people.importing.service.units import UnitNames, list_names
from lms.people.models import Membership, Unit
from lms.people.service.scope import in_paths, works_on
from lms.platform.db import insert_into
from lms.platform.rules import phrase

CHECK_BATCH = 1000


@dataclass
class Check:
    """A check under way: the units once, and which row was the first to name somebody (field -> value -> line)."""

    units: UnitNames
    today: date
    identity_key: str
    first: dict[str, dict[str, tuple[int, int]]] = field(default_factory=lambda: {key: {} for key in IDENTIFIERS})


def begin_check(session: Session, sheet: PeopleImport, *, today: date, identity_key: str) -> Check:
    """Forget the leavers of a check before, and look at the units."""
    session.execute(delete(PeopleImportRow).where(PeopleImportRow.import_id == sheet.id, PeopleImportRow.line == 0))
    return Check(list_names(session, paths=paths_of_import(sheet), on=sheet.effect_on), today, identity_key)


def check_batch(session: Session, sheet: PeopleImport, check: Check, *, after: int) -> int | None:
    """Check the rows that follow row `after`; gives the last one's number, None when there are no more. Three queries, whatever the rows hold."""
    wanted = select(PeopleImportRow).where(PeopleImportRow.import_id == sheet.id, PeopleImportRow.n > after, PeopleImportRow.line > 0)
    rows = session.scalars(wanted.order_by(PeopleImportRow.n).limit(CHECK_BATCH)).all()
    if not rows:
        return None
    check_rows(session, sheet, rows, check)
    return rows[-1].n


def check_rows(session: Session, sheet: PeopleImport, rows: Sequence[PeopleImportRow], check: Check) -> None:
    """Plan rows anew; those that were left out stay so."""
    keys, paths = keys_of_import(sheet), paths_of_import(sheet)
    read = [(row, *read_row(row, keys, today=check.today, identity_key=check.identity_key)) for row in rows]
    directory = find_known(session, [identifiers_of(row) for row in rows], paths=paths, on=sheet.effect_on)
    for row, said, identity in read:
        if row.state == SKIPPED:
            continue
        plan = plan_row(sheet, check.units, directory, row, said, identity)
        put_plan(row, _once(check, row, plan))
    session.flush()


def plan_row(sheet: PeopleImport, units: UnitNames, directory: Directory, row: PeopleImportRow, said: Said, identity: Identity | None) -> Plan:
    """The plan of one row as people and units stand."""
    unit_id, wrong = units.find(said.text("unit"), said.text("unit_code"))
    if wrong is not None:
        said = Said(said.values, (*said.problems, wrong))
    found = directory.find(identifiers_of(row))
    return make_plan(said, found, unit_id=unit_id, default_unit_id=sheet.unit_id, identity=identity, on=sheet.effect_on)


def _once(check: Check, row: PeopleImportRow, plan: Plan) -> Plan:
    """The same person stands in a sheet once: a later row that names them again is an error."""
    mine: Mapping[str, str] = identifiers_of(row)
    twice = [(key, check.first[key][value]) for key, value in mine.items() if value in check.first[key] and check.first[key][value][0] != row.n]
    for key, value in mine.items():
        check.first[key].setdefault(value, (row.n, row.line))
    if not twice:
        return plan
    key, (_, line) = twice[0]
    words = phrase("Row %(line)s has the same staff code, phone number, e-mail or national id.", line=line)
    return Plan(ERROR, plan.person_id, problems=(*plan.problems, Problem(key, words)))


def add_leavers(session: Session, sheet: PeopleImport) -> int:
    """Where the sheet is the whole list of its unit, a row for everybody who works there and stands in no row, also none with errors; gives how many."""
    if not sheet.leavers or sheet.unit_id is None:
        return 0
    path = session.scalar(select(Unit.path).where(Unit.id == sheet.unit_id, in_paths(Unit.path, paths_of_import(sheet))))
    named = select(PeopleImportRow.person_id).where(PeopleImportRow.import_id == sheet.id, PeopleImportRow.person_id.is_not(None))
    people = session.scalars(
        select(Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(in_paths(Unit.path, (path,) if path else ()), Membership.main, works_on(sheet.effect_on), Membership.until_on.is_(None))
        .where(Membership.person_id.not_in(named))
        .order_by(Membership.person_id)
    ).all()
    last = session.scalar(select(func.max(PeopleImportRow.n)).where(PeopleImportRow.import_id == sheet.id)) or 0
    rows = [{**_leaver(sheet, person_id), "n": last + n} for n, person_id in enumerate(people, 1)]
    if rows:
        session.execute(insert_into(session, PeopleImportRow), rows)
    return len(rows)


def _leaver(sheet: PeopleImport, person_id: int) -> dict[str, object]:
    plan = f'{{"changes": {{}}, "identity": null, "move": null, "last_on": "{sheet.effect_on.isoformat()}"}}'
    values = {"import_id": sheet.id, "sheet": "", "line": 0, "cells": "[]", "state": LEAVER, "outcome": "", "person_id": person_id}
    return values | {"problems": dump_problems(()), "plan": plan, "undo": "{}"}
