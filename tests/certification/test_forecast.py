"""The forecast: each end falls into its month, nobody is lost from the line, and cache and function agree."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.rules.forecast import MONTHS, due_by_month, first_days, plan
from lms.certification.service.forecast import read_forecast
from lms.certification.service.statuses import build
from lms.content.catalogue import Catalogue
from lms.platform.db import Database
from tests.certification.make import G1, G4, NOW, TODAY, Company, assign_all, make_trained
from tests.counting import count_queries
from tests.make import sign_in


@pytest.mark.parametrize(
    ("end", "month"),
    [
        pytest.param(TODAY - timedelta(days=1), None, id="yesterday"),
        pytest.param(TODAY, 0, id="today"),
        pytest.param(date(2026, 11, 30), 0, id="end of the month"),
        pytest.param(date(2026, 12, 1), 1, id="first of the next"),
        pytest.param(date(2027, 10, 31), 11, id="last day of the twelfth"),
        pytest.param(date(2027, 11, 1), None, id="after it"),
    ],
)
def test_an_end_falls_into_its_month(end: date, month: int | None) -> None:
    due = due_by_month(TODAY, [(end, 3)])
    assert due == tuple(3 if n == month else 0 for n in range(MONTHS))


def test_the_months_go_over_the_end_of_the_year() -> None:
    days = first_days(date(2026, 2, 28))
    assert (days[0], days[10], days[11]) == (date(2026, 2, 1), date(2026, 12, 1), date(2027, 1, 1))


def test_the_line_by_hand() -> None:
    months = plan(TODAY, 10, (5, 0, 0, 20, *[0] * 8), 6)
    assert [(m.trained, m.waiting) for m in months[:6]] == [(6, 9), (6, 3), (3, 0), (6, 14), (6, 8), (6, 2)]


@given(st.integers(0, 1000), st.lists(st.integers(0, 1000), min_size=MONTHS, max_size=MONTHS), st.integers(0, 2000))
def test_nobody_is_lost_from_the_line(waiting: int, due: list[int], capacity: int) -> None:
    months = plan(TODAY, waiting, due, capacity)
    assert waiting + sum(due) == sum(m.trained for m in months) + months[-1].waiting
    assert all(0 <= m.trained <= capacity and m.waiting >= 0 for m in months)


@pytest.fixture()
def trained(db: Database, company: Company, catalogue: Catalogue) -> Company:
    """Three need group 4, one of them group 1 too; two have group 4 through 22/11/2027, which lies after the months."""
    with db.writing() as session:
        assign_all(session, company.workers[:1], G1)
        make_trained(session, company, catalogue, 2)
    return company


@pytest.mark.parametrize("cached", [True, False], ids=["cache", "function"])
def test_it_counts_trainings_of_the_subtree(db: Database, trained: Company, catalogue: Catalogue, cached: bool) -> None:
    later = TODAY + timedelta(days=40)
    if cached:
        list(build(db, catalogue, today=later, now=NOW))
    with db.reading() as session:
        found = read_forecast(session, catalogue=catalogue, paths=trained.paths, scheme=None, today=later)
        one = read_forecast(session, catalogue=catalogue, paths=trained.paths, scheme=G4, today=later)
    assert (found.waiting, found.of, found.due) == (2, 4, (*[0] * 10, 2, 0))
    assert (one.waiting, one.of) == (1, 3)


@pytest.mark.parametrize(("lang", "month"), [("vi", "11/2026"), ("zh", "2026年11月"), ("en", "Nov 2026")])
def test_the_page_in_every_language(client: FlaskClient, trained: Company, lang: str, month: str) -> None:
    sign_in(client, trained.officer)
    page = client.get(f"/certification/forecast?lang={lang}&places=1").text
    assert month in page
    assert "%(" not in page
    assert "<svg" in page


def test_places_say_who_waits(client: FlaskClient, trained: Company) -> None:
    sign_in(client, trained.officer)
    assert "Waiting at the end" in client.get("/certification/forecast?lang=en&places=1").text
    assert "Waiting at the end" not in client.get("/certification/forecast?lang=en").text
    assert "Not in force today: 2 of 4 trainings." in client.get("/certification/forecast?lang=en").text


@pytest.mark.parametrize("asked", ["places=-1", "places=many", "places=100001", "scheme=none-such"])
def test_an_unclear_wish_is_told_and_breaks_nothing(client: FlaskClient, trained: Company, asked: str) -> None:
    sign_in(client, trained.officer)
    assert client.get(f"/certification/forecast?{asked}").status_code == 422


def test_units_elsewhere_are_not_found(client: FlaskClient, trained: Company) -> None:
    sign_in(client, trained.officer)
    assert client.get(f"/certification/forecast?unit={trained.other.id}").status_code == 404
    assert client.get(f"/certification/forecast?unit={trained.shop.id}").status_code == 200


def test_nobody_needs_anything(client: FlaskClient, company: Company) -> None:
    sign_in(client, company.officer)
    assert "Nobody here needs a scheme yet" in client.get("/certification/forecast?lang=en").text


def test_the_cost_does_not_grow_with_people(client: FlaskClient, db: Database, trained: Company, catalogue: Catalogue) -> None:
    list(build(db, catalogue, today=TODAY, now=NOW))
    sign_in(client, trained.officer)
    client.get("/certification/forecast")
    with count_queries(db) as few:
        client.get(f"/certification/forecast?scheme={G1}")
    with count_queries(db) as more:
        client.get("/certification/forecast")
    assert len(few) == len(more)
