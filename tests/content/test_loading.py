"""The catalogue in memory, and pictures."""

from flask import Flask
from flask.testing import FlaskClient

from lms.clock import MovableClock
from lms.content.access import catalogue
from lms.content.service.loading import CatalogueHolder
from lms.platform.db import Database
from lms.platform.site import Site
from tests.content.sample import COURSE, publish_sample
from tests.counting import count_queries


def test_the_process_that_publishes_sees_it_at_once(app: Flask, db: Database, clock: MovableClock) -> None:
    with app.test_request_context():
        assert catalogue().courses == {}
    publish_sample(db, clock.now())
    with app.test_request_context():
        assert set(catalogue().courses) == {COURSE}


def test_another_process_looks_every_two_seconds_with_one_query(the_site: Site, db: Database, clock: MovableClock) -> None:
    elsewhere = CatalogueHolder(db)
    assert elsewhere.current(clock.now()).courses == {}
    publish_sample(db, clock.now())
    clock.move(seconds=1.9)
    assert elsewhere.current(clock.now()).courses == {}
    clock.move(seconds=0.1)
    assert set(elsewhere.current(clock.now()).courses) == {COURSE}
    with count_queries(db) as counted:
        elsewhere.current(clock.now())
        assert len(counted) == 0
        clock.move(seconds=2)
        assert elsewhere.current(clock.now()) is elsewhere.current(clock.now())
        assert len(counted) == 1


def test_a_picture_is_kept_for_ever_and_can_run_nothing(client: FlaskClient, db: Database, clock: MovableClock) -> None:
    cover = publish_sample(db, clock.now()).courses[COURSE].cover
    assert cover
    answer = client.get(cover)
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(cover.replace(cover[14:20], "000000")).status_code == 404
