"""Signing in: code or phone, PIN or password, no e-mail."""

from flask.testing import FlaskClient

from lms.clock import MovableClock
from lms.platform.db import Database
from tests.make import PIN, make_learner


def test_a_learner_signs_in_by_code_or_phone(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        make_learner(session, staff_code="NV7", phone="0912345678")
    for name in ("NV7", "nv7", "0912345678"):
        answer = client.post("/sign-in", data={"name": name, "secret": PIN})
        assert answer.status_code == 302
        assert client.get("/").status_code == 200
        client.post("/sign-out")
        assert client.get("/").status_code == 302


def test_a_device_waits_after_five_wrong_tries_and_another_does_not(client: FlaskClient, db: Database, clock: MovableClock) -> None:
    with db.writing() as session:
        make_learner(session, staff_code="NV7")
    for _ in range(5):
        assert client.post("/sign-in", data={"name": "NV7", "secret": "000000"}).status_code == 422
    assert client.post("/sign-in", data={"name": "NV7", "secret": PIN}).status_code == 409
    client.set_cookie("device", "another-device")
    assert client.post("/sign-in", data={"name": "NV7", "secret": PIN}).status_code == 302
    client.post("/sign-out")
    client.delete_cookie("device")
    clock.move(minutes=5)
    assert client.post("/sign-in", data={"name": "NV7", "secret": PIN}).status_code == 302
