"""Class days: training face to face, recorded by an officer with its roll and its hours by part."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.errors import Conflict, Invalid, NotFound
from lms.learning.events import AttendanceRecorded
from lms.learning.models import Attendance, ClassDay
from lms.people.models import Membership, Person, Unit
from lms.people.service.scope import in_paths
from lms.platform.audit import record
from lms.platform.events import announce

DAY_MINUTES = 12 * 60
PARTS = ("law", "management", "theory", "practice", "test")
PAST = timedelta(days=366)
PAGE = 50


def record_class(
    session: Session,
    *,
    paths: tuple[str, ...],
    unit_id: int,
    schemes: Sequence[str],
    title: str,
    held_on: date,
    place: str,
    trainer: str,
    minutes: Mapping[str, int],
    person_ids: Sequence[int],
    actor_id: int,
    today: date,
    now: datetime,
) -> ClassDay:
    """Record a class day of a unit in one's scope with those who were present; evidence for the schemes follows from it.

    minutes: by part. Raises NotFound for a unit or person outside the scope, Invalid for a day in the future, over a year ago,
    without anyone present, or of no or more than 12 hours; Conflict if the same class is recorded already for one of them (a form sent
    twice), or if somebody would have been in classes for one scheme more than 12 hours on that day.
    """
    unit = session.execute(select(Unit).where(Unit.id == unit_id, in_paths(Unit.path, paths))).scalar_one_or_none()
    if unit is None:
        raise NotFound("There is no such unit in your scope.")
    _check(held_on=held_on, minutes=minutes, person_ids=person_ids, today=today)
    present = set(person_ids)
    known = {row.id for row in list_members(session, path=unit.path, on=held_on)}
    if not present <= known:
        raise NotFound("Somebody on the roll does not belong to this unit on that day.")
    _refuse_twice(session, present=present, schemes=schemes, held_on=held_on, same=(unit_id, title, trainer), minutes=minutes)
    day = ClassDay(
        unit_id=unit_id,
        schemes=json.dumps(sorted(schemes)),
        title=title,
        held_on=held_on,
        place=place,
        trainer=trainer,
        recorded_by=actor_id,
        recorded_at=now,
        **{f"{part}_min": count for part, count in minutes.items()},
    )
    session.add(day)
    session.flush()
    session.add_all(Attendance(class_day_id=day.id, person_id=person_id) for person_id in sorted(present))
    record(session, now=now, actor_id=actor_id, action="record_class", subject_kind="class_day", subject_id=day.id, detail={"present": len(present)})
    session.flush()
    for person_id in sorted(present):
        announce(
            session,
            AttendanceRecorded(
                person_id=person_id,
                class_day_id=day.id,
                schemes=tuple(sorted(schemes)),
                minutes={part: count for part, count in minutes.items() if count},
                on=held_on,
                at=now,
                recorded_by=actor_id,
            ),
        )
    return day


def _check(*, held_on: date, minutes: Mapping[str, int], person_ids: Sequence[int], today: date) -> None:
    if held_on > today:
        raise Invalid("The class day lies in the future; record it when it has been held.")
    if held_on < today - PAST:
        raise Invalid("The class day lies more than a year back; enter it as a past record instead.")
    if not person_ids:
        raise Invalid("Tick at least one person who was present.")
    if not 0 < sum(minutes.values()) <= DAY_MINUTES:
        raise Invalid("The hours of a class day add up to more than 0 and at most 12.")


def _refuse_twice(
    session: Session, *, present: Collection[int], schemes: Sequence[str], held_on: date, same: tuple[int, str, str], minutes: Mapping[str, int]
) -> None:
    """Nobody's time counts twice. The people are locked, so that two forms sent at once are looked at one after the other."""
    session.execute(select(Person.id).where(Person.id.in_(present)).order_by(Person.id).with_for_update(key_share=True))
    wanted = (
        select(Person.id, Person.full_name, ClassDay).join(Attendance, Attendance.person_id == Person.id).join(ClassDay, ClassDay.id == Attendance.class_day_id)
    )
    spent: Counter[int] = Counter()
    for person_id, name, day in session.execute(wanted.where(Person.id.in_(present), ClassDay.held_on == held_on)):
        kept = {part: getattr(day, f"{part}_min") for part in PARTS}
        if not set(json.loads(day.schemes)) & set(schemes):
            continue
        if (day.unit_id, day.title, day.trainer) == same and kept == {part: minutes.get(part, 0) for part in PARTS}:
            raise Conflict("This class is recorded already, with %(name)s on its roll.", name=name)
        spent[person_id] += sum(kept.values())
        if spent[person_id] + sum(minutes.values()) > DAY_MINUTES:
            raise Conflict("%(name)s would have been in classes for more than 12 hours on this day.", name=name)


def list_members(session: Session, *, path: str, on: date) -> list[Person]:
    """People who belong to the subtree on a date, in the order of their names."""
    wanted = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(in_paths(Unit.path, (path,)), Membership.from_on <= on, (Membership.until_on.is_(None)) | (Membership.until_on >= on))
        .distinct()
        .order_by(Person.sort_key, Person.id)
    )
    return list(session.execute(wanted).scalars())


def list_class_days(session: Session, *, paths: tuple[str, ...], page: int) -> tuple[list[tuple[ClassDay, str, int]], int]:
    """Class days of the scope, latest first, as (day, name of the unit, number present), and how many there are in all."""
    there = select(ClassDay).join(Unit, Unit.id == ClassDay.unit_id).where(in_paths(Unit.path, paths))
    total = session.execute(select(func.count()).select_from(there.subquery())).scalar_one()
    counted = select(func.count()).where(Attendance.class_day_id == ClassDay.id).scalar_subquery()
    wanted = (
        select(ClassDay, Unit.name, counted)
        .join(Unit, Unit.id == ClassDay.unit_id)
        .where(in_paths(Unit.path, paths))
        .order_by(ClassDay.held_on.desc(), ClassDay.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(wanted)], total


def get_class_day(session: Session, *, paths: tuple[str, ...], class_day_id: int) -> tuple[ClassDay, str, list[Person]]:
    """A class day of the scope, with the name of its unit and those present. Raises NotFound."""
    row = session.execute(
        select(ClassDay, Unit.name).join(Unit, Unit.id == ClassDay.unit_id).where(ClassDay.id == class_day_id, in_paths(Unit.path, paths))
    ).first()
    if row is None:
        raise NotFound("There is no such class day in your scope.")
    there = select(Person).join(Attendance, Attendance.person_id == Person.id).where(Attendance.class_day_id == class_day_id)
    return row[0], row[1], list(session.execute(there.order_by(Person.sort_key, Person.id)).scalars())


def list_units(session: Session, *, paths: tuple[str, ...]) -> list[Unit]:
    """The open units of the scope, parents before children."""
    return list(session.execute(select(Unit).where(in_paths(Unit.path, paths), Unit.closed_on.is_(None)).order_by(Unit.path)).scalars())
