"""Papers in steps, enforced by the server: what is left is closed for every device, page and save; and a language switch keeps the place."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lms.assessment.models import Attempt
from lms.assessment.service import get_attempt, list_responses
from lms.assessment.service.save import QuestionClosed
from lms.assessment.service.steps import leave_step
from lms.clock import MovableClock
from lms.content.catalogue import Draw
from lms.content.policy import Policy, Section
from lms.errors import Conflict, NotFound
from lms.platform.db import Database
from tests.assessment.acts import new_id, save, start, submit
from tests.assessment.conftest import ITEMS, KEY, People, Shelf, make_item, make_offering, make_quiz, words
from tests.assessment.kinds import store_items
from tests.assessment.test_pages import begin, browser, form_of, press
from tests.counting import count_queries

__all__ = ["browser"]
PAGE = f"/offerings/{KEY}"
DIGESTS = tuple(item.digest for item in ITEMS.values())


@pytest.fixture()
def sequential(shelf: Shelf) -> Shelf:
    """The six questions, one after the other."""
    shelf.change(quiz=make_quiz(policy=Policy(navigation="sequential")))
    return shelf


@pytest.fixture()
def sections(shelf: Shelf) -> Shelf:
    """Four questions in one section, two in the other, which has a pass mark of its own; closed one after the other."""
    policy = Policy(navigation="sections", sections=(Section("mot", words("Một"), 1), Section("hai", words("Hai"), 1, 50)))
    draws = (Draw("quiz/bank", 4, (), None, DIGESTS[:4]), Draw("quiz/bank", 2, (), None, DIGESTS[4:]))
    shelf.change(quiz=make_quiz(draws=draws, policy=policy))
    return shelf


def leave(db: Database, attempt: Attempt, step: int, now: object, person_id: int | None = None) -> int:
    with db.writing() as session:
        return leave_step(session, attempt_id=attempt.id, person_id=person_id or attempt.person_id, step=step, now=now)  # type: ignore[arg-type]


def test_saves_to_what_was_left_or_is_not_reached_are_refused(sequential: Shelf, db: Database, people: People, clock: MovableClock) -> None:
    """Artemis #1903: an older page cannot change what has been handed over."""
    attempt = start(db, people.learner, sequential.offerings[KEY], clock.now())
    first = new_id()
    save(db, attempt, "item0001", "a", clock.now(), save_id=first)
    with pytest.raises(QuestionClosed, match="not open yet"):
        save(db, attempt, "item0002", "b", clock.now())
    assert leave(db, attempt, 0, clock.now()) == 1
    with pytest.raises(QuestionClosed, match="gone on"):
        save(db, attempt, "item0001", "b", clock.now(), seen=1)
    assert save(db, attempt, "item0001", "a", clock.now(), save_id=first).outcome == "replayed"
    assert save(db, attempt, "item0002", "b", clock.now()).outcome == "saved"
    with db.reading() as session:
        stored = {item: row.answer for item, row in list_responses(session, attempt_id=attempt.id).items()}
    assert stored == {"item0001": "a", "item0002": "b"}
    done = submit(db, attempt, clock.now())
    with db.reading() as session:
        result = get_attempt(session, attempt_id=done.id, person_id=people.learner.id).result
    assert result is not None
    assert (result.correct, result.item_count) == (1, 6)


def test_a_step_is_left_once_and_only_while_the_attempt_is_open(sequential: Shelf, db: Database, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, sequential.offerings[KEY], clock.now())
    assert [leave(db, attempt, 0, clock.now()) for _ in range(2)] == [1, 1]
    assert leave(db, attempt, 5, clock.now()) == 1
    for step in range(1, 5):
        leave(db, attempt, step, clock.now())
    assert leave(db, attempt, 5, clock.now()) == 5
    with pytest.raises(NotFound):
        leave(db, attempt, 5, clock.now(), people.stranger.id)
    clock.move(minutes=10, seconds=11)
    with pytest.raises(Conflict):
        leave(db, attempt, 5, clock.now())


def test_a_save_costs_one_select_and_one_upsert_in_steps_too(sequential: Shelf, db: Database, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, sequential.offerings[KEY], clock.now())
    save(db, attempt, "item0001", "a", clock.now())
    with count_queries(db) as seen:
        save(db, attempt, "item0001", "b", clock.now(), seen=1)
    assert len(seen) == 2


def shown(page: str) -> set[str]:
    return set(re.findall(r'data-question="(\d+)"', page))


def test_without_a_script_a_question_once_left_is_never_shown_again(browser: FlaskClient, sequential: Shelf, db: Database) -> None:
    said = browser.get(PAGE).text
    assert "one question after the other" in said
    assert "you cannot see or change it again" in said
    attempt = begin(browser, db)
    page = browser.get(f"/sittings/{attempt.id}?n=4").text
    assert shown(page) == {"1"}
    assert "prompt 2" not in page
    assert "you cannot come back to it" in page
    assert 'value="previous"' not in page
    old = form_of(page, 1)
    assert press(browser, attempt, 1, answer="b", go="leave").location == f"/sittings/{attempt.id}"
    page = browser.get(f"/sittings/{attempt.id}?n=1").text
    assert shown(page) == {"2"}
    assert "prompt 1" not in page
    assert f"/sittings/{attempt.id}?n=1" not in page.split("main")[1]
    again = browser.post(f"/sittings/{attempt.id}", data=old | {"answer": "c", "go": "leave"}, follow_redirects=True)
    assert "This question is closed" in again.text
    assert shown(again.text) == {"2"}
    state = browser.get(f"/sittings/{attempt.id}/state").json
    assert state is not None
    assert (state["step"], state["answers"]) == (1, {})
    refused = browser.post(f"/sittings/{attempt.id}/answers", json={"item": "item0001", "answer": "d", "save_id": new_id(), "seen": 1})
    assert refused.status_code == 422
    assert "closed" in refused.text
    page = browser.get(f"/sittings/{attempt.id}/submit").text
    assert "4 questions have not been reached yet" in page
    with db.reading() as session:
        assert {item: row.answer for item, row in list_responses(session, attempt_id=attempt.id).items()} == {"item0001": "b"}


def test_leaving_a_question_empty_closes_it_too(browser: FlaskClient, sequential: Shelf, db: Database) -> None:
    attempt = begin(browser, db)
    browser.post(f"/sittings/{attempt.id}/go", data={"go": "leave", "step": "0"})
    page = browser.get(f"/sittings/{attempt.id}/submit").text
    assert "1 question was left without an answer and is closed" in page
    for step in range(1, 5):
        browser.post(f"/sittings/{attempt.id}/go", data={"go": "leave", "step": str(step)})
    page = browser.get(f"/sittings/{attempt.id}").text
    assert shown(page) == {"6"}
    assert 'value="leave"' not in page
    assert 'value="submit"' in page


def test_going_on_after_the_end_shows_that_it_is_over(browser: FlaskClient, sequential: Shelf, db: Database, clock: MovableClock) -> None:
    attempt = begin(browser, db)
    clock.move(minutes=11)
    left = browser.post(f"/sittings/{attempt.id}/go", data={"go": "leave", "step": "0"})
    assert left.location == f"/sittings/{attempt.id}"
    assert browser.get(left.location).location == f"/sittings/{attempt.id}/result"


def test_a_section_is_free_inside_and_closed_behind(browser: FlaskClient, sections: Shelf, db: Database) -> None:
    page = browser.get(PAGE).text
    for said in ("one section after the other", "Một (en)", "Hai (en)", "50 % of its points", "If one does not, you fail the test"):
        assert said in page
    attempt = begin(browser, db)
    page = browser.get(f"/sittings/{attempt.id}?n=3").text
    assert shown(page) == {"1", "2", "3", "4"}
    assert "Section 1 of 2: Một (en)" in page
    assert press(browser, attempt, 2, answer="b", go="next").location == f"/sittings/{attempt.id}?n=3"
    assert press(browser, attempt, 3, answer="b", go="previous").location == f"/sittings/{attempt.id}?n=2"
    press(browser, attempt, 4, answer="b", go="leave")
    page = browser.get(f"/sittings/{attempt.id}?n=1").text
    assert shown(page) == {"5", "6"}
    assert "this section is closed" not in page
    browser.post(f"/sittings/{attempt.id}/submit")
    page = browser.get(f"/sittings/{attempt.id}/result").text
    assert "The section “Hai (en)” did not reach its own pass mark of 50 %" in page
    assert "By section" in page
    assert "Not passed" in page


def test_a_paper_of_sections_in_free_navigation_shows_all(browser: FlaskClient, sections: Shelf, db: Database) -> None:
    quiz = sections.offerings[KEY].quiz
    policy = Policy(sections=quiz.policy.sections)
    sections.change(quiz=make_quiz(draws=quiz.draws, policy=policy))
    attempt = begin(browser, db)
    page = browser.get(f"/sittings/{attempt.id}").text
    assert shown(page) == set("123456")
    assert "Section 2: Hai (en)" in page
    assert 'value="leave"' not in page


def test_another_language_keeps_place_and_answers(browser: FlaskClient, sequential: Shelf, db: Database) -> None:
    """A paper started in one language is read in another in the middle of it; the address names the question."""
    attempt = begin(browser, db)
    press(browser, attempt, 1, answer="b", go="leave")
    press(browser, attempt, 2, answer="c")
    english = browser.get(f"/sittings/{attempt.id}?n=2").text
    assert "prompt 2</p> (en)" in english
    address = re.search(rf'href="([^"]*/sittings/{attempt.id}[^"]*)"[^>]*hreflang="zh', english) or re.search(
        rf'hreflang="zh[^"]*"[^>]*href="([^"]*/sittings/{attempt.id}[^"]*)"', english
    )
    assert address is not None
    chinese = browser.get(address[1].replace("&amp;", "&"), follow_redirects=True).text
    assert "prompt 2</p> (zh)" in chinese
    assert shown(chinese) == {"2"}
    assert 'id="q2-c" checked' in chinese


def test_a_question_that_is_not_translated_says_so(browser: FlaskClient, shelf: Shelf, db: Database) -> None:
    only = make_item(7, prompt={"vi": "<p>Chỉ có tiếng Việt</p>"})
    with db.writing() as session:
        store_items(session, only)
    digests = (only.digest, DIGESTS[0])
    shelf.change(quiz=make_quiz(draws=(Draw("quiz/bank", 2, (), None, digests),)))
    attempt = begin(browser, db)
    page = browser.get(f"/sittings/{attempt.id}").text
    assert page.count("This question is not translated yet; you read it in its source language.") == 1
    assert "Chỉ có tiếng Việt" in page


def test_the_sitting_costs_the_same_queries_in_steps(browser: FlaskClient, shelf: Shelf, db: Database) -> None:
    attempt = begin(browser, db)
    browser.get(f"/sittings/{attempt.id}")
    with count_queries(db) as free:
        browser.get(f"/sittings/{attempt.id}")
    browser.post(f"/sittings/{attempt.id}/submit")
    shelf.put(make_offering(make_quiz(policy=Policy(navigation="sequential"))))
    attempt = begin(browser, db)
    with count_queries(db) as stepped:
        browser.get(f"/sittings/{attempt.id}")
    assert len(stepped) == len(free)


def test_what_is_saved_in_time_counts_though_the_step_was_never_left(sequential: Shelf, db: Database, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, sequential.offerings[KEY], clock.now())
    save(db, attempt, "item0001", "b", clock.now())
    late = clock.now() + timedelta(minutes=11)
    assert save(db, attempt, "item0002", "b", late).outcome == "late"
    assert submit(db, attempt, late).state == "lapsed"
