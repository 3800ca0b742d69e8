"""A contest is open while the quiz that it draws from is corrected, renamed, translated anew, and put back."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.assessment.offerings import OfferingSources
from lms.assessment.service.papers import list_placed
from lms.clock import MovableClock
from lms.content.catalogue import Catalogue
from lms.content.service.history import get_past
from lms.content.service.loading import CatalogueHolder, load_catalogue
from lms.content.service.publishing import PublishReport, publish
from lms.content.service.rollback import go_back
from lms.content.service.staleness import confirm_translation
from lms.content.source.tree import ContentTree
from lms.people.rules import Role
from lms.platform.db import Database
from lms.platform.site import Site
from tests.assessment.acts import start
from tests.content.trees import BANK, BANK_ZH, CONTEST, COURSE, FILES, QUIZ, tree_with
from tests.make import make_learner, sign_in

CLOSE = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)
BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
FIRE, STEPS = "qaaaaaa5", "qaaaaaa3"
FLIPPED = (BANK, "- ( ) 113\n- (x) 114", "- (x) 113\n- ( ) 114")
REWORDED = (BANK, "Tháo che chắn", "Tháo tấm che chắn")
RENAMED = (QUIZ, "vi: Bài kiểm tra mẫu", "vi: Bài kiểm tra khác")
SEALED = (QUIZ, "source_lang: vi", "source_lang: vi\nsealed_until: 2027-01-01T00:00")
CONTEST_NAME, ROUND = "contests/hoi-thi-mau", "round:hoi-thi-mau/vong-1"


def put(the_site: Site, now: datetime, *edits: tuple[str, str, str], files: Iterable[tuple[str, bytes]] = ()) -> PublishReport:
    tree = ContentTree(dict(tree_with(*edits).files) | dict(files), "x")
    with the_site.db.writing() as session:
        return publish(session, tree, now=now)


def back(the_site: Site, to: int, now: datetime) -> int:
    with the_site.db.writing() as session:
        return go_back(session, publication_id=to, now=now, actor_id=None).id


def shown(db: Database) -> Catalogue:
    with db.reading() as session:
        return load_catalogue(session)


def keys_drawn(the_site: Site, key: str, now: datetime) -> dict[str, frozenset[str]]:
    """What is right in the items of a paper just drawn, by item, over papers of several people so that every item comes up."""
    found: dict[str, frozenset[str]] = {}
    for _ in range(8):
        with the_site.db.writing() as session:
            person = make_learner(session)
        with the_site.db.reading() as session:
            offering = the_site.part(OfferingSources).get(session, load_catalogue(session), key, person_id=person.id, now=now)
        attempt = start(the_site.db, person, offering, now)
        with the_site.db.reading() as session:
            found |= {one.item.id: one.item.key for one in list_placed(session, attempt.paper)}
    return found


def refused(the_site: Site, now: datetime) -> set[str]:
    with the_site.db.writing() as session:
        person = make_learner(session)
    with the_site.db.reading() as session:
        offering = the_site.part(OfferingSources).get(session, load_catalogue(session), ROUND, person_id=person.id, now=now)
    return {lang for lang in ("vi", "zh", "en") if offering.refuses(lang)}


def test_a_corrected_key_reaches_the_course_and_not_the_open_contest(the_site: Site, clock: MovableClock) -> None:
    first = put(the_site, BEFORE).publication_id
    before = shown(the_site.db)
    report = put(the_site, clock.now(), FLIPPED)
    assert (set(report.held), report.updated) == ({CONTEST_NAME}, ("quizzes/de-mau",))
    after = shown(the_site.db)
    assert after.contests == before.contests
    assert keys_drawn(the_site, "course:khoa-mau", clock.now())[FIRE] == {"a"}
    assert keys_drawn(the_site, ROUND, clock.now())[FIRE] == {"b"}
    assert back(the_site, first, clock.now()) == first
    assert keys_drawn(the_site, "course:khoa-mau", clock.now())[FIRE] == {"b"}
    clock.set(CLOSE)
    assert put(the_site, clock.now(), FLIPPED).held == {}
    assert shown(the_site.db).contests != before.contests


def test_going_back_takes_the_quiz_and_leaves_the_open_contest(the_site: Site, clock: MovableClock) -> None:
    first = put(the_site, BEFORE, FLIPPED).publication_id
    put(the_site, BEFORE)
    opened = shown(the_site.db)
    mixed = back(the_site, first, clock.now())
    assert mixed != first
    assert shown(the_site.db).contests == opened.contests
    assert keys_drawn(the_site, "course:khoa-mau", clock.now())[FIRE] == {"a"}
    assert keys_drawn(the_site, ROUND, clock.now())[FIRE] == {"b"}
    with the_site.db.reading() as session:
        assert get_past(session, mixed).held[CONTEST_NAME].params == {"until": CLOSE}


def test_a_deleted_item_and_a_file_that_went_leave_the_open_contest_whole(the_site: Site, clock: MovableClock) -> None:
    put(the_site, BEFORE)
    only = {path: data for path, data in FILES.items() if path.startswith("schemes/")}
    with the_site.db.writing() as session:
        report = publish(session, ContentTree(only, "x"), now=clock.now())
    assert set(report.held) == {CONTEST_NAME, "quizzes/de-mau"}, "its printed rules name the quiz"
    assert FIRE in keys_drawn(the_site, ROUND, clock.now())


def test_a_source_that_changed_closes_no_language_of_an_open_contest(the_site: Site, clock: MovableClock) -> None:
    put(the_site, BEFORE)
    put(the_site, clock.now(), REWORDED)
    assert shown(the_site.db).stale == {f"item:{STEPS}": ("en", "zh")}
    assert refused(the_site, clock.now()) == set()
    put(the_site, CLOSE, REWORDED)
    assert refused(the_site, CLOSE) == {"en", "zh"}


def test_a_language_that_was_stale_at_the_opening_opens_by_a_confirmation_and_not_by_a_change_that_is_not_drawn(the_site: Site, clock: MovableClock) -> None:
    put(the_site, BEFORE)
    put(the_site, BEFORE, REWORDED)
    put(the_site, clock.now(), REWORDED, FLIPPED)
    assert refused(the_site, clock.now()) == {"en", "zh"}, "another item changed"
    zh = FILES[BANK_ZH].replace("拆防护罩".encode(), "拆下防护罩".encode())
    put(the_site, clock.now(), REWORDED, FLIPPED, files=[(BANK_ZH, zh)])
    assert shown(the_site.db).stale == {f"item:{STEPS}": ("en",)}
    assert refused(the_site, clock.now()) == {"en", "zh"}, "the revision that is drawn still is the stale one"
    with the_site.db.writing() as session:
        confirm_translation(session, subject=f"item:{STEPS}", lang="en", now=clock.now(), actor_id=None)
    put(the_site, clock.now(), REWORDED, FLIPPED)
    assert refused(the_site, clock.now()) == set(), "the revision that is drawn is the published one again"


def test_going_back_keeps_what_was_stale_for_the_open_contest(the_site: Site, clock: MovableClock) -> None:
    first = put(the_site, BEFORE).publication_id
    put(the_site, BEFORE, REWORDED)
    back(the_site, first, clock.now())
    assert shown(the_site.db).stale == {}
    assert refused(the_site, clock.now()) == {"en", "zh"}


@pytest.mark.parametrize("lifted", ["published", "gone back to"])
def test_a_sealed_bank_stays_sealed_while_an_open_contest_draws_from_it(the_site: Site, clock: MovableClock, lifted: str) -> None:
    first = put(the_site, BEFORE).publication_id
    put(the_site, BEFORE, SEALED)
    sealed = shown(the_site.db).quizzes["de-mau"].sealed_banks
    assert sealed
    if lifted == "published":
        report = put(the_site, clock.now())
        assert set(report.held) == {"quizzes/de-mau", "courses/khoa-mau", CONTEST_NAME}
        assert "no longer be sealed" in str(report.held["quizzes/de-mau"])
        assert put(the_site, clock.now(), (QUIZ, "source_lang: vi", "source_lang: vi\nsealed_until: 2026-11-29T17:00")).held == {}
    else:
        put(the_site, BEFORE, SEALED, (COURSE, "bước đầu", "bước một"))
        assert back(the_site, first, clock.now()) != first
        assert shown(the_site.db).quizzes["de-mau"].sealed_banks == sealed
    assert put(the_site, CLOSE).held == {}


def test_pages_say_that_the_contest_stays_and_its_rules_keep_their_words(app: Flask, client: FlaskClient, db: Database, clock: MovableClock) -> None:
    site = app.extensions["site"]
    put(site, BEFORE)
    with db.writing() as session:
        author = make_learner(session, roles=(Role.AUTHOR,))
    sign_in(client, author)
    rules = client.get("/contests/hoi-thi-mau/rules?lang=vi").text
    assert "Bài kiểm tra mẫu" in rules
    report = put(site, clock.now(), FLIPPED, RENAMED)
    site.part(CatalogueHolder).forget()
    page = client.get("/content/history?lang=en").text
    assert "draws the questions it was opened with" in page
    assert "quizzes/de-mau" in page
    assert "draws the questions it was opened with" in client.get(f"/content/history/{report.publication_id}?lang=en").text
    again = client.get("/contests/hoi-thi-mau/rules?lang=vi").text
    assert "Bài kiểm tra mẫu" in again
    assert "Bài kiểm tra khác" not in again
    assert "Bài kiểm tra khác" in client.get("/offerings/course:khoa-mau?lang=vi").text


def test_the_contest_file_itself_does_not_change_while_it_is_open(the_site: Site, clock: MovableClock) -> None:
    put(the_site, BEFORE)
    report = put(the_site, clock.now(), (CONTEST, "max: 3", "max: 9"))
    assert (set(report.held), report.updated) == ({CONTEST_NAME}, ())
