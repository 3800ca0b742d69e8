"""The screens without a script: before, sitting, hand in, result; each costs a constant number of queries and shows no key too early."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from lms.assessment.models import Attempt, LateSave, Response
from lms.assessment.service import list_responses
from lms.clock import MovableClock
from lms.content.catalogue import Draw
from lms.platform.db import Database
from tests.assessment.acts import new_id, save, start, submit
from tests.assessment.conftest import ITEMS, KEY, People, Shelf, make_quiz
from tests.assessment.test_close import RIGHT, answer
from tests.counting import count_queries
from tests.make import sign_in

PAGE = f"/offerings/{KEY}"
SECRETS = ("SECRET", "correct", "feedback", "explanation", "key_digest")


@pytest.fixture()
def browser(client: FlaskClient, shelf: Shelf, people: People) -> FlaskClient:
    """The learner's browser, in English."""
    sign_in(client, people.learner)
    client.set_cookie("lang", "en")
    return client


def begin(browser: FlaskClient, db: Database) -> Attempt:
    """An attempt started by the button."""
    answered = browser.post(PAGE)
    assert answered.status_code == 303, answered.text
    with db.reading() as session:
        attempt = session.execute(select(Attempt).order_by(Attempt.id.desc()).limit(1)).scalar_one()
    assert answered.location == f"/sittings/{attempt.id}"
    return attempt


def form_of(page: str, n: int) -> dict[str, str]:
    """The hidden fields of the form of a question."""
    form = page.split(f'data-question="{n}"')[1].split("</form>", maxsplit=1)[0]
    return {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)}


def press(browser: FlaskClient, attempt: Attempt, n: int, **given: object) -> TestResponse:
    """Fill in the form of a question as the page has it and press a button."""
    fields = form_of(browser.get(f"/sittings/{attempt.id}?n={n}").text, n)
    return browser.post(f"/sittings/{attempt.id}", data=fields | given)


def test_before_the_start_the_rules_are_told(browser: FlaskClient, shelf: Shelf, clock: MovableClock) -> None:
    page = browser.get(PAGE).text
    for said in (
        "6",
        "10 min",
        "until 22 Nov 2026, 09:10",
        "0 of 3 used, 3 left",
        "50 % of the points",
        "Critical questions",
        "once you have passed, or when no try is left",
        "Start now",
    ):
        assert said in page
    shelf.change(opens_at=clock.now() + timedelta(hours=1), attempts_max=None, marks=(3, -1, 0), pass_percent=None, period="2026-W47")
    page = browser.get(PAGE).text
    assert "not open yet" in page
    assert "as many as you like" in page
    assert "right 3, wrong -1, left empty 0" in page
    assert "Start now" not in page
    shelf.change(opens_at=None, closes_at=clock.now(), quiz=make_quiz(draws=(Draw("b", 1, (), None, (ITEMS["item0001"].digest,)),)))
    page = browser.get(PAGE).text
    assert "This has been closed since" in page
    assert "Critical questions" not in page


@pytest.mark.parametrize(
    ("review", "keys", "said"),
    [
        ("never", "always", "The right answers are not shown."),
        ("after_close", "always", "after it has closed for everybody"),
        ("after_submit", "always", "question by question, the right answer and why"),
    ],
)
def test_before_the_start_the_review_is_told(browser: FlaskClient, shelf: Shelf, review: str, keys: str, said: str) -> None:
    shelf.change(review=review, quiz=make_quiz(review_keys=keys))
    assert said in browser.get(PAGE).text


def test_used_up_tries_are_told(browser: FlaskClient, db: Database, shelf: Shelf) -> None:
    shelf.change(attempts_max=1)
    browser.post(f"/sittings/{begin(browser, db).id}/submit")
    page = browser.get(PAGE).text
    assert "No try is left." in page
    assert "Your tries so far" in page
    assert browser.post(PAGE).status_code == 403
    shelf.change(period="2026-W47", attempts_max=0)
    assert "new tries come with the next one" in browser.get(PAGE).text


def test_an_unknown_offering_is_not_found(browser: FlaskClient) -> None:
    for key in ("test:none", "nothing:x", "nothing"):
        assert browser.get(f"/offerings/{key}").status_code == 404
        assert browser.post(f"/offerings/{key}").status_code == 404


def test_starting_twice_goes_on_with_the_open_attempt(browser: FlaskClient, db: Database) -> None:
    attempt = begin(browser, db)
    assert begin(browser, db).id == attempt.id
    page = browser.get(PAGE).text
    assert "Your open try runs until 22 Nov 2026, 09:10." in page
    assert f'href="/sittings/{attempt.id}"' in page


def test_an_overdue_attempt_is_scored_when_the_page_before_is_opened(browser: FlaskClient, db: Database, clock: MovableClock) -> None:
    begin(browser, db)
    clock.move(minutes=11)
    page = browser.get(PAGE).text
    assert "1 of 3 used" in page
    assert "Start now" in page
    assert "Not passed" in page


def test_without_a_script_one_question_a_page_is_saved_and_turned(browser: FlaskClient, db: Database) -> None:
    attempt = begin(browser, db)
    page = browser.get(f"/sittings/{attempt.id}").text
    assert [n for n in range(1, 7) if not re.search(rf'data-question="{n}"[^>]* hidden', page)] == [1]
    assert press(browser, attempt, 1, answer="b", go="next").location == f"/sittings/{attempt.id}?n=2"
    assert press(browser, attempt, 5, answer=["b", "d"], go="previous").location == f"/sittings/{attempt.id}?n=4"
    assert press(browser, attempt, 6, answer="a", go="submit").location == f"/sittings/{attempt.id}/submit"
    assert press(browser, attempt, 2, go="next").location == f"/sittings/{attempt.id}?n=3"
    with db.reading() as session:
        stored = {item_id: row.answer for item_id, row in list_responses(session, attempt_id=attempt.id).items()}
    assert stored == {"item0001": "b", "item0005": "bd", "item0006": "a"}
    page = browser.get(f"/sittings/{attempt.id}").text
    assert re.search(r'data-question="2"[^>]*data-seq="0">', page)
    assert 'id="q1-b" checked' in page
    assert "Saved 09:00" in page


def test_flags_are_kept_without_a_script(browser: FlaskClient, db: Database) -> None:
    attempt = begin(browser, db)
    assert press(browser, attempt, 3, flag="on").location == f"/sittings/{attempt.id}?n=3"
    press(browser, attempt, 1, answer="a", flag="on")
    page = browser.get(f"/sittings/{attempt.id}/submit").text
    assert "1 of 6 questions are answered." in page
    assert "Empty: 5" in page
    assert "Flagged: 2" in page
    press(browser, attempt, 3, flag="off")
    assert "Flagged: 1" in browser.get(f"/sittings/{attempt.id}/submit").text


def test_a_stale_page_is_shown_the_answer_of_the_other_window(browser: FlaskClient, db: Database, clock: MovableClock) -> None:
    attempt = begin(browser, db)
    stale = form_of(browser.get(f"/sittings/{attempt.id}?n=1").text, 1)
    save(db, attempt, "item0001", "d", clock.now())
    answered = browser.post(f"/sittings/{attempt.id}", data=stale | {"answer": "a", "go": "next"})
    assert answered.location == f"/sittings/{attempt.id}?n=1"
    page = browser.get(answered.location).text
    assert "answered in another window" in page
    assert 'id="q1-d" checked' in page


def test_the_button_pressed_twice_saves_once(browser: FlaskClient, db: Database) -> None:
    attempt = begin(browser, db)
    fields = form_of(browser.get(f"/sittings/{attempt.id}?n=1").text, 1) | {"answer": "a", "go": "next"}
    for _ in range(2):
        assert browser.post(f"/sittings/{attempt.id}", data=fields).location == f"/sittings/{attempt.id}?n=2"
    with db.reading() as session:
        assert session.execute(select(Response.seq)).scalar_one() == 1


def test_a_page_sent_after_the_end_is_kept_apart_and_told(browser: FlaskClient, db: Database, clock: MovableClock) -> None:
    attempt = begin(browser, db)
    fields = form_of(browser.get(f"/sittings/{attempt.id}?n=1").text, 1)
    clock.move(minutes=11)
    answered = browser.post(f"/sittings/{attempt.id}", data=fields | {"answer": "a", "go": "next"}, follow_redirects=True)
    assert answered.request.path == f"/sittings/{attempt.id}/result"
    assert "Too late" in answered.text
    assert "an answer came after the end" in answered.text
    with db.reading() as session:
        assert session.execute(select(LateSave.answer)).scalar_one() == "a"


@pytest.mark.parametrize("broken", [{"save_id": "x"}, {"seen": "x"}, {"item": "item9999"}, {"answer": "z"}])
def test_a_broken_form_is_refused_in_words(browser: FlaskClient, db: Database, broken: dict[str, str]) -> None:
    attempt = begin(browser, db)
    answered = press(browser, attempt, 1, **({"answer": "a"} | broken))
    assert answered.status_code == 422


def test_in_the_grace_the_page_waits_and_then_shows_the_result(browser: FlaskClient, db: Database, clock: MovableClock) -> None:
    attempt = begin(browser, db)
    clock.set(attempt.deadline_at)
    for path in ("", "/submit"):
        waiting = browser.get(f"/sittings/{attempt.id}{path}")
        assert "Time is up" in waiting.text
        assert waiting.headers["Refresh"] == "11"
        assert "data-question" not in waiting.text
    clock.move(seconds=11)
    for path in ("", "/submit"):
        assert browser.get(f"/sittings/{attempt.id}{path}").location == f"/sittings/{attempt.id}/result"


def test_handing_in_leads_to_the_result_and_the_sitting_is_over(browser: FlaskClient, db: Database, clock: MovableClock) -> None:
    attempt = begin(browser, db)
    assert browser.get(f"/sittings/{attempt.id}/result").location == f"/sittings/{attempt.id}"
    answer(db, attempt, clock, item0001="b", item0006="ac")
    clock.move(seconds=65)
    assert browser.post(f"/sittings/{attempt.id}/submit").location == f"/sittings/{attempt.id}/result"
    assert browser.get(f"/sittings/{attempt.id}").location == f"/sittings/{attempt.id}/result"
    page = browser.get(f"/sittings/{attempt.id}/result").text
    for said in ("Not passed", "of 6 points", "needed: 3 (50 %)", "2 of 6 questions right", "2 tries are left.", "1:05", "Try again", "Law"):
        assert said in page
    assert not [secret for secret in SECRETS if secret in page]


def test_the_review_shows_yours_right_and_why_once_passed(browser: FlaskClient, db: Database, clock: MovableClock) -> None:
    attempt = begin(browser, db)
    answer(db, attempt, clock, **RIGHT | {"item0001": "a", "item0002": ""})
    browser.post(f"/sittings/{attempt.id}/submit")
    page = browser.get(f"/sittings/{attempt.id}/result").text
    for said in ("Passed", "SECRET-explanation 6", "SECRET-feedback 1a", "SECRET-basis", "answer--missed", "answer--wrong", "answer--right", "Left empty"):
        assert said in page
    assert "SECRET-feedback 1b" not in page


def test_keys_wait_for_the_close_and_for_later_tries(browser: FlaskClient, db: Database, shelf: Shelf, clock: MovableClock) -> None:
    shelf.change(review="after_close", closes_at=clock.now() + timedelta(minutes=30), attempts_max=1)
    attempt = begin(browser, db)
    browser.post(f"/sittings/{attempt.id}/submit")
    url = f"/sittings/{attempt.id}/result"
    assert "after it has closed for everybody" in browser.get(url).text
    clock.move(minutes=30)
    assert "SECRET-explanation" in browser.get(url).text
    shelf.change(closes_at=None, attempts_max=2)
    assert "SECRET" not in browser.get(url).text
    shelf.offerings.clear()
    assert "SECRET-explanation" in browser.get(url).text


def test_keys_wait_for_a_close_that_was_put_off(browser: FlaskClient, db: Database, shelf: Shelf, clock: MovableClock) -> None:
    shelf.change(review="after_close", closes_at=clock.now() + timedelta(minutes=30), attempts_max=1)
    attempt = begin(browser, db)
    browser.post(f"/sittings/{attempt.id}/submit")
    shelf.change(closes_at=clock.now() + timedelta(minutes=60))
    clock.move(minutes=30)
    assert "SECRET" not in browser.get(f"/sittings/{attempt.id}/result").text
    clock.move(minutes=30)
    assert "SECRET-explanation" in browser.get(f"/sittings/{attempt.id}/result").text


def test_a_void_attempt_has_no_result(browser: FlaskClient, db: Database) -> None:
    attempt = begin(browser, db)
    browser.post(f"/sittings/{attempt.id}/submit")
    with db.writing() as session:
        session.execute(update(Attempt).filter_by(id=attempt.id).values(state="void"))
    page = browser.get(f"/sittings/{attempt.id}/result?lang=en")
    assert "made void" in page.text
    assert "score-big" not in page.text


def test_a_stranger_finds_nothing(browser: FlaskClient, db: Database, people: People, shelf: Shelf, clock: MovableClock) -> None:
    attempt = start(db, people.stranger, shelf.offerings[KEY], clock.now())
    for path in ("", "/submit", "/result", "/state"):
        assert browser.get(f"/sittings/{attempt.id}{path}").status_code == 404
    assert browser.post(f"/sittings/{attempt.id}/submit").status_code == 404
    assert browser.post(f"/sittings/{attempt.id}", data={"item": "item0001", "answer": "a", "seen": "0", "save_id": new_id()}).status_code == 404
    for path, body in (("answers", {"item": "item0001", "answer": "a", "seen": 0, "save_id": new_id()}), ("flags", {"item": "item0001", "on": True})):
        assert browser.post(f"/sittings/{attempt.id}/{path}", json=body).status_code == 404


def test_a_session_that_was_ended_elsewhere_saves_no_answer(app: Flask, browser: FlaskClient, people: People) -> None:
    attempt = browser.post(PAGE).location
    phone = app.test_client()
    sign_in(phone, people.learner)
    body = {"item": "item0001", "answer": "a", "seen": 0}
    assert phone.post(f"{attempt}/answers", json=body | {"save_id": new_id()}).status_code == 200
    assert browser.post("/me/devices/end-others").status_code == 302
    assert phone.post(f"{attempt}/answers", json=body | {"seen": 1, "save_id": new_id()}).status_code == 403
    assert browser.post(f"{attempt}/answers", json=body | {"seen": 1, "save_id": new_id()}).status_code == 200


def test_no_answer_of_an_open_attempt_holds_a_key(browser: FlaskClient, db: Database) -> None:
    attempt = begin(browser, db)
    body = {"item": "item0001", "answer": "b", "seen": 0, "save_id": new_id()}
    url = f"/sittings/{attempt.id}"
    answers = [
        browser.get(PAGE),
        browser.get(url),
        *[browser.get(f"{url}?n={n}&lang={lang}") for n in range(8) for lang in ("vi", "zh", "en")],
        browser.get(f"{url}/submit"),
        browser.get(f"{url}/state"),
        browser.get(f"{url}/result"),
        browser.post(f"{url}/answers", json=body),
        browser.post(f"{url}/answers", json=body),
        browser.post(f"{url}/answers", json=body | {"save_id": new_id()}),
        browser.post(f"{url}/answers", json=body | {"item": "item9999"}),
        browser.post(f"{url}/flags", json={"item": "item0001", "on": True}),
        press(browser, attempt, 2, answer="b", go="next"),
    ]
    for answered in answers:
        assert answered.status_code < 500
        assert not [secret for secret in SECRETS if secret in answered.text], answered.request.path


def test_the_language_is_switched_inside_the_sitting(browser: FlaskClient, db: Database) -> None:
    attempt = begin(browser, db)
    assert "choice 1a</p> (en)" in browser.get(f"/sittings/{attempt.id}").text
    assert "choice 1a</p> (zh)" in browser.get(f"/sittings/{attempt.id}?lang=zh").text


def test_pages_cost_a_constant_number_of_queries(browser: FlaskClient, db: Database, shelf: Shelf, clock: MovableClock, people: People) -> None:
    def cost(path: str) -> int:
        browser.get(path)
        with count_queries(db) as counted:
            assert browser.get(path).status_code == 200
        return len(counted)

    shelf.change(quiz=make_quiz(draws=(Draw("quiz/bank", 1, (), None, (ITEMS["item0001"].digest,)),)), attempts_max=None)
    short = begin(browser, db)
    sitting = cost(f"/sittings/{short.id}")
    before = cost(PAGE)
    answer(db, short, clock, item0001="b")
    browser.post(f"/sittings/{short.id}/submit")
    result = cost(f"/sittings/{short.id}/result")
    shelf.change(quiz=make_quiz(), attempts_max=None)
    submit(db, start(db, people.learner, shelf.offerings[KEY], clock.now()), clock.now())
    long = begin(browser, db)
    answer(db, long, clock, **RIGHT)
    assert cost(f"/sittings/{long.id}") == sitting <= 3
    assert cost(PAGE) == before <= 5
    browser.post(f"/sittings/{long.id}/submit")
    assert cost(f"/sittings/{long.id}/result") == result <= 11
