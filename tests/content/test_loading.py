"""The catalogue in memory, and pictures."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.clock import MovableClock
from lms.content.access import catalogue
from lms.content.catalogue import Catalogue
from lms.content.models import ItemRevision
from lms.content.service import loading
from lms.content.service.loading import CatalogueHolder, load_items
from lms.errors import NotFound
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


class Faster:
    """A lock before which, once, another thread of the process was faster: it has looked while this one waited."""

    def __init__(self, other: Callable[[], object]) -> None:
        self._lock = threading.Lock()
        self._others = [other]

    def __enter__(self) -> None:
        if self._others:
            self._others.pop()()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_of_threads_that_ask_at_once_one_looks(db: Database, clock: MovableClock) -> None:
    publish_sample(db, clock.now())
    holder = CatalogueHolder(db)
    seen: list[Catalogue] = []
    holder._lock = Faster(lambda: seen.append(holder.current(clock.now())))  # type: ignore[assignment]
    with count_queries(db) as alone:
        CatalogueHolder(db).current(clock.now())
    with count_queries(db) as together:
        seen.append(holder.current(clock.now()))
    assert len(together) == len(alone)
    assert seen[0] is seen[1]
    assert set(seen[0].courses) == {COURSE}


def test_items_are_read_once_and_the_longest_unasked_is_forgotten(db: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_sample(db, clock.now())
    monkeypatch.setattr(loading, "ITEMS_KEPT", 2)
    monkeypatch.setattr(loading, "_items", OrderedDict())
    with db.reading() as session:
        first, second, third = session.scalars(select(ItemRevision.digest).order_by(ItemRevision.digest).limit(3))
        asked = []
        for digest in (first, second, first, third, first, second):
            with count_queries(db) as counted:
                assert load_items(session, [digest])[digest].digest == digest
            asked.append(len(counted))
    assert asked == [1, 1, 0, 1, 0, 1], "the third pushed out the second, which had not been asked for the longest"
    with db.reading() as session, pytest.raises(NotFound):
        load_items(session, [first, "0" * 64])


def test_a_picture_is_kept_for_ever_and_can_run_nothing(client: FlaskClient, db: Database, clock: MovableClock) -> None:
    cover = publish_sample(db, clock.now()).courses[COURSE].cover
    assert cover
    answer = client.get(cover)
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(cover.replace(cover[14:20], "000000")).status_code == 404
