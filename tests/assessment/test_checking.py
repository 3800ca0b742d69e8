"""Practice: an answer is checked at once and fixed; keys stay back where something open may ask them; practice leaves nothing behind."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.assessment.events import AttemptScored
from lms.assessment.guarding import GuardedItems
from lms.assessment.models import Attempt, LateSave, Response, Result
from lms.assessment.offerings import Offering
from lms.assessment.rules.review import Why, may_check, parts_of
from lms.assessment.rules.terms import PARTS
from lms.assessment.service import list_recent
from lms.assessment.service.checking import check_answer
from lms.assessment.service.practised import KEPT, forget_practice, list_practised
from lms.assessment.service.save import QuestionClosed
from lms.clock import MovableClock
from lms.content.policy import Policy
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.platform.db import Database
from lms.platform.site import Site
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import KEY, People, Shelf, make_offering, make_quiz
from tests.assessment.test_pages import SECRETS, begin, browser, press
from tests.assessment.test_terms import terms
from tests.counting import count_queries

__all__ = ["browser"]


def practice_offering(**given: Any) -> Offering:
    quiz = make_quiz(review="after_each", review_keys="always", practice=True)
    usual: dict[str, Any] = {"quiz": quiz, "attempts_max": None, "review": "after_each", "pass_percent": None, "practice": True}
    return make_offering(**usual | given)


@pytest.fixture()
def practice(shelf: Shelf) -> Shelf:
    """The six questions as practice."""
    shelf.put(practice_offering())
    return shelf


class Kept:
    """A room that keeps some items back."""

    def __init__(self, *ids: str) -> None:
        self.ids = frozenset(ids)

    def guarded_until(self, session: object, catalogue: object, item_ids: Any, now: datetime) -> datetime | None:  # noqa: ARG002
        return now + timedelta(days=1) if self.ids & set(item_ids) else None

    def guarded_ids(self, session: object, catalogue: object, item_ids: Any, now: datetime) -> frozenset[str]:  # noqa: ARG002
        return self.ids & frozenset(item_ids)


def check(db: Database, attempt: Attempt, item_id: str, now: datetime, **given: Any) -> None:
    with db.writing() as session:
        values: dict[str, Any] = {"attempt_id": attempt.id, "person_id": attempt.person_id, "item_id": item_id, "guarded": False, "now": now}
        check_answer(session, **values | given)


def test_a_checked_answer_is_fixed(practice: Shelf, db: Database, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, practice.offerings[KEY], clock.now())
    save(db, attempt, "item0001", "a", clock.now())
    check(db, attempt, "item0001", clock.now())
    with pytest.raises(QuestionClosed, match="looked at the right answer"):
        save(db, attempt, "item0001", "b", clock.now(), seen=1)
    clock.move(minutes=1)
    check(db, attempt, "item0001", clock.now())
    with db.reading() as session:
        row = session.execute(select(Response)).scalar_one()
    assert (row.answer, row.checked_at) == ("a", clock.now() - timedelta(minutes=1))
    assert save(db, attempt, "item0002", "b", clock.now()).outcome == "saved"


def test_what_cannot_be_checked(practice: Shelf, db: Database, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, practice.offerings[KEY], clock.now())
    with pytest.raises(Invalid, match="Answer the question first"):
        check(db, attempt, "item0001", clock.now())
    save(db, attempt, "item0001", "a", clock.now())
    with pytest.raises(NotAllowed, match="open now"):
        check(db, attempt, "item0001", clock.now(), guarded=True)
    with pytest.raises(NotFound):
        check(db, attempt, "item0001", clock.now(), person_id=people.stranger.id)
    with pytest.raises(Invalid, match="not in your paper"):
        check(db, attempt, "item9999", clock.now())
    submit(db, attempt, clock.now())
    with pytest.raises(Conflict):
        check(db, attempt, "item0001", clock.now())


@pytest.mark.parametrize("given", [{"review": "after_submit"}, {"quiz": make_quiz(review_keys="when_no_tries_remain_or_passed")}])
def test_a_test_that_counts_is_never_checked_in_the_middle(shelf: Shelf, db: Database, people: People, clock: MovableClock, given: dict[str, Any]) -> None:
    """Relate #1221: explanations after each answer only in practice."""
    shelf.put(practice_offering(**given))
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    save(db, attempt, "item0001", "a", clock.now())
    with pytest.raises(NotAllowed, match="not shown during this test"):
        check(db, attempt, "item0001", clock.now())


def test_without_a_script_the_page_shows_right_and_why_after_each_answer(browser: FlaskClient, practice: Shelf, db: Database) -> None:
    said = browser.get(f"/offerings/{KEY}").text
    assert "It is then fixed" in said
    assert "counts for no certificate and no contest, and is forgotten after 30 days" in said
    attempt = begin(browser, db)
    page = browser.get(f"/sittings/{attempt.id}").text
    assert not any(secret in page for secret in SECRETS)
    assert "Check the answer" in page
    assert press(browser, attempt, 1, answer="a", go="check").location == f"/sittings/{attempt.id}?n=1"
    page = browser.get(f"/sittings/{attempt.id}?n=1").text
    assert "SECRET-explanation 1" in page
    assert "SECRET-explanation 2" not in page
    assert "SECRET-feedback 1a" in page
    assert 'data-item="item0001"' not in page
    assert f'href="/sittings/{attempt.id}?n=2"' in page
    page = browser.post(f"/sittings/{attempt.id}/go", data={"go": "check", "item": "item0002", "n": "2"}, follow_redirects=True).text
    assert "Answer the question first" in page


def test_items_of_something_open_are_not_given_away(browser: FlaskClient, practice: Shelf, db: Database, the_site: Site) -> None:
    the_site.parts[GuardedItems] = Kept("item0001")
    attempt = begin(browser, db)
    press(browser, attempt, 1, answer="a", go="check")
    page = browser.get(f"/sittings/{attempt.id}?n=1").text
    assert "open now" in page
    assert "SECRET" not in page
    browser.post(f"/sittings/{attempt.id}/submit")
    page = browser.get(f"/sittings/{attempt.id}/result").text
    assert "open now" in page
    assert "SECRET" not in page


def test_what_one_is_just_being_asked_in_a_test_is_not_given_away(
    browser: FlaskClient, practice: Shelf, db: Database, people: People, clock: MovableClock
) -> None:
    """While a try is open its items are nowhere shown with their keys to the one who sits it."""
    practice.put(make_offering(key="test:real"))
    attempt = begin(browser, db)
    real = start(db, people.learner, practice.offerings["test:real"], clock.now())
    press(browser, attempt, 1, answer="a", go="check")
    assert "SECRET" not in browser.get(f"/sittings/{attempt.id}?n=1").text
    submit(db, real, clock.now())
    browser.post(f"/sittings/{attempt.id}/go", data={"go": "check", "item": "item0001", "n": "1"})
    assert "SECRET-explanation 1" in browser.get(f"/sittings/{attempt.id}?n=1").text


def test_practice_has_no_result_counts_for_nothing_and_is_shown_all_the_same(
    browser: FlaskClient, practice: Shelf, db: Database, people: People, the_site: Site, clock: MovableClock
) -> None:
    told: list[AttemptScored] = []
    the_site.events.subscribe(AttemptScored, lambda _session, event: told.append(event))
    attempt = begin(browser, db)
    press(browser, attempt, 1, answer="b")
    press(browser, attempt, 2, answer="a")
    browser.post(f"/sittings/{attempt.id}/submit")
    page = browser.get(f"/sittings/{attempt.id}/result").text
    assert "This was practice" in page
    assert "1 of 6 questions right" in page
    assert "SECRET-explanation 6" in page
    with db.reading() as session:
        assert session.execute(select(Result)).first() is None
        assert list_recent(session, person_id=people.learner.id) == []
        made = list_practised(session, person_id=people.learner.id, offering_prefix="test:")
    assert [view.result.correct for view in made if view.result] == [1]
    assert told == []
    assert save(db, attempt, "item0003", "b", clock.now()).outcome == "late"
    with db.reading() as session:
        assert session.execute(select(LateSave)).first() is None


@pytest.mark.parametrize(
    ("after", "gone"), [pytest.param(KEPT, False, id="last moment"), pytest.param(KEPT + timedelta(milliseconds=1), True, id="a moment after")]
)
def test_practice_is_forgotten_and_nothing_else(practice: Shelf, db: Database, people: People, clock: MovableClock, after: timedelta, gone: bool) -> None:
    attempt = start(db, people.learner, practice.offerings[KEY], clock.now())
    save(db, attempt, "item0001", "b", clock.now())
    submit(db, attempt, clock.now())
    kept = submit(db, start(db, people.learner, make_offering(key="test:real"), clock.now()), clock.now())
    assert forget_practice(db, clock.now() + after) == gone
    with db.reading() as session:
        assert {one.id for one in session.scalars(select(Attempt))} == ({kept.id} if gone else {attempt.id, kept.id})
        assert len(session.scalars(select(Response)).all()) == (not gone)
        assert len(session.scalars(select(Result)).all()) == 1


def test_looking_back_at_practice_costs_a_constant_number_of_queries(practice: Shelf, db: Database, people: People, clock: MovableClock) -> None:
    counted = []
    for n in (1, 4):
        for _ in range(n):
            submit(db, start(db, people.learner, practice.offerings[KEY], clock.now()), clock.now())
        with db.reading() as session, count_queries(db) as seen:
            list_practised(session, person_id=people.learner.id, offering_prefix="test:")
        counted.append(len(seen))
    assert counted == [3, 3]


CLOSE_MS = 1_000
CLOSING = {"review": "after_close", "closes_ms": CLOSE_MS}


@pytest.mark.parametrize(
    ("given", "state", "parts", "why"),
    [
        pytest.param({}, {"passed": True}, set(PARTS), Why.SHOWN, id="all parts"),
        pytest.param({}, {}, {"score"}, Why.TRIES_REMAIN, id="no keys while tries remain"),
        pytest.param({"show": ("score", "own")}, {}, {"score", "own"}, Why.SHOWN, id="own answers tell no keys"),
        pytest.param({"show": ("score", "own")}, {"guarded": True}, {"score"}, Why.TRIES_REMAIN, id="but may help others"),
        pytest.param({"show": ("own",)}, {"passed": True}, {"own"}, Why.SHOWN, id="no score"),
        pytest.param({"show": ("own", "right")}, {}, set(), Why.TRIES_REMAIN, id="nothing yet"),
        pytest.param({"show": ("score", "explanation")}, {"passed": True}, {"score", "explanation"}, Why.SHOWN, id="why without what"),
        pytest.param({"review": "never"}, {"passed": True}, {"score"}, Why.NEVER, id="never is the score only"),
        pytest.param(
            {"review": "after_close", "closes_ms": CLOSE_MS}, {"now_ms": CLOSE_MS - 1, "again": False}, {"score"}, Why.AFTER_CLOSE, id="before the close"
        ),
        pytest.param({"review": "after_close", "closes_ms": CLOSE_MS}, {"now_ms": CLOSE_MS, "again": False}, set(PARTS), Why.SHOWN, id="at the close"),
        pytest.param({"show": ("score", "own"), "closes_ms": CLOSE_MS}, {"now_ms": 0, "passed": True}, {"score"}, Why.AFTER_CLOSE, id="own, open to others"),
    ],
)
def test_the_review_shows_the_parts_that_the_policy_names(given: dict[str, Any], state: dict[str, Any], parts: set[str], why: Why) -> None:
    usual: dict[str, Any] = {"passed": False, "again": True, "now_ms": 0}
    shown, said = parts_of(terms(**given), **usual | state)
    assert (set(shown), said) == (parts, why)


def test_checking_needs_practice_with_keys() -> None:
    each: dict[str, Any] = {"review": "after_each", "review_keys": "always"}
    assert may_check(terms(**each), guarded=False)
    assert not may_check(terms(**each), guarded=True)
    assert not may_check(terms(**each | {"review_keys": "when_no_tries_remain_or_passed"}), guarded=False)
    assert not may_check(terms(**each, show=("score", "own")), guarded=False)


def test_a_review_of_score_and_own_answers_shows_neither_key_nor_verdict(browser: FlaskClient, shelf: Shelf, db: Database) -> None:
    shelf.change(quiz=make_quiz(policy=Policy(show=("score", "own"))))
    assert "Afterwards you see your score and your own answers." in browser.get(f"/offerings/{KEY}").text
    attempt = begin(browser, db)
    press(browser, attempt, 1, answer="b")
    browser.post(f"/sittings/{attempt.id}/submit")
    page = browser.get(f"/sittings/{attempt.id}/result").text
    assert "choice 1b" in page
    assert "choice 1a" not in page
    assert "Left empty" in page
    assert "SECRET" not in page
    assert "score-big" in page


def test_a_score_that_is_kept_back_is_nowhere(browser: FlaskClient, shelf: Shelf, db: Database) -> None:
    shelf.change(quiz=make_quiz(policy=Policy(show=("own",))))
    assert "you do not see your score" in browser.get(f"/offerings/{KEY}").text
    attempt = begin(browser, db)
    browser.post(f"/sittings/{attempt.id}/submit")
    for page in (browser.get(f"/sittings/{attempt.id}/result").text, browser.get(f"/offerings/{KEY}").text, browser.get("/").text):
        assert "Not passed" not in page
        assert "not passed" not in page
        assert "0/6" not in page
