"""Seals over the audit trail: a change behind the database's back shows, whatever it is; an honest trail is whole."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from lms.cli import main
from lms.people.rules import Role
from lms.platform import migrate
from lms.platform.audit import record
from lms.platform.audit_seals import MOST, AuditSeal, AuditSealer, verdict_of, verify
from lms.platform.db import Database
from lms.platform.keys import make_keys
from tests.conftest import NOW, ONE_DATABASE
from tests.make import make_learner, sign_in

KEY = "test-secret-key"
LATER = NOW + timedelta(minutes=11)


def _write(db: Database, n: int = 3) -> None:
    with db.writing() as session:
        for one in range(n):
            record(session, now=NOW, actor_id=None, action="unit_edited", subject_kind="unit", subject_id=one)


def _verdict(db: Database, key: str = KEY) -> tuple[int, int, int, tuple[int, int] | None]:
    with db.reading() as session:
        found = verify(session, key)
    return found.seals, found.events, found.unsealed, found.broken


def test_what_has_settled_is_sealed_every_hour(db: Database) -> None:
    sealer = AuditSealer(db, KEY)
    assert sealer.run(NOW) == 0
    _write(db)
    assert sealer.run(NOW + timedelta(minutes=9)) == 0
    assert sealer.run(LATER) == 3
    assert _verdict(db) == (1, 3, 0, None)
    _write(db, 2)
    assert _verdict(db) == (1, 3, 2, None)
    assert sealer.run(LATER + timedelta(minutes=59)) == 0
    assert sealer.run(LATER + timedelta(minutes=60)) == 2
    assert _verdict(db) == (2, 5, 0, None)
    assert MOST > 5


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE audit_event SET actor_id = 7 WHERE id = 2",
        "UPDATE audit_event SET detail = '{\"x\": 1}' WHERE id = 1",
        "DELETE FROM audit_event WHERE id = 3",
        "UPDATE audit_seal SET digest = 'x' WHERE id = 1",
        "UPDATE audit_seal SET events = 2 WHERE id = 1",
    ],
)
@ONE_DATABASE
def test_a_change_behind_the_databases_back_shows(db: Database, act: str) -> None:
    _write(db)
    AuditSealer(db, KEY).run(LATER)
    with db.engine.begin() as connection:
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'")).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(act))
    assert _verdict(db)[3] == (1, 3)
    with db.reading() as session:
        assert "behind" in str(verdict_of(verify(session, KEY)))


@ONE_DATABASE
def test_a_seal_cannot_be_taken_away_with_its_events(db: Database) -> None:
    for hour in range(2):
        _write(db)
        AuditSealer(db, KEY).run(LATER + timedelta(hours=hour))
    with db.engine.begin() as connection:
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'")).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("DELETE FROM audit_event WHERE id <= 3"))
        connection.execute(text("DELETE FROM audit_seal WHERE id = 1"))
    assert _verdict(db)[3] == (1, 6)


def test_whoever_has_not_the_key_makes_no_seal(db: Database) -> None:
    _write(db)
    AuditSealer(db, "another").run(LATER)
    assert _verdict(db)[3] == (1, 3)
    assert _verdict(db, "another")[3] is None


def test_seals_are_never_changed(db: Database) -> None:
    _write(db)
    AuditSealer(db, KEY).run(LATER)
    with pytest.raises(DBAPIError, match="append-only"), db.writing() as session:
        session.execute(update(AuditSeal).values(events=0))
    with db.reading() as session:
        assert session.scalars(select(AuditSeal.events)).all() == [3]


@pytest.mark.parametrize(("lang", "word"), [("vi", "nguyên vẹn"), ("zh", "完整"), ("en", "whole")])
def test_the_page_verifies_and_searches(client: FlaskClient, db: Database, lang: str, word: str) -> None:
    with db.writing() as session:
        boss = make_learner(session, roles=(Role.ADMINISTRATOR,))
    sign_in(client, boss)
    client.get(f"/people/audit?lang={lang}")
    _write(db)
    AuditSealer(db, KEY).run(LATER)
    assert client.post("/people/audit/verify").status_code == 302
    assert word in client.get("/people/audit").text
    for query, rows in (
        ("action=unit_edited", 3),
        ("action=sign_in", 1),
        ("since=2026-11-23", 0),
        ("since=2026-11-22&until=2026-11-22", 4),
        ("until=2026-11-21", 0),
        ("since=x", 4),
    ):
        assert client.get(f"/people/audit?{query}").text.count("<tr>") - bool(rows) == rows, query


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "site").mkdir()
    make_keys(tmp_path / "site")
    db = Database(f"sqlite:///{tmp_path / 'site' / 'vean.db'}")
    migrate.upgrade(db)
    _write(db)

    def command() -> int:
        with pytest.raises(SystemExit) as ended:
            main(["--instance", str(tmp_path / "site"), "audit", "--lang", "en"])
        return int(ended.value.code or 0)

    assert command() == 0
    assert "3 wait" in capsys.readouterr().out
    AuditSealer(db, "not the key of the site").run(LATER)
    assert command() == 1
    assert "behind" in capsys.readouterr().out
