"""What becomes of a row of a sheet of people: somebody new, a change, nothing, or an error."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from lms.people.importing.rules.cells import Problem, Said
from lms.people.rules.names import CJK, fold
from lms.platform.rules import phrase

NEW, CHANGED, UNCHANGED, LEAVER, ERROR, SKIPPED = "new", "changed", "unchanged", "leaver", "error", "skipped"
FIELDS = ("full_name", "staff_code", "phone", "email", "birth_on", "lang")
IDENTIFIERS = ("staff_code", "national_id", "phone", "email")
"""What is one person's alone, the surest first."""
NEAR = 0.6
"""How much of two given names is alike where one may be a slip for the other: 'an' and 'anh', not 'an' and 'binh'."""


@dataclass(frozen=True, slots=True)
class Work:
    """Where somebody works: the main membership that lasts, with its id."""

    membership_id: int
    unit_id: int
    position: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the site knows them. inside: of the units of whoever imports."""

    person_id: int
    full_name: str
    staff_code: str | None
    phone: str | None
    email: str | None
    birth_on: date | None
    lang: str
    national_id_digest: str | None
    national_id_last: str | None
    inside: bool
    work: Work | None


@dataclass(frozen=True, slots=True)
class Identity:
    """A national id as it is kept: the keyed digest and the last places."""

    digest: str
    last: str


@dataclass(frozen=True, slots=True)
class Move:
    """Work that begins, or (corrects) that is put right because it began on the same day."""

    unit_id: int
    position: str
    on: date
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with a row. changes: field -> (before, after)."""

    state: str
    person_id: int | None = None
    changes: Mapping[str, tuple[str | date | None, str | date | None]] = field(default_factory=dict)
    identity: Identity | None = None
    move: Move | None = None
    last_on: date | None = None
    problems: tuple[Problem, ...] = ()


def make_plan(said: Said, found: Mapping[str, Known], *, unit_id: int | None, default_unit_id: int | None, identity: Identity | None, on: date) -> Plan:
    """Decide on a row that says `said`.

    found: who has its identifiers at present. unit_id: the unit that the row names, default_unit_id: the one of the whole sheet, for somebody new.
    on: the day from which moves hold. An empty cell changes nothing; nobody is renamed into somebody else.
    """
    people = {known.person_id: known for known in found.values()}
    if any(not problem.note for problem in said.problems):
        named = next((known.person_id for known in people.values() if known.inside), None)
        return Plan(ERROR, named, problems=said.problems)
    if len(people) > 1:
        return Plan(ERROR, problems=(*said.problems, _several(found)))
    if not people:
        return _new(said, unit_id or default_unit_id, identity, on)
    (known,) = people.values()
    refused = _refuse(said, found, known, identity)
    if refused is not None:
        return Plan(ERROR, problems=(*said.problems, refused))
    return _changed(said, known, unit_id, identity, on)


def _several(found: Mapping[str, Known]) -> Problem:
    (first, one), (second, other) = ((key, known) for key, known in found.items() if key in _first_of_each(found))
    if not (one.inside and other.inside):
        return Problem(second, phrase("Staff code, phone number, e-mail and national id of this row are those of different people."))
    words = phrase("%(name)s (%(code)s) has one of these, and %(other)s (%(other_code)s) another.", name=one.full_name, code=_code(one), **_named(other))
    return Problem(second if second != first else "", words)


def _first_of_each(found: Mapping[str, Known]) -> list[str]:
    seen: dict[int, str] = {}
    for key in IDENTIFIERS:
        if key in found:
            seen.setdefault(found[key].person_id, key)
    return list(seen.values())[:2]


def _named(known: Known) -> dict[str, str]:
    return {"other": known.full_name, "other_code": _code(known)}


def _code(known: Known) -> str:
    return known.staff_code or known.phone or "–"


def _new(said: Said, unit_id: int | None, identity: Identity | None, on: date) -> Plan:
    if said.day("until_on") is not None:
        return Plan(ERROR, problems=(*said.problems, Problem("until_on", phrase("Somebody unknown cannot leave."))))
    if unit_id is None:
        return Plan(ERROR, problems=(*said.problems, Problem("unit", phrase("Choose the unit that the person works in."))))
    changes = {key: (None, said.values[key]) for key in FIELDS if key in said.values}
    move = Move(unit_id, said.text("position"), said.day("from_on") or on)
    return Plan(NEW, changes=changes, identity=identity, move=move, problems=said.problems)


def _refuse(said: Said, found: Mapping[str, Known], known: Known, identity: Identity | None) -> Problem | None:
    """Why the row cannot be about the person whom its identifiers name, if it cannot."""
    key = next(key for key in IDENTIFIERS if key in found)
    if not known.inside:
        return Problem(key, phrase("Somebody outside your units has this staff code, phone number, e-mail or national id."))
    code = said.text("staff_code")
    if key != "staff_code" and code and known.staff_code and code != known.staff_code:
        return Problem("staff_code", phrase("%(name)s is known with the staff code %(code)s. Correct the code here or on the person's page.", **_who(known)))
    if identity and known.national_id_digest and identity.digest != known.national_id_digest:
        return Problem("national_id", phrase("%(name)s (%(code)s) has another national id: is this somebody else?", **_who(known)))
    if not may_be_same(said.text("full_name"), known.full_name):
        return Problem("full_name", phrase("This is %(name)s's (%(code)s): is it somebody else? Change a whole name on the person's page.", **_who(known)))
    return None


def _who(known: Known) -> dict[str, str]:
    return {"name": known.full_name, "code": _code(known)}


def may_be_same(new: str, old: str) -> bool:
    """Whether one name can be a correction of the other.

    Family and middle names are shared by millions: the given name must be the same without accents, or nearly so while all the rest is the same.
    A Chinese name keeps a character of the given name.
    """
    one, other = fold(new).split(), fold(old).split()
    if not one or not other:
        return False
    if CJK.search(new) and CJK.search(old):
        first, second = "".join(one), "".join(other)
        return bool(set(first[1:]) & set(second[1:])) or first == second
    near = SequenceMatcher(None, one[-1], other[-1], autojunk=False).ratio() >= NEAR
    return one[-1] == other[-1] or sorted(one) == sorted(other) or (one[:-1] == other[:-1] and near)


def _changed(said: Said, known: Known, unit_id: int | None, identity: Identity | None, on: date) -> Plan:
    changes = {
        key: (getattr(known, key), said.values[key])
        for key in FIELDS
        if key in said.values and said.values[key] != getattr(known, key) and not (key == "full_name" and _same_name(said.text(key), known.full_name))
    }
    new_identity = identity if identity and not known.national_id_digest else None
    move, last_on, problems = _work(said, known.work, unit_id, on)
    if any(not problem.note for problem in problems):
        return Plan(ERROR, known.person_id, problems=(*said.problems, *problems))
    state = CHANGED if changes or new_identity or move or last_on else UNCHANGED
    return Plan(state, known.person_id, changes, new_identity, move, last_on, (*said.problems, *problems))


def _same_name(new: str, old: str) -> bool:
    """Whether a sheet only writes the name in other capitals, or without its accents: the fuller form is kept."""
    return new.casefold() == old.casefold() or (new.isascii() and fold(new) == fold(old))


def _work(said: Said, work: Work | None, unit_id: int | None, on: date) -> tuple[Move | None, date | None, tuple[Problem, ...]]:
    """The move, the last day, and what stands against them."""
    last_on = said.day("until_on")
    if last_on is not None:
        return _leaving(work, last_on)
    position = said.text("position")
    if work is None:
        return (Move(unit_id, position, said.day("from_on") or on), None, ()) if unit_id else (None, None, ())
    if unit_id in (None, work.unit_id) and (not position or fold(position) == fold(work.position)):
        return None, None, ()
    begins = max(on, said.day("from_on") or on)
    target = Move(unit_id or work.unit_id, position or (work.position if unit_id in (None, work.unit_id) else ""), begins)
    if begins == work.from_on:
        return Move(target.unit_id, target.position, begins, corrects=True), None, ()
    if begins < work.from_on:
        return None, None, (Problem("unit", phrase("The present work began on %(date)s; a move comes after that day.", date=work.from_on)),)
    return target, None, ()


def _leaving(work: Work | None, last_on: date) -> tuple[Move | None, date | None, tuple[Problem, ...]]:
    if work is None or work.until_on == last_on:
        return None, None, ()
    if last_on < work.from_on:
        return None, None, (Problem("until_on", phrase("The present work began on %(date)s; its last day cannot be before.", date=work.from_on)),)
    return None, last_on, ()
