"""Pages of the library: who may see them, what stands in them, and that a kept page tells of nobody."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.content.service.publishing import publish
from lms.platform.db import Database
from tests.conftest import NOW
from tests.content.sample import COURSE, LESSONS
from tests.content.terms import glossary, term
from tests.content.trees import with_files
from tests.counting import count_queries
from tests.make import make_learner, sign_in

TERMS = glossary(
    "tu-mau",
    term("khoa", "khóa", "锁", "lock", meaning="Khóa <script>alert(1)</script> & thẻ."),
    term("an", "ẩn họa", "隐患", "hidden hazard", also="nguy cơ ẩn"),
    term("dien", "điện", "电", "electricity"),
)
LESSON = f"/courses/{COURSE}/{LESSONS[0]}"


@pytest.fixture()
def site_with_terms(db: Database) -> Database:
    """The sample and three terms, published."""
    with db.writing() as session:
        publish(session, with_files({"glossary/tu-mau.yml": TERMS}), now=NOW)
    return db


@pytest.fixture()
def learner(site_with_terms: Database, client: FlaskClient) -> FlaskClient:
    """A browser of somebody signed in."""
    with site_with_terms.writing() as session:
        person = make_learner(session, full_name="Nguyễn Thị Riêng")
    sign_in(client, person)
    return client


@pytest.mark.parametrize(
    "address",
    ["/search?q=a", "/glossary", f"/offline/vi/courses/{COURSE}", f"/offline/vi{LESSON}", f"/offline/vi/list/{COURSE}", f"/courses/{COURSE}/book.pdf"],
)
def test_what_is_for_readers_asks_for_sign_in(site_with_terms: Database, client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.location.startswith("/sign-in")) == (302, True)


@pytest.mark.parametrize(
    "address",
    [
        f"/offline/xx{LESSON}",
        "/offline/vi/courses/khac",
        f"/offline/vi/courses/{COURSE}/99-khac",
        "/offline/vi/list/khac",
        "/courses/khac/book.pdf",
        "/offline/xx",
    ],
)
def test_what_is_not_there_is_a_404(learner: FlaskClient, address: str) -> None:
    assert learner.get(address).status_code == 404


def test_a_lesson_explains_its_terms_without_javascript(learner: FlaskClient) -> None:
    page = learner.get(f"{LESSON}?lang=vi").text
    link = re.search(r'<a class="term"[^>]*href="#(term-khoa)"[^>]*aria-describedby="(meaning-khoa)"', page)
    assert link
    assert page.count('class="term"') == len(set(re.findall(r'id="at-[a-z-]+"', page)))
    assert f'id="{link[1]}"' in page
    assert f'<dd id="{link[2]}">Khóa &lt;script&gt;' in page


def test_the_glossary_stands_in_the_order_of_the_language_and_can_be_searched(learner: FlaskClient) -> None:
    def words(address: str) -> list[str]:
        return re.findall(r"<dt>([^<]*)</dt>", learner.get(address).text)

    assert words("/glossary?lang=vi") == ["ẩn họa", "điện", "khóa"]
    assert words("/glossary?lang=zh") == ["电", "锁", "隐患"]
    assert words("/glossary?lang=en&q=hidden") == ["hidden hazard"]
    assert words("/glossary?lang=vi&q=nguy+co") == ["ẩn họa"]
    assert words("/glossary?q=xyzzy") == []
    assert words("/glossary?lang=vi&term=dien&page=99") == ["ẩn họa", "điện", "khóa"]
    assert "alert(1)</script>" not in learner.get("/glossary?lang=vi").text


def test_a_hit_is_marked_and_nothing_else_is_markup(learner: FlaskClient) -> None:
    page = learner.get("/search?lang=vi&q=KHOA").text
    assert "<mark>khóa</mark>" in page
    assert "<script>alert" not in page
    assert "/glossary?term=khoa#term-khoa" in page
    assert f'href="{LESSON}"' in page
    assert "&lt;b&gt;x" in learner.get("/search?q=<b>x").text


def test_an_empty_search_says_what_to_do(learner: FlaskClient) -> None:
    assert "/glossary" in learner.get("/search?q=xyzzy").text
    assert learner.get("/search").status_code == 200
    assert learner.get("/search?q=%00%ff&page=-1").status_code == 200
    assert learner.get(f"/search?q={'a' * 5000}&page=99999999999").status_code == 200


def test_pages_cost_a_constant_number_of_queries(learner: FlaskClient, site_with_terms: Database) -> None:
    for address, most in (("/search?q=khoa", 2), ("/search?q=khoa+xyzzy", 4), ("/glossary", 1), (f"/offline/vi{LESSON}", 1), (f"/offline/vi/list/{COURSE}", 2)):
        learner.get(address)
        with count_queries(site_with_terms) as counted:
            assert learner.get(address).status_code == 200
        assert len(counted) <= most, (address, counted.statements)


def test_a_kept_page_is_the_same_for_everybody_and_names_nobody(app: Flask, learner: FlaskClient, site_with_terms: Database) -> None:
    with site_with_terms.writing() as session:
        other = make_learner(session, full_name="Trần Văn Khác")
    second = app.test_client()
    sign_in(second, other)
    for address in (f"/offline/vi{LESSON}", f"/offline/zh/courses/{COURSE}", "/offline/vi"):
        mine, yours = learner.get(address), second.get(address)
        assert mine.text == yours.text
        assert "csrf" not in mine.text
        assert "Riêng" not in mine.text
    assert 'lang="zh-Hans"' in learner.get(f"/offline/zh{LESSON}?lang=vi").text


def test_the_list_of_what_to_keep_is_whole_and_its_version_follows_the_text(learner: FlaskClient, site_with_terms: Database) -> None:
    first = learner.get(f"/offline/vi/list/{COURSE}").get_json()
    assert first["bytes"] > 10_000
    assert len(first["pages"]) == 2 + len(LESSONS)
    for address in first["pages"] + first["files"]:
        assert learner.get(address).status_code == 200, address
    assert not [address for address in first["pages"] if not address.startswith("/offline/vi")]
    assert learner.get(f"/offline/zh/list/{COURSE}").get_json()["version"] != first["version"]
    with site_with_terms.writing() as session:
        publish(session, with_files({"glossary/tu-mau.yml": TERMS.replace("thẻ.", "thẻ khác.")}), now=NOW)
    assert learner.get(f"/offline/vi/list/{COURSE}").get_json()["version"] != first["version"]


def test_the_mark_of_an_owner_tells_only_whether_it_is_the_same(app: Flask, learner: FlaskClient, site_with_terms: Database) -> None:
    mine = learner.get("/offline/owner").get_json()["owner"]
    assert learner.get(f"/offline/vi/list/{COURSE}").get_json()["owner"] == mine
    assert app.test_client().get("/offline/owner").json == {"owner": ""}
    with site_with_terms.writing() as session:
        other = make_learner(session)
    second = app.test_client()
    sign_in(second, other)
    assert second.get("/offline/owner").get_json()["owner"] not in ("", mine)


def test_the_worker_stands_at_the_root_and_is_asked_for_again(client: FlaskClient, site_with_terms: Database) -> None:
    answer = client.get("/service-worker.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert client.get("/service-worker.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get("/offline").status_code == 200


def test_a_book_is_sent_whole_and_known_again(learner: FlaskClient) -> None:
    answer = learner.get(f"/courses/{COURSE}/book.pdf?lang=zh")
    assert answer.data[:5] == b"%PDF-"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{COURSE}-zh.pdf"'
    assert learner.get(f"/courses/{COURSE}/book.pdf", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert learner.get(f"/courses/{COURSE}/book.pdf?lang=vi").headers["ETag"] != answer.headers["ETag"]


def test_a_site_without_content_says_so(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        person = make_learner(session)
    sign_in(client, person)
    assert client.get("/glossary").status_code == 200
    assert client.get("/search?q=a").status_code == 200
