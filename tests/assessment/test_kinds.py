"""A paper of every kind: drawn with its case together, saved, scored, shown afterwards; nothing tells a key before."""

import json
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import select

from lms.assessment.models import Attempt, Response, Result
from lms.assessment.service import get_attempt
from lms.assessment.service.look import items_of
from lms.assessment.service.papers import list_placed
from lms.assessment.service.save import AnswerRefused
from lms.assessment.service.start import draw_paper
from lms.clock import MovableClock
from lms.content.catalogue import Draw
from lms.content.service.loading import load_items
from lms.errors import Invalid
from lms.platform.db import Database
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import People, Shelf
from tests.assessment.kinds import (
    KIND_KEY,
    MULTIPLE,
    ORDERING,
    RIGHT_ANSWERS,
    SINGLE,
    make,
    make_kinds_quiz,
    said,
    store_items,
)
from tests.counting import count_queries

WRONG = {
    "single01": "a",
    "multi001": "ac",
    "numeric1": "90",
    "short001": "không biết",
    "order001": "abcd",
    "match001": "a:c",
    "gaps0001": '["ngat","the"]',
    "spots001": "ab",
}


def sit(db: Database, kinds: Shelf, people: People, now: datetime, answers: dict[str, str], **offered: object) -> Attempt:
    """A paper begun and answered."""
    attempt = start(db, people.learner, replace(kinds.offerings[KIND_KEY], **offered), now)  # type: ignore[arg-type]
    for item_id, answer in answers.items():
        save(db, attempt, item_id, answer, now)
    return attempt


def result_of(db: Database, attempt: Attempt) -> Result:
    with db.reading() as session:
        result = get_attempt(session, attempt_id=attempt.id, person_id=attempt.person_id).result
    assert result is not None
    return result


def test_everything_right_is_all_points_but_those_of_the_essay(db: Database, kinds: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, kinds, people, clock.now(), RIGHT_ANSWERS)
    submit(db, attempt, clock.now())
    result = result_of(db, attempt)
    assert (result.points, result.max_points, result.correct, result.unmarked, result.passed) == (1600, 1800, 8, 1, None)
    assert [item.verdict for item in items_of(result)] == ["right"] * 8 + ["unmarked"]


def test_parts_bring_their_share_and_an_empty_essay_waits_for_nobody(db: Database, kinds: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, kinds, people, clock.now(), WRONG)
    submit(db, attempt, clock.now())
    result = result_of(db, attempt)
    assert [(item.verdict, item.points) for item in items_of(result)] == [
        ("wrong", 0),
        ("wrong", 0),
        ("wrong", 0),
        ("wrong", 0),
        ("part", 50),
        ("part", 100),
        ("part", 100),
        ("wrong", 0),
        ("blank", 0),
    ]
    assert (result.points, result.critical_wrong, result.unmarked, result.passed) == (250, 1, 0, False)


def test_a_case_stays_together_in_its_order_wherever_it_comes(db: Database, kinds: Shelf, people: People) -> None:
    quiz = make_kinds_quiz(shuffle_items=True, shuffle_choices=True)
    orders, firsts = set(), set()
    with db.reading() as session:
        for seed in range(40):
            rows = draw_paper(quiz, seed, partial(load_items, session))
            ids = [row[1] for row in rows]
            assert ids.index("multi001") == ids.index("single01") + 1
            assert len(ids) == quiz.item_count == 9
            firsts.add(ids.index("single01"))
            orders.add(next(row[2] for row in rows if row[1] == ORDERING.id))
            assert [row[3] for row in rows if len(row) > 3 and row[1] == "match001"]
            assert rows == draw_paper(quiz, seed, partial(load_items, session))
    assert len(firsts) > 4
    assert len(orders) > 10
    assert ORDERING.order not in orders


def test_what_tells_the_key_by_its_place_is_always_shuffled_and_fixed_choices_stay_last(db: Database, kinds: Shelf) -> None:
    last = make("fixed001", "single", said("?", "?", "?"), choices=(replace(SINGLE.choices[0], fixed=True), *SINGLE.choices[1:]))
    pair = make("order002", "ordering", said("?", "?", "?"), choices=ORDERING.choices[:2], order="ba")
    with db.writing() as session:
        store_items(session, last, pair)
    with db.reading() as session:
        plain = [{row[1]: row[2] for row in draw_paper(make_kinds_quiz(), seed, partial(load_items, session))} for seed in range(20)]
        assert {one["single01"] for one in plain} == {"abc"}
        assert len({one["order001"] for one in plain}) > 5
        assert len({one["spots001"] for one in plain}) > 3
        mixed = make_kinds_quiz(shuffle_choices=True, draws=(Draw("quiz/kinds", 2, (), None, (last.digest, pair.digest)),))
        drawn = [draw_paper(mixed, seed, partial(load_items, session)) for seed in range(20)]
    assert {row[2] for rows in drawn for row in rows if row[1] == last.id} == {"bca", "cba"}
    assert {row[2] for rows in drawn for row in rows if row[1] == pair.id} == {"ab"}


def test_a_paper_stored_before_there_were_other_kinds_is_still_read(db: Database, kinds: Shelf) -> None:
    with db.reading() as session:
        [placed] = list_placed(session, json.dumps([[SINGLE.digest, SINGLE.id, "cab"]]))
    assert (placed.letters, placed.targets) == ("cab", "")


@pytest.mark.parametrize(
    ("item_id", "answer"),
    [
        ("order001", "ab"),
        ("match001", "a:z"),
        ("gaps0001", '["a"]'),
        ("spots001", "d"),
        ("single01", "ab"),
        ("short001", "x" * 201),
        ("essay001", "x" * 20_001),
    ],
)
def test_what_an_item_cannot_have_changes_nothing(db: Database, kinds: Shelf, people: People, clock: MovableClock, item_id: str, answer: str) -> None:
    attempt = sit(db, kinds, people, clock.now(), {})
    with pytest.raises(AnswerRefused):
        save(db, attempt, item_id, answer, clock.now())
    with pytest.raises(Invalid):
        save(db, attempt, "item9999", "a", clock.now())
    with db.reading() as session:
        assert session.execute(select(Response)).first() is None


def test_an_answer_of_any_kind_is_one_select_and_one_upsert_and_comes_back_canonical(db: Database, kinds: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, kinds, people, clock.now(), {"single01": "b"})
    with count_queries(db) as counted:
        saved = save(db, attempt, "match001", "b:a  a:c", clock.now())
    assert [statement.split()[0] for statement in counted.statements] == ["SELECT", "INSERT"]
    assert saved.answer == "a:c b:a"
    assert save(db, attempt, "essay001", " Tôi\r\nbáo \x00", clock.now()).answer == "Tôi\nbáo"


def test_an_accepted_item_is_right_for_whoever_answered(db: Database, kinds: Shelf, people: People, clock: MovableClock) -> None:
    free = replace(MULTIPLE, id="accept01", digest="accepted".ljust(64, "0"), accept=True, case=None)
    with db.writing() as session:
        store_items(session, free)
    quiz = make_kinds_quiz(draws=(Draw("quiz/kinds", 1, (), None, (free.digest,)),))
    attempt = sit(db, kinds, people, clock.now(), {"accept01": "c"}, quiz=quiz)
    submit(db, attempt, clock.now())
    assert (result_of(db, attempt).points, result_of(db, attempt).passed) == (200, True)
