"""A link opens one source and nothing of another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.clock import MovableClock
from lms.people.models import Person
from tests.content.publishing.repositories import Remote, make_remote
from tests.drafts.conftest import BRANCH, make_app, path_in
from tests.make import sign_in


@pytest.fixture()
def app(tmp_path: Path, database_url: str, clock: MovableClock, remote: Remote) -> Iterator[Flask]:
    """A site of two sources; the other one has a branch of its own."""
    other = make_remote(tmp_path / "rieng", {"courses/rieng/course.yml": b"id: rieng", "glossary/mat.yml": b"id: mat"})
    other.commit({"courses/bi-mat/course.yml": b"id: bi-mat"}, branch="bi-mat")
    sources = [{"at": str(made.path), "branch": "main", "name": name} for made, name in ((remote, "kho"), (other, "rieng"))]
    made = make_app(tmp_path, database_url, clock, sources)
    yield made
    made.extensions["site"].db.dispose()


def test_a_branch_of_another_source_is_unknown_here(desk: FlaskClient, phone: FlaskClient) -> None:
    answer = desk.post("/content/drafts?lang=en", data={"source": "kho", "rev": "bi-mat", "days": "7"})
    assert answer.status_code == 422
    made = desk.post("/content/drafts", data={"source": "kho", "rev": BRANCH, "days": "7"})
    link = path_in(desk.get(made.location).text)
    page = phone.get(link).text
    assert "khoa-mau" in page
    assert "rieng" not in page
    assert "bi-mat" not in page
    assert phone.get(f"{link}courses/rieng/10-a").status_code == 404
    assert phone.get(f"{link}glossary/mat").status_code == 404


@pytest.mark.usefixtures("app")
def test_a_source_that_left_the_settings_closes_its_links_in_words(
    desk: FlaskClient, phone: FlaskClient, tmp_path: Path, clock: MovableClock, database_url: str, author: Person, remote: Remote
) -> None:
    made = desk.post("/content/drafts", data={"source": "rieng", "rev": "bi-mat", "days": "7"})
    link = path_in(desk.get(made.location).text)
    assert phone.get(link).status_code == 200
    alone = make_app(tmp_path, database_url, clock, [{"at": str(remote.path), "branch": "main", "name": "kho"}])
    answer = alone.test_client().get(f"{link}?lang=en")
    assert answer.status_code == 404
    assert "There is no content source rieng." in answer.text
    browser = alone.test_client()
    sign_in(browser, author)
    assert browser.get("/content/drafts/1").status_code == 200
    alone.extensions["site"].db.dispose()
