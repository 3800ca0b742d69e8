"""A paper of every kind: drawn with its case together, saved, scored, shown afterwards; nothing tells a key before."""

import json
import re
from dataclasses import replace
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.assessment.models import Attempt, Response, Result
from lms.assessment.service import get_attempt
from lms.assessment.service.look import items_of
from lms.assessment.service.papers import list_placed
from lms.assessment.service.save import AnswerRefused
from lms.assessment.service.start import _draw
from lms.clock import MovableClock
from lms.content.catalogue import Draw
from lms.errors import Invalid
from lms.platform.db import Database
from tests.assessment.acts import new_id, save, start, submit
from tests.assessment.conftest import People, Shelf
from tests.assessment.kinds import (
    ALL_KINDS,
    ESSAY,
    KIND_KEY,
    MULTIPLE,
    ORDERING,
    RIGHT_ANSWERS,
    SINGLE,
    make,
    make_kinds_offering,
    make_kinds_quiz,
    said,
    store_items,
)
from tests.assessment.test_pages import form_of
from tests.counting import count_queries
from tests.make import sign_in

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


@pytest.fixture()
def kinds(shelf: Shelf, db: Database) -> Shelf:
    """The shelf with the paper of every kind on it."""
    with db.writing() as session:
        store_items(session, *ALL_KINDS)
    shelf.put(make_kinds_offering())
    return shelf


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
            rows = _draw(session, quiz, seed)
            ids = [row[1] for row in rows]
            assert ids.index("multi001") == ids.index("single01") + 1
            assert len(ids) == quiz.item_count == 9
            firsts.add(ids.index("single01"))
            orders.add(next(row[2] for row in rows if row[1] == ORDERING.id))
            assert [row[3] for row in rows if len(row) > 3 and row[1] == "match001"]
            assert rows == _draw(session, quiz, seed)
    assert len(firsts) > 4
    assert len(orders) > 10
    assert ORDERING.order not in orders


def test_what_tells_the_key_by_its_place_is_always_shuffled_and_fixed_choices_stay_last(db: Database, kinds: Shelf) -> None:
    last = make("fixed001", "single", said("?", "?", "?"), choices=(replace(SINGLE.choices[0], fixed=True), *SINGLE.choices[1:]))
    pair = make("order002", "ordering", said("?", "?", "?"), choices=ORDERING.choices[:2], order="ba")
    with db.writing() as session:
        store_items(session, last, pair)
    with db.reading() as session:
        plain = [{row[1]: row[2] for row in _draw(session, make_kinds_quiz(), seed)} for seed in range(20)]
        assert {one["single01"] for one in plain} == {"abc"}
        assert len({one["order001"] for one in plain}) > 5
        assert len({one["spots001"] for one in plain}) > 3
        mixed = make_kinds_quiz(shuffle_choices=True, draws=(Draw("quiz/kinds", 2, (), None, (last.digest, pair.digest)),))
        drawn = [_draw(session, mixed, seed) for seed in range(20)]
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


@pytest.fixture()
def browser(client: FlaskClient, kinds: Shelf, people: People) -> FlaskClient:
    """The learner's browser, in English, without a script."""
    sign_in(client, people.learner)
    client.set_cookie("lang", "en")
    return client


FORMS = {
    "single01": {"answer": "b"},
    "multi001": {"answer": ["b", "a"]},
    "numeric1": {"answer": " 85,2 dBA"},
    "short001": {"answer": "LOTO"},
    "order001": {"answer.a": "1", "answer.b": "4", "answer.c": "2", "answer.d": "3"},
    "match001": {"answer.a": "c", "answer.b": ""},
    "gaps0001": {"answer.0": "cut", "answer.1": ""},
    "spots001": {"answer": ["c", "a"]},
    "essay001": {"answer": "One\r\ntwo"},
}
STORED = {
    "single01": "b",
    "multi001": "ab",
    "numeric1": "85,2 dBA",
    "short001": "LOTO",
    "order001": "acdb",
    "match001": "a:c",
    "gaps0001": '["cut",""]',
    "spots001": "ac",
    "essay001": "One\ntwo",
}


def test_without_a_script_every_kind_is_answered_by_its_form(browser: FlaskClient, db: Database) -> None:
    assert "Some answers are marked by a person." in browser.get(f"/offerings/{KIND_KEY}").text
    url = browser.post(f"/offerings/{KIND_KEY}").location
    for n, item in enumerate(ALL_KINDS, 1):
        fields = form_of(browser.get(f"{url}?n={n}").text, n)
        go = "submit" if item is ESSAY else "next"
        assert browser.post(url, data=fields | FORMS[item.id] | {"go": go}).status_code == 303
    with db.reading() as session:
        stored = {row.item_id: row for row in session.scalars(select(Response))}
    assert {item_id: row.answer for item_id, row in stored.items()} == STORED
    for n, item in enumerate(ALL_KINDS, 1):
        page = browser.get(f"{url}?n={n}").text
        fields = form_of(page, n)
        assert browser.post(url, data=fields | FORMS[item.id] | {"save_id": new_id(), "go": "next"}).status_code == 303
    with db.reading() as session:
        assert {row.seq for row in session.scalars(select(Response))} == {1}
    for shown in ('value="85,2 dBA"', 'value="LOTO"', ">One\ntwo</textarea>", 'value="cut"', '<option value="c" selected>', "<option selected>4</option>"):
        assert shown in page
    assert "Every question is answered." in browser.get(f"{url}/submit").text


def test_places_that_make_no_order_are_shown_again_with_why(browser: FlaskClient, db: Database) -> None:
    url = browser.post(f"/offerings/{KIND_KEY}").location
    fields = form_of(browser.get(f"{url}?n=5").text, 5)
    answered = browser.post(url, data=fields | {"answer.a": "1", "answer.b": "1", "answer.c": "", "answer.d": "", "go": "next"})
    assert answered.status_code == 422
    assert "Give every row a place of its own, from 1 to 4" in answered.text
    form = answered.text.split('data-question="5"')[1].split("</form>")[0]
    assert " hidden>" not in answered.text.split('data-question="5"')[1].split(">")[0] + ">"
    assert form.count("<option selected>1</option>") == 2
    long = browser.post(url, data=form_of(answered.text, 4) | {"answer": "x" * 201, "go": "next"})
    assert long.status_code == 422
    assert "at most 200 characters" in long.text
    assert "x" * 201 in long.text
    with db.reading() as session:
        assert session.execute(select(Response)).first() is None
    browser.post(f"{url}/submit")
    assert browser.post(url, data=fields | {"answer.a": "1", "answer.b": "1"}).status_code == 422


def test_no_key_of_any_kind_reaches_an_open_sitting(browser: FlaskClient) -> None:
    url = browser.post(f"/offerings/{KIND_KEY}").location
    for lang in ("vi", "zh", "en"):
        page = browser.get(f"{url}?lang={lang}").text
        for secret in ("SECRET", "tolerance", "0.5", "accepted", "thẻ</", "cắt", "percent", "correct"):
            assert secret not in page.replace("treo thẻ", ""), secret
    assert re.findall(r'data-gap="', page) == []
    assert page.count("A partly right answer brings a part of the points.") == 5
    assert page.count("A wrong choice costs points.") == 1


def test_afterwards_every_kind_shows_yours_and_right(browser: FlaskClient, db: Database, kinds: Shelf, people: People, clock: MovableClock) -> None:
    kinds.put(make_kinds_offering(attempts_max=1))
    attempt = sit(db, kinds, people, clock.now(), WRONG | {"essay001": "mine <b>bold</b>", "gaps0001": '["","the"]'})
    browser.post(f"/sittings/{attempt.id}/submit")
    page = browser.get(f"/sittings/{attempt.id}/result").text
    for said_there in (
        "Waiting to be marked",
        "A person marks 1 answer.",
        "85 ± 0.5 dBA",
        "lockout/tagout",
        "You put it at: <strong>2</strong> · It belongs at: <strong>4</strong>",
        "Right answer: <strong>Warning</strong>",
        'Yours: <strong class="typed">the</strong>',
        "cut / switch off",
        "spot spot--missed",
        "Partly right",
        "mine &lt;b&gt;bold&lt;/b&gt;",
        "40 % of the points",
        "0.5 of 2 points",
    ):
        assert said_there in page, said_there
    assert page.count('class="case"') == 1
    assert "85 ± 0,5 dBA" in browser.get(f"/sittings/{attempt.id}/result?lang=vi").text
    home = browser.get("/?lang=en").text
    assert "Waiting to be marked" in home


def test_a_review_costs_no_query_for_a_kind(browser: FlaskClient, db: Database, kinds: Shelf, people: People, clock: MovableClock) -> None:
    attempt = submit(db, sit(db, kinds, people, clock.now(), RIGHT_ANSWERS), clock.now())
    browser.get(f"/sittings/{attempt.id}/result")
    with count_queries(db) as counted:
        assert browser.get(f"/sittings/{attempt.id}/result").status_code == 200
    assert len(counted) <= 8


def test_an_accepted_item_is_right_for_whoever_answered(db: Database, kinds: Shelf, people: People, clock: MovableClock) -> None:
    free = replace(MULTIPLE, id="accept01", digest="accepted".ljust(64, "0"), accept=True, case=None)
    with db.writing() as session:
        store_items(session, free)
    quiz = make_kinds_quiz(draws=(Draw("quiz/kinds", 1, (), None, (free.digest,)),))
    attempt = sit(db, kinds, people, clock.now(), {"accept01": "c"}, quiz=quiz)
    submit(db, attempt, clock.now())
    assert (result_of(db, attempt).points, result_of(db, attempt).passed) == (200, True)
