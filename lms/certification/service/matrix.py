"""The training matrix: its lines, and the assignments that it makes and ends."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lms.certification.models import Assignment, MatrixState, TrainingRequirement
from lms.certification.rules.matrix import Need, Requirement, Work, narrowed, needs_of
from lms.certification.scheme_terms import get_scheme
from lms.certification.service.assign import needed_on
from lms.content.catalogue import Catalogue
from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import WORK_KINDS, Membership, Unit
from lms.people.rules import STAFF_ROLES, TAGS, covers, fold
from lms.people.service.listing import roles_of
from lms.people.service.scope import in_paths, works_on
from lms.platform.audit import record
from lms.platform.db import insert_into

EVERYWHERE = "/"
ONE = 1
"""The id of the only row that says how far the matrix is applied."""
DONE = -1
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the matrix as it is listed: unit: its name (none: anywhere); people: how many need the scheme by it today; own: whether one may end it."""

    requirement: TrainingRequirement
    unit: str | None
    people: int
    own: bool


def list_lines(session: Session, *, paths: tuple[str, ...], own_paths: tuple[str, ...], today: date) -> list[Line]:
    """The lines that concern the subtrees, those of units above included; the latest first, ended ones left out. Two queries."""
    rows = session.execute(
        select(TrainingRequirement, Unit.name, Unit.path)
        .outerjoin(Unit, Unit.id == TrainingRequirement.unit_id)
        .where(TrainingRequirement.ended_at.is_(None))
        .order_by(TrainingRequirement.id.desc())
    ).all()
    near = [(line, name, path or EVERYWHERE) for line, name, path in rows if _concerns(path or EVERYWHERE, paths)]
    counted = (
        select(Assignment.requirement_id, func.count())
        .where(Assignment.requirement_id.in_([line.id for line, _, _ in near]), *needed_on(today))
        .group_by(Assignment.requirement_id)
    )
    people: dict[int | None, int] = {row[0]: row[1] for row in session.execute(counted)}
    return [Line(line, name, people.get(line.id, 0), covers(own_paths, path)) for line, name, path in near]


def _concerns(path: str, paths: Collection[str]) -> bool:
    return any(path.startswith(one) or one.startswith(path) for one in paths)


def draft(
    session: Session,
    *,
    catalogue: Catalogue,
    scheme: str,
    unit_id: int | None,
    tag: str,
    position: str,
    kind: str,
    role: str,
    from_on: date,
    until_on: date | None,
    reason: str,
    paths: tuple[str, ...],
    actor_id: int,
    now: datetime,
) -> TrainingRequirement:
    """A line that is not stored yet. Raises NotFound for a scheme or a unit outside `paths`, Invalid for values that mean nothing."""
    get_scheme(catalogue, scheme)
    path = EVERYWHERE if unit_id is None else session.scalar(select(Unit.path).where(Unit.id == unit_id))
    if path is None or not covers(paths, path):
        raise NotFound("There is no such unit in your scope.")
    if (tag and tag not in TAGS) or (kind and kind not in WORK_KINDS) or (role and role not in STAFF_ROLES):
        raise Invalid("Choose tag, kind of work and role from the lists.")
    if until_on is not None and until_on < from_on:
        raise Invalid("The last day comes before the first.")
    if not reason.strip():
        raise Invalid("Give the reason, like the article of the law or the rule of the unit.")
    words = {"scheme": scheme, "unit_id": unit_id, "tag": tag, "position": " ".join(position.split()), "kind": kind, "role": role}
    return TrainingRequirement(**words, from_on=from_on, until_on=until_on, reason=reason.strip(), made_by=actor_id, made_at=now)


def count_touched(session: Session, line: TrainingRequirement, *, today: date) -> tuple[int, int]:
    """How many people a line that is not stored yet speaks of today (or on its first day, as far as is known), and how many have the scheme already."""
    on = max(today, line.from_on)
    (rule,) = _as_rules(session, [line])
    there = select(Membership.person_id).join(Unit, Unit.id == Membership.unit_id).where(in_paths(Unit.path, rule.paths), works_on(on))
    ids = list(session.scalars(there.distinct()))
    fit = have = 0
    for at in range(0, len(ids), AT_ONCE):
        needs = _needs(session, [rule], ids[at : at + AT_ONCE], on)
        mine = select(func.count(Assignment.person_id.distinct())).where(Assignment.scheme == line.scheme, Assignment.person_id.in_(list(needs)))
        fit += len(needs)
        have += session.scalar(mine.where(*needed_on(on))) or 0
    return fit, have


def add_line(session: Session, line: TrainingRequirement, *, now: datetime) -> TrainingRequirement:
    """Store a line; the job applies it. Raises Conflict where the same is there already."""
    same = [getattr(TrainingRequirement, name) == getattr(line, name) for name in ("scheme", "tag", "position", "kind", "role")]
    there = TrainingRequirement.unit_id.is_(None) if line.unit_id is None else TrainingRequirement.unit_id == line.unit_id
    lasts = or_(TrainingRequirement.until_on.is_(None), TrainingRequirement.until_on >= line.from_on)
    if session.scalar(select(TrainingRequirement.id).where(*same, there, lasts, TrainingRequirement.ended_at.is_(None)).limit(1)) is not None:
        raise Conflict("The matrix has this line already.")
    session.add(line)
    session.flush()
    again(session)
    detail = {"scheme": line.scheme, "unit": line.unit_id, "from": line.from_on, "reason": line.reason}
    record(session, now=now, actor_id=line.made_by, action="requirement_added", subject_kind="requirement", subject_id=line.id, detail=detail)
    return line


def end_line(session: Session, *, requirement_id: int, paths: tuple[str, ...], actor_id: int, now: datetime) -> None:
    """Let a line hold no more; the job releases those who need the scheme by it alone. Raises NotFound outside `paths` or where it has ended."""
    row = session.execute(
        select(TrainingRequirement, Unit.path)
        .outerjoin(Unit, Unit.id == TrainingRequirement.unit_id)
        .where(TrainingRequirement.id == requirement_id, TrainingRequirement.ended_at.is_(None))
        .with_for_update(of=TrainingRequirement)
    ).first()
    if row is None or not covers(paths, row[1] or EVERYWHERE):
        raise NotFound("There is no such line in the matrix of your scope.")
    row[0].ended_at, row[0].ended_by = now, actor_id
    again(session)
    record(session, now=now, actor_id=actor_id, action="requirement_ended", subject_kind="requirement", subject_id=requirement_id)


def again(session: Session) -> None:
    """Have the matrix applied to everybody anew."""
    state_of(session).on = None
    session.flush()


def state_of(session: Session) -> MatrixState:
    """How far the matrix is applied, locked until the end of the transaction."""
    session.execute(insert_into(session, MatrixState).values(id=ONE, on=None, at_person=0, at_membership=0).on_conflict_do_nothing())
    return session.scalars(select(MatrixState).where(MatrixState.id == ONE).with_for_update()).one()


def load_requirements(session: Session) -> list[Requirement]:
    """The lines that have not been ended, as the rules want them."""
    return _as_rules(session, session.scalars(select(TrainingRequirement).where(TrainingRequirement.ended_at.is_(None))).all())


def _as_rules(session: Session, lines: Sequence[TrainingRequirement]) -> list[Requirement]:
    units: dict[int | None, str] = {None: EVERYWHERE}
    asked = [line.unit_id for line in lines if line.unit_id is not None]
    units |= {row[0]: row[1] for row in session.execute(select(Unit.id, Unit.path).where(Unit.id.in_(asked)))}
    tagged: defaultdict[str, list[str]] = defaultdict(list)
    for path, tags in session.execute(select(Unit.path, Unit.tags).where(Unit.tags != "")) if any(line.tag for line in lines) else ():
        for tag in TAGS:
            if f",{tag}," in tags:
                tagged[tag].append(path)
    return [
        Requirement(
            line.id or 0,
            line.scheme,
            narrowed(units[line.unit_id], tagged[line.tag]) if line.tag else (units[line.unit_id],),
            line.from_on,
            line.until_on,
            fold(line.position),
            line.kind,
            line.role,
        )
        for line in lines
    ]


def apply_to(session: Session, requirements: Sequence[Requirement], person_ids: Collection[int], *, today: date, now: datetime) -> int:
    """Assign to people what the matrix says that they need today, and end what it says no more; gives how many assignments changed.

    What somebody has assigned by hand stays. Five statements however many people, besides those that write.
    """
    needs = _needs(session, requirements, person_ids, today)
    lasting = select(Assignment).where(Assignment.person_id.in_(person_ids), or_(Assignment.until_on.is_(None), Assignment.until_on >= today))
    held: defaultdict[tuple[int, str], list[Assignment]] = defaultdict(list)
    for one in session.scalars(lasting):
        held[one.person_id, one.scheme].append(one)
    reasons = _reasons(session, {need.requirement_id for mine in needs.values() for need in mine.values()})
    fresh: list[dict[str, Any]] = []
    moved = 0
    for person_id, mine in needs.items():
        for scheme, need in mine.items():
            now_held = [one for one in held[person_id, scheme] if one.from_on <= today]
            if not now_held:
                fresh.append(_assignment(person_id, scheme, need, reasons))
            for one in now_held:
                if one.requirement_id is not None and one.requirement_id != need.requirement_id:
                    one.requirement_id, one.reason = need.requirement_id, reasons[need.requirement_id]
                    moved += 1
    over = [one for (person_id, scheme), rows in held.items() for one in rows if one.requirement_id is not None and scheme not in needs.get(person_id, {})]
    for one in over:
        _release(session, one, today)
    session.flush()
    _store(session, fresh, today)
    _tell(session, "assigned_by_matrix", [(row["requirement_id"], row["person_id"]) for row in fresh], now)
    _tell(session, "released_by_matrix", [(one.requirement_id, one.person_id) for one in over], now)
    return len(fresh) + len(over) + moved


def _assignment(person_id: int, scheme: str, need: Need, reasons: Mapping[int, str]) -> dict[str, Any]:
    made = {"person_id": person_id, "scheme": scheme, "from_on": need.from_on, "until_on": None}
    return made | {"reason": reasons[need.requirement_id], "requirement_id": need.requirement_id}


def _store(session: Session, fresh: Sequence[dict[str, Any]], today: date) -> None:
    """Where an assignment of that first day has ended before, the new one begins today."""
    if not fresh:
        return
    known = select(Assignment.person_id, Assignment.scheme, Assignment.from_on).where(Assignment.person_id.in_([row["person_id"] for row in fresh]))
    taken = {tuple(row) for row in session.execute(known)}
    rows = [row | ({"from_on": today} if (row["person_id"], row["scheme"], row["from_on"]) in taken else {}) for row in fresh]
    session.execute(insert_into(session, Assignment).values(rows).on_conflict_do_nothing())


def _release(session: Session, one: Assignment, today: date) -> None:
    """Yesterday was its last day; one that begins today or later has never been."""
    if one.from_on >= today:
        session.delete(one)
    else:
        one.until_on = today - timedelta(days=1)


def _tell(session: Session, action: str, changed: Sequence[tuple[int | None, int]], now: datetime) -> None:
    by_line: defaultdict[int, list[int]] = defaultdict(list)
    for requirement_id, person_id in changed:
        by_line[requirement_id or 0].append(person_id)
    for requirement_id, people in by_line.items():
        detail = {"person_ids": sorted(people)}
        record(session, now=now, actor_id=None, action=action, subject_kind="requirement", subject_id=requirement_id, detail=detail)


def _reasons(session: Session, ids: Collection[int]) -> dict[int, str]:
    return {row[0]: row[1] for row in session.execute(select(TrainingRequirement.id, TrainingRequirement.reason).where(TrainingRequirement.id.in_(ids)))}


def _needs(session: Session, requirements: Sequence[Requirement], person_ids: Collection[int], on: date) -> dict[int, Mapping[str, Need]]:
    """What people need on a day, by person; nobody who needs nothing."""
    works: defaultdict[int, list[Work]] = defaultdict(list)
    asked = select(Membership.person_id, Unit.path, Membership.kind, Membership.position, Membership.from_on).join(Unit, Unit.id == Membership.unit_id)
    for row in session.execute(asked.where(Membership.person_id.in_(person_ids), works_on(on))):
        works[row[0]].append(Work(row[1], row[2], fold(row[3]), row[4]))
    roles = roles_of(session, person_ids=list(works), on=on) if any(one.role for one in requirements) else {}
    found = {person_id: needs_of(requirements, mine, roles.get(person_id, ()), on) for person_id, mine in works.items()}
    return {person_id: mine for person_id, mine in found.items() if mine}
