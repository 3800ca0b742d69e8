"""Persons and where they work: create, edit, move, leave. Nobody is deleted."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import WORK_KINDS, Account, Membership, Person
from lms.people.rules import (
    looks_like_national_id,
    name_words,
    national_id_digest,
    normal_phone,
    refuse_password,
    refuse_pin,
    search_text,
    sort_key,
    staff_code_of,
)
from lms.people.secrets import Kind, Secret, make_secret
from lms.people.service.scope import EVERYWHERE, is_visible
from lms.people.service.units import get_unit
from lms.platform.audit import record
from lms.platform.rules import phrase

LANGS = ("vi", "zh", "en")
NAME_MAX = 200
ONE_DAY = timedelta(days=1)
TAKEN = {
    "staff_code": phrase("Another person already has this staff code."),
    "phone": phrase("Another person already has this phone number."),
    "email": phrase("Another person already has this e-mail address."),
    "national_id": phrase("Another person already has this national id."),
}


class Taken(Conflict):
    """What must be one person's alone is another's already; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(TAKEN[field].message)
        self.field = field


def create_person(
    session: Session,
    *,
    full_name: str,
    now: datetime,
    staff_code: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    birth_on: date | None = None,
    lang: str = "vi",
    national_id: str | None = None,
    identity_key: str = "",
    unit_id: int | None = None,
    position: str = "",
    kind: str = "employee",
    from_on: date | None = None,
    secret: Secret | str | None = None,
    secret_kind: Kind = "pin",  # noqa: S107  (a kind, no secret)
    must_change: bool = True,
    actor_id: int | None = None,
    demo: bool = False,
    paths: tuple[str, ...] = EVERYWHERE,
) -> Person:
    """Enter a person, with a membership if a unit is given (from `from_on`, else today in UTC) and an account if a secret is.

    secret: made before the transaction by lms.people.secrets.make_secret or new_secret; or its text, checked and hashed here.
    must_change: the person chooses an own one at first sign-in.
    Raises Invalid for a value that cannot be, Taken if staff code, phone, e-mail or national id is another person's,
    NotFound for a unit outside `paths`.
    """
    values = _values(full_name=full_name, staff_code=staff_code, phone=phone, email=email, birth_on=birth_on, lang=lang)
    values |= _identity(national_id, identity_key)
    if isinstance(secret, str):
        secret = _checked(secret, secret_kind, (str(values["full_name"]), staff_code or "", phone or ""))
    person = Person(**values, demo=demo, created_at=now)
    session.add(person)
    _flush(session)
    if secret is not None:
        session.add(Account(person_id=person.id, secret_hash=secret.hash, secret_kind=secret.kind, must_change=must_change))
    if unit_id is not None:
        join(session, person.id, unit_id, position, from_on or now.date(), paths, kind)
    elif "/" not in paths:
        raise Invalid("Choose the unit that the person works in.")
    session.flush()
    record(session, now=now, actor_id=actor_id, action="person_created", subject_kind="person", subject_id=person.id, detail={"unit": unit_id})
    return person


def edit_person(
    session: Session,
    *,
    person_id: int,
    full_name: str,
    now: datetime,
    actor_id: int | None,
    staff_code: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    birth_on: date | None = None,
    lang: str = "vi",
    national_id: str | None = None,
    identity_key: str = "",
    paths: tuple[str, ...] = EVERYWHERE,
) -> Person:
    """Correct what is known of a person; an empty national id leaves the kept one as it is. Raises as create_person does."""
    person = get_person(session, person_id=person_id, paths=paths, on=now.date())
    wanted = _values(full_name=full_name, staff_code=staff_code, phone=phone, email=email, birth_on=birth_on, lang=lang)
    wanted |= _identity(national_id, identity_key)
    changed = sorted(field for field, value in wanted.items() if getattr(person, field) != value)
    for field in changed:
        setattr(person, field, wanted[field])
    _flush(session)
    if changed:
        told = [field for field in changed if field not in {"sort_key", "search_text"}]
        record(session, now=now, actor_id=actor_id, action="person_edited", subject_kind="person", subject_id=person.id, detail={"fields": told})
    return person


def move_person(
    session: Session,
    *,
    person_id: int,
    unit_id: int,
    on: date,
    now: datetime,
    actor_id: int | None,
    position: str = "",
    kind: str = "",
    paths: tuple[str, ...] = EVERYWHERE,
) -> Membership:
    """Let a person work in another unit (or another position) from a day on; the former membership ends the day before.

    Also one that was to end later: nobody has two main units on a day. kind: of WORK_KINDS; '' goes on as before. Raises Invalid if the
    present membership began on that day or later, Conflict for a closed unit, NotFound outside `paths`.
    """
    get_person(session, person_id=person_id, paths=paths, on=now.date())
    former = _lasting_membership(session, person_id, on)
    if former is not None:
        kind = kind or former.kind
        if former.until_on is None and (former.unit_id, former.position, former.kind) == (unit_id, position.strip(), kind):
            raise Conflict("The person works there already.")
        if on <= former.from_on:
            raise Invalid("The present work began on %(date)s; a move comes after that day.", date=former.from_on)
        former.until_on = on - ONE_DAY
        session.flush()
    joined = join(session, person_id, unit_id, position, on, paths, kind or "employee")
    record(session, now=now, actor_id=actor_id, action="person_moved", subject_kind="person", subject_id=person_id, detail={"unit": unit_id, "on": on})
    return joined


def leave(session: Session, *, person_id: int, last_on: date, now: datetime, actor_id: int | None, paths: tuple[str, ...] = EVERYWHERE) -> None:
    """End a person's present work with its last day. The person and the account stay; close the account apart.

    Raises Conflict if the person works nowhere, Invalid if the work began after that day.
    """
    get_person(session, person_id=person_id, paths=paths, on=now.date())
    former = _open_membership(session, person_id)
    if former is None:
        raise Conflict("The person works in no unit at present.")
    if last_on < former.from_on:
        raise Invalid("The present work began on %(date)s; its last day cannot be before.", date=former.from_on)
    former.until_on = last_on
    session.flush()
    record(session, now=now, actor_id=actor_id, action="person_left", subject_kind="person", subject_id=person_id, detail={"last_on": last_on})


def get_person(session: Session, *, person_id: int, paths: tuple[str, ...], on: date) -> Person:
    """The person, if one of the units that the person works in lies in the subtrees. Raises NotFound."""
    person = session.scalar(select(Person).where(Person.id == person_id, is_visible(paths, on)))
    if person is None:
        raise NotFound("There is no such person.")
    return person


def join(
    session: Session, person_id: int, unit_id: int, position: str, on: date, paths: tuple[str, ...], kind: str = "employee", *, main: bool = True
) -> Membership:
    """Open a membership of a person; the constraint lets nobody have two main ones. Raises Conflict, Invalid for a kind, NotFound outside `paths`."""
    unit = get_unit(session, unit_id=unit_id, paths=paths)
    if unit.closed_on and unit.closed_on <= on:
        raise Conflict("%(name)s is closed and takes no people.", name=unit.name)
    if kind not in WORK_KINDS:
        raise Invalid("There is no kind of work %(kind)s.", kind=kind)
    joined = Membership(person_id=person_id, unit_id=unit_id, position=name_words(position)[:120], kind=kind, main=main, from_on=on)
    session.add(joined)
    try:
        session.flush()
    except IntegrityError as raced:
        raise Conflict("Somebody else has just moved this person. Look at the present state.") from raced
    return joined


def _lasting_membership(session: Session, person_id: int, on: date) -> Membership | None:
    """The main membership that reaches a day or begins after it, the latest; there may be one that ends and none that is open."""
    reaches = or_(Membership.until_on.is_(None), Membership.until_on >= on)
    mine = select(Membership).where(Membership.person_id == person_id, Membership.main, reaches)
    return session.scalar(mine.order_by(Membership.from_on.desc()).limit(1).with_for_update())


def _open_membership(session: Session, person_id: int) -> Membership | None:
    return session.scalar(select(Membership).where(Membership.person_id == person_id, Membership.main, Membership.until_on.is_(None)).with_for_update())


def _values(*, full_name: str, staff_code: str | None, phone: str | None, email: str | None, birth_on: date | None, lang: str) -> dict[str, object]:
    name = name_words(full_name)
    if not 1 <= len(name) <= NAME_MAX:
        raise Invalid("A person needs a name of at most 200 characters.")
    code = staff_code_of(staff_code) if staff_code else None
    if staff_code and code is None:
        raise Invalid("A staff code has letters, digits and . / - _ (at most 40).")
    number = normal_phone(phone) if phone else None
    if phone and number is None:
        raise Invalid("That is not a phone number. Vietnam: 0912 345 678; elsewhere with + and the country: +86 138 1234 5678.")
    if lang not in LANGS:
        raise Invalid("There is no language %(lang)s here.", lang=lang)
    return {
        "full_name": name,
        "sort_key": sort_key(name),
        "search_text": search_text(name, code, number),
        "staff_code": code,
        "phone": number,
        "email": (email or "").strip().lower() or None,
        "birth_on": birth_on,
        "lang": lang,
    }


def _checked(text: str, kind: Kind, own: tuple[str, ...]) -> Secret:
    why = refuse_pin(text) if kind == "pin" else refuse_password(text, own=tuple(word for word in own if word))
    if why:
        raise Invalid(why.message, **why.params)
    return make_secret(text, kind)


def _identity(national_id: str | None, key: str) -> Mapping[str, str]:
    if not national_id:
        return {}
    if not key:
        raise Invalid("The site has no key for national ids; none can be entered.")
    if not looks_like_national_id(national_id):
        raise Invalid("A national id has 9 or 12 digits (Vietnam) or 18 places (China).")
    digest, last = national_id_digest(national_id, key)
    return {"national_id_digest": digest, "national_id_last": last}


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as refused:
        field = next((field for field in TAKEN if f"person.{field}" in str(refused.orig) or f"uq_person_{field}" in str(refused.orig)), None)
        if field is None:
            raise
        raise Taken(field) from refused
