"""Applying what was checked: people entered, corrected, moved, ended, in batches that each hold or do not, with what is needed to undo them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.people.importing.models import PeopleImport, PeopleImportRow
from lms.people.importing.rules.cells import Problem
from lms.people.importing.rules.planning import CHANGED, FIELDS, LEAVER, NEW, Plan
from lms.people.importing.service.checking import Check, plan_row
from lms.people.importing.service.known import Directory, find_known, get_known
from lms.people.importing.service.rows import dump_problems, identifiers_of, keys_of_import, load_problems, paths_of_import, put_plan, read_row
from lms.people.models import Membership, Person
from lms.people.rules import search_text, sort_key
from lms.platform.audit import AuditEvent
from lms.platform.rules import phrase

APPLY_BATCH = 500
ONE_DAY = timedelta(days=1)
APPLIED, STALE = "applied", "stale"


@dataclass(frozen=True, slots=True)
class Task:
    """A row that is to be applied, and its plan as things stand now."""

    row: PeopleImportRow
    plan: Plan


def apply_batch(session: Session, sheet: PeopleImport, check: Check, *, now: datetime) -> int:
    """Apply the next sound rows; gives how many, 0 when none is left.

    Each is planned anew as people stand now: one that would no longer do what was shown is left as `stale`, to be looked at.
    """
    sound = PeopleImportRow.state.in_((NEW, CHANGED, LEAVER))
    wanted = select(PeopleImportRow).where(PeopleImportRow.import_id == sheet.id, sound, PeopleImportRow.outcome == "")
    rows = session.scalars(wanted.order_by(PeopleImportRow.n).limit(APPLY_BATCH)).all()
    if not rows:
        return 0
    tasks = _plans(session, sheet, check, rows)
    try:
        with session.begin_nested():
            _apply(session, sheet, tasks, now)
    except IntegrityError:
        session.expire_all()
        for task in tasks:
            _apply_alone(session, sheet, task, now)
    return len(rows)


def _apply_alone(session: Session, sheet: PeopleImport, task: Task, now: datetime) -> None:
    """One row by itself, where somebody else has just taken what one of many needed."""
    try:
        with session.begin_nested():
            _apply(session, sheet, [task], now)
    except IntegrityError:
        session.expire(task.row)
        _note_stale(task.row)
        session.flush()


def _plans(session: Session, sheet: PeopleImport, check: Check, rows: Sequence[PeopleImportRow]) -> list[Task]:
    keys, paths = keys_of_import(sheet), paths_of_import(sheet)
    written = [row for row in rows if row.state != LEAVER]
    read = {row.n: read_row(row, keys, today=check.today, identity_key=check.identity_key) for row in written}
    named = find_known(session, [identifiers_of(row) for row in written], paths=paths, on=sheet.effect_on)
    leaving = get_known(session, [row.person_id for row in rows if row.state == LEAVER and row.person_id], paths=paths, on=sheet.effect_on)
    tasks = []
    for row in rows:
        plan = _leaver_plan(sheet, leaving, row) if row.state == LEAVER else plan_row(sheet, check.units, named, row, *read[row.n])
        if _same(row, plan):
            tasks.append(Task(row, plan))
        else:
            _note_stale(row)
    session.flush()
    return tasks


def _leaver_plan(sheet: PeopleImport, leaving: Directory, row: PeopleImportRow) -> Plan:
    known = leaving.by_id.get(row.person_id or 0)
    lasting = known is not None and known.inside and known.work is not None and known.work.until_on is None and known.work.from_on <= sheet.effect_on
    return Plan(LEAVER if lasting else "", row.person_id, last_on=sheet.effect_on)


def _same(row: PeopleImportRow, plan: Plan) -> bool:
    """Whether the plan is what the row shows."""
    now = PeopleImportRow(problems="[]", plan="{}")
    put_plan(now, plan)
    return (now.state, now.person_id, now.plan) == (row.state, row.person_id, row.plan)


def _note_stale(row: PeopleImportRow) -> None:
    row.outcome = STALE
    words = phrase("Somebody has changed this person since the check. Check again and look at what is left to do.")
    row.problems = dump_problems((*load_problems(row), Problem("", words)))


def _apply(session: Session, sheet: PeopleImport, tasks: Sequence[Task], now: datetime) -> None:
    made = _enter(session, [task for task in tasks if task.plan.state == NEW], now)
    known = [task for task in tasks if task.plan.state in (CHANGED, LEAVER)]
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_([task.plan.person_id for task in known])))}
    works = _works(session, list(people), sheet.effect_on)
    events = []
    joined: list[tuple[Task, dict[str, Any], dict[str, object]]] = []
    for task in tasks:
        undo: dict[str, object] = {}
        if task.plan.state == NEW:
            task.row.person_id, undo["created"] = made[task.row.n], True
            events.append(event_of(sheet, made[task.row.n], "person_created", {"unit": task.plan.move and task.plan.move.unit_id}, now))
        else:
            person_id = task.plan.person_id or 0
            undo |= _correct(people[person_id], task.plan)
            events += _events(sheet, task.plan, person_id, now)
        if task.plan.move or task.plan.last_on:
            work = _work(task.plan, task.row.person_id or 0, works.get(task.row.person_id or 0), undo)
            if work is not None:
                joined.append((task, work, undo))
        task.row.outcome, task.row.undo = APPLIED, json.dumps(undo, default=str)
    session.flush()
    _join(session, joined)
    if events:
        session.execute(insert(AuditEvent), events)
    session.flush()


def _enter(session: Session, tasks: Sequence[Task], now: datetime) -> dict[int, int]:
    """Enter new people, all in one statement; gives their ids by row, found again by staff code or phone."""
    rows = [_person(task.plan, now) for task in tasks]
    if not rows:
        return {}
    session.execute(insert(Person.__table__), rows)  # type: ignore[arg-type]
    codes, phones = ([row[key] for row in rows if row[key]] for key in ("staff_code", "phone"))
    made = session.execute(select(Person.id, Person.staff_code, Person.phone).where(Person.staff_code.in_(codes) | Person.phone.in_(phones)))
    ids = {(key, value): person_id for person_id, code, phone in made for key, value in (("staff_code", code), ("phone", phone)) if value}
    return {task.row.n: ids[("staff_code", row["staff_code"]) if row["staff_code"] else ("phone", row["phone"])] for task, row in zip(tasks, rows, strict=True)}


def _person(plan: Plan, now: datetime) -> dict[str, Any]:
    """The row of somebody new."""
    values: dict[str, Any] = dict.fromkeys(FIELDS) | {key: after for key, (_, after) in plan.changes.items()}
    return values | {
        "lang": values["lang"] or "vi",
        "sort_key": sort_key(values["full_name"]),
        "search_text": search_text(values["full_name"], values["staff_code"], values["phone"]),
        "national_id_digest": plan.identity.digest if plan.identity else None,
        "national_id_last": plan.identity.last if plan.identity else None,
        "demo": False,
        "created_at": now,
    }


def _join(session: Session, joined: Sequence[tuple[Task, dict[str, Any], dict[str, object]]]) -> None:
    """Begin new works, all in one statement, and note their ids for the undo."""
    if not joined:
        return
    session.execute(insert(Membership.__table__), [work for _, work, _ in joined])  # type: ignore[arg-type]
    mine = select(Membership.person_id, Membership.id).where(Membership.person_id.in_([work["person_id"] for _, work, _ in joined]), Membership.main)
    ids = dict(session.execute(mine.order_by(Membership.from_on, Membership.id)).all())
    for task, work, undo in joined:
        task.row.undo = json.dumps(undo | {"joined": ids[work["person_id"]]}, default=str)


def _correct(person: Person, plan: Plan) -> dict[str, object]:
    """Put the changed fields into a person; gives what they were."""
    before: dict[str, object] = {}
    after: dict[str, object] = {key: new for key, (_, new) in plan.changes.items()}
    if plan.identity:
        after |= {"national_id_digest": plan.identity.digest, "national_id_last": plan.identity.last}
    for key, value in after.items():
        before[key] = getattr(person, key)
        setattr(person, key, value)
    if before:
        person.sort_key = sort_key(person.full_name)
        person.search_text = search_text(person.full_name, person.staff_code, person.phone)
    return {"fields": before} if before else {}


def _work(plan: Plan, person_id: int, former: Membership | None, undo: dict[str, object]) -> dict[str, Any] | None:
    """End or correct the present work, and give the one that begins."""
    if former is not None:
        undo["former"] = [former.id, former.unit_id, former.position, former.until_on]
    if plan.last_on is not None:
        if former is not None:
            former.until_on = plan.last_on
        return None
    if plan.move is None:
        return None
    if plan.move.corrects and former is not None:
        former.unit_id, former.position = plan.move.unit_id, plan.move.position
        return None
    if former is not None and (former.until_on is None or former.until_on >= plan.move.on):
        former.until_on = plan.move.on - ONE_DAY
    return {"person_id": person_id, "unit_id": plan.move.unit_id, "position": plan.move.position, "main": True, "from_on": plan.move.on, "until_on": None}


def _works(session: Session, person_ids: Sequence[int], on: date) -> dict[int, Membership]:
    """The latest main work of each that lasts on a day."""
    lasting = Membership.until_on.is_(None) | (Membership.until_on >= on)
    rows = session.scalars(select(Membership).where(Membership.person_id.in_(person_ids), Membership.main, lasting).order_by(Membership.from_on))
    return {one.person_id: one for one in rows}


def _events(sheet: PeopleImport, plan: Plan, person_id: int, now: datetime) -> list[dict[str, object]]:
    made = []
    fields = sorted(plan.changes) + (["national_id_digest", "national_id_last"] if plan.identity else [])
    if fields:
        made.append(event_of(sheet, person_id, "person_edited", {"fields": fields}, now))
    if plan.move:
        made.append(event_of(sheet, person_id, "person_moved", {"unit": plan.move.unit_id, "on": plan.move.on}, now))
    if plan.last_on:
        made.append(event_of(sheet, person_id, "person_left", {"last_on": plan.last_on}, now))
    return made


def event_of(sheet: PeopleImport, person_id: int, action: str, detail: dict[str, object], now: datetime) -> dict[str, object]:
    """A line of the trail about somebody of a sheet."""
    text = json.dumps(detail | {"import": sheet.id}, ensure_ascii=False, sort_keys=True, default=str)
    return {"at": now, "actor_id": sheet.made_by, "action": action, "subject_kind": "person", "subject_id": str(person_id), "detail": text}
