"""Webhooks: who may say that something was pushed, to which branch, how often and how much."""

import hmac
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.app import create_app
from lms.clock import MovableClock
from lms.content.hooks import branch_pushed, concerns, is_genuine
from lms.content.models import PublishJob
from lms.content.service.loading import load_catalogue
from lms.platform.db import Database
from lms.settings import load_settings
from tests.conftest import KEYS
from tests.content.publishing.repositories import Remote, make_remote

pytestmark = pytest.mark.one_database

SECRET = "một-bí-mật-đủ-dài-0123"
PUSH = json.dumps({"ref": "refs/heads/main", "after": "1" * 40, "repository": {"default_branch": "main"}}).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()}


def bare(body: bytes, secret: str = SECRET) -> str:
    return signed(body, secret)["X-Hub-Signature-256"].removeprefix("sha256=")


@pytest.mark.parametrize(
    ("headers", "body", "secret", "genuine"),
    [
        pytest.param(signed(PUSH), PUSH, SECRET, True, id="GitHub"),
        pytest.param({"X-Gitea-Signature": bare(PUSH)}, PUSH, SECRET, True, id="Gitea"),
        pytest.param({"X-Forgejo-Signature": bare(PUSH).upper()}, PUSH, SECRET, True, id="Forgejo"),
        pytest.param({"X-Gitlab-Token": SECRET}, PUSH, SECRET, True, id="GitLab"),
        pytest.param(signed(PUSH), PUSH + b" ", SECRET, False, id="another body"),
        pytest.param(signed(PUSH, "x" * 20), PUSH, SECRET, False, id="another secret"),
        pytest.param({"X-Hub-Signature-256": "sha256=đ"}, PUSH, SECRET, False, id="no ASCII"),
        pytest.param(signed(PUSH) | {"X-Gitlab-Token": "wrong"}, PUSH, SECRET, True, id="the signature counts"),
        pytest.param({"X-Hub-Signature-256": "sha256=00", "X-Gitlab-Token": SECRET}, PUSH, SECRET, False, id="a wrong signature is not made good"),
        pytest.param({"X-Gitlab-Token": SECRET[:-1]}, PUSH, SECRET, False, id="a part of the secret"),
        pytest.param({}, PUSH, SECRET, False, id="nothing"),
        pytest.param(signed(PUSH, "short"), PUSH, "short", False, id="a short secret is none"),
        pytest.param(signed(PUSH, ""), PUSH, "", False, id="no secret"),
    ],
)
def test_only_who_knows_the_secret_is_heard(headers: dict[str, str], body: bytes, secret: str, genuine: bool) -> None:
    assert is_genuine(headers, body, secret) is genuine


@pytest.mark.parametrize(
    ("said", "pushed"),
    [
        ({"ref": "refs/heads/main", "repository": {"default_branch": "main"}}, ("main", True)),
        ({"ref": "refs/heads/bản/nháp", "project": {"default_branch": "main"}}, ("bản/nháp", False)),
        ({"ref": "refs/heads/main"}, ("main", False)),
        ({"ref": "refs/tags/v1"}, None),
        ({"ref": "refs/heads/main", "after": "0" * 40}, None),
        ({"ref": "refs/heads/main", "deleted": True}, None),
        ({"zen": "ping"}, None),
        ({"ref": 1, "repository": 2}, None),
        ([], None),
    ],
)
def test_the_branch_of_a_push(said: object, pushed: tuple[str, bool] | None) -> None:
    assert branch_pushed(json.dumps(said).encode()) == pushed


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 100_000, b"ref=refs/heads/main"])
def test_what_is_no_push_is_none(body: bytes) -> None:
    assert branch_pushed(body) is None
    assert not concerns(body, "main")


def test_a_push_concerns_the_branch_that_is_set_else_the_own_one() -> None:
    assert [concerns(PUSH, branch) for branch in ("", "main", "nhap")] == [True, True, False]
    assert not concerns(PUSH.replace(b'"default_branch": "main"', b'"default_branch": "x"'), "")


@pytest.fixture()
def remote(tmp_path: Path) -> Remote:
    return make_remote(tmp_path / "kho.git")


@pytest.fixture()
def app(database_url: str, tmp_path: Path, clock: MovableClock, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setenv("VEAN_HOOK_KHO", SECRET)
    settings = load_settings(
        tmp_path, {}, database_url=database_url, content_sources=[{"at": remote.url, "poll_s": 0}, {"at": "/none", "name": "khong"}], **KEYS
    )
    made = create_app(settings, clock=clock)
    yield made
    made.extensions["site"].db.dispose()


def jobs(db: Database) -> list[tuple[str, str, str]]:
    with db.reading() as session:
        return [
            (row.kind, row.source, row.state) for row in session.execute(select(PublishJob.kind, PublishJob.source, PublishJob.state).order_by(PublishJob.id))
        ]


def test_a_push_is_published_by_the_next_tick_and_a_replay_is_harmless(client: FlaskClient, db: Database) -> None:
    for _ in range(3):
        assert client.post("/content/hooks/kho", data=PUSH, headers=signed(PUSH)).status_code == 202
    assert jobs(db) == [("hook", "kho", "queued")]


def test_nobody_else_moves_anything(client: FlaskClient, db: Database) -> None:
    other = PUSH.replace(b"refs/heads/main", b"refs/heads/x")
    assert client.post("/content/hooks/kho", data=PUSH).status_code == 403
    assert client.post("/content/hooks/kho", data=PUSH, headers=signed(other)).status_code == 403
    assert client.post("/content/hooks/kho", data=other, headers=signed(other)).status_code == 200
    assert client.post("/content/hooks/khong", data=PUSH, headers=signed(PUSH, "")).status_code == 404
    assert client.post("/content/hooks/unbekannt", data=PUSH, headers=signed(PUSH)).status_code == 404
    assert client.get("/content/hooks/kho").status_code == 405
    large = b" " * (1024 * 1024 + 1)
    assert client.post("/content/hooks/kho", data=large, headers=signed(large)).status_code == 413
    assert jobs(db) == []


def test_a_sender_that_does_not_stop_is_told_to_wait(client: FlaskClient) -> None:
    answers = [client.post("/content/hooks/kho", data=b"x").status_code for _ in range(31)]
    assert (answers[:30], answers[30]) == ([403] * 30, 429)


def test_the_first_push_brings_the_content(app: Flask, client: FlaskClient, db: Database, remote: Remote, tmp_path: Path) -> None:
    (tmp_path / "content" / "schemes").mkdir(parents=True)
    client.post("/content/hooks/kho", data=PUSH, headers=signed(PUSH))
    site = app.extensions["site"]
    site.jobs.tick(site.clock.now())
    assert jobs(db) == [("hook", "kho", "failed")], "the other source is not there, so the site stays as it was"
    with db.reading() as session:
        assert load_catalogue(session).courses == {}
