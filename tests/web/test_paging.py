"""Lists in pages: what the address asks for, within what there is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.people.rules import Role
from lms.platform.db import Database
from lms.web.paging import MOST, page_asked, page_url, pages_of
from tests.make import make_learner, sign_in


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_a_list_has_as_many_pages_as_it_fills_and_at_least_one(total: int, pages: int) -> None:
    assert pages_of(total, 20) == pages


@pytest.mark.parametrize(("asked", "page", "of_three"), [("", 1, 1), ("0", 1, 1), ("-4", 1, 1), ("x", 1, 1), ("3", 3, 3), ("4", 4, 3), ("9" * 30, MOST, 3)])
@pytest.mark.one_database
def test_the_page_asked_for_is_one_that_there_is(app: Flask, asked: str, page: int, of_three: int) -> None:
    with app.test_request_context(f"/people?page={asked}"):
        assert (page_asked(), page_asked(3)) == (page, of_three)


@pytest.mark.one_database
def test_the_address_of_another_page_keeps_the_rest(app: Flask) -> None:
    with app.test_request_context("/people?q=an&page=2"):
        assert page_url(5) == "/people?q=an&page=5"


@pytest.mark.parametrize("path", ["/people", "/people/audit", "/classes/", "/content/history", "/certification/register", "/search?q=an", "/glossary"])
def test_a_page_without_end_is_no_fault(client: FlaskClient, db: Database, path: str) -> None:
    with db.writing() as session:
        person = make_learner(session, roles=(Role.ADMINISTRATOR, Role.OFFICER, Role.TRAINER))
    sign_in(client, person)
    assert client.get(f"{path}{'&' if '?' in path else '?'}page={'9' * 30}").status_code in (200, 404)
