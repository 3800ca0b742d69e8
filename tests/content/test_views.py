"""The content check page and the publish button."""

import shutil
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from lms.clock import MovableClock
from lms.content.access import catalogue
from lms.content.service.desk import ContentDesk
from lms.content.service.source_states import note_source
from lms.people.rules import Role
from lms.platform.db import Database
from lms.platform.i18n import gettext
from lms.platform.rules import phrase
from tests.conftest import NOW
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in


def enter(client: FlaskClient, db: Database, *roles: Role) -> None:
    with db.writing() as session:
        person = make_learner(session, roles=roles, full_name="Trần Thị Biên")
    sign_in(client, person)


def spoil(sources: Path, file: str = "courses/khoa-mau/10-mo-dau.vi.md", old: str = "minutes: 1\n", new: str = "") -> None:
    path = sources / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def publish(app: Flask, client: FlaskClient) -> None:
    """Press the button, and let the job queue do its next tick."""
    assert client.post("/content/publish").status_code == 303
    tick(app)


def tick(app: Flask) -> None:
    site = app.extensions["site"]
    site.jobs.tick(site.clock.now())


def test_only_roles_with_the_permission_see_it(app: Flask, client: FlaskClient, db: Database) -> None:
    assert client.get("/content/check").status_code == 302
    enter(client, db)
    assert client.get("/content/check").status_code == 403
    assert client.post("/content/publish").status_code == 403


def test_a_trainer_sees_problems_but_may_not_publish(app: Flask, client: FlaskClient, db: Database, sources: Path) -> None:
    spoil(sources)
    enter(client, db, Role.TRAINER)
    page = client.get("/content/check?lang=en").text
    assert "courses/khoa-mau/10-mo-dau.vi.md" in page
    assert "key-missing" in page
    assert "The key minutes is missing." in page
    assert "Nothing has been published yet" in page
    assert "/content/publish" not in page
    assert client.post("/content/publish").status_code == 403


def test_an_administrator_of_a_unit_does_not_publish_for_the_whole_site(client: FlaskClient, db: Database, sources: Path) -> None:
    with db.writing() as session:
        admin = make_learner(session, unit=make_unit(session), roles=(Role.ADMINISTRATOR,))
    sign_in(client, admin)
    assert "/content/publish" not in client.get("/content/check").text
    assert client.post("/content/publish").status_code == 403


def test_an_administrator_publishes_what_is_sound(app: Flask, client: FlaskClient, db: Database, sources: Path) -> None:
    spoil(sources)
    enter(client, db, Role.ADMINISTRATOR)
    publish(app, client)
    page = client.get("/content/check?lang=en").text
    assert "Trần Thị Biên" in page
    assert "4 packages on the site" in page
    with app.test_request_context():
        assert set(catalogue().quizzes) == {"de-mau"}
        assert catalogue().courses == {}
    spoil(sources, old="title: Vì sao phải khóa\n", new="title: Vì sao phải khóa\nminutes: 1\n")
    publish(app, client)
    assert "1 added, 0 updated, 4 unchanged" in client.get("/content/check?lang=en").text
    with app.test_request_context():
        assert set(catalogue().courses) == {"khoa-mau"}


def test_a_source_that_vanished_leaves_the_site_as_it_was(app: Flask, client: FlaskClient, db: Database, sources: Path) -> None:
    enter(client, db, Role.ADMINISTRATOR)
    publish(app, client)
    shutil.rmtree(sources)
    publish(app, client)
    page = client.get("/content/check?lang=en").text
    assert page.count("There is no content folder") == 2, "the sources as they are, and the publishing that failed"
    with app.test_request_context():
        assert set(catalogue().courses) == {"khoa-mau"}


def test_many_problems_are_paged(app: Flask, client: FlaskClient, db: Database, sources: Path) -> None:
    spoil(sources, old="Máy đang sửa", new="<b>x</b>\n" * 120 + "Máy đang sửa")
    enter(client, db, Role.TRAINER)
    assert [client.get(f"/content/check?page={n}").text.count('class="check-code"') for n in (1, 2, 3)] == [100, 100, 41]
    assert "Page 3 of 3" in client.get("/content/check?lang=en&page=9").text


def test_the_pages_cost_the_same_however_much_there_is(app: Flask, client: FlaskClient, db: Database, sources: Path, clock: MovableClock) -> None:
    enter(client, db, Role.ADMINISTRATOR)
    publish(app, client)
    client.get("/content/check")

    def cost(address: str) -> int:
        with count_queries(db) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    addresses = ("/content/check", "/content/history", "/content/history/1", "/content/jobs/1")
    spoil(sources)
    publish(app, client)
    before = [cost(address) for address in addresses]
    spoil(sources, "quizzes/de-mau/cau-hoi.vi.md", "Tháo che chắn", "Tháo tấm che chắn")
    clock.move(days=-15)
    publish(app, client)
    for file in ("quizzes/de-mau/quiz.yml", "contests/hoi-thi-mau.yml"):
        (sources / file).write_text((sources / file).read_text("utf-8") + "topik: x\n", "utf-8")
    publish(app, client)
    client.post("/content/history/1")
    assert all(after <= first for after, first in zip([cost(address) for address in addresses], before, strict=True))
    assert max(before) <= 12, before


def test_the_button_is_one_wish_and_the_page_shows_how_far_it_is(app: Flask, client: FlaskClient, db: Database) -> None:
    enter(client, db, Role.ADMINISTRATOR)
    for _ in range(2):
        assert client.post("/content/publish").status_code == 303
    page = client.get("/content/check?lang=en").text
    assert "Publishing 1" in page
    assert "Look again" in page
    assert "js/job.js" in page
    part = client.get("/content/jobs/1?lang=en").text
    assert "Waiting for its turn" in part
    assert "data-job-runs" in part
    assert "<html" not in part
    tick(app)
    part = client.get("/content/jobs/1?lang=en").text
    assert "data-job-runs" not in part
    assert "5 added" in part
    assert "http-equiv" not in client.get("/content/check").text
    assert client.get("/content/jobs/2").status_code == 404


def test_packages_that_are_held_back_show_their_errors_by_line(app: Flask, client: FlaskClient, db: Database, sources: Path) -> None:
    enter(client, db, Role.ADMINISTRATOR)
    publish(app, client)
    spoil(sources)
    (sources / "schemes" / "moi.yml").write_text("id: moi\n", "utf-8")
    page = client.get("/content/check?lang=en").text
    assert 'href="/content/check?page=1#file-courses/khoa-mau/10-mo-dau.vi.md"><code>10-mo-dau.vi.md:2</code></a> The key minutes is missing.' in page
    assert 'id="file-courses/khoa-mau/10-mo-dau.vi.md"' in page
    assert "as it was" in page
    assert "not there" in page


def test_publications_are_listed_and_one_is_shown_again(app: Flask, client: FlaskClient, db: Database, sources: Path) -> None:
    enter(client, db, Role.ADMINISTRATOR)
    assert "Nothing has been published yet" in client.get("/content/history?lang=en").text
    publish(app, client)
    spoil(sources, "courses/khoa-mau/course.yml", "bước đầu", "bước một")
    publish(app, client)
    page = client.get("/content/history?lang=en").text
    assert page.index("Publication 2") < page.index("Publication 1")
    assert page.count("shown now") == 1
    assert "courses/khoa-mau" in client.get("/content/history/1?lang=en").text.split("What would change")[1]
    answer = client.post("/content/history/1?lang=en", follow_redirects=True).text
    assert "The site shows publication 1 again." in answer
    assert "shown again" in answer
    with app.test_request_context():
        assert catalogue().courses["khoa-mau"].title["vi"].endswith("bước đầu")
    assert "The site shows this publication now." in client.get("/content/history/1?lang=en").text
    assert client.post("/content/history/1").status_code == 409
    assert [client.get("/content/history/9").status_code, client.post("/content/history/9").status_code] == [404, 404]


def test_a_translation_is_said_to_be_right(app: Flask, client: FlaskClient, db: Database, sources: Path, clock: MovableClock) -> None:
    clock.move(days=-15)
    enter(client, db, Role.ADMINISTRATOR)
    publish(app, client)
    spoil(sources, "courses/khoa-mau/10-mo-dau.vi.md", "Máy đang sửa", "Một máy đang sửa")
    publish(app, client)
    page = client.get("/content/check?lang=en").text
    assert "translation-stale" in page
    assert page.count("Still right</span>") == 2
    with app.test_request_context("/?lang=zh"):
        words = gettext("The source text of this lesson has changed since it was translated.")
    assert words in client.get("/courses/khoa-mau/10-mo-dau?lang=zh").text
    answer = client.post("/content/translations", data={"subject": "lesson:khoa-mau/10-mo-dau", "lang": "zh"})
    assert answer.status_code == 303
    tick(app)
    assert client.get("/content/check?lang=en").text.count("Still right</span>") == 1
    assert words not in client.get("/courses/khoa-mau/10-mo-dau?lang=zh").text
    assert client.post("/content/translations", data={"subject": "lesson:khoa-mau/10-mo-dau", "lang": "zh"}).status_code == 404


def test_a_trainer_may_look_but_not_act(app: Flask, client: FlaskClient, db: Database) -> None:
    enter(client, db, Role.TRAINER)
    assert [client.get(address).status_code for address in ("/content/history", "/content/jobs/1", "/content/history/1")] == [200, 404, 404]
    assert [client.post(address).status_code for address in ("/content/translations", "/content/history/1")] == [403, 403]


def test_an_address_of_a_source_and_its_trouble_stand_on_the_page(app: Flask, client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        note_source(session, name="content", failed=phrase("The repository cannot be reached."), now=NOW)
    enter(client, db, Role.TRAINER)
    page = client.get("/content/check?lang=en").text
    assert "content: The repository cannot be reached. Since" in page
    assert "cannot be fetched" in page


def test_sources_are_compiled_again_only_when_they_change(app: Flask, sources: Path) -> None:
    desk = app.extensions["site"].part(ContentDesk)
    first = desk.look()[1]
    assert desk.look()[1] is first
    spoil(sources)
    assert desk.look()[1] is not first
