"""Units over time: tags, approved head counts, merges, and how they were on a day."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import Membership, Person, RoleGrant, Unit, UnitHeadCount, UnitPast
from lms.people.rules import Role, read_tags, unit_sort_key, write_tags
from lms.people.service import create_unit, edit_unit, move_person, move_unit
from lms.people.service.listing import Wanted, list_people
from lms.people.service.tree import list_tree
from lms.people.service.unit_heads import approve_head_count, head_counts_on, list_head_counts
from lms.people.service.unit_lists import PAGE, WHOLE_TREE, list_as_of, list_level, paths_matching
from lms.people.service.unit_merging import merge_unit, merged_from, preview_merge
from lms.people.service.units import reopen_unit
from lms.platform.db import Database
from tests.conftest import NOW
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in

ACT: dict[str, Any] = {"now": NOW, "actor_id": None}
TODAY = date(2026, 11, 22)


def _world(session: Any) -> dict[str, Any]:
    company = make_unit(session, name="Công ty", code="CT")
    one, two = make_unit(session, parent=company, name="Xưởng 1", code="X1"), make_unit(session, parent=company, name="Xưởng 2", code="X2")
    team = make_unit(session, parent=one, name="Tổ hàn", code="HAN", kind="team")
    people = [make_learner(session, unit=one, full_name=f"Người {n}") for n in range(3)]
    leader = make_learner(session, unit=one, roles=(Role.TEAM_LEADER,))
    return {"company": company, "one": one, "two": two, "team": team, "people": people, "leader": leader}


def test_tags_are_kept_in_order_and_unknown_ones_are_refused(db: Database) -> None:
    assert read_tags(write_tags(["high_risk", "sme", "sme"])) == ("sme", "high_risk")
    assert (write_tags([]), read_tags("")) == ("", ())
    with db.writing() as session:
        unit = create_unit(session, name="Làng nghề", code="L", tags=("craft_village",), now=NOW)
        edit_unit(session, unit_id=unit.id, name="Làng nghề", code="L", kind="other", tags=("sme", "craft_village"), **ACT)
        assert read_tags(unit.tags) == ("sme", "craft_village")
        edit_unit(session, unit_id=unit.id, name="Làng nghề cũ", code="L", kind="other", **ACT)
        assert read_tags(unit.tags) == ("sme", "craft_village")
        assert (unit.sort_key, unit.search_text) == (unit_sort_key("Làng nghề cũ"), "lang nghe cu l")
        with pytest.raises(Invalid):
            edit_unit(session, unit_id=unit.id, name="L", code="L", kind="other", tags=("x",), **ACT)
        past = session.scalars(select(UnitPast.tags).order_by(UnitPast.id)).all()
        assert past == [",craft_village,", ",sme,craft_village,"]


def _approve(session: Any, unit: Unit, n: int, on: date, **given: Any) -> UnitHeadCount:
    values: dict[str, Any] = {"approved_by": "Giám đốc", "today": TODAY, **ACT} | given
    return approve_head_count(session, unit_id=unit.id, n=n, counted_on=on, **values)


def test_the_latest_head_count_of_a_day_counts_and_none_is_changed(db: Database) -> None:
    with db.writing() as session:
        unit = _world(session)["one"]
        for n, on in ((100, date(2026, 1, 1)), (120, date(2026, 6, 1)), (121, date(2026, 6, 1))):
            _approve(session, unit, n, on)
        assert head_counts_on(session, unit_ids=[unit.id], on=date(2026, 5, 31))[unit.id].n == 100
        assert head_counts_on(session, unit_ids=[unit.id], on=TODAY)[unit.id].n == 121
        assert head_counts_on(session, unit_ids=[unit.id], on=date(2025, 12, 31)) == {}
        assert [one.n for one in list_head_counts(session, unit_id=unit.id)] == [121, 120, 100]
    with db.writing() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(update(UnitHeadCount).values(n=1))


@pytest.mark.parametrize("given", [{"n": -1}, {"n": 10_000_001}, {"approved_by": " "}, {"approved_by": "x" * 201}, {"counted_on": TODAY + timedelta(days=1)}])
def test_what_a_head_count_may_not_be(db: Database, given: dict[str, Any]) -> None:
    with db.writing() as session:
        values = {"n": 5, "counted_on": TODAY, "approved_by": "Giám đốc", "today": TODAY, **ACT} | given
        with pytest.raises(Invalid):
            approve_head_count(session, unit_id=_world(session)["one"].id, **values)


def test_a_merge_takes_people_units_and_roles_over_and_keeps_what_was(db: Database) -> None:
    on = date(2026, 12, 1)
    with db.writing() as session:
        world = _world(session)
        one, two, people = world["one"], world["two"], world["people"]
        move_person(session, person_id=people[0].id, unit_id=two.id, on=date(2026, 12, 20), **ACT)
        session.execute(update(Membership).where(Membership.person_id == people[1].id).values(until_on=date(2026, 12, 31)))
        seen = preview_merge(session, source_id=one.id, target_id=two.id, on=on)
        assert (seen.people, seen.units, seen.roles) == (4, 1, 1)
        target = merge_unit(session, source_id=one.id, target_id=two.id, on=on, **ACT)
        assert target.id == two.id
        assert (one.closed_on, one.merged_into) == (on, two.id)
        assert [unit.id for unit in merged_from(session, unit_id=two.id)] == [one.id]
        team = session.get_one(Unit, world["team"].id)
        assert (team.parent_id, team.path) == (two.id, f"{two.path}{team.id}/")
    with db.reading() as session:

        def works(person: Person) -> list[tuple[int, date, date | None]]:
            mine = select(Membership).where(Membership.person_id == person.id).order_by(Membership.from_on, Membership.id)
            return [(one.unit_id, one.from_on, one.until_on) for one in session.scalars(mine)]

        begun, before = date(2026, 1, 1), on - timedelta(days=1)
        assert works(people[2]) == [(one.id, begun, before), (two.id, on, None)]
        assert works(people[1]) == [(one.id, begun, before), (two.id, on, date(2026, 12, 31))]
        assert works(people[0]) == [(one.id, begun, before), (two.id, on, date(2026, 12, 19)), (two.id, date(2026, 12, 20), None)]
        grants = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world["leader"].id).order_by(RoleGrant.id)).all()
        assert [(grant.unit_id, grant.from_on, grant.until_on) for grant in grants] == [(one.id, None, before), (two.id, on, None)]


def test_what_is_to_come_goes_over_whole_and_a_role_held_already_is_not_doubled(db: Database) -> None:
    on = date(2026, 12, 1)
    with db.writing() as session:
        world = _world(session)
        one, two = world["one"], world["two"]
        later = make_learner(session)
        session.add(Membership(person_id=later.id, unit_id=one.id, from_on=date(2027, 1, 1)))
        session.add(RoleGrant(person_id=later.id, role=Role.OFFICER, unit_id=one.id, from_on=date(2027, 1, 1)))
        session.add(RoleGrant(person_id=world["leader"].id, role=Role.TEAM_LEADER, unit_id=two.id))
        merge_unit(session, source_id=one.id, target_id=two.id, on=on, **ACT)
        assert session.scalars(select(Membership.unit_id).where(Membership.person_id == later.id)).all() == [two.id]
        assert session.scalars(select(RoleGrant.unit_id).where(RoleGrant.person_id == later.id)).all() == [two.id]
        assert len(session.scalars(select(RoleGrant).where(RoleGrant.person_id == world["leader"].id)).all()) == 2


def test_where_a_merge_cannot_be(db: Database) -> None:
    with db.writing() as session:
        world = _world(session)
        one, two, team, company = (world[key] for key in ("one", "two", "team", "company"))
        for source, target in ((one, one), (one, team), (company, two)):
            with pytest.raises(Conflict):
                preview_merge(session, source_id=source.id, target_id=target.id, on=TODAY)
        with pytest.raises(NotFound):
            merge_unit(session, source_id=one.id, target_id=two.id, on=TODAY, paths=(one.path,), **ACT)
        merge_unit(session, source_id=team.id, target_id=company.id, on=TODAY, **ACT)
        for source, target in ((team, two), (two, team)):
            with pytest.raises(Conflict):
                merge_unit(session, source_id=source.id, target_id=target.id, on=TODAY, **ACT)
        reopened = reopen_unit(session, unit_id=team.id, **ACT)
        assert reopened.merged_into is None


def test_moves_and_merges_cost_the_same_however_much_hangs_below(db: Database) -> None:
    costs = []
    for n in (2, 40):
        with db.writing() as session:
            root, other, third = (make_unit(session) for _ in range(3))
            for _ in range(n):
                make_learner(session, unit=make_unit(session, parent=root))
                make_learner(session, unit=root)
        with db.writing() as session, count_queries(db) as moved:
            move_unit(session, unit_id=root.id, parent_id=other.id, **ACT)
        with db.writing() as session, count_queries(db) as merged:
            merge_unit(session, source_id=root.id, target_id=third.id, on=TODAY, **ACT)
        costs.append((len(moved), len(merged)))
    assert costs[0] == costs[1]


def test_units_as_they_were_on_a_day(db: Database) -> None:
    first, second, third = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 5, 7))
    with db.writing() as session:
        root = create_unit(session, name="Công ty", code="C", now=first)
        one = create_unit(session, name="Xưởng Một", code="X1", parent_id=root.id, tags=("sme",), now=first)
        team = create_unit(session, name="Tổ", code="T", parent_id=one.id, now=first)
        make_learner(session, unit=team)
        _approve(session, one, 10, date(2026, 3, 2))
        edit_unit(session, unit_id=one.id, name="Phân xưởng Một", code="X1", kind="workshop", tags=(), now=second, actor_id=None)
        move_unit(session, unit_id=team.id, parent_id=root.id, now=third, actor_id=None)
        _approve(session, one, 20, date(2026, 7, 2))

    def seen(day: date) -> list[tuple[str, int, int, tuple[str, ...], int | None]]:
        with db.reading() as session:
            end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
            listed = list_as_of(session, paths=("/",), on=day, end=end)
        return [(one.name, one.depth, one.below, one.tags, one.approved.n if one.approved else None) for one in listed]

    assert seen(date(2026, 2, 1)) == []
    assert seen(date(2026, 4, 1)) == [("Công ty", 0, 1, (), None), ("Xưởng Một", 1, 1, ("sme",), 10), ("Tổ", 2, 1, (), None)]
    assert seen(date(2026, 6, 1)) == [("Công ty", 0, 1, (), None), ("Phân xưởng Một", 1, 1, (), 10), ("Tổ", 2, 1, (), None)]
    assert seen(date(2026, 8, 1)) == [("Công ty", 0, 1, (), None), ("Phân xưởng Một", 1, 0, (), 20), ("Tổ", 1, 1, (), None)]


@pytest.fixture()
def boss(client: FlaskClient, db: Database) -> FlaskClient:
    """The administrator's browser, in a company."""
    with db.writing() as session:
        _world(session)
        person = make_learner(session, roles=(Role.ADMINISTRATOR,), full_name="Bà Quản Trị")
    sign_in(client, person)
    return client


def _unit(db: Database, code: str) -> Unit:
    with db.reading() as session:
        return session.scalars(select(Unit).where(Unit.code == code)).one()


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_every_page_in_every_language(boss: FlaskClient, db: Database, lang: str) -> None:
    one = _unit(db, "X1").id
    for page in (
        "/units/",
        "/units/?q=xuong",
        "/units/?tag=sme",
        f"/units/?under={one}",
        f"/units/{one}",
        "/units/as-of",
        f"/units/{one}/merge?code=X2&on=2026-12-01",
    ):
        assert boss.get(f"{page}{'&' if '?' in page else '?'}lang={lang}").status_code == 200, page


def test_a_head_count_and_tags_from_the_page(boss: FlaskClient, db: Database) -> None:
    one = _unit(db, "X1").id
    given = {"n": "150", "counted_on": "2026-11-01", "approved_by": "Giám đốc Trần B", "note": ""}
    assert boss.post(f"/units/{one}/head-count", data=given | {"n": "x"}).status_code == 422
    assert boss.post(f"/units/{one}/head-count", data=given | {"counted_on": "2027-01-01"}).status_code == 422
    assert boss.post(f"/units/{one}/head-count", data=given).status_code == 302
    assert "Giám đốc Trần B" in boss.get(f"/units/{one}").text
    form = {"name": "Xưởng 1", "code": "X1", "kind": "workshop", "tags": ["sme", "high_risk"]}
    assert boss.post(f"/units/{one}", data=form).status_code == 302
    assert read_tags(_unit(db, "X1").tags) == ("sme", "high_risk")
    found = boss.get("/units/?tag=high_risk").text
    assert "Xưởng 1" in found
    assert "Xưởng 2" not in found
    assert boss.get("/units/as-of?day=2026-11-22").text.count("150") == 1


def test_a_merge_is_looked_at_and_then_done(boss: FlaskClient, db: Database) -> None:
    one, two = _unit(db, "X1").id, _unit(db, "X2").id
    for asked in ("code=NO&on=2026-12-01", "code=X1&on=2026-12-01", "code=&on=2026-12-01"):
        answer = boss.get(f"/units/{one}/merge?{asked}")
        assert answer.status_code in (409, 422)
        assert "form-errors" in answer.text
    page = boss.get(f"/units/{one}/merge?code=x2&on=2026-12-01").text
    assert "Xưởng 2" in page
    assert boss.post(f"/units/{one}/merge", data={"code": "X9", "on": "2026-12-01"}).status_code == 422
    assert boss.post(f"/units/{one}/merge", data={"code": "X2", "on": "2026-12-01"}).headers["Location"] == f"/units/{two}"
    assert "Xưởng 1" in boss.get(f"/units/{two}").text
    assert "Xưởng 2" in boss.get(f"/units/{one}").text


def test_the_units_of_a_day_as_csv(boss: FlaskClient) -> None:
    answer = boss.get("/units/as-of.csv?day=2026-11-22&lang=en")
    lines = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert lines[0][:3] == ["Unit code", "Unit", "Kind"]
    assert [line[0] for line in lines[1:]] == ["CT", "X1", "HAN", "X2"]
    assert lines[2][4:7] == ["CT", "4", "4"]
    assert boss.get("/units/as-of?day=nonsense").status_code == 200


def test_a_subtree_is_a_fence(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        world = _world(session)
        person = make_learner(session, unit=world["one"], roles=(Role.ADMINISTRATOR,))
    sign_in(client, person)
    two = world["two"].id
    assert client.post(f"/units/{two}/head-count", data={"n": "1"}).status_code == 404
    assert client.get(f"/units/{two}/merge?code=X1&on=2026-12-01").status_code == 404
    assert client.get(f"/units/?under={two}").status_code == 404
    assert client.post(f"/units/{world['one'].id}/merge", data={"code": "X2", "on": "2026-12-01"}).status_code == 422
    for page in ("/units/", "/units/?q=xuong", "/units/as-of"):
        assert "Xưởng 2" not in client.get(page).text


def test_a_province_of_units_goes_level_by_level_at_a_constant_cost(boss: FlaskClient, db: Database) -> None:
    costs = []
    for n in (WHOLE_TREE, 3 * WHOLE_TREE):
        with db.writing() as session:
            top = make_unit(session, name=f"Liên đoàn {n}", code=f"LD{n}")
            for one in range(n):
                make_unit(session, parent=top, name=f"Công đoàn cơ sở {n} {one:03}", code=f"CD{n}-{one}")
        with count_queries(db) as counted:
            page = boss.get("/units/").text
        assert f"Liên đoàn {n}" in page
        assert "Công đoàn cơ sở" not in page
        with count_queries(db) as level:
            page = boss.get(f"/units/?under={top.id}&page=2").text
        assert page.count("Công đoàn cơ sở") >= PAGE
        with count_queries(db) as found:
            page = boss.get(f"/units/?q=cong+doan+co+so+{n}+007").text
        assert f"Liên đoàn {n}" in page
        with count_queries(db) as people:
            page = boss.get("/people").text
        assert 'name="unit_words"' in page
        costs.append((len(counted), len(level), len(found), len(people)))
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 10


def test_people_are_found_by_the_name_of_their_unit(db: Database) -> None:
    with db.writing() as session:
        world = _world(session)
        assert paths_matching(session, paths=("/",), words="x1") == [world["one"].path]
        assert set(paths_matching(session, paths=("/",), words="xuong")) == {world["one"].path, world["two"].path}
        assert paths_matching(session, paths=(world["two"].path,), words="x1") == []
        listed, total = list_people(session, paths=("/",), wanted=Wanted(unit_words="xưởng"), on=TODAY, page=1)
        assert total == len(listed) == 4
        assert list_people(session, paths=("/",), wanted=Wanted(unit_words="không có"), on=TODAY, page=1)[1] == 0


def test_a_tree_that_is_too_large_is_not_given(db: Database) -> None:
    with db.writing() as session:
        _world(session)
        assert list_tree(session, paths=("/",), on=TODAY, most=3) == []
        assert len(list_tree(session, paths=("/",), on=TODAY, most=4)) == 4
        assert [level.unit.code for level in list_level(session, paths=("/",), on=TODAY)[0]] == ["CT"]
