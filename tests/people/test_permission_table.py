"""The permission table, against every address of the site: what a role may not do is refused, and no address is forgotten."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from lms.people.access import asks_of
from lms.people.rules import TABLE, Permission, Role
from lms.people.words import PERMISSIONS
from lms.platform.db import Database
from tests.conftest import ONE_DATABASE
from tests.make import make_learner, make_unit, sign_in

PUBLIC = {
    "static": "files of the layout",
    "health.health": "for monitors; says nothing about people",
    "people.sign_in": "the sign-in itself",
    "people.second_step": "the rest of a sign-in whose secret was right",
    "people.sign_out": "anybody may leave",
    "crew.who": "the sign-in of a shared device; elsewhere it leads to the sign-in page",
    "crew.find": "the sign-in of a shared device",
    "crew.badge": "a badge says whose it is and proves nothing",
    "crew.pin": "the sign-in of a shared device",
    "joining.enter_code": "whoever has a code of a unit",
    "joining.join_unit": "whoever has a code of a unit",
    "signing.sign_in_with_passkey": "the sign-in itself",
    "signing.signing_options": "the sign-in itself",
    "assessment.answer": "asks for sign-in itself, at the speed of a save, and answers 401 as JSON",
    "content.blob": "pictures and sounds of published content, by their digests",
    "content.hook": "a push, signed with the secret of its source",
    "draft.compared": "whoever has the link of a draft",
    "draft.glossary": "whoever has the link of a draft",
    "draft.lesson": "whoever has the link of a draft",
    "draft.outline": "whoever has the link of a draft",
    "draft.picture": "whoever has the link of a draft",
    "draft.quiz": "whoever has the link of a draft",
    "library.kept": "courses kept on the phone, read without a network",
    "library.kept_list": "courses kept on the phone, read without a network",
    "library.owner": "says whose phone it is, to that person alone",
    "library.worker": "the service worker",
    "certificates.calendar_file": "whoever has the signed address of a calendar",
    "notices.stop": "whoever has the signed address of a letter",
    "notices.stop_page": "whoever has the signed address of a letter",
    "verify.by_code": "public verification of a document",
    "verify.by_number": "public verification of a document",
}
"""Addresses that anybody may open, and why."""


NARROWER = {
    "people.audit": "the trail is of the whole site",
    "assessment.quality": "without a test it is of every bank, for authors; with one, for whoever runs it",
    "assessment.quality_csv": "the same",
    "assessment.quality_reports": "the same",
}
"""Pages that ask for more than the permission, and why; each has tests of its own."""


def _rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def _address(rule: Rule) -> str:
    """An address of the rule, about things that are not there."""
    given: dict[str, Any] = {"digest": "a" * 64}
    given |= {name: 987_654 if type(one).__name__ == "Id" else "khong-co" for name, one in rule._converters.items() if name not in given}
    given = {name: given[name] for name in rule._converters}
    return str(rule.map.bind("localhost").build(rule.endpoint, given, method=_method(rule)))


def _method(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or ()) else min((rule.methods or {"POST"}) - {"OPTIONS", "HEAD"})


@ONE_DATABASE
def test_every_address_asks_for_a_permission_or_for_sign_in_or_is_listed_as_public(app: Flask) -> None:
    open_to_all = {rule.endpoint for rule in _rules(app) if asks_of(app.view_functions[rule.endpoint]) is None}
    assert open_to_all == set(PUBLIC)


@ONE_DATABASE
def test_without_sign_in_nothing_is_shown(app: Flask, client: FlaskClient) -> None:
    for rule in _rules(app):
        if rule.endpoint not in PUBLIC:
            answer = client.open(_address(rule), method=_method(rule))
            assert answer.status_code in (302, 401, 404), f"{rule.endpoint}: {answer.status_code}"


@ONE_DATABASE
@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_gives_and_nothing_else(app: Flask, client: FlaskClient, db: Database, role: Role) -> None:
    with db.writing() as session:
        unit = make_unit(session)
        person = make_learner(session, unit=unit, roles=(role,))
    sign_in(client, person)
    wrong = []
    for rule in _rules(app):
        asked = asks_of(app.view_functions[rule.endpoint])
        if not asked:
            continue
        may = bool(asked & TABLE[role])
        if may and (_method(rule) != "GET" or rule._converters):
            continue  # what it is about decides further: a test of a course or of a contest, a unit
        status = client.open(_address(rule), method=_method(rule)).status_code
        if (status == 403) == may and not (may and rule.endpoint in NARROWER):
            wrong.append(f"{rule.endpoint}: {status}")
    assert wrong == []


def test_every_permission_is_used_and_has_words(app: Flask) -> None:
    asked = frozenset().union(*(asks_of(view) or frozenset() for view in app.view_functions.values()))
    assert set(PERMISSIONS) == set(Permission)
    assert asked | {Permission.SEE_PEOPLE} == set(Permission)


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_the_table_can_be_read_by_everybody(client: FlaskClient, db: Database, lang: str) -> None:
    with db.writing() as session:
        person = make_learner(session)
    sign_in(client, person)
    page = client.get(f"/people/permissions?lang={lang}")
    assert page.status_code == 200
    assert {"vi": "cán bộ an toàn", "zh": "安全员", "en": "safety officer"}[lang] in page.text
