"""Devices that a unit shares: opened on the device itself, closed from anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.errors import Conflict, Invalid, NotFound
from lms.people.crew.models import CrewDevice
from lms.people.crew.rules import DAYS_MOST, LABEL_MOST, device_digest
from lms.people.models import Person, Unit
from lms.people.rules import name_words
from lms.people.service.scope import in_paths
from lms.people.service.units import get_unit
from lms.platform.audit import record

PAGE = 50


@dataclass(frozen=True, slots=True)
class Crew:
    """The device that asks, and the unit that shares it."""

    device_id: int
    label: str
    unit: str
    path: str
    used_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A device in the list, with the names of its unit and of who opened it."""

    device: CrewDevice
    unit: str
    opened_by: str
    open: bool


def open_device(
    session: Session,
    *,
    device: str,
    key: str,
    unit_id: int,
    label: str,
    until_on: date,
    actor_id: int,
    paths: tuple[str, ...],
    today: date,
    now: datetime,
) -> CrewDevice:
    """Let the people of a unit share the browser named `device`; what it was shared as before is closed.

    key: the site's, for the digest. Raises NotFound outside `paths`, Conflict for a closed unit or where another tab was faster, Invalid for a label
    or day that cannot be.
    """
    unit = get_unit(session, unit_id=unit_id, paths=paths)
    if unit.closed_on is not None and unit.closed_on <= today:
        raise Conflict("%(name)s is closed and takes no people.", name=unit.name)
    if not today <= until_on <= today + timedelta(days=DAYS_MOST):
        raise Invalid("Choose a last day from today on, at most a year away.")
    name = name_words(label)
    if not 1 <= len(name) <= LABEL_MOST:
        raise Invalid("Give the device a name of at most %(most)s characters.", most=LABEL_MOST)
    digest = device_digest(key, device)
    former = update(CrewDevice).where(CrewDevice.device == digest, CrewDevice.closed_at.is_(None))
    session.execute(former.values(closed_at=now, closed_by=actor_id))
    made = CrewDevice(device=digest, unit_id=unit.id, label=name, until_on=until_on, opened_by=actor_id, opened_at=now, used_at=now)
    session.add(made)
    try:
        session.flush()
    except IntegrityError as twice:
        raise Conflict("This device was just shared from another tab.") from twice
    detail = {"unit": unit.id, "until_on": until_on}
    record(session, now=now, actor_id=actor_id, action="crew_device_opened", subject_kind="crew_device", subject_id=made.id, detail=detail)
    return made


def find_crew(session: Session, *, device: str | None, key: str, on: date) -> Crew | None:
    """The crew that shares the browser named `device`, if one does on this day; at most one query."""
    if device is None:
        return None
    wanted = select(CrewDevice.id, CrewDevice.label, Unit.name, Unit.path, CrewDevice.used_at).join(Unit, Unit.id == CrewDevice.unit_id)
    row = session.execute(wanted.where(CrewDevice.device == device_digest(key, device), CrewDevice.closed_at.is_(None), CrewDevice.until_on >= on)).first()
    return Crew(*row) if row else None


def note_used(session: Session, *, device_id: int, now: datetime) -> None:
    """Remember when somebody last signed in on a device."""
    session.execute(update(CrewDevice).where(CrewDevice.id == device_id).values(used_at=now))


def close_device(session: Session, *, device_id: int, actor_id: int, paths: tuple[str, ...], now: datetime) -> None:
    """Let a device be shared no more; whoever is signed in there goes on until they leave it. Raises NotFound, also where it is closed already."""
    wanted = select(CrewDevice).join(Unit, Unit.id == CrewDevice.unit_id).where(CrewDevice.id == device_id, in_paths(Unit.path, paths))
    device = session.scalars(wanted.where(CrewDevice.closed_at.is_(None)).with_for_update(of=CrewDevice)).first()
    if device is None:
        raise NotFound("There is no such shared device.")
    device.closed_at, device.closed_by = now, actor_id
    session.flush()
    record(session, now=now, actor_id=actor_id, action="crew_device_closed", subject_kind="crew_device", subject_id=device.id)


def list_devices(session: Session, *, paths: Sequence[str], on: date, page: int) -> tuple[list[Listed], int]:
    """The devices of the subtrees, open ones first, and how many; two queries."""
    where = in_paths(Unit.path, paths)
    total = session.scalar(select(func.count()).select_from(CrewDevice).join(Unit, Unit.id == CrewDevice.unit_id).where(where)) or 0
    rows = session.execute(
        select(CrewDevice, Unit.name, Person.full_name)
        .join(Unit, Unit.id == CrewDevice.unit_id)
        .join(Person, Person.id == CrewDevice.opened_by)
        .where(where)
        .order_by(CrewDevice.closed_at.is_not(None), CrewDevice.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [Listed(device, unit, opener, device.closed_at is None and device.until_on >= on) for device, unit, opener in rows], total
