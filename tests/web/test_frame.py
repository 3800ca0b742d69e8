"""The frame of a page: drawn once, and yet everybody's own."""

import re
from functools import partial

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from jinja2 import DictLoader

from lms.people.models import Account, Person, RoleGrant
from lms.people.rules import Role
from lms.platform.db import Database
from lms.platform.site import Site
from lms.web.drawn import EDGE, KEPT, Drawn, fill, slot
from lms.web.frame import present
from tests.make import make_learner, make_unit, sign_in

pytestmark = pytest.mark.one_database

LESSON = "/courses/an-toan-nguoi-lao-dong/10-quyen-va-nghia-vu"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def _browser(app: Flask, db: Database, name: str, *roles: Role) -> FlaskClient:
    with db.writing() as session:
        person = make_learner(session, unit=make_unit(session), full_name=name)
        session.get_one(Account, person.id).secret_kind = "password"
        session.add_all(RoleGrant(person_id=person.id, role=role) for role in roles)
    client = app.test_client()
    sign_in(client, person)
    return client


@pytest.mark.parametrize("address", ["/courses", LESSON])
def test_each_reader_gets_the_own_name_token_and_entries(app: Flask, db: Database, published: Site, address: str) -> None:
    first, second = _browser(app, db, "Lò Thị <Một>"), _browser(app, db, "Vàng Văn Hai", Role.OFFICER)
    pages = [browser.get(address).text for browser in (first, second, first)]
    tokens = [set(TOKEN.findall(page)) for page in pages]
    assert [len(found) for found in tokens] == [1, 1, 1]
    assert not tokens[0] & tokens[1]
    assert "Lò Thị &lt;Một&gt;" in pages[0]
    assert "Vàng Văn Hai" not in pages[0]
    assert "Lò Thị" not in pages[1]
    assert ['href="/people"' in page for page in pages] == [False, True, False]
    assert EDGE not in "".join(pages)


@pytest.mark.parametrize(
    ("address", "entry"), [("/units/", "/people"), ("/exams/", "/tests"), ("/content/drafts", "/content/check"), ("/content/history", "/content/check")]
)
def test_a_page_without_an_entry_lights_up_the_one_above_it(app: Flask, db: Database, published: Site, address: str, entry: str) -> None:
    page = _browser(app, db, "Vàng Văn Hai", Role.ADMINISTRATOR, Role.TRAINING_ADMIN).get(address).text
    assert set(re.findall(r'href="([^"]+)" aria-current="page"', page.partition("<main")[0])) == {entry}


def test_entries_follow_the_roles_of_the_day(app: Flask, db: Database, published: Site) -> None:
    browser = _browser(app, db, "Vàng Văn Hai")
    assert 'href="/people"' not in browser.get("/courses").text
    with db.writing() as session:
        session.add(RoleGrant(person_id=session.query(Person).one().id, role=Role.OFFICER))
    assert 'href="/people"' in browser.get("/courses").text


def test_a_message_is_shown_once_on_a_drawn_page(app: Flask, db: Database, published: Site) -> None:
    browser = _browser(app, db, "Vàng Văn Hai")
    with browser.session_transaction() as session:
        session["_flashes"] = [("success", "Đã <nhớ>")]
    assert "Đã &lt;nhớ&gt;" in browser.get(LESSON).text
    assert "&lt;nhớ&gt;" not in browser.get(LESSON).text


@pytest.mark.parametrize(
    ("asked", "lang", "expected"),
    [
        ("/people?q=a%26b+c&page=2&lang=vi", "zh", "/people?q=a%26b+c&amp;page=2&amp;lang=zh"),
        ("/contests/%22%3E%3Cb%3E", "en", "/contests/%22%3E%3Cb%3E?lang=en"),
    ],
)
def test_the_switch_keeps_the_page_and_its_question(app: Flask, asked: str, lang: str, expected: str) -> None:
    with app.test_request_context(asked):
        assert present().value(lang) == expected


def test_a_token_in_text_for_everybody_is_refused(app: Flask) -> None:
    app.jinja_loader = app.jinja_env.loader = DictLoader({"all.html": "{{ token }}", "slot.html": "<b>{{ slot('csrf') }}</b>"})
    with app.test_request_context("/"):
        token = generate_csrf()
        assert g.csrf_token == token
        with pytest.raises(RuntimeError, match="token"):
            Drawn().find("all.html", None, lambda: {"token": token})
        assert fill(Drawn().find("slot.html", None, dict), str.upper) == "<b>CSRF</b>"


def test_what_is_too_much_is_dropped(app: Flask) -> None:
    app.jinja_env.loader = DictLoader({"n.html": "{{ n }}" + slot("a")})
    drawn = Drawn()
    with app.test_request_context("/"):
        for number in range(KEPT + 1):
            assert drawn.find("n.html", number, partial(dict, n=number)) == (str(number), "a", "")
        assert len(drawn._kept) == 1


def test_no_author_s_text_is_a_slot(app: Flask) -> None:
    app.jinja_env.loader = DictLoader({"words.html": "{{ words }}"})
    words = "\ue000csrf\ue000 \ue000\ue000csrf\ue000\ue000 {{ slot('csrf') }}"
    with app.test_request_context("/"):
        text = Drawn().find("words.html", None, partial(dict, words=words))
        assert len(text) == 1
        assert "slot(&#39;csrf&#39;)" in fill(text, str.upper)
