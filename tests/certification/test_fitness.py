"""Fit for work: the answer is yes only where everything that was asked about is in force."""

import pytest
from flask.testing import FlaskClient

from lms.certification.models import Assignment
from lms.certification.rules.fitness import is_fit
from lms.certification.rules.standing import STANDINGS
from lms.content.catalogue import Catalogue
from lms.platform.db import Database
from tests.certification.make import G1, G4, TODAY, Company, make_trained
from tests.counting import count_queries
from tests.make import sign_in

YES, NO = "Yes, trained.", "No, not trained for this."


@pytest.fixture()
def trained(db: Database, company: Company, catalogue: Catalogue) -> Company:
    """All workers need group 4; the first has it until 22/11/2027."""
    with db.writing() as session:
        make_trained(session, company, catalogue)
    return company


@pytest.mark.parametrize("value", STANDINGS)
def test_only_what_is_in_force_is_fit(value: str) -> None:
    assert is_fit([value]) is (value in ("valid", "expiring"))
    assert is_fit(["valid", value]) is (value in ("valid", "expiring"))


def test_nothing_asked_about_is_nothing_proved() -> None:
    assert not is_fit([])


def code_of(company: Company, n: int = 0) -> str:
    """The staff code of a worker, in small letters as people type it."""
    return (company.workers[n].staff_code or "").lower()


def ask(client: FlaskClient, q: str, more: str = "") -> str:
    answer = client.get(f"/certification/fit?lang=en&q={q}{more}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        pytest.param("", YES, id="today"),
        pytest.param("&as_of=2027-11-22", YES, id="last day"),
        pytest.param("&as_of=2027-11-23", NO, id="first day after"),
        pytest.param(f"&as_of=2026-11-21&scheme={G4}", NO, id="day before the confirmation"),
        pytest.param(f"&scheme={G4}", YES, id="the scheme"),
        pytest.param(f"&scheme={G1}", NO, id="another scheme"),
    ],
)
def test_a_trained_worker_is_fit_for_that_on_those_days(client: FlaskClient, trained: Company, more: str, words: str) -> None:
    sign_in(client, trained.officer)
    page = ask(client, code_of(trained), more)
    assert (YES in page, NO in page) == (words == YES, words == NO)


def test_an_untrained_one_is_not_and_reads_why(client: FlaskClient, trained: Company) -> None:
    sign_in(client, trained.officer)
    page = ask(client, code_of(trained, 1))
    assert NO in page
    assert YES not in page
    assert "No training under this scheme has been confirmed." in page


def test_of_whom_nothing_is_asked_nothing_is_proved(client: FlaskClient, company: Company) -> None:
    sign_in(client, company.officer)
    page = ask(client, code_of(company, 0))
    assert "no scheme is known that would prove it" in page
    assert YES not in page


def test_a_needed_scheme_that_is_not_published_is_not_proved(client: FlaskClient, db: Database, trained: Company) -> None:
    with db.writing() as session:
        session.add(Assignment(person_id=trained.workers[0].id, scheme="taken-back", from_on=TODAY, reason=""))
    sign_in(client, trained.officer)
    page = ask(client, code_of(trained))
    assert YES not in page
    assert "no scheme is known that would prove it" in page
    assert YES in ask(client, code_of(trained), f"&scheme={G4}")


@pytest.mark.parametrize("q", ["nobody+at+all", "%25", "_", "%CC%81", "%E3%80%80.", "x" * 100])
def test_nobody_found_is_no(client: FlaskClient, trained: Company, q: str) -> None:
    sign_in(client, trained.officer)
    assert "No: nobody of this name or code works in your units on this day." in ask(client, q)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_that_can_be_written_are_no(client: FlaskClient, trained: Company, day: str) -> None:
    sign_in(client, trained.officer)
    assert YES not in ask(client, code_of(trained), f"&as_of={day}&scheme={G4}")


def test_people_elsewhere_are_not_found(client: FlaskClient, trained: Company) -> None:
    sign_in(client, trained.officer)
    page = ask(client, trained.stranger.staff_code or "")
    assert "No: nobody of this name or code" in page
    assert trained.stranger.full_name not in page


@pytest.mark.parametrize("more", ["&as_of=yesterday", "&scheme=no-such-scheme"])
def test_an_unclear_question_has_no_answer(client: FlaskClient, trained: Company, more: str) -> None:
    sign_in(client, trained.officer)
    answer = client.get(f"/certification/fit?lang=en&q={code_of(trained)}{more}")
    assert answer.status_code == 422
    assert YES not in answer.text


def test_a_suspended_one_is_not_fit(client: FlaskClient, db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        period_id = make_trained(session, company, catalogue)[0].period_id
    sign_in(client, company.officer)
    client.post(f"/certification/periods/{period_id}/mark", data={"kind": "suspended", "cause": "evidence", "sure": "y"})
    page = ask(client, code_of(company, 0))
    assert YES not in page
    assert NO in page


def test_learners_may_not_ask(client: FlaskClient, trained: Company) -> None:
    sign_in(client, trained.workers[1])
    assert client.get("/certification/fit?q=uong").status_code == 403


@pytest.mark.parametrize(("lang", "words"), [("vi", "Có, đã huấn luyện."), ("zh", "可以，已受训。"), ("en", YES)])
def test_in_every_language(client: FlaskClient, trained: Company, lang: str, words: str) -> None:
    sign_in(client, trained.officer)
    page = client.get(f"/certification/fit?lang={lang}&q=uong").text
    assert words in page
    assert "%(" not in page
    assert "/certification/fit" in client.get(f"/certification/?lang={lang}").text


def test_the_answer_costs_the_same_for_one_and_for_all(client: FlaskClient, db: Database, trained: Company) -> None:
    sign_in(client, trained.officer)
    client.get("/certification/fit?q=uong")
    with count_queries(db) as one:
        client.get(f"/certification/fit?q={code_of(trained)}")
    with count_queries(db) as everybody:
        client.get("/certification/fit?q=uong")
    assert len(one) == len(everybody)
