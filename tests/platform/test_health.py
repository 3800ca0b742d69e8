"""Health, and what a reader sees while the database is away."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

from lms import __version__
from lms.platform.db import Database
from tests.make import make_learner, sign_in


@pytest.fixture()
def lose_database(database_url: str, db: Database) -> Callable[[], None]:
    """Take the database away under the running site."""

    def lose() -> None:
        db.dispose()
        url = make_url(database_url)
        if db.on_sqlite:
            path = Path(str(url.database))
            for leftover in path.parent.glob("vean.db*"):
                leftover.unlink()
            path.mkdir()
            return
        admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {url.database} WITH (FORCE)"))
        admin.dispose()

    return lose


def test_health_is_200_with_the_version_while_the_database_answers(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "version": __version__})


def test_health_is_503_without_a_database(client: FlaskClient, lose_database: Callable[[], None]) -> None:
    lose_database()
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json == {"status": "no database", "version": __version__}


@pytest.mark.parametrize(("lang", "html_lang"), [("vi", "vi"), ("zh", "zh-Hans"), ("en", "en")])
def test_without_a_database_whoever_is_signed_in_reads_that_the_site_is_busy(
    client: FlaskClient, db: Database, lose_database: Callable[[], None], lang: str, html_lang: str
) -> None:
    with db.writing() as session:
        person = make_learner(session)
    sign_in(client, person)
    assert client.get(f"/?lang={lang}").status_code == 200
    lose_database()
    answer = client.get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert f'<html lang="{html_lang}"' in answer.text
    assert "Traceback" not in answer.text
    as_json = client.get("/", headers={"Accept": "application/json"})
    assert (as_json.status_code, list(as_json.json or {})) == (503, ["error"])


def test_without_a_database_nobody_signs_in_and_nobody_is_told_that_the_secret_was_wrong(
    app: Flask, client: FlaskClient, db: Database, lose_database: Callable[[], None]
) -> None:
    with db.writing() as session:
        make_learner(session, staff_code="NV7")
    lose_database()
    assert client.post("/sign-in", data={"name": "NV7", "secret": "246813"}).status_code == 503


def test_static_files_do_without_a_database(client: FlaskClient, lose_database: Callable[[], None]) -> None:
    lose_database()
    assert client.get("/static/icons.svg").status_code == 200
