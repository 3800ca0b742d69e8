"""The page of what publishing would change."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lms.clock import MovableClock
from lms.people.rules import Role
from lms.platform.db import Database
from tests.conftest import NOW
from tests.content.impact.acts import FIRE, FLIPPED, KEY, RETRAIN, sit
from tests.content.sample import publish_sample
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in


def enter(client: FlaskClient, db: Database, *roles: Role, in_unit: bool = False) -> None:
    with db.writing() as session:
        person = make_learner(session, roles=roles, unit=make_unit(session) if in_unit else None)
    sign_in(client, person)


def edit(sources: Path, *edits: tuple[str, str, str]) -> None:
    for path, old, new in edits:
        file = sources / path
        file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")


def text_of(client: FlaskClient, address: str = "/content/impact?lang=en") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_only_roles_with_the_permission_see_it(client: FlaskClient, db: Database) -> None:
    assert client.get("/content/impact").status_code == 302
    enter(client, db)
    assert client.get("/content/impact").status_code == 403


def test_the_content_page_leads_to_it_and_the_published_state_changes_nothing(client: FlaskClient, db: Database) -> None:
    publish_sample(db, NOW)
    enter(client, db, Role.AUTHOR)
    assert 'href="/content/impact"' in client.get("/content/check").text
    assert "Nothing would change" in text_of(client)


def test_an_author_sees_counts_and_no_attempt_a_trainer_of_all_sees_which(client: FlaskClient, db: Database, sources: Path, clock: MovableClock) -> None:
    catalogue = publish_sample(db, NOW)
    with db.writing() as session:
        passed, sitting = (make_learner(session, full_name="Nguyễn Thị Riêng") for _ in range(2))
    attempt = sit(db, catalogue, passed, NOW)
    sit(db, catalogue, sitting, NOW, hand_in=False)
    edit(sources, FLIPPED, RETRAIN)
    clock.move(days=30)
    enter(client, db, Role.AUTHOR)
    text = text_of(client)
    for words in (f"#{FIRE}", KEY, "what is right", "Luật mới", "vn-nd44-nhom-4", "Passed, would fail"):
        assert words in text
    assert "Nguyễn Thị Riêng" not in text
    assert f"Tries {attempt.id}" not in text
    enter(client, db, Role.TRAINER, in_unit=True)
    assert f"Tries {attempt.id}" not in text_of(client)
    enter(client, db, Role.TRAINER)
    text = text_of(client)
    assert f"Tries {attempt.id}" in text
    assert "Nguyễn Thị Riêng" not in text


@pytest.mark.parametrize("rev", ["nowhere", "../../etc/passwd", "<script>alert(1)</script>", "%00", "x" * 5000, "%ff"])
def test_an_unknown_or_hostile_state_is_refused_in_words(client: FlaskClient, db: Database, rev: str) -> None:
    enter(client, db, Role.AUTHOR)
    text = text_of(client, f"/content/impact?lang=en&rev={rev}&source=content")
    assert "notice" in text
    assert "<script>alert" not in text


def test_an_unknown_source_is_refused_in_words(client: FlaskClient, db: Database) -> None:
    enter(client, db, Role.AUTHOR)
    assert "There is no content source nix." in text_of(client, "/content/impact?lang=en&rev=main&source=nix")


def test_what_the_content_says_does_not_become_html(client: FlaskClient, db: Database, sources: Path, clock: MovableClock) -> None:
    publish_sample(db, NOW)
    edit(sources, (RETRAIN[0], RETRAIN[1], RETRAIN[2].replace("Luật mới", "</textarea><script>x</script> @all")))
    clock.move(days=30)
    enter(client, db, Role.AUTHOR)
    text = text_of(client)
    assert "&lt;script&gt;x" in text
    assert "<script>x" not in text


def test_it_costs_a_constant_number_of_queries(client: FlaskClient, db: Database, sources: Path, clock: MovableClock) -> None:
    catalogue = publish_sample(db, NOW)
    edit(sources, FLIPPED, RETRAIN)
    clock.move(days=30)
    enter(client, db, Role.AUTHOR)
    counts = []
    for _ in range(2):
        with db.writing() as session:
            people = [make_learner(session) for _ in range(2)]
        for person in people:
            sit(db, catalogue, person, NOW)
        with count_queries(db) as counted:
            text_of(client)
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 24
