"""`lms draft` makes and ends links as the page does."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.cli import main
from lms.clock import SystemClock
from lms.drafts.models import DraftLink
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.content.publishing.repositories import Remote
from tests.drafts.conftest import BRANCH

Said = pytest.CaptureFixture[str]


@pytest.fixture()
def instance(tmp_path: Path, app: Flask) -> Path:
    """The settings of `app` as a command finds them."""
    settings = app.extensions["site"].settings
    source = settings.content_sources[0]
    at = settings.model_dump()
    lines = [f'{key} = "{at[key]}"' for key in ("database_url", "secret_key", "identity_key")]
    lines += [f'content_sources = [{{ at = "{source.at}", branch = "main", name = "kho" }}]']
    (tmp_path / "settings.toml").write_text("\n".join(lines), "utf-8")
    return tmp_path


def run(instance: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["--instance", str(instance), "draft", *words])
    return int(left.value.code or 0)


def test_it_prints_an_address_that_opens(instance: Path, app: Flask, phone: FlaskClient, db: Database, capsys: Said) -> None:
    app.extensions["site"].clock.set(SystemClock().now())
    assert run(instance, BRANCH, "--days", "1", "--only", "courses/khoa-mau", "--note", "Xem giúp", "--lang", "en") == 0
    said = capsys.readouterr().out
    found = re.match(r"http://127\.0\.0\.1:8000(/d/[\w-]{32}/)\n", said)
    assert found
    assert f"Draft link 1 shows {BRANCH} of kho until " in said
    page = phone.get(found[1]).text
    assert "Xem giúp" in page
    assert "quizzes/" not in page
    with db.reading() as session:
        link = session.scalars(select(DraftLink)).one()
        assert (link.made_by, link.expires_at - link.made_at) == (None, timedelta(days=1))
    assert run(instance, "--end", "1", "--lang", "en") == 0
    assert phone.get(found[1]).status_code == 404
    assert run(instance, "--end", "1") == 1
    with db.reading() as session:
        acts = session.execute(select(AuditEvent.action, AuditEvent.actor_id)).all()
        assert [tuple(act) for act in acts] == [("draft_link_made", None), ("draft_link_ended", None)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("khong-co",), "There is no commit khong-co."),
        (("main", "--source", "la"), "There is no content source la."),
        (("main", "--only", "courses/la"), "There is no courses/la at main."),
        (("main", "--end", "1"), "not allowed with"),
        (("main", "--days", "365"), "is none of"),
        ((), "required"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(instance: Path, capsys: Said, db: Database, words: tuple[str, ...], said: str) -> None:
    assert run(instance, *words) != 0
    assert said in capsys.readouterr().err
    with db.reading() as session:
        assert session.scalars(select(DraftLink)).all() == []


def test_several_sources_want_a_name(instance: Path, remote: Remote, capsys: Said) -> None:
    settings = instance / "settings.toml"
    settings.write_text(re.sub(r"content_sources = .*", f'content_sources = ["{remote.path}", "{remote.path}"]', settings.read_text("utf-8")), "utf-8")
    assert run(instance, "main") == 1
    assert "name one with --source: kho, kho-2" in capsys.readouterr().err


def test_a_remote_repository_is_fetched_by_the_command_itself(instance: Path, remote: Remote, app: Flask, db: Database, capsys: Said) -> None:
    settings = instance / "settings.toml"
    settings.write_text(settings.read_text("utf-8").replace(str(remote.path), remote.url), "utf-8")
    assert run(instance, BRANCH, "--lang", "en") == 0
    with db.reading() as session:
        assert session.scalars(select(DraftLink.commit_id)).one() == remote.commits[-1]
    assert run(instance, "sap-day", "--lang", "en") == 1
    assert "There is no commit sap-day." in capsys.readouterr().out
