"""Limits of sending: per account and per device, never per address."""

import pytest
from flask import Flask

from lms.platform.db import Database
from tests.make import make_learner, sign_in

pytestmark = pytest.mark.one_database


def test_a_device_signs_in_thirty_times_a_minute_and_another_is_not_concerned(app: Flask) -> None:
    client, other = app.test_client(), app.test_client()
    for one in (client, other):
        one.get("/sign-in")
    answers = [client.post("/sign-in", data={"name": f"X{n}", "secret": ""}) for n in range(31)]
    assert [answer.status_code for answer in answers] == [422] * 30 + [429]
    assert int(answers[-1].headers["Retry-After"]) <= 60
    assert client.get("/sign-in").status_code == 200
    assert other.post("/sign-in", data={}).status_code == 422


def test_an_account_sends_two_hundred_and_forty_times_a_minute_and_reads_without_limit(app: Flask, db: Database) -> None:
    with db.writing() as session:
        person, neighbour = make_learner(session), make_learner(session)
    client, other = app.test_client(), app.test_client()
    sign_in(client, person)
    sign_in(other, neighbour)
    answers = [client.post("/me/language", data={"lang": "xx"}).status_code for _ in range(241)]
    assert answers == [422] * 240 + [429]
    assert client.get("/me/").status_code == 200
    assert other.post("/me/language", data={"lang": "vi"}).status_code == 302
