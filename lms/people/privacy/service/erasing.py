"""Erasing a person: contact, birth, sign-in, sessions and sheets always; the name too, unless a record has to be kept under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from lms.errors import Conflict, Invalid, NotAllowed
from lms.people.importing.models import PeopleImportRow
from lms.people.models import Account, Membership, Person, RoleGrant
from lms.people.notices.models import Notice, NoticeChoice, NoticeDelivery, PushSubscription
from lms.people.privacy.keeping import RecordKeepers
from lms.people.rules import Grant, may_take_over, search_text, sort_key
from lms.people.service.persons import get_person
from lms.people.service.roles import grants_of
from lms.people.signing.models import Passkey, RecoveryCode, SignedSession, TotpKey
from lms.platform.audit import record
from lms.platform.rules import Phrase, phrase

NAMELESS = "–"
"""The name of somebody whose name was erased; every language shows it alike."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What erasing somebody means: why the name has to stay (nothing: it goes), and what stands against it at present."""

    person: Person
    kept: Sequence[Phrase]
    against: Sequence[Phrase]


def preview_erasure(session: Session, *, person_id: int, keepers: RecordKeepers, paths: tuple[str, ...], today: date) -> Erasure:
    """What would go and what has to stay. Raises NotFound outside `paths`."""
    person = get_person(session, person_id=person_id, paths=paths, on=today)
    return Erasure(person, keepers.reasons(session, person_id), _against(session, person_id, today))


def _against(session: Session, person_id: int, today: date) -> list[Phrase]:
    """What has to be ended first, so that nobody is erased by mistake who still works or decides here."""
    works = select(Membership.id).where(Membership.person_id == person_id, or_(Membership.until_on.is_(None), Membership.until_on >= today))
    roles = select(RoleGrant.id).where(RoleGrant.person_id == person_id, or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= today))
    said = []
    if session.scalar(works.limit(1)) is not None:
        said.append(phrase("The person works in a unit: end the work first."))
    if session.scalar(roles.limit(1)) is not None:
        said.append(phrase("The person has a role: end it first."))
    return said


def erase_person(
    session: Session,
    *,
    person_id: int,
    reason: str,
    keepers: RecordKeepers,
    actor_id: int,
    actor_grants: tuple[Grant, ...],
    paths: tuple[str, ...],
    today: date,
    now: datetime,
) -> bool:
    """Erase what need not be kept of a person; whether the name went too. It cannot be undone.

    Raises NotFound outside `paths`, NotAllowed for somebody whose roles the actor could not grant, Invalid without a reason, Conflict for
    oneself, and while the person works or has a role.
    """
    if person_id == actor_id:
        raise Conflict("Another administrator has to erase you.")
    seen = preview_erasure(session, person_id=person_id, keepers=keepers, paths=paths, today=today)
    if not may_take_over(actor_grants, grants_of(session, person_id=person_id), today):
        raise NotAllowed("This person has a staff role that you could not grant.")
    if seen.against:
        raise Conflict(seen.against[0].message)
    if not reason.strip():
        raise Invalid("Give a reason.")
    person = seen.person
    person.phone = person.email = person.birth_on = None
    if not seen.kept:
        person.full_name, person.staff_code = NAMELESS, None
        person.national_id_digest = person.national_id_last = None
    person.sort_key, person.search_text = sort_key(person.full_name), search_text(person.full_name, person.staff_code, None)
    for table in (NoticeDelivery, Notice, NoticeChoice, PushSubscription, RecoveryCode, TotpKey, Passkey, SignedSession, Account):
        session.execute(delete(table).where(table.person_id == person_id))
    forgotten = {"cells": "[]", "plan": "{}", "undo": "{}", "staff_code": None, "phone": None, "email": None, "identity_digest": None, "identity_last": None}
    session.execute(update(PeopleImportRow).where(PeopleImportRow.person_id == person_id).values(forgotten))
    session.flush()
    detail = {"reason": reason.strip()[:200], "name_kept": bool(seen.kept)}
    record(session, now=now, actor_id=actor_id, action="person_erased", subject_kind="person", subject_id=person_id, detail=detail)
    return not seen.kept
