"""What of a question is drawn once for everybody: a page that was put together is the page drawn anew, and holds nothing of anybody else."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.platform.db import Database
from tests.assessment.acts import new_id
from tests.assessment.conftest import People, Shelf
from tests.assessment.kinds import ALL_KINDS, KIND_KEY, make_kinds_offering, make_kinds_quiz, store_items
from tests.assessment.test_kind_pages import FORMS
from tests.assessment.test_pages import form_of
from tests.assessment.test_practical import DONE
from tests.make import make_learner, sign_in

OWN = re.compile(r'name="save_id" value="[^"]*"|(csrf_token" value|data-csrf)="[^"]*"')


def _page(client: FlaskClient, url: str, lang: str) -> str:
    return OWN.sub("", client.get(f"{url}?lang={lang}&n=2").text)


def _answer(client: FlaskClient, url: str, item_id: str, n: int, **more: str) -> None:
    fields = form_of(client.get(f"{url}?n={n}").text, n)
    assert client.post(url, data=fields | FORMS[item_id] | {"save_id": new_id(), "go": "next"} | more).status_code == 303


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_a_page_of_drawn_parts_is_the_page_drawn_anew(app: Flask, client: FlaskClient, kinds: Shelf, people: People, lang: str) -> None:
    sign_in(client, people.learner)
    url = client.post(f"/offerings/{KIND_KEY}").location
    drawn = app.extensions["drawn"]
    for answered in (False, True):
        if answered:
            for n, item in enumerate(ALL_KINDS, 1):
                _answer(client, url, item.id, n, flag="on" if n % 2 else "")
        put_together = _page(client, url, lang)
        drawn._kept.clear()
        assert _page(client, url, lang) == put_together
        assert _page(client, url, lang) == put_together


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_what_another_person_has_filled_makes_the_same_page_as_drawing_it_for_oneself(
    app: Flask, client: FlaskClient, every_kind: Shelf, people: People, db: Database, lang: str
) -> None:
    """The parts that stand in memory were drawn for somebody who has answered and marked every question, in every language; then for nobody at all."""
    with db.writing() as session:
        second = make_learner(session)
    other = app.test_client()
    sign_in(client, people.learner)
    sign_in(other, second)
    drawn = app.extensions["drawn"]
    first = client.post(f"/offerings/{KIND_KEY}").location
    for n, item in enumerate(ALL_KINDS, 1):
        _answer(client, first, item.id, n, flag="on")
    mine = other.post(f"/offerings/{KIND_KEY}").location
    for answered in (False, True):
        for each in ("vi", "zh", "en"):
            _page(client, first, each)
        by_another = _page(other, mine, lang)
        assert len(drawn._kept) > len(ALL_KINDS)
        drawn._kept.clear()
        assert _page(other, mine, lang) == by_another
        assert by_another.count('class="answers') >= 1
        if not answered:
            for n, item in enumerate(ALL_KINDS, 1):
                _answer(other, mine, item.id, n)


@pytest.fixture()
def every_kind(db: Database, shelf: Shelf) -> Shelf:
    """The nine kinds that are answered, and a practical, to which nothing is written."""
    with db.writing() as session:
        store_items(session, *ALL_KINDS, DONE)
    whole = make_kinds_quiz()
    draw = whole.draws[0]
    pool = (*draw.pool, DONE.digest)
    shelf.put(make_kinds_offering(replace(whole, draws=(replace(draw, pick=len(pool), pool=pool),))))
    return shelf


def test_nothing_of_one_person_stands_on_anothers_page(app: Flask, client: FlaskClient, kinds: Shelf, people: People, db: Database) -> None:
    with db.writing() as session:
        second = make_learner(session)
    other = app.test_client()
    sign_in(client, people.learner)
    sign_in(other, second)
    first = client.post(f"/offerings/{KIND_KEY}").location
    untouched = _page(other, other.post(f"/offerings/{KIND_KEY}").location, "en")
    for n, item in enumerate(ALL_KINDS, 1):
        _answer(client, first, item.id, n, flag="on")
    mine, theirs = _page(client, first, "en"), _page(other, _url(other), "en")
    assert theirs == untouched
    for own in ("85,2 dBA", "LOTO", "One\ntwo", ' value="cut"', 'name="flag" value="off"'):
        assert own in mine
        assert own not in theirs


def _url(client: FlaskClient) -> str:
    """The address of the open try."""
    found = re.search(r'href="(/sittings/\d+)"', client.get(f"/offerings/{KIND_KEY}").text)
    assert found
    return found[1]


def test_what_is_drawn_holds_no_key_and_nobodys_token(app: Flask, client: FlaskClient, kinds: Shelf, people: People) -> None:
    sign_in(client, people.learner)
    url = client.post(f"/offerings/{KIND_KEY}").location
    page = client.get(url).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    kept = "".join("".join(text) for text in app.extensions["drawn"]._kept.values())
    assert "SECRET" not in kept
    assert token[1] not in kept
    assert re.search(r"/sittings/\d", kept) is None
