"""Error pages: our words, in three languages, and as JSON for scripts."""

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from lms.errors import Conflict, Invalid, NotAllowed, NotFound, SiteError
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform.db import Database
from lms.web.views import WORDS
from tests.make import make_learner, sign_in

pytestmark = pytest.mark.one_database

LANGS = [("vi", "vi"), ("zh", "zh-Hans"), ("en", "en")]
OWN = {404: NotFound, 403: NotAllowed, 409: Conflict, 422: Invalid, 400: SiteError}


@pytest.fixture()
def failing(app: Flask) -> FlaskClient:
    """A site with addresses that fail in every way."""

    def fail(code: int) -> str:
        abort(code)

    def refuse(code: int) -> str:
        raise OWN[code]("The unit %(name)s is <closed>.", name="A & B")

    app.add_url_rule("/fails/<int:code>", "fails", fail)
    app.add_url_rule("/refuses/<int:code>", "refuses", refuse)
    app.add_url_rule("/breaks", "breaks", lambda: str(1 // 0))
    return app.test_client()


@pytest.mark.parametrize(("lang", "html_lang"), LANGS)
@pytest.mark.parametrize("code", sorted(WORDS))
def test_every_error_has_a_page_in_the_reader_s_language(failing: FlaskClient, code: int, lang: str, html_lang: str) -> None:
    answer = failing.get(f"/fails/{code}?lang={lang}")
    assert answer.status_code == code
    assert answer.mimetype == "text/html"
    assert f'<html lang="{html_lang}"' in answer.text
    assert "<h1" in answer.text
    if lang == "en":
        title, advice = WORDS[code]
        assert str(title) in answer.text
        assert str(advice) in answer.text


@pytest.mark.parametrize("code", sorted(WORDS))
def test_every_error_is_json_for_a_script(failing: FlaskClient, code: int) -> None:
    answer = failing.get(f"/fails/{code}", headers={"Accept": "application/json"})
    assert answer.status_code == code
    assert list(answer.json or {}) == ["error"]
    assert (answer.json or {})["error"]


def test_an_error_without_words_of_its_own_gets_the_general_ones(failing: FlaskClient) -> None:
    assert str(WORDS[400][0]) in failing.get("/fails/418?lang=en").text
    assert str(WORDS[500][0]) in failing.get("/fails/501?lang=en").text


@pytest.mark.parametrize("code", sorted(OWN))
def test_our_own_errors_say_their_sentence_and_escape_it(failing: FlaskClient, code: int) -> None:
    answer = failing.get(f"/refuses/{code}?lang=en")
    assert answer.status_code == code
    assert "The unit A &amp; B is &lt;closed&gt;." in answer.text
    assert failing.get(f"/refuses/{code}", headers={"Accept": "application/json"}).json == {"error": "The unit A & B is <closed>."}


def test_a_mistake_of_ours_tells_nothing_of_the_program(failing: FlaskClient, everybody: Person) -> None:
    for _ in range(2):
        answer = failing.get("/breaks?lang=en")
        assert answer.status_code == 500
        assert "ZeroDivision" not in answer.text
        assert "lms/" not in answer.text
        assert "It has been logged" in answer.text
        sign_in(failing, everybody)


def test_an_address_that_is_none_is_404_in_words_for_strangers_and_the_signed_in(client: FlaskClient, everybody: Person) -> None:
    assert client.get("/no/such/page").status_code == 404
    sign_in(client, everybody)
    answer = client.get("/no/such/page?lang=en")
    assert (answer.status_code, "There is no such page" in answer.text) == (404, True)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_an_id_greater_than_any_is_not_there(client: FlaskClient, db: Database, number: int) -> None:
    with db.writing() as session:
        admin = make_learner(session, roles=(Role.ADMINISTRATOR, Role.OFFICER))
    sign_in(client, admin)
    for address in ("/people/%s", "/units/%s", "/classes/%s", "/certificates/%s.pdf", "/sittings/%s", "/certification/periods/%s/mark", "/people/slips/%s"):
        assert client.get(address % number).status_code == 404
    answer = {"item": "a", "answer": "a", "save_id": "00000000-0000-0000-0000-000000000000", "seen": 0}
    assert client.post(f"/sittings/{number}/answers", json=answer).status_code == 404


def test_a_value_that_no_column_holds_is_the_asker_s_mistake(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        admin = make_learner(session, roles=(Role.ADMINISTRATOR, Role.OFFICER))
    sign_in(client, admin)
    for address in (f"/people/audit?actor={10**30}", f"/people?unit={2**63}"):
        assert client.get(address).status_code == 400
    for address in (f"/people?page={10**30}", f"/classes/?page={2**63}"):
        assert client.get(address).status_code == 200, "the last page there can be"
    assert client.get("/people?q=%00").status_code in (200, 400)
    form = {"item": "a", "answer": "a", "save_id": "00000000-0000-0000-0000-000000000000", "seen": "9" * 5000}
    assert client.post("/sittings/1", data=form).status_code == 422
    client.post("/sign-out")
    assert client.post("/sign-in", data={"name": "\0", "secret": "\0"}).status_code in (400, 422)
