"""The unit tree: create, rename, tag, move, close. What a unit was before a change is kept in `unit_past`."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import Membership, Unit, UnitPast
from lms.people.rules import TAGS, covers, name_words, staff_code_of, unit_search_text, unit_sort_key, write_tags
from lms.platform.audit import record

PATH_MAX = 255
KINDS = ("federation", "company", "plant", "workshop", "team", "department", "school", "commune", "other")
EVERYWHERE = ("/",)


def create_unit(
    session: Session,
    *,
    name: str,
    code: str,
    now: datetime,
    kind: str = "company",
    tags: Sequence[str] = (),
    parent_id: int | None = None,
    actor_id: int | None = None,
    demo: bool = False,
    paths: tuple[str, ...] = EVERYWHERE,
) -> Unit:
    """Make a unit below its parent (a root if none).

    Raises NotFound for a parent outside `paths`, Conflict if the code is taken or the parent closed, Invalid for wrong values.
    """
    parent = get_unit(session, unit_id=parent_id, paths=paths, lock=True) if parent_id else None
    if parent is None and "/" not in paths:
        raise NotFound("There is no such unit.")
    if parent and parent.closed_on:
        raise Conflict("%(name)s is closed and takes no new units.", name=parent.name)
    made = Unit(
        parent_id=parent.id if parent else None,
        path=f"/new/{normal_unit_code(code)}/",
        kind=_kind(kind),
        code=normal_unit_code(code),
        name=_name(name),
        tags=_tags(tags),
        demo=demo,
        created_at=now,
    )
    session.add(made)
    _flush(session, made.code)
    made.path = _path(parent, made.id)
    session.flush()
    record(session, now=now, actor_id=actor_id, action="unit_created", subject_kind="unit", subject_id=made.id, detail={"parent": made.parent_id})
    return made


def edit_unit(
    session: Session,
    *,
    unit_id: int,
    name: str,
    code: str,
    kind: str,
    now: datetime,
    actor_id: int | None,
    tags: Sequence[str] | None = None,
    paths: tuple[str, ...] = EVERYWHERE,
) -> Unit:
    """Rename a unit or correct its code, kind and tags (None: as they are). Raises Conflict if another unit has the code."""
    unit = get_unit(session, unit_id=unit_id, paths=paths, lock=True)
    wanted = {"name": _name(name), "code": normal_unit_code(code), "kind": _kind(kind)}
    wanted |= {} if tags is None else {"tags": _tags(tags)}
    changed = [field for field, value in wanted.items() if getattr(unit, field) != value]
    if not changed:
        return unit
    keep_past(session, Unit.id == unit.id, now)
    for field in changed:
        setattr(unit, field, wanted[field])
    unit.sort_key, unit.search_text = unit_sort_key(unit.name), unit_search_text(unit.name, unit.code)
    _flush(session, unit.code)
    record(session, now=now, actor_id=actor_id, action="unit_edited", subject_kind="unit", subject_id=unit.id, detail={"fields": changed})
    return unit


def move_unit(session: Session, *, unit_id: int, parent_id: int | None, now: datetime, actor_id: int | None, paths: tuple[str, ...] = EVERYWHERE) -> Unit:
    """Hang a unit with everything below it under another parent (none: make it a root); the same number of statements however much that is.

    Raises Conflict where the new parent lies in the unit itself or is closed, NotFound outside `paths`.
    """
    unit = get_unit(session, unit_id=unit_id, paths=paths, lock=True)
    parent = get_unit(session, unit_id=parent_id, paths=paths, lock=True) if parent_id else None
    if parent is None and "/" not in paths:
        raise NotFound("There is no such unit.")
    if parent and covers((unit.path,), parent.path):
        raise Conflict("A unit cannot stand below itself.")
    if parent and parent.closed_on:
        raise Conflict("%(name)s is closed and takes no new units.", name=parent.name)
    if unit.parent_id == parent_id:
        return unit
    move_paths(session, Unit.path.startswith(unit.path), unit.path, _path(parent, unit.id), now)
    unit.parent_id = parent_id
    session.flush()
    record(session, now=now, actor_id=actor_id, action="unit_moved", subject_kind="unit", subject_id=unit_id, detail={"parent": parent_id})
    return unit


def close_unit(session: Session, *, unit_id: int, on: date, now: datetime, actor_id: int | None, paths: tuple[str, ...] = EVERYWHERE) -> Unit:
    """Close a unit from a day on; its history stays. Raises Conflict while people or open units are in it."""
    unit = get_unit(session, unit_id=unit_id, paths=paths, lock=True)
    if session.scalar(select(Unit.id).where(Unit.parent_id == unit_id, Unit.closed_on.is_(None)).limit(1)):
        raise Conflict("Close or move the units below it first.")
    if session.scalar(select(Membership.id).where(Membership.unit_id == unit_id, Membership.until_on.is_(None) | (Membership.until_on >= on)).limit(1)):
        raise Conflict("Move its people to another unit first.")
    return _set_closed(session, unit, on, now, actor_id)


def reopen_unit(session: Session, *, unit_id: int, now: datetime, actor_id: int | None, paths: tuple[str, ...] = EVERYWHERE) -> Unit:
    """Open a closed unit again. Raises Conflict while the unit above it is closed."""
    unit = get_unit(session, unit_id=unit_id, paths=paths, lock=True)
    if unit.parent_id and session.scalar(select(Unit.closed_on).where(Unit.id == unit.parent_id)):
        raise Conflict("Open the unit above it first.")
    return _set_closed(session, unit, None, now, actor_id)


def get_unit(session: Session, *, unit_id: int | None, paths: tuple[str, ...] = EVERYWHERE, lock: bool = False) -> Unit:
    """The unit, if it lies in one of the subtrees. Raises NotFound."""
    unit = find_unit(session, unit_id=unit_id, paths=paths, lock=lock)
    if unit is None:
        raise NotFound("There is no such unit.")
    return unit


def find_unit(session: Session, *, unit_id: int | None, paths: Sequence[str], lock: bool = False) -> Unit | None:
    """The unit, if it lies in one of the subtrees."""
    wanted = select(Unit).where(Unit.id == unit_id)
    unit = session.scalar(wanted.with_for_update() if lock else wanted)
    return unit if unit is not None and covers(paths, unit.path) else None


def normal_unit_code(code: str) -> str:
    """A unit's code in capitals and half-width. Raises Invalid."""
    normal = staff_code_of(code)
    if normal is None:
        raise Invalid("A unit code has letters, digits and . / - _ (at most 40).")
    return normal


def _set_closed(session: Session, unit: Unit, on: date | None, now: datetime, actor_id: int | None) -> Unit:
    if unit.closed_on == on:
        return unit
    keep_past(session, Unit.id == unit.id, now)
    unit.closed_on = on
    if on is None:
        unit.merged_into = None
    session.flush()
    record(session, now=now, actor_id=actor_id, action="unit_closed" if on else "unit_reopened", subject_kind="unit", subject_id=unit.id)
    return unit


def move_paths(session: Session, moved: ColumnElement[bool], old: str, new: str, now: datetime) -> None:
    """Let units whose paths begin with `old` begin with `new`; what they were is kept. Raises Invalid where a path would grow too long."""
    longest = session.scalar(select(func.max(func.length(Unit.path))).where(moved)) or 0
    if longest - len(old) + len(new) > PATH_MAX:
        raise Invalid("The tree would become too deep.")
    keep_past(session, moved, now)
    path = literal(new).concat(func.substr(Unit.path, len(old) + 1))
    session.execute(update(Unit).where(moved).values(path=path).execution_options(synchronize_session=False))
    look_again(session)


def look_again(session: Session) -> None:
    """Read the units that the session holds anew, after a statement that went past them."""
    held = [unit.id for unit in session.identity_map.values() if isinstance(unit, Unit)]
    session.scalars(select(Unit).where(Unit.id.in_(held)).execution_options(populate_existing=True)).all()


def keep_past(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    """Keep what units are before they change, in one statement."""
    session.flush()
    kept = (Unit.id, literal(now, UnitPast.until_at.type), Unit.parent_id, Unit.path, Unit.kind, Unit.code, Unit.name, Unit.tags, Unit.closed_on)
    names = ["unit_id", "until_at", "parent_id", "path", "kind", "code", "name", "tags", "closed_on"]
    session.execute(insert(UnitPast).from_select(names, select(*kept).where(which)))


def _path(parent: Unit | None, unit_id: int) -> str:
    path = f"{parent.path if parent else '/'}{unit_id}/"
    if len(path) > PATH_MAX:
        raise Invalid("The tree would become too deep.")
    return path


def _flush(session: Session, code: str) -> None:
    try:
        session.flush()
    except IntegrityError as taken:
        raise Conflict("There is already a unit with the code %(code)s.", code=code) from taken


def _name(name: str) -> str:
    words = name_words(name)
    if not 1 <= len(words) <= 200:  # noqa: PLR2004
        raise Invalid("A unit needs a name of at most 200 characters.")
    return words


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise Invalid("There is no unit kind %(kind)s.", kind=kind)
    return kind


def _tags(tags: Sequence[str]) -> str:
    unknown = [tag for tag in tags if tag not in TAGS]
    if unknown:
        raise Invalid("There is no tag %(tag)s.", tag=unknown[0])
    return write_tags(tags)
