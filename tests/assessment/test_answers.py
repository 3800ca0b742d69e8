"""What the script of a sitting talks to: statuses, words, and the forgery check."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.assessment.models import Attempt
from lms.assessment.service import get_attempt
from lms.assessment.views.answers import PACE
from lms.assessment.views.pace import Pace
from lms.clock import MovableClock, to_ms
from lms.people.models import Account
from lms.platform.db import Database
from tests.assessment.acts import new_id, start, submit
from tests.assessment.conftest import KEY, People, Shelf
from tests.counting import count_queries
from tests.make import sign_in


@pytest.fixture()
def attempt(client: FlaskClient, db: Database, shelf: Shelf, people: People, clock: MovableClock) -> Attempt:
    """An open attempt of the learner, who is signed in; what earlier tests sent is not counted."""
    PACE.forget()
    sign_in(client, people.learner)
    client.set_cookie("lang", "en")
    return start(db, people.learner, shelf.offerings[KEY], clock.now())


def body(**given: Any) -> dict[str, Any]:
    return {"item": "item0001", "answer": "a", "seen": 0, "save_id": new_id(), "client_at": 1_000} | given


def test_a_save_is_acknowledged_with_sequence_time_and_what_is_left(client: FlaskClient, attempt: Attempt, clock: MovableClock) -> None:
    clock.move(seconds=30)
    sent = body()
    answered = client.post(f"/sittings/{attempt.id}/answers", json=sent)
    assert answered.status_code == 200
    assert answered.json == {"answer": "a", "seq": 1, "save_id": sent["save_id"], "left_ms": 570_000, "at": "09:00"}
    assert client.post(f"/sittings/{attempt.id}/answers", json=sent).json == answered.json


def test_a_save_with_another_sequence_is_told_the_present_state(client: FlaskClient, attempt: Attempt) -> None:
    kept = body()
    client.post(f"/sittings/{attempt.id}/answers", json=kept)
    answered = client.post(f"/sittings/{attempt.id}/answers", json=body(answer="d"))
    assert answered.status_code == 409
    assert answered.json is not None
    assert {key: answered.json[key] for key in ("answer", "seq", "save_id")} == {"answer": "a", "seq": 1, "save_id": kept["save_id"]}
    assert "another window" in answered.json["error"]
    assert "late" not in answered.json


def test_a_late_save_is_told_so(client: FlaskClient, attempt: Attempt, clock: MovableClock) -> None:
    clock.move(minutes=11)
    answered = client.post(f"/sittings/{attempt.id}/answers", json=body())
    assert answered.status_code == 409
    assert answered.json is not None
    assert (answered.json["late"], answered.json["left_ms"]) == (True, 0)
    assert "kept apart" in answered.json["error"]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param([], id="no object"),
        pytest.param(body(item=7), id="an item that is no text"),
        pytest.param(body(answer=["a"]), id="letters that are no text"),
        pytest.param(body(save_id="1"), id="a save id that is none"),
        pytest.param(body(seen=None), id="no sequence"),
        pytest.param(body(seen=True), id="a sequence that is no number"),
        pytest.param(body(seen=-1), id="a sequence below none"),
        pytest.param(body(item="item9999"), id="no item of the paper"),
        pytest.param(body(answer="ab"), id="two letters on a single choice"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words_and_changes_nothing(client: FlaskClient, db: Database, attempt: Attempt, sent: Any) -> None:
    answered = client.post(f"/sittings/{attempt.id}/answers", json=sent)
    assert answered.status_code == 422
    assert answered.json is not None
    assert len(answered.json["error"]) > 20
    state = client.get(f"/sittings/{attempt.id}/state").json
    assert state is not None
    assert state["answers"] == {}


def test_what_is_nested_beyond_reason_is_refused(client: FlaskClient, attempt: Attempt) -> None:
    for path in ("answers", "flags"):
        deep = client.post(f"/sittings/{attempt.id}/{path}", data="[" * 200_000, content_type="application/json")
        assert deep.status_code in (400, 422)


def test_a_page_of_before_there_were_other_kinds_still_saves(client: FlaskClient, attempt: Attempt) -> None:
    sent = {key: value for key, value in body(letters="a").items() if key != "answer"}
    assert client.post(f"/sittings/{attempt.id}/answers", json=sent).status_code == 200


@pytest.mark.parametrize("client_at", ["tomorrow", -5, 10**15, None, 1.5])
def test_a_senseless_client_clock_does_not_stop_a_save(client: FlaskClient, attempt: Attempt, client_at: object) -> None:
    assert client.post(f"/sittings/{attempt.id}/answers", json=body(client_at=client_at)).status_code == 200


def test_who_is_not_signed_in_is_told_so(app: Flask, client: FlaskClient, db: Database, attempt: Attempt, people: People) -> None:
    other = app.test_client()
    assert other.post(f"/sittings/{attempt.id}/answers", json=body()).status_code == 401
    with other.session_transaction() as cookie:
        cookie["_user_id"] = "x.y"
    assert other.post(f"/sittings/{attempt.id}/answers", json=body()).status_code == 401
    with db.writing() as session:
        account = session.get(Account, people.learner.id)
        assert account is not None
        account.epoch += 1
    assert client.post(f"/sittings/{attempt.id}/answers", json=body()).status_code == 403


def test_a_save_without_the_forgery_check_is_refused(app: Flask, client: FlaskClient, attempt: Attempt) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post(f"/sittings/{attempt.id}/answers", json=body()).status_code == 400
    page = client.get(f"/sittings/{attempt.id}").text
    token = page.split('data-csrf="')[1].split('"')[0]
    assert client.post(f"/sittings/{attempt.id}/answers", json=body(), headers={"X-CSRFToken": token}).status_code == 200


def test_a_save_over_http_costs_two_statements(client: FlaskClient, db: Database, attempt: Attempt) -> None:
    client.post(f"/sittings/{attempt.id}/answers", json=body())
    with count_queries(db) as counted:
        client.post(f"/sittings/{attempt.id}/answers", json=body(item="item0002"))
    assert len(counted) == 2


def test_the_state_tells_another_device_where_things_stand(client: FlaskClient, db: Database, attempt: Attempt, clock: MovableClock) -> None:
    sent = body()
    client.post(f"/sittings/{attempt.id}/answers", json=sent)
    client.post(f"/sittings/{attempt.id}/flags", json={"item": "item0003", "on": True})
    clock.move(seconds=60)
    state = client.get(f"/sittings/{attempt.id}/state").json
    answers = {"item0001": {"answer": "a", "seq": 1, "save_id": sent["save_id"]}}
    assert state == {"open": True, "step": 0, "checked": 0, "left_ms": 540_000, "elsewhere": False, "answers": answers, "flags": ["item0003"]}
    assert to_ms(attempt.deadline_at) - to_ms(clock.now()) == 540_000
    submit(db, attempt, clock.now())
    state = client.get(f"/sittings/{attempt.id}/state").json
    assert state is not None
    assert state["open"] is False


def test_flags_stand_in_the_order_of_the_paper_and_only_while_it_is_open(client: FlaskClient, db: Database, attempt: Attempt, clock: MovableClock) -> None:
    def flag(item: object, on: object) -> int:
        return client.post(f"/sittings/{attempt.id}/flags", json={"item": item, "on": on}).status_code

    assert [flag("item0004", True), flag("item0002", True), flag("item0002", True), flag("item0001", False)] == [200] * 4
    with db.reading() as session:
        assert get_attempt(session, attempt_id=attempt.id, person_id=attempt.person_id).attempt.flags == "item0002 item0004"
    assert [flag("item9999", True), flag(7, True)] == [422, 422]
    assert client.post(f"/sittings/{attempt.id}/flags", json=[]).status_code == 422
    clock.move(minutes=11)
    assert flag("item0004", False) == 409
    submit(db, attempt, clock.now())
    assert flag("item0004", False) == 409


def test_an_account_that_floods_is_slowed_and_another_is_not(app: Flask, client: FlaskClient, attempt: Attempt, clock: MovableClock) -> None:
    sent = body()
    codes = [client.post(f"/sittings/{attempt.id}/answers", json=sent).status_code for _ in range(241)]
    assert set(codes[:240]) == {200}
    assert codes[240] == 429
    clock.move(minutes=1)
    assert client.post(f"/sittings/{attempt.id}/answers", json=sent).status_code == 200


def test_the_pace_is_counted_for_each_account(clock: MovableClock) -> None:
    pace = Pace(1)
    assert [pace.allows(1, clock.now()), pace.allows(1, clock.now()), pace.allows(2, clock.now())] == [True, False, True]
