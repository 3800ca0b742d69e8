"""The prizes of a round from the file to the page: given after the close, by lot once the seed is shown, and told in the rules as they are computed."""

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.content.prizes import ContestPrize, PrizeTier
from lms.contests.rules.prizes import commitment, lot
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform.audit import AuditEvent
from tests.content.sample import CONTEST, ROUND
from tests.contests.conftest import Hall
from tests.contests.test_pages import CLOSES, MS
from tests.counting import count_queries
from tests.make import sign_in

AWARDS = f"/contests/{CONTEST}/{ROUND}/awards"
SEED = "hạt giống bí mật"
TIERS = (PrizeTier("nhat", {"vi": "Giải nhất", "zh": "一等奖", "en": "First"}, 1, percent=False), PrizeTier("nhi", {"vi": "Giải nhì"}, 2, percent=False))
TITLE = {"vi": "Giải cá nhân", "zh": "个人奖", "en": "For persons"}


def offer(hall: Hall, *, seed: str = "", **given: Any) -> None:
    """The sample contest has prizes whose shared places are decided by lot."""
    plain: dict[str, Any] = {"slug": "ca-nhan", "title": TITLE, "round": ROUND, "tiers": TIERS, "shared": "lot"}
    hall.change(contest={"prizes": (ContestPrize(**plain | given),), "lot_sha256": commitment(SEED), "lot_seed": seed})


@pytest.fixture()
def entrants(hall: Hall) -> list[Person]:
    """One with everything right in a minute, two level behind, one far behind."""
    people = [hall.person(full_name=f"Trần Thị {name}") for name in ("Một", "Hai", "Ba", "Bốn")]
    started = hall.clock.now()
    for person, right in zip(people, (4, 3, 3, 1), strict=True):
        hall.clock.set(started)
        hall.sit(person, right, 60_000)
    return people


def test_the_rules_say_what_is_computed(hall: Hall, client: FlaskClient) -> None:
    offer(hall, all_correct=True)
    sign_in(client, hall.person())
    for lang, words in (("vi", "Giải nhất: 1 giải"), ("zh", "一等奖：1个"), ("en", "First: 1")):
        page = client.get(f"/contests/{CONTEST}/rules?lang={lang}").text
        assert words in page
        assert commitment(SEED) in page
        assert SEED not in page
    assert "only for entrants with every answer right" in page
    offer(hall, tiers=(PrizeTier("x", {"vi": "Khuyến khích"}, 10, percent=True),), shared="expand", best_of_unit=True, beside=True)
    page = client.get(f"/contests/{CONTEST}/rules?lang=en").text
    assert "Khuyến khích: 10% of the ranked, rounded down, at least one" in page
    assert "all who share it get it" in page
    assert "best placed of each unit" in page
    assert "beside other prizes" in page


def test_nobody_sees_prizes_before_the_close_or_where_there_are_none(hall: Hall, client: FlaskClient, entrants: list[Person]) -> None:
    assert client.get(AWARDS).headers["Location"].startswith("/sign-in")
    sign_in(client, entrants[0])
    hall.clock.set(CLOSES)
    assert client.get(AWARDS).status_code == 404
    offer(hall)
    hall.clock.set(CLOSES - MS)
    refused = client.get(f"{AWARDS}?lang=en")
    assert (refused.status_code, "after the close" in refused.text) == (403, True)
    assert AWARDS not in client.get(f"/contests/{CONTEST}").text
    hall.clock.set(CLOSES)
    assert AWARDS in client.get(f"/contests/{CONTEST}").text
    assert client.get(f"/contests/{CONTEST}/khong-co/awards").status_code == 404


@pytest.mark.parametrize(("lang", "title", "waits"), [("vi", "Giải nhất", "bốc thăm"), ("zh", "一等奖", "抽签"), ("en", "First", "drawn by lot")])
def test_the_lot_waits_for_the_seed_and_can_be_checked(hall: Hall, client: FlaskClient, entrants: list[Person], lang: str, title: str, waits: str) -> None:
    tiers = (TIERS[0], PrizeTier("nhi", {"vi": "Giải nhì"}, 1, percent=False))
    offer(hall, tiers=tiers)
    hall.clock.set(CLOSES)
    sign_in(client, entrants[3])
    page = client.get(f"{AWARDS}?lang={lang}").text
    assert all(words in page for words in (title, waits, entrants[0].full_name, entrants[1].full_name, entrants[2].full_name, commitment(SEED)))
    assert entrants[3].full_name not in page.split("<main", 1)[1]
    offer(hall, tiers=tiers, seed=SEED)
    drawn = min(entrants[1:3], key=lambda person: lot(SEED, str(person.id)))
    other = next(person for person in entrants[1:3] if person.id != drawn.id)
    page = client.get(f"{AWARDS}?lang={lang}").text
    assert SEED in page
    assert f"{drawn.id}" in page
    assert (drawn.full_name in page, other.full_name in page) == (True, False)


def test_where_all_share_it_no_lot_is_drawn_and_the_next_tier_goes_on(hall: Hall, client: FlaskClient, entrants: list[Person]) -> None:
    offer(hall, shared="expand", tiers=(TIERS[0], PrizeTier("nhi", {"vi": "Giải nhì"}, 1, percent=False), PrizeTier("ba", {"vi": "Giải ba"}, 5, percent=False)))
    hall.clock.set(CLOSES)
    sign_in(client, entrants[0])
    page = client.get(f"{AWARDS}?lang=en").text
    assert [page.index(person.full_name, page.index("<main")) for person in entrants] == sorted(
        page.index(person.full_name, page.index("<main")) for person in entrants
    )
    assert "drawn by lot" not in page
    offer(hall, shared="expand", all_correct=True)
    page = client.get(f"{AWARDS}?lang=en").text
    assert "Nobody gets it." in page


def test_the_file_is_for_organisers_of_the_whole_site(hall: Hall, client: FlaskClient, entrants: list[Person]) -> None:
    offer(hall, seed=SEED)
    hall.clock.set(CLOSES)
    sign_in(client, entrants[0])
    assert client.get(f"{AWARDS}.csv").status_code == 403
    assert f"{AWARDS}.csv" not in client.get(AWARDS).text
    client.post("/sign-out")
    organiser = hall.person(roles=(Role.ORGANISER,))
    sign_in(client, organiser)
    assert f"{AWARDS}.csv" in client.get(AWARDS).text
    rows = list(csv.reader(io.StringIO(client.get(f"{AWARDS}.csv?lang=en").text.lstrip("\ufeff"))))
    assert rows[0] == ["Prize", "Tier", "Place", "Staff code", "Full name", "Unit", "Lot number"]
    assert [row[3] for row in rows[1:]] == [person.staff_code for person in entrants[:3]]
    assert rows[1][:3] == ["For persons", "First", "1"]
    with hall.db.reading() as session:
        assert session.scalars(select(AuditEvent.actor_id).where(AuditEvent.action == "awards_exported")).all() == [organiser.id]


def test_the_page_costs_the_same_however_many_take_part(hall: Hall, client: FlaskClient, entrants: list[Person]) -> None:
    offer(hall, seed=SEED)
    started = hall.clock.now()
    more = [hall.person() for _ in range(5)]

    def cost() -> int:
        hall.clock.set(CLOSES)
        client.get(AWARDS)
        with count_queries(hall.db) as counted:
            assert client.get(AWARDS).status_code == 200
        return len(counted.statements)

    sign_in(client, entrants[0])
    before = cost()
    for person in more:
        hall.clock.set(started)
        hall.sit(person, 4, 30_000)
    assert cost() == before
