"""Somebody joins: at once, or after somebody of the unit has looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.errors import Conflict, Invalid, NotFound
from lms.people.joining.models import JoinCode, JoinRequest
from lms.people.joining.service.codes import PAGE, find_open_code
from lms.people.models import Person, Unit
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import Told, holders_over, tell
from lms.people.rules import Permission, name_words, normal_phone
from lms.people.secrets import Secret
from lms.people.service.persons import LANGS, NAME_MAX, create_person
from lms.people.service.scope import in_paths
from lms.platform.audit import record
from lms.platform.db import Database
from lms.platform.rules import phrase

KEPT = timedelta(days=30)
KNOWN = phrase("This phone number is registered already. Sign in with it; if the PIN is forgotten, ask for a new slip.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits, with the unit that they want to join."""

    request: JoinRequest
    unit: str


def join(session: Session, *, code: str, full_name: str, phone: str, lang: str, secret: Secret, today: date, now: datetime) -> Person | None:
    """Enter somebody by a code; gives the person, or None where somebody has to approve first.

    secret: the PIN that they have chosen, checked and hashed before. Raises NotFound for a code that does not open, Invalid for a value that cannot be,
    Conflict where the phone number is known or waits already.
    """
    found, unit = find_open_code(session, text=code, on=today, lock=True)
    name, number = name_words(full_name), normal_phone(phone)
    if not 1 <= len(name) <= NAME_MAX:
        raise Invalid("A person needs a name of at most 200 characters.")
    if number is None:
        raise Invalid("That is not a phone number. Vietnam: 0912 345 678; elsewhere with + and the country: +86 138 1234 5678.")
    if lang not in LANGS:
        raise Invalid("There is no language %(lang)s here.", lang=lang)
    if session.scalar(select(Person.id).where(Person.phone == number)) is not None:
        raise Conflict(KNOWN.message)
    found.uses += 1
    if not found.approved:
        return _enter(session, found, unit, name, number, lang, secret, today, now, actor_id=None)
    session.add(JoinRequest(code_id=found.id, full_name=name, phone=number, lang=lang, secret_hash=secret.hash, made_at=now))
    try:
        session.flush()
    except IntegrityError as twice:
        raise Conflict("Somebody with this phone number waits already. You can sign in with it as soon as the unit has agreed.") from twice
    words = phrase("Somebody waits to be let into %(unit)s.", unit=unit.name)
    deciders = holders_over(session, permission=Permission.RESET_SECRET, path=unit.path, on=today)
    tell(session, [Told(one, Topic.DESK, f"joining:{unit.id}:{today}", words, "/people/joining") for one in deciders], now=now)
    return None


def _enter(
    session: Session, code: JoinCode, unit: Unit, name: str, phone: str, lang: str, secret: Secret, today: date, now: datetime, *, actor_id: int | None
) -> Person:
    person = create_person(
        session,
        full_name=name,
        phone=phone,
        lang=lang,
        unit_id=unit.id,
        from_on=today,
        secret=secret,
        must_change=False,
        actor_id=actor_id,
        now=now,
    )
    record(session, now=now, actor_id=actor_id or person.id, action="joined", subject_kind="person", subject_id=person.id, detail={"code": code.id})
    return person


def list_waiting(session: Session, *, paths: Sequence[str], page: int) -> tuple[list[Waiting], int]:
    """Who waits for a unit of the subtrees, the longest first, and how many; two queries."""
    joined = (JoinCode, JoinCode.id == JoinRequest.code_id), (Unit, Unit.id == JoinCode.unit_id)
    where = in_paths(Unit.path, paths)
    total = session.scalar(select(func.count()).select_from(JoinRequest).join(*joined[0]).join(*joined[1]).where(where)) or 0
    rows = session.execute(
        select(JoinRequest, Unit.name).join(*joined[0]).join(*joined[1]).where(where).order_by(JoinRequest.id).limit(PAGE).offset((page - 1) * PAGE)
    )
    return [Waiting(request, unit) for request, unit in rows], total


def accept(session: Session, *, request_id: int, actor_id: int, paths: tuple[str, ...], today: date, now: datetime) -> Person:
    """Let somebody who waits in: they sign in with their phone number and the PIN that they have chosen.

    Raises NotFound outside `paths` or where somebody else was faster, Conflict where the phone number has become another person's.
    """
    request, code, unit = _get(session, request_id, paths)
    secret = Secret("", "pin", request.secret_hash)
    name, phone, lang = request.full_name, request.phone, request.lang
    session.delete(request)
    session.flush()
    return _enter(session, code, unit, name, phone, lang, secret, today, now, actor_id=actor_id)


def refuse(session: Session, *, request_id: int, actor_id: int, paths: tuple[str, ...], now: datetime) -> None:
    """Let somebody not in; what they have written is forgotten. Raises NotFound."""
    request, code, _ = _get(session, request_id, paths)
    session.delete(request)
    session.flush()
    record(session, now=now, actor_id=actor_id, action="join_refused", subject_kind="join_code", subject_id=code.id)


def _get(session: Session, request_id: int, paths: Sequence[str]) -> tuple[JoinRequest, JoinCode, Unit]:
    wanted = select(JoinRequest, JoinCode, Unit).join(JoinCode, JoinCode.id == JoinRequest.code_id).join(Unit, Unit.id == JoinCode.unit_id)
    row = session.execute(wanted.where(JoinRequest.id == request_id, in_paths(Unit.path, paths)).with_for_update(of=JoinRequest)).first()
    if row is None:
        raise NotFound("Nobody waits there any more.")
    return row[0], row[1], row[2]


def forget_waiting(db: Database, now: datetime) -> int:
    """Forget who has waited for a month; gives how many. A job of every minute: it looks first."""
    old = JoinRequest.made_at < now - KEPT
    with db.reading() as session:
        if session.scalar(select(JoinRequest.id).where(old).limit(1)) is None:
            return 0
    with db.writing() as session:
        return len(session.scalars(delete(JoinRequest).where(old).returning(JoinRequest.id)).all())
