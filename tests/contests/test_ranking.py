"""The ranking from the database: pages by the index, places, ties, participation, the rows of the file."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lms.contests.models import Entry
from lms.contests.service.desk import count_states, export_rows
from lms.contests.service.participation import KEPT, Boards, Participation, list_participation, read_board
from lms.contests.service.ranking import Page, changed_at, find_own, list_page
from lms.errors import NotFound
from lms.people.models import Membership, Person, Unit
from tests.conftest import NOW
from tests.content.sample import CONTEST, ROUND
from tests.contests.conftest import Hall
from tests.counting import count_queries
from tests.make import make_unit

RANK = ("correct", "elapsed", "submitted")
TODAY = date(2026, 11, 22)
ROUND_OF: Any = {"contest": CONTEST, "round_slug": ROUND}


def enter(hall: Hall, results: list[tuple[int, int]], unit: Unit | None = None) -> list[Person]:
    """People with entries of (right answers, ms), all copies of one sat attempt."""
    people = [hall.person(unit=unit) for _ in results]
    attempt = hall.sit(people[0], 1, 1000)
    at = hall.clock.now()
    with hall.db.writing() as session:
        session.query(Entry).delete()
        for person, (correct, ms) in zip(people, results, strict=True):
            ranks = {"rank_1": -correct, "rank_2": ms, "rank_3": 0}
            values = {"attempt_id": attempt.id, "attempts": 1, "correct": correct, "item_count": 4, "elapsed_ms": ms, "submitted_at": at, "changed_at": at}
            session.add(Entry(contest=CONTEST, round=ROUND, person_id=person.id, unit_id=unit.id if unit else None, **ranks, **values))
    return people


RESULTS = [(4, 500), (3, 100), (4, 400), (4, 400), (2, 900), (4, 400), (3, 100), (1, 1)]
PLACES = [1, 1, 1, 4, 5, 5, 7, 8]


def walk(hall: Hall, size: int) -> list[Page]:
    pages, cursor = [], None
    with hall.db.reading() as session:
        while True:
            page = list_page(session, **ROUND_OF, rank=RANK, cursor=cursor, size=size)
            pages.append(page)
            if not page.has_after:
                return pages
            cursor = page.rows[-1].cursor


def test_pages_of_any_size_give_the_same_places_and_ties(hall: Hall) -> None:
    people = enter(hall, RESULTS)
    shared = ["same number of right answers", "same time", "handed in at the same moment", "shared place"]
    faster = ["same number of right answers", "less time"]
    for size in range(1, 10):
        pages = walk(hall, size)
        rows = [row for page in pages for row in page.rows]
        assert [row.place for row in rows] == PLACES
        assert [row.person_id for row in rows] == [people[n].id for n in (2, 3, 5, 0, 1, 6, 4, 7)]
        assert [[str(words) for words in row.tie] for row in rows] == [shared, shared, faster, [], shared, [], [], []]
        assert [page.has_before for page in pages] == [False] + [True] * (len(pages) - 1)


def test_going_back_shows_the_pages_before(hall: Hall) -> None:
    enter(hall, RESULTS)
    for size in (1, 3, 8):
        with hall.db.reading() as session:
            page = list_page(session, **ROUND_OF, rank=RANK, side="before", cursor=(0, 0, 0, 0), size=size)
            back = [page]
            while page.has_before:
                page = list_page(session, **ROUND_OF, rank=RANK, side="before", cursor=page.rows[0].cursor, size=size)
                back.insert(0, page)
        assert [row.place for page in back for row in page.rows] == PLACES
        assert all(page.has_after for page in back)


def test_a_page_from_the_own_row_on_and_beyond_the_end(hall: Hall) -> None:
    people = enter(hall, RESULTS)
    with hall.db.reading() as session:
        own = find_own(session, **ROUND_OF, person_id=people[1].id)
        assert own is not None
        assert own.place == 5
        page = list_page(session, **ROUND_OF, rank=RANK, side="from", cursor=own.cursor, size=2)
        assert ([row.place for row in page.rows], page.has_before, page.has_after) == ([5, 5], True, True)
        first = find_own(session, **ROUND_OF, person_id=people[2].id)
        assert first is not None
        assert not list_page(session, **ROUND_OF, rank=RANK, side="from", cursor=first.cursor).has_before
        assert list_page(session, **ROUND_OF, rank=RANK, cursor=(1, 0, 0, 0)) == Page((), has_before=True, has_after=False)
        assert list_page(session, **ROUND_OF, rank=RANK, side="before", cursor=(-9, 0, 0, 0)) == Page((), has_before=False, has_after=True)
        assert list_page(session, contest="none", round_slug="none", rank=RANK) == Page((), has_before=False, has_after=False)
        assert find_own(session, **ROUND_OF, person_id=0) is None


def test_the_first_page_costs_one_query_and_a_later_one_two(hall: Hall) -> None:
    enter(hall, RESULTS)
    with count_queries(hall.db) as counted, hall.db.reading() as session:
        page = list_page(session, **ROUND_OF, rank=RANK, size=2)
    assert len(counted) == 1
    with count_queries(hall.db) as counted, hall.db.reading() as session:
        list_page(session, **ROUND_OF, rank=RANK, cursor=page.rows[-1].cursor, size=2)
    assert len(counted) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_is_a_range_of_the_index_and_is_not_sorted(hall: Hall) -> None:
    """On SQLite, whose plan does not depend on how many rows there are, as PostgreSQL's does."""
    enter(hall, RESULTS)
    with count_queries(hall.db) as counted, hall.db.reading() as session:
        list_page(session, **ROUND_OF, rank=RANK, cursor=(-3, 0, 0, 0), size=2)
    for statement in counted.statements:
        with hall.db.engine.connect() as connection:
            explained = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, (1,) * statement.count("?"))
            plan = [row[3] for row in explained]
        assert any("ix_entry_rank (contest=? AND round=? AND (rank_1,rank_2,rank_3,person_id)" in line for line in plan), plan
        assert not any("TEMP B-TREE" in line for line in plan), plan


def test_the_last_change_is_known(hall: Hall) -> None:
    with hall.db.reading() as session:
        assert changed_at(session, **ROUND_OF) is None
    hall.sit(hall.person(), 1, 1000)
    at = hall.clock.now()
    with hall.db.reading() as session:
        assert changed_at(session, **ROUND_OF) == at


def parts(session: Session, **more: Any) -> Participation:
    """Taking part in the round as it is read now."""
    return list_participation(read_board(session, **ROUND_OF, on=TODAY, now=NOW), **more)


def tree(hall: Hall) -> tuple[Unit, Unit, Unit, Unit]:
    with hall.db.writing() as session:
        top = make_unit(session, name="Công ty")
        left, right = make_unit(session, parent=top, name="Xưởng A"), make_unit(session, parent=top, name="Xưởng B")
        return top, left, right, make_unit(session, parent=left, name="Tổ 1")


def test_participation_counts_distinct_persons_of_members_at_each_level(hall: Hall) -> None:
    top, left, right, team = tree(hall)
    in_team = [hall.person(unit=team) for _ in range(3)]
    in_right = [hall.person(unit=right) for _ in range(2)]
    hall.person(unit=top)
    for person in (in_team[0], in_team[0], in_team[1], in_right[0]):
        hall.sit(person, 1, 1000)
    hall.sit(hall.person(), 1, 1000)
    with hall.db.writing() as session:
        left_on = hall.clock.now().date() - timedelta(days=1)
        session.query(Membership).filter_by(person_id=in_right[1].id).update({"until_on": left_on})
    with count_queries(hall.db) as counted, hall.db.reading() as session:
        roots = parts(session)
    assert len(counted) == 3
    assert [(one.name, one.share.persons, one.share.members) for one in roots.trail] == [("Công ty", 3, 5)]
    assert [(one.name, one.has_below) for one in roots.units] == [("Xưởng B", False), ("Xưởng A", True)]
    with hall.db.writing() as session:
        make_unit(session, name="Công ty khác")
    with hall.db.reading() as session:
        tops = parts(session)
    assert ([one.name for one in tops.units], tops.trail) == (["Công ty", "Công ty khác"], ())
    with hall.db.reading() as session:
        below = parts(session, above=top.id)
        deeper = parts(session, above=left.id)
        leaf = parts(session, above=team.id)
    assert [(one.name, one.share.persons, one.share.members) for one in below.units] == [("Xưởng B", 1, 1), ("Xưởng A", 2, 3)]
    assert [one.name for one in deeper.trail] == ["Công ty", "Xưởng A"]
    assert [(one.name, one.share.percent) for one in deeper.units] == [("Tổ 1", 67)]
    assert leaf.units == ()


def test_the_board_of_a_large_tree_is_shown_for_some_seconds_and_that_of_a_small_one_is_not(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    top, _, right, _ = tree(hall)
    monkeypatch.setattr("lms.contests.service.participation.LARGE", 3)
    boards, now = Boards(), hall.clock.now()

    def shown(at: datetime) -> int:
        with hall.db.reading() as session:
            board = boards.get(session, **ROUND_OF, on=TODAY, now=at)
        return list_participation(board, above=top.id).trail[0].share.persons

    assert shown(now) == 0
    hall.sit(hall.person(unit=right), 1, 1000)
    assert shown(now + KEPT - timedelta(seconds=1)) == 0
    assert shown(now + KEPT) == 1
    monkeypatch.setattr("lms.contests.service.participation.LARGE", 4)
    boards, _ = Boards(), shown(now)
    hall.sit(hall.person(unit=right), 1, 1000)
    assert shown(now) == 2


def test_a_closed_unit_is_listed_only_while_people_count_in_it(hall: Hall) -> None:
    top, left, right, team = tree(hall)
    hall.sit(hall.person(unit=team), 1, 1000)
    with hall.db.writing() as session:
        session.query(Unit).filter(Unit.id.in_([left.id, right.id])).update({"closed_on": date(2026, 11, 1)})
    with hall.db.reading() as session:
        below = parts(session, above=top.id)
    assert [one.name for one in below.units] == ["Xưởng A"]


def test_an_organiser_of_a_subtree_sees_that_subtree(hall: Hall) -> None:
    top, left, right, team = tree(hall)
    mine, other = hall.person(unit=team), hall.person(unit=right)
    hall.sit(other, 4, 1000)
    hall.sit(mine, 2, 1000)
    hall.start(hall.person(unit=right))
    with hall.db.reading() as session:
        own = parts(session, paths=(left.path,))
        assert ([one.name for one in own.trail], [one.name for one in own.units]) == (["Xưởng A"], ["Tổ 1"])
        for above in (right.id, top.id, 10**9):
            with pytest.raises(NotFound):
                parts(session, above=above, paths=(left.path,))
        assert count_states(session, **ROUND_OF, paths=(left.path,)) == {"open": 0, "submitted": 1, "lapsed": 0, "void": 0}
        assert count_states(session, **ROUND_OF) == {"open": 1, "submitted": 2, "lapsed": 0, "void": 0}
        assert [(row.place, row.unit) for row in export_rows(session, **ROUND_OF, paths=(left.path,))] == [(2, "Tổ 1")]


def test_the_file_has_everybody_with_shared_places(hall: Hall) -> None:
    enter(hall, RESULTS)
    with count_queries(hall.db) as counted, hall.db.reading() as session:
        rows = list(export_rows(session, **ROUND_OF))
    assert len(counted) == 1
    assert [row.place for row in rows] == PLACES
    assert (rows[0].correct, rows[0].elapsed_ms, rows[0].unit) == (4, 400, None)
    with hall.db.reading() as session:
        assert list(export_rows(session, **ROUND_OF, paths=("/9/",))) == []
