"""Every page in every language, every link of every page, and the navigation of every role."""

import re
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.people.rules import Role
from lms.platform.db import Database
from lms.platform.site import Site
from tests.conftest import ONE_DATABASE
from tests.make import make_learner, make_unit, sign_in

"""What is asked of pages is the same on both databases; the queries are asked of both by the rooms' own tests."""
HREF = re.compile(r'<(?:a|link|img|script|use|source)\b[^>]*?\b(?:href|src)="([^"]*)"')
NAV_LINK = re.compile(r"<nav\b.*?</nav>", re.DOTALL)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


def addresses(app: Flask) -> list[str]:
    rules = (rule for rule in app.url_map.iter_rules() if rule.methods and "GET" in rule.methods and not rule.arguments)
    return sorted(rule.rule for rule in rules)


@pytest.mark.parametrize(("lang", "html_lang"), [("vi", "vi"), ("zh", "zh-Hans"), ("en", "en")])
def test_every_page_is_rendered_in_every_language(app: Flask, insider: FlaskClient, lang: str, html_lang: str) -> None:
    seen = 0
    for address in addresses(app):
        answer = insider.get(f"{address}?lang={lang}")
        assert answer.status_code in {200, 302, 303, 422}, f"{address}: {answer.status_code}\n{answer.text[:2000]}"
        if answer.status_code == 200 and answer.mimetype == "text/html":
            seen += 1
            assert f'<html lang="{html_lang}"' in answer.text, address
            assert re.search(r"<title>\s*\S", answer.text), address
            assert re.search(r"<h1[\s>]", answer.text), address
            assert not INLINE.search(answer.text), f"{address}: {INLINE.search(answer.text)}"
            assert re.search(r'name="viewport"', answer.text), address
    assert seen >= 12


def test_a_stranger_sees_the_sign_in_page_or_a_public_page_and_never_an_error(app: Flask, client: FlaskClient, published: Site) -> None:
    for address in addresses(app):
        answer = client.get(address)
        assert answer.status_code in {200, 302}, f"{address}: {answer.status_code}"
        if answer.status_code == 302:
            assert urlsplit(answer.headers["Location"]).path == "/sign-in", address


@ONE_DATABASE
@pytest.mark.parametrize("role", [None, Role.LEARNER, Role.OFFICER, Role.ADMINISTRATOR, Role.ORGANISER, Role.TRAINER], ids=str)
def test_no_link_leads_nowhere(app: Flask, db: Database, published: Site, role: Role | None) -> None:
    client = app.test_client()
    with db.writing() as session:
        unit = make_unit(session)
        make_learner(session, unit=unit)
        person = make_learner(session, unit=unit, roles=(role,) if role else tuple(Role))
    sign_in(client, person)
    waiting, seen, broken = [("/", "start")], {"/"}, []
    while waiting and len(seen) < 260:
        address, origin = waiting.pop(0)
        answer = client.get(address)
        if answer.status_code >= 400:
            broken.append(f"{address}: {answer.status_code}, linked from {origin}")
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        for found in HREF.findall(answer.text):
            target = urldefrag(urljoin(f"http://localhost{address}", unescape(found)))[0]
            parts = urlsplit(target)
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            if parts.scheme in {"http", "https"} and parts.netloc == "localhost" and path not in seen and not path.startswith("/static/fonts"):
                seen.add(path)
                waiting.append((path, address))
    assert not broken, "\n".join(broken)
    assert len(seen) > 20


@ONE_DATABASE
def test_pages_ask_no_other_site_for_anything(app: Flask, insider: FlaskClient) -> None:
    for address in addresses(app):
        answer = insider.get(address)
        if answer.mimetype == "text/html":
            loaded = re.findall(r'<(?:link|img|script|iframe|source)\b[^>]*?\b(?:href|src)="(?:https?:)?//([^"/]*)', answer.text)
            assert not loaded, f"{address}: {loaded}"


@ONE_DATABASE
@pytest.mark.parametrize("role", list(Role), ids=str)
def test_the_navigation_shows_only_what_one_may_use(app: Flask, db: Database, published: Site, role: Role) -> None:
    client = app.test_client()
    with db.writing() as session:
        person = make_learner(session, unit=make_unit(session), roles=(role,))
    sign_in(client, person)
    page = client.get("/").text
    shown = {urlsplit(unescape(link)).path for nav in NAV_LINK.findall(page) for link in re.findall(r'href="([^"#]+)"', nav)}
    assert "/" in shown
    for path in shown:
        assert client.get(path).status_code == 200, f"{role} is shown {path}"


@ONE_DATABASE
def test_the_navigation_of_a_learner_and_an_administrator_differ(app: Flask, db: Database, published: Site) -> None:
    pages = []
    for role in (Role.LEARNER, Role.ADMINISTRATOR):
        with db.writing() as session:
            person = make_learner(session, unit=make_unit(session), roles=(role,))
        client = app.test_client()
        sign_in(client, person)
        pages.append("".join(NAV_LINK.findall(client.get("/").text)))
        assert (client.get("/people").status_code == 200) == (role is Role.ADMINISTRATOR)
    learner, administrator = pages
    assert 'href="/people"' not in learner
    assert 'href="/people"' in administrator


@ONE_DATABASE
def test_a_learner_s_page_is_light(app: Flask, db: Database, published: Site) -> None:
    """A worker pays for the data: page, styles, scripts and font together stay below 100 KB (Kolibri's sign-in page weighs 2.8 MB)."""
    client = app.test_client()
    with db.writing() as session:
        person = make_learner(session, unit=make_unit(session))
    sign_in(client, person)
    for address in ("/", "/courses"):
        page = client.get(address, headers={"Accept-Encoding": "gzip"})
        plain = client.get(address).text
        total = len(page.data)
        for found in set(HREF.findall(plain)):
            if found.startswith("/static/") and "<link" not in found:
                total += len(client.get(unescape(found).split("#")[0], headers={"Accept-Encoding": "gzip"}).data)
        assert total < 100_000, f"{address}: {total} bytes"
