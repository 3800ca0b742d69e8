"""Keys are whole, private and never replaced; logs name what failed and no person."""

import json
import logging
import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.app import create_app
from lms.errors import Invalid
from lms.platform import logs
from lms.platform.keys import make_keys
from lms.settings import load_settings
from tests.conftest import KEYS


def test_keys_are_made_once_each_for_the_owner_alone(tmp_path: Path) -> None:
    made = make_keys(tmp_path)
    assert [path.name for path in made] == ["secret.key", "identity.key"]
    before = [path.read_text() for path in made]
    assert len(set(before)) == 2
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 and len(path.read_text()) >= 64 for path in made)
    assert make_keys(tmp_path) == []
    assert [path.read_text() for path in made] == before
    made[0].unlink()
    assert make_keys(tmp_path) == [made[0]]
    assert made[1].read_text() == before[1]
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["identity.key", "secret.key"]


def test_a_site_without_keys_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="lms init"):
        create_app(load_settings(tmp_path, {}))


def test_an_error_is_logged_with_its_endpoint_and_without_the_address_s_values(
    app: Flask, client: FlaskClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app.add_url_rule("/fails/<name>", "fails", lambda name: str(1 // 0))
    logs.configure(load_settings(tmp_path, {}, log_format="json", **KEYS))
    answer = client.get("/fails/NguyenVanAn?q=0912345678&lang=en")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "ZeroDivisionError" not in answer.text
    (line,) = capsys.readouterr().err.strip().splitlines()
    logged = json.loads(line)
    assert (logged["event"], logged["endpoint"], logged["method"], logged["level"]) == ("request failed", "fails", "GET", "error")
    assert "ZeroDivisionError" in logged["exception"]
    assert "NguyenVanAn" not in line
    assert "0912345678" not in line


def test_the_libraries_warnings_come_in_the_same_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(load_settings(tmp_path, {}, log_format="json", **KEYS))
    logs.configure(load_settings(tmp_path, {}, log_format="json", **KEYS))
    logging.getLogger("some.library").warning("it is %s", "late")
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert json.loads(line)["event"] == "it is late"
