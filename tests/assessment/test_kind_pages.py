"""The pages of a paper of every kind without a script: answered by its forms, nothing told before, everything told afterwards."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.assessment.models import Response
from lms.clock import MovableClock
from lms.platform.db import Database
from tests.assessment.acts import new_id, submit
from tests.assessment.conftest import People, Shelf
from tests.assessment.kinds import ALL_KINDS, ESSAY, KIND_KEY, RIGHT_ANSWERS, make_kinds_offering
from tests.assessment.test_kinds import WRONG, sit
from tests.assessment.test_pages import form_of
from tests.counting import count_queries
from tests.make import sign_in


@pytest.fixture()
def browser(client: FlaskClient, kinds: Shelf, people: People) -> FlaskClient:
    """The learner's browser, in English, without a script."""
    sign_in(client, people.learner)
    client.set_cookie("lang", "en")
    return client


FORMS: dict[str, dict[str, Any]] = {
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
    assert len(counted) <= 12
