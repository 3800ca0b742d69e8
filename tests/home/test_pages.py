"""The first page shows everybody what to do next."""

import pytest
from flask.testing import FlaskClient

from lms.certification.service.assign import assign
from lms.people.rules import Role
from lms.platform.db import Database
from tests.conftest import NOW
from tests.content.sample import publish_sample
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_a_new_learner_is_told_where_to_begin(client: FlaskClient, db: Database, lang: str) -> None:
    catalogue = publish_sample(db, NOW)
    course = catalogue.courses["khoa-mau"]
    with db.writing() as session:
        learner = make_learner(session, unit=make_unit(session))
    sign_in(client, learner)
    page = client.get(f"/?lang={lang}")
    assert page.status_code == 200
    assert course.lessons[0].title[lang] in page.text
    assert f"/courses/{course.slug}/{course.lessons[0].slug}" in page.text
    assert catalogue.contests["hoi-thi-mau"].title[lang] in page.text, "a live round stands on the first page"


def test_the_first_page_goes_on_after_the_lesson_done(client: FlaskClient, db: Database) -> None:
    course = publish_sample(db, NOW).courses["khoa-mau"]
    with db.writing() as session:
        learner = make_learner(session)
    sign_in(client, learner)
    for lesson in course.lessons:
        assert f"/courses/{course.slug}/{lesson.slug}" in client.get("/").text
        client.post(f"/courses/{course.slug}/{lesson.slug}/done")
    assert f"/courses/{course.slug}/{course.lessons[0].slug}" not in client.get("/").text


def test_an_officer_sees_the_tiles_with_their_denominator_in_a_constant_number_of_queries(client: FlaskClient, db: Database) -> None:
    catalogue = publish_sample(db, NOW)
    with db.writing() as session:
        unit = make_unit(session)
        officer = make_learner(session, unit=unit, roles=(Role.OFFICER,))
    counts = []
    sign_in(client, officer)
    for new, total in ((3, 3), (5, 8)):
        with db.writing() as session:
            assign(
                session,
                catalogue=catalogue,
                scheme="vn-nd44-nhom-4",
                person_ids=[make_learner(session, unit=unit).id for _ in range(new)],
                from_on=NOW.date(),
                reason="",
                paths=(unit.path,),
                actor_id=officer.id,
                now=NOW,
                today=NOW.date(),
            )
        client.get("/")
        with count_queries(db) as counted:
            page = client.get("/?lang=en")
        assert f"of {total}" in page.text
        counts.append(len(counted))
    assert counts[0] == counts[1]
