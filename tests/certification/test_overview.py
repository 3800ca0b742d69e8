"""The desk from the cache says what the desk by the function says, and is silent where it may not speak."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from lms.certification.models import StatusBuild
from lms.certification.service.desk import TILES, Desk, count_by_scheme, read_desk
from lms.certification.service.marks import mark_period
from lms.certification.service.overview import Overview, open_desk, summary
from lms.certification.service.statuses import build
from lms.content.catalogue import Catalogue
from lms.platform.db import Database
from tests.certification.make import G1, G4, NOW, TODAY, Company, assign_all, make_trained
from tests.counting import count_queries
from tests.make import sign_in


@pytest.fixture()
def mixed(db: Database, company: Company, catalogue: Catalogue) -> Company:
    """The first worker has group 4 and needs group 1, which lacks; the second's period is suspended; the third has nothing."""
    with db.writing() as session:
        assign_all(session, [company.stranger])
        assign_all(session, company.workers[:1], from_on=TODAY - timedelta(days=9))
        assign_all(session, company.workers[:1], G1)
        papers = make_trained(session, company, catalogue, 2)
        mark_period(
            session,
            period_id=papers[1].period_id,
            kind="suspended",
            cause="evidence",
            note="",
            paths=company.paths,
            actor_id=company.officer.id,
            today=TODAY,
            now=NOW,
        )
    list(build(db, catalogue, today=TODAY, now=NOW))
    return company


@pytest.mark.parametrize("scheme", [None, G4, G1])
@pytest.mark.parametrize("tiles", [TILES, ("bad", "never", "expiring"), ("valid",)], ids=["all", "exceptions", "valid"])
def test_the_cache_and_the_function_show_the_same(db: Database, mixed: Company, catalogue: Catalogue, scheme: str | None, tiles: tuple[str, ...]) -> None:
    with db.reading() as session:
        quick = open_desk(session, catalogue=catalogue, paths=mixed.paths, scheme=scheme, as_of=TODAY, today=TODAY)
        slow = read_desk(session, catalogue=catalogue, paths=mixed.paths, scheme=scheme, as_of=TODAY)
        assert isinstance(quick, Overview)
        assert quick.counts == slow.counts
        assert quick.total(tiles) == slow.total(tiles)
        assert quick.page(tiles, 1, 50) == slow.page(tiles, 1, 50)
        assert quick.page(tiles, 2, 1) == slow.page(tiles, 2, 1)
        assert summary(session, catalogue, mixed.paths, TODAY) == count_by_scheme(
            catalogue, read_desk(session, catalogue=catalogue, paths=mixed.paths, scheme=None, as_of=TODAY)
        )


def test_the_worst_of_a_person_s_schemes_counts(db: Database, mixed: Company, catalogue: Catalogue) -> None:
    with db.reading() as session:
        counts = open_desk(session, catalogue=catalogue, paths=mixed.paths, scheme=None, as_of=TODAY, today=TODAY).counts
    assert (counts.valid, counts.bad, counts.never, counts.total) == (0, 1, 2, 3)


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1), date(2030, 1, 1)])
def test_of_another_day_the_function_tells(db: Database, mixed: Company, catalogue: Catalogue, day: date) -> None:
    with db.reading() as session:
        assert isinstance(open_desk(session, catalogue=catalogue, paths=mixed.paths, scheme=None, as_of=day, today=TODAY), Desk)


def test_where_a_day_has_come_that_the_job_has_not_taken_up_the_function_tells(db: Database, mixed: Company, catalogue: Catalogue) -> None:
    later = TODAY + timedelta(days=366)
    with db.reading() as session:
        desk = open_desk(session, catalogue=catalogue, paths=mixed.paths, scheme=G4, as_of=later, today=later)
        assert isinstance(desk, Desk)
        assert desk.counts.valid == 0


@pytest.mark.parametrize("values", [{"digest": "older"}, {"at_person": 1}], ids=["another revision", "half built"])
def test_where_the_cache_is_not_of_the_published_schemes_the_function_tells(
    db: Database, mixed: Company, catalogue: Catalogue, values: dict[str, object]
) -> None:
    with db.writing() as session:
        session.execute(update(StatusBuild).where(StatusBuild.scheme == G4).values(values))
    with db.reading() as session:
        assert isinstance(open_desk(session, catalogue=catalogue, paths=mixed.paths, scheme=None, as_of=TODAY, today=TODAY), Desk)
        assert isinstance(open_desk(session, catalogue=catalogue, paths=mixed.paths, scheme=G1, as_of=TODAY, today=TODAY), Overview)


def test_the_page_shows_it_at_a_constant_cost(client: FlaskClient, db: Database, mixed: Company) -> None:
    sign_in(client, mixed.officer)
    client.get("/certification/?show=all")
    with count_queries(db) as everybody:
        page = client.get("/certification/?show=all&lang=en")
    with count_queries(db) as bad:
        client.get("/certification/?show=bad&lang=en")
    assert len(everybody) == len(bad)
    assert "Suspended" in page.text
    assert any("cached_status" in statement for statement in everybody.statements)
