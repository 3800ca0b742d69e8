"""Links of repositories that are fetched: beside the request, and only when the site wants it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.clock import MovableClock
from lms.drafts.models import DraftLink
from lms.drafts.service.following import FOLLOW_JOB, LinkFollower
from lms.platform.db import Database
from tests.content.publishing.repositories import Remote
from tests.content.trees import LESSON
from tests.drafts.conftest import ALL, BRANCH, CHANGED, WORDS, Make, make_app

L10 = "courses/khoa-mau/10-mo-dau"


@pytest.fixture()
def app(database_url: str, tmp_path: Path, clock: MovableClock, remote: Remote) -> Iterator[Flask]:
    """The repository lies elsewhere; nobody polls it."""
    made = make_app(tmp_path, database_url, clock, [{"at": remote.url, "branch": "main", "name": "kho", "poll_s": "0"}])
    yield made
    made.extensions["site"].db.dispose()


@pytest.fixture()
def follower(app: Flask) -> LinkFollower:
    return app.extensions["site"].part(LinkFollower)  # type: ignore[no-any-return]


def rows(db: Database) -> list[DraftLink]:
    with db.reading() as session:
        return list(session.scalars(select(DraftLink).order_by(DraftLink.id)))


def test_it_is_fetched_beside_the_request_and_shown_when_it_is_there(
    make: Make, app: Flask, phone: FlaskClient, desk: FlaskClient, db: Database, clock: MovableClock
) -> None:
    link = make()
    assert rows(db)[0].commit_id == ""
    assert "being fetched" in desk.get("/content/drafts/1?lang=en").text
    assert phone.get(link).status_code == 202
    app.extensions["site"].jobs.run(FOLLOW_JOB, clock.now())
    assert (rows(db)[0].branch, len(rows(db)[0].commit_id)) == (BRANCH, 40)
    assert WORDS[1] in phone.get(f"{link}{L10}?lang=vi").text


def test_reading_never_fetches(make: Make, remote: Remote, follower: LinkFollower, phone: FlaskClient, clock: MovableClock) -> None:
    link = make()
    follower.run(clock.now())
    remote.commit(ALL | {LESSON: ALL[LESSON].replace(WORDS[0].encode(), b"Moi")}, branch=BRANCH)
    for _ in range(3):
        assert WORDS[1] in phone.get(f"{link}{L10}?lang=vi").text
    assert follower.run(clock.now()) == 0, "not yet"
    clock.move(minutes=5)
    assert follower.run(clock.now()) == 1
    assert WORDS[1] not in phone.get(f"{link}{L10}?lang=vi").text


def test_the_maker_may_have_it_fetched_at_once(
    make: Make, remote: Remote, follower: LinkFollower, desk: FlaskClient, phone: FlaskClient, clock: MovableClock
) -> None:
    link = make()
    follower.run(clock.now())
    remote.commit(ALL, branch=BRANCH)
    assert desk.post("/content/drafts/1/look").status_code == 303
    follower.run(clock.now())
    assert WORDS[0] in phone.get(f"{link}{L10}?lang=vi").text


def test_a_commit_is_fetched_once_and_an_ended_link_never(make: Make, remote: Remote, follower: LinkFollower, desk: FlaskClient, clock: MovableClock) -> None:
    make(remote.commits[-1])
    make()
    assert follower.run(clock.now()) == 2
    clock.move(minutes=5)
    assert follower.run(clock.now()) == 1
    desk.post("/content/drafts/2/end")
    clock.move(minutes=5)
    assert follower.run(clock.now()) == 0


def test_a_branch_that_is_not_pushed_yet_is_found_later(
    make: Make, remote: Remote, follower: LinkFollower, desk: FlaskClient, phone: FlaskClient, db: Database, clock: MovableClock
) -> None:
    link = make("sap-day")
    follower.run(clock.now())
    assert "There is no commit sap-day." in desk.get("/content/drafts/1?lang=en").text
    remote.commit(CHANGED, branch="sap-day")
    clock.move(minutes=5)
    follower.run(clock.now())
    assert rows(db)[0].failed == ""
    assert phone.get(link).status_code == 200


def test_a_branch_that_vanished_is_told_to_both(
    make: Make, remote: Remote, follower: LinkFollower, desk: FlaskClient, phone: FlaskClient, clock: MovableClock
) -> None:
    link = make()
    follower.run(clock.now())
    (remote.path / "refs/heads" / BRANCH).unlink()
    clock.move(minutes=5)
    follower.run(clock.now())
    assert "is no longer there" in desk.get("/content/drafts/1?lang=en").text
    assert "is no longer there" in phone.get(f"{link}?lang=en").text


def test_a_repository_that_cannot_be_reached_leaves_the_draft_as_it_was(
    make: Make, remote: Remote, follower: LinkFollower, desk: FlaskClient, phone: FlaskClient, db: Database, clock: MovableClock, tmp_path: Path
) -> None:
    link = make()
    follower.run(clock.now())
    remote.path.rename(tmp_path / "weg")
    clock.move(minutes=5)
    follower.run(clock.now())
    assert json.loads(rows(db)[0].failed)
    assert WORDS[1] in phone.get(f"{link}{L10}?lang=vi").text
    assert "notice--error" in desk.get("/content/drafts/1").text


def test_an_address_that_the_site_cannot_tell_any_more_still_opens(
    make: Make, follower: LinkFollower, desk: FlaskClient, phone: FlaskClient, db: Database, clock: MovableClock
) -> None:
    """As after a change of the secret key: what is stored of the token decides."""
    link = make()
    follower.run(clock.now())
    with db.writing() as session:
        session.execute(update(DraftLink).values(nonce="another"))
    assert "cannot tell the address any more" in desk.get("/content/drafts/1?lang=en").text
    assert phone.get(link).status_code == 200
