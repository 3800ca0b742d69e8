"""Differences from what a site has published: real publication, real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.content.differing.differences import LEFT_OUT, MOST_WORDS, compare
from lms.platform.db import Database
from lms.preview.app import create_preview
from lms.preview.desk import Desk
from lms.preview.published import PublishedSite
from lms.settings import Settings, load_settings
from tests.conftest import NOW
from tests.content.sample import publish_sample
from tests.content.trees import BANK, LESSON
from tests.preview.conftest import Edit


@pytest.fixture()
def settings(database_url: str, tmp_path: Path) -> Settings:
    return load_settings(tmp_path, {}, database_url=database_url)


@pytest.fixture()
def comparing(desk: Desk, settings: Settings) -> Iterator[FlaskClient]:
    site = PublishedSite.find(settings)
    assert site
    yield create_preview(desk, settings, site).test_client()
    site.dispose()


def test_what_reads_otherwise_is_shown_word_by_word(db: Database, comparing: FlaskClient, edit: Edit, app: Flask) -> None:
    publish_sample(db, NOW)
    edit(LESSON, "Khóa và thẻ ngăn điều đó", "Khóa cùng thẻ ngăn điều đó")
    edit(BANK, "- (x) Báo cho người liên quan\n- ( ) Tháo che chắn", "- ( ) Báo cho người liên quan\n- (x) Tháo che chắn")
    text = comparing.get("/compared?lang=vi").text
    assert "Khóa <del>và</del><ins>cùng</ins> thẻ" in text
    assert "<ins>x) </ins>" in text or "<ins>(x)</ins>" in text
    assert "qaaaaaa4" not in text
    assert "naaaaaa2" in text, "items that are not published are new"
    assert "/compared" in comparing.get("/").text
    assert "kaaaaaa2" not in comparing.get("/compared?lang=zh").text


def test_what_a_broken_package_lacks_is_not_said_to_be_taken_away(db: Database, comparing: FlaskClient, edit: Edit) -> None:
    publish_sample(db, NOW)
    edit(BANK, "- (x) Báo cho người liên quan", "- ( ) Báo cho người liên quan")
    assert "qaaaaaa3" not in comparing.get("/compared?lang=vi").text


def test_before_the_first_publication_there_is_nothing(comparing: FlaskClient) -> None:
    assert comparing.get("/compared?lang=en").status_code == 200


def test_an_instance_without_a_database_is_left_alone(tmp_path: Path) -> None:
    assert PublishedSite.find(load_settings(tmp_path, {})) is None
    assert not list(tmp_path.iterdir())


def test_a_database_that_is_none_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "vean.db").write_bytes(b"no database at all, but long enough to be looked at " * 20)
    site = PublishedSite.find(load_settings(tmp_path, {}))
    assert site
    assert site.look() is None
    site.dispose()


@pytest.mark.parametrize(
    ("was", "now", "lines"),
    [
        pytest.param(["a"], ["a"], [LEFT_OUT], id="nothing changed"),
        pytest.param([], ["a b"], [(("new", "a b"),)], id="added"),
        pytest.param(["a"], [], [(("gone", "a"),)], id="taken away"),
        pytest.param(["một hai"], ["một ba"], [(("same", "một "), ("gone", "hai"), ("new", "ba"))], id="a word"),
        pytest.param(["安全帽"], ["安全带"], [(("same", "安全"), ("gone", "帽"), ("new", "带"))], id="a Chinese character"),
        pytest.param(["1", "2", "3", "x"], ["1", "2", "3", "y"], [LEFT_OUT, (("same", "3"),), (("gone", "x"), ("new", "y"))], id="far lines are left out"),
        pytest.param(["a " * MOST_WORDS], ["b"], [(("gone", "a " * MOST_WORDS), ("new", "b"))], id="too long for words"),
    ],
)
def test_comparing_lines(was: list[str], now: list[str], lines: list[object]) -> None:
    assert compare(was, now) == lines
