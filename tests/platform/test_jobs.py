"""Jobs: one that fails does not stop the others; the consumer beside the server really calls them."""

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from lms.clock import SystemClock
from lms.platform.jobs import Jobs, start
from lms.platform.site import Site
from tests.conftest import NOW


def setting(event: threading.Event) -> Callable[[datetime], int]:
    """A job that says that it was called."""

    def work(_now: datetime) -> int:
        event.set()
        return 1

    return work


def test_a_job_that_fails_does_not_stop_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    called: list[tuple[str, datetime]] = []

    def fail(now: datetime) -> int:
        called.append(("fails", now))
        raise ZeroDivisionError("the reason")

    def work(now: datetime) -> int:
        called.append(("works", now))
        return 3

    jobs = Jobs()
    jobs.add("fails", fail)
    jobs.add("works", work)
    assert jobs.tick(NOW) == {"works": 3}
    assert called == [("fails", NOW), ("works", NOW)]


def test_two_jobs_of_one_name_are_a_mistake() -> None:
    jobs = Jobs()
    jobs.add("lapse", lambda _now: 0)
    with pytest.raises(ValueError, match="lapse"):
        jobs.add("lapse", lambda _now: 0)


def test_the_consumer_ticks_soon_after_the_start_and_leaves_the_signals_alone() -> None:
    ticked = threading.Event()
    jobs = Jobs()
    jobs.add("tick", setting(ticked))
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    consumer = start(jobs, SystemClock(), "")
    try:
        assert ticked.wait(10)
        assert {number: signal.getsignal(number) for number in before} == before
    finally:
        consumer.stop(graceful=True)


def test_two_sites_in_one_process_do_not_share_their_jobs() -> None:
    ticked = [threading.Event(), threading.Event()]
    consumers: list[Any] = []
    for event in ticked:
        jobs = Jobs()
        jobs.add("tick", setting(event))
        consumers.append(start(jobs, SystemClock(), ""))
    try:
        assert all(event.wait(10) for event in ticked)
    finally:
        for consumer in consumers:
            consumer.stop(graceful=True)


@pytest.mark.redis
def test_with_redis_the_nodes_share_the_queue() -> None:
    address = os.environ.get("LMS_TEST_REDIS")
    if not address:
        pytest.skip("no Redis: ./test as root installs and starts one")
    ticked = threading.Event()
    jobs = Jobs()
    jobs.add("tick", setting(ticked))
    consumer = start(jobs, SystemClock(), address)
    try:
        assert ticked.wait(10)
    finally:
        consumer.stop(graceful=True)


def test_every_job_of_the_site_runs_on_an_empty_database(app: Flask, the_site: Site) -> None:
    with app.app_context():
        assert set(the_site.jobs.tick(NOW)) == set(the_site.jobs.every_minute)
    assert the_site.jobs.every_minute
    began = time.perf_counter()
    the_site.jobs.tick(NOW)
    assert time.perf_counter() - began < 1
