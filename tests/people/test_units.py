"""The unit tree: made, renamed, moved without cycles, closed; what it was is kept."""

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from lms.errors import Conflict, Invalid, NotFound, SiteError
from lms.people.models import Membership, Unit, UnitPast
from lms.people.service import close_unit, create_unit, edit_unit, move_unit, reopen_unit
from lms.people.service.tree import list_tree
from lms.people.service.units import get_unit
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.conftest import NOW
from tests.make import make_learner

ACT: dict[str, Any] = {"now": NOW, "actor_id": None}
TODAY = date(2026, 11, 22)


def make_tree(session: Any) -> tuple[Unit, Unit, Unit]:
    root = create_unit(session, name="Công ty", code="C", now=NOW)
    plant = create_unit(session, name="Nhà máy", code="N", kind="plant", parent_id=root.id, now=NOW)
    return root, plant, create_unit(session, name="Tổ", code="T", kind="team", parent_id=plant.id, now=NOW)


def test_a_path_names_every_unit_from_the_root_down(db: Database) -> None:
    with db.writing() as session:
        root, plant, team = make_tree(session)
        assert team.path == f"/{root.id}/{plant.id}/{team.id}/"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        pytest.param({"code": "c"}, Conflict, id="code taken, whatever its case"),
        pytest.param({"code": "a b"}, Invalid, id="a code with a space"),
        pytest.param({"name": "  "}, Invalid, id="no name"),
        pytest.param({"kind": "castle"}, Invalid, id="unknown kind"),
        pytest.param({"parent_id": 999_999}, NotFound, id="no such parent"),
        pytest.param({"paths": ("/999/",)}, NotFound, id="a root by an administrator of a subtree"),
    ],
)
def test_what_a_new_unit_may_not_be(db: Database, given: dict[str, Any], error: type[SiteError]) -> None:
    with db.writing() as session:
        make_tree(session)
    given_unit: dict[str, Any] = {"name": "Tổ 2", "code": "T2", "now": NOW}
    with pytest.raises(error), db.writing() as session:
        create_unit(session, **(given_unit | given))


def test_moving_takes_everything_below_along_and_keeps_what_was(db: Database) -> None:
    with db.writing() as session:
        root, plant, team = make_tree(session)
        other = create_unit(session, name="Công ty khác", code="K", now=NOW)
        move_unit(session, unit_id=plant.id, parent_id=other.id, **ACT)
    with db.reading() as session:
        assert get_unit(session, unit_id=team.id).path == f"/{other.id}/{plant.id}/{team.id}/"
        past = session.scalars(select(UnitPast).order_by(UnitPast.unit_id)).all()
        assert [(row.unit_id, row.parent_id, row.path) for row in past] == [
            (plant.id, root.id, f"/{root.id}/{plant.id}/"),
            (team.id, plant.id, f"/{root.id}/{plant.id}/{team.id}/"),
        ]
    with db.writing() as session:
        assert move_unit(session, unit_id=plant.id, parent_id=None, **ACT).path == f"/{plant.id}/"


def test_a_move_to_where_it_is_changes_nothing(db: Database) -> None:
    with db.writing() as session:
        root, plant, _ = make_tree(session)
        move_unit(session, unit_id=plant.id, parent_id=root.id, **ACT)
        assert session.scalar(select(UnitPast.id)) is None


def test_a_cycle_is_refused(db: Database) -> None:
    with db.writing() as session:
        root, plant, team = make_tree(session)
    for below in (root, plant, team):
        with pytest.raises(Conflict, match="below itself"), db.writing() as session:
            move_unit(session, unit_id=root.id, parent_id=below.id, **ACT)


def test_an_administrator_of_a_subtree_moves_within_it_only(db: Database) -> None:
    with db.writing() as session:
        root, plant, team = make_tree(session)
    for unit_id, parent_id in ((team.id, root.id), (team.id, None), (root.id, plant.id)):
        with pytest.raises(NotFound), db.writing() as session:
            move_unit(session, unit_id=unit_id, parent_id=parent_id, paths=(plant.path,), **ACT)


def test_a_closed_unit_takes_neither_units_nor_a_second_closing(db: Database) -> None:
    with db.writing() as session:
        root, plant, team = make_tree(session)
        close_unit(session, unit_id=team.id, on=TODAY, **ACT)
        close_unit(session, unit_id=team.id, on=TODAY, **ACT)
        assert len(session.scalars(select(UnitPast)).all()) == 1
    works: list[Any] = [
        lambda session: create_unit(session, name="X", code="X", parent_id=team.id, now=NOW),
        lambda session: move_unit(session, unit_id=plant.id, parent_id=team.id, **ACT),
        lambda session: close_unit(session, unit_id=root.id, on=TODAY, **ACT),
    ]
    for work in works:
        with pytest.raises(Conflict), db.writing() as session:
            work(session)
    with db.writing() as session:
        other = create_unit(session, name="Y", code="Y", now=NOW)
        with pytest.raises(Conflict, match="closed"):
            move_unit(session, unit_id=other.id, parent_id=team.id, **ACT)
        close_unit(session, unit_id=plant.id, on=TODAY, **ACT)
        with pytest.raises(Conflict, match="above"):
            reopen_unit(session, unit_id=team.id, **ACT)
        reopen_unit(session, unit_id=plant.id, **ACT)
        assert reopen_unit(session, unit_id=team.id, **ACT).closed_on is None


def test_a_unit_with_people_is_not_closed(db: Database) -> None:
    with db.writing() as session:
        _, _, team = make_tree(session)
        person = make_learner(session, unit=team)
    with pytest.raises(Conflict, match="people"), db.writing() as session:
        close_unit(session, unit_id=team.id, on=TODAY, **ACT)
    with db.writing() as session:
        member = session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
        member.until_on = date(2026, 11, 21)
        assert close_unit(session, unit_id=team.id, on=TODAY, **ACT).closed_on == TODAY


def test_renaming_keeps_the_former_name_and_an_empty_change_leaves_no_trace(db: Database) -> None:
    with db.writing() as session:
        _, _, team = make_tree(session)
        before = len(session.scalars(select(AuditEvent)).all())
        edit_unit(session, unit_id=team.id, name="Tổ", code="t", kind="team", **ACT)
        assert len(session.scalars(select(AuditEvent)).all()) == before
        edit_unit(session, unit_id=team.id, name="Tổ Hàn", code="T", kind="team", **ACT)
        assert session.scalars(select(UnitPast.name)).all() == ["Tổ"]
        assert session.scalars(select(AuditEvent.detail).order_by(AuditEvent.id.desc())).first() == '{"fields": ["name"]}'
    with pytest.raises(Conflict, match="code N"), db.writing() as session:
        edit_unit(session, unit_id=team.id, name="Tổ", code="N", kind="team", **ACT)


def test_what_was_is_append_only(db: Database) -> None:
    with db.writing() as session:
        _, _, team = make_tree(session)
        edit_unit(session, unit_id=team.id, name="Tổ Hàn", code="T", kind="team", **ACT)
    with pytest.raises(DBAPIError), db.writing() as session:
        session.execute(update(UnitPast).values(name="anders"))


def test_the_tree_is_refused_past_its_depth(db: Database) -> None:
    with db.writing() as session:
        deep = Unit(path="/" + "9" * 253 + "/", kind="team", code="DEEP", name="sâu", created_at=NOW)
        session.add(deep)
        session.flush()
        with pytest.raises(Invalid, match="deep"):
            create_unit(session, name="X", code="X", parent_id=deep.id, now=NOW)
        session.rollback()
    with db.writing() as session:
        _, plant, _ = make_tree(session)
        almost = Unit(path="/" + "9" * 251 + "/", kind="team", code="DEEP", name="sâu", created_at=NOW)
        session.add(almost)
        session.flush()
        with pytest.raises(Invalid, match="deep"):
            move_unit(session, unit_id=plant.id, parent_id=almost.id, **ACT)


def test_the_tree_is_in_order_and_counts_everybody_once(db: Database) -> None:
    with db.writing() as session:
        root, plant, team = make_tree(session)
        first = create_unit(session, name="Ban An toàn", code="B", parent_id=root.id, now=NOW)
        for unit in (root, team, team):
            make_learner(session, unit=unit)
        second_job = make_learner(session, unit=plant)
        session.add(Membership(person_id=second_job.id, unit_id=team.id, main=False, from_on=TODAY))
        session.add(Membership(person_id=make_learner(session).id, unit_id=team.id, from_on=date(2026, 11, 23)))
    with db.reading() as session:
        nodes = list_tree(session, paths=("/",), on=TODAY, counted=True)
        assert [(node.unit.id, node.depth, node.own, node.below) for node in nodes] == [
            (root.id, 0, 1, 4),
            (first.id, 1, 0, 0),
            (plant.id, 1, 1, 3),
            (team.id, 2, 2, 2),
        ]
        assert [(node.unit.id, node.depth) for node in list_tree(session, paths=(plant.path,), on=TODAY)] == [(plant.id, 0), (team.id, 1)]
        assert list_tree(session, paths=(), on=TODAY) == []
        assert nodes[3].indented.endswith("Tổ")


def test_closed_units_are_left_out_where_something_new_is_chosen(db: Database) -> None:
    with db.writing() as session:
        _, _, team = make_tree(session)
        close_unit(session, unit_id=team.id, on=TODAY, **ACT)
    with db.reading() as session:
        assert len(list_tree(session, paths=("/",), on=TODAY)) == 3
        assert len(list_tree(session, paths=("/",), on=TODAY, closed=False)) == 2


def test_a_unit_made_below_one_that_is_being_moved_stands_in_the_new_place(db: Database) -> None:
    with db.writing() as session:
        root, plant, team = make_tree(session)
        other = create_unit(session, name="Nhà máy Hai", code="N2", kind="plant", parent_id=root.id, now=NOW)
    paths: list[str] = []

    def make() -> None:
        with db.writing() as session:
            paths.append(create_unit(session, name="Nhóm", code="X", kind="team", parent_id=team.id, now=NOW).path)

    thread = threading.Thread(target=make)
    with db.writing() as session:
        move_unit(session, unit_id=plant.id, parent_id=other.id, **ACT)
        thread.start()
        thread.join(0.5)
    thread.join()
    assert paths[0].startswith(f"/{root.id}/{other.id}/{plant.id}/{team.id}/")
