"""What a reviewer sees behind a link, without an account and without JavaScript."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.learning.models import LessonProgress
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.content.publishing.repositories import Remote
from tests.content.terms import glossary, term
from tests.content.trees import LESSON
from tests.counting import count_queries
from tests.drafts.conftest import ALL, BRANCH, CHANGED, WORDS, Make

L10 = "courses/khoa-mau/10-mo-dau"


def test_a_reviewer_reads_the_branch_and_sees_that_it_is_a_draft(make: Make, phone: FlaskClient, remote: Remote, published: Database) -> None:
    link = make(note="Bài mới về khóa")
    outline = phone.get(f"{link}?lang=en")
    assert outline.status_code == 200
    assert "Bài mới về khóa" in outline.text
    assert f"{link}{L10}" in outline.text
    lesson = phone.get(f"{link}{L10}?lang=vi").text
    assert WORDS[1] in lesson
    assert 'class="admonition danger"' in lesson
    for page in (outline.text, phone.get(f"{link}{L10}?lang=en").text, phone.get(f"{link}quizzes/moi-loai?lang=en").text):
        assert "This is not what is published, and nothing here counts or is recorded." in page
        assert remote.commits[-1][:10] in page
        assert f"Branch {BRANCH}" in page


def test_pictures_come_from_the_draft_and_only_those_that_it_shows(make: Make, phone: FlaskClient, published: Database) -> None:
    link = make()
    found = re.search(rf'src="({link}pictures/[0-9a-f]{{64}}\.svg)"', phone.get(f"{link}{L10}").text)
    assert found
    picture = phone.get(found[1])
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert phone.get(f"{link}pictures/{'0' * 64}.svg").status_code == 404


def test_terms_of_the_draft_are_explained(remote: Remote, make: Make, phone: FlaskClient) -> None:
    remote.commit(ALL | {"glossary/tu.yml": glossary("tu", term("khoa", "khóa", "锁", "lock", meaning="Vật giữ cửa."))}, branch="tu")
    link = make("tu")
    assert 'href="#term-khoa"' in phone.get(f"{link}{L10}?lang=vi").text
    assert "Vật giữ cửa." in phone.get(f"{link}glossary/tu?lang=vi").text


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_every_page_is_there_in_three_languages(make: Make, phone: FlaskClient, published: Database, lang: str) -> None:
    link = make()
    for page in ("", L10, "quizzes/moi-loai", "quizzes/de-mau", "compared"):
        answer = phone.get(f"{link}{page}?lang={lang}")
        assert answer.status_code == 200, page
        assert not re.search(r"<[^>]*\s(style|on\w+)=", answer.text)


def test_a_branch_is_followed_and_a_commit_stays(remote: Remote, make: Make, phone: FlaskClient) -> None:
    branch, pinned = make(), make(remote.commits[-1][:9])
    assert remote.commits[-1][:10] in phone.get(f"{pinned}?lang=en").text
    later = remote.commit(ALL | {LESSON: ALL[LESSON].replace(WORDS[0].encode(), "Khóa giữ máy đứng yên".encode())}, branch=BRANCH)
    assert later[:10] in phone.get(branch).text
    assert "Khóa giữ máy đứng yên" in phone.get(f"{branch}{L10}?lang=vi").text
    assert WORDS[1] in phone.get(f"{pinned}{L10}?lang=vi").text


def test_a_link_of_one_course_shows_nothing_else(make: Make, phone: FlaskClient, published: Database) -> None:
    link = make(package="courses/khoa-mau")
    assert "quizzes/" not in phone.get(link).text
    assert phone.get(f"{link}{L10}").status_code == 200
    assert phone.get(f"{link}quizzes/moi-loai").status_code == 404
    assert "moi-loai" not in phone.get(f"{link}compared?lang=vi").text
    assert WORDS[1].split()[1] in phone.get(f"{link}compared?lang=vi").text


def test_problems_of_the_draft_are_told(remote: Remote, make: Make, phone: FlaskClient, published: Database) -> None:
    remote.commit(ALL | {LESSON: ALL[LESSON].replace(b"minutes: 1\n", b"")}, branch="hong")
    link = make("hong")
    page = phone.get(f"{link}?lang=en").text
    assert "Would be held back" in page
    assert "The key minutes is missing." in page


def test_what_it_would_change_is_shown_beside_the_site(make: Make, phone: FlaskClient, published: Database) -> None:
    page = phone.get(f"{make()}compared?lang=vi").text
    assert "Khóa <del>và</del><ins>cùng</ins> thẻ" in page
    assert page.count('<section class="card') == 1


def test_a_package_that_the_draft_takes_away_is_named(remote: Remote, make: Make, phone: FlaskClient, published: Database) -> None:
    remote.commit({path: data for path, data in ALL.items() if "moi-loai" not in path}, branch="bot")
    page = phone.get(f"{make('bot')}compared?lang=en").text
    assert "Taken away from the site: quizzes/moi-loai" in page


def test_nothing_is_recorded_but_that_it_was_read(make: Make, desk: FlaskClient, phone: FlaskClient, published: Database) -> None:
    link = make()
    with published.reading() as session:
        acts = session.scalar(select(func.count()).select_from(AuditEvent))
    page = phone.get(f"{link}{L10}")
    assert "data-study" not in page.text
    assert "vean=" not in str(page.headers.getlist("Set-Cookie"))
    with published.reading() as session:
        assert session.scalar(select(func.count()).select_from(LessonProgress)) == 0
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == acts


def test_answers_are_kept_by_nobody(make: Make, phone: FlaskClient, published: Database) -> None:
    link = make()
    for page in ("", L10, "quizzes/moi-loai", "compared", "pictures/x", "no/such"):
        answer = phone.get(f"{link}{page}")
        assert answer.headers["Cache-Control"] == "private, no-store"
        if "no/such" not in page:
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_page_costs_as_many_queries_for_many_items_as_for_few(remote: Remote, make: Make, phone: FlaskClient, published: Database) -> None:
    quiz = {path: data for path, data in ALL.items() if path.startswith("quizzes/de-mau/")}
    more = {path.replace("de-mau", f"de-{n}"): data.replace(b"qaaaaaa", f"qaaaab{n}".encode()) for n in range(2, 7) for path, data in quiz.items()}
    remote.commit(CHANGED | more, branch="nhieu")
    counts = []
    for link in (make(), make("nhieu")):
        for page in ("", f"{L10}", "quizzes/moi-loai", "compared"):
            phone.get(f"{link}{page}")
            with count_queries(published) as counted:
                phone.get(f"{link}{page}")
            counts.append(len(counted))
    assert counts[:4] == counts[4:]
    assert max(counts) <= 5
