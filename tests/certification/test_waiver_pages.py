"""The pages of waivers: from the form to the desk and back, who may, and in every language."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.certification.models import Assignment, TrainingWaiver
from lms.clock import MovableClock
from lms.content.catalogue import Catalogue
from lms.people.rules import Role
from lms.platform.db import Database
from tests.certification.make import G1, G4, NOW, Company, make_trained
from tests.counting import count_queries
from tests.make import make_learner, sign_in

GOOD = {"from_on": "2026-11-22", "until_on": "2026-12-22", "reason": "nghỉ phép dài ngày"}


@pytest.fixture()
def trained(db: Database, company: Company, catalogue: Catalogue) -> Company:
    """All three workers need group 4; the first has it."""
    with db.writing() as session:
        make_trained(session, company, catalogue)
        session.execute(select(Assignment).filter_by(person_id=company.workers[1].id)).scalar_one().reason = "Thợ hàn: Điều 14"
    return company


def address_of(company: Company, n: int = 1, scheme: str = G4) -> str:
    return f"/certification/people/{company.workers[n].id}/waiver/{scheme}"


def stored(db: Database) -> list[TrainingWaiver]:
    with db.reading() as session:
        return list(session.scalars(select(TrainingWaiver)))


def test_an_officer_waives_sees_it_on_the_desk_and_ends_it(client: FlaskClient, db: Database, trained: Company) -> None:
    sign_in(client, trained.officer)
    person, name = f"/certification/people/{trained.workers[1].id}?lang=en", trained.workers[1].full_name
    page = client.get(person).text
    assert "Required from 1 Jan 2026. Thợ hàn: Điều 14" in page
    assert address_of(trained) in page
    assert client.get(address_of(trained)).status_code == 200
    assert client.post(address_of(trained), data=GOOD).status_code == 302
    page = client.get(person).text
    assert "Waived until 22 Dec 2026." in page
    assert GOOD["reason"] in page
    assert address_of(trained) not in page
    assert name not in client.get("/certification/?lang=en").text
    waived = client.get("/certification/?lang=en&show=waived").text
    assert name in waived
    assert "Waived until 22 Dec 2026." in waived
    assert "Waived until" in client.get("/certification/people.csv?lang=en").text
    assert "Yes, trained." not in client.get(f"/certification/fit?lang=en&q={trained.workers[1].staff_code}").text
    assert "show=waived" in client.get("/?lang=en").text
    [waiver] = stored(db)
    end = f"/certification/waivers/{waiver.id}/end"
    assert client.post(end).status_code == 302
    assert "Ended on 22 Nov 2026." in client.get(person).text
    assert name in client.get("/certification/?lang=en").text
    assert "This waiver is over already." in client.post(f"{end}?lang=en", follow_redirects=True).text
    assert stored(db)[0].ended_at == NOW


def test_on_the_own_home_page_nothing_is_pressing_while_it_is_waived(client: FlaskClient, db: Database, trained: Company, clock: MovableClock) -> None:
    clock.set(datetime(2027, 11, 25, 2, tzinfo=UTC))  # three days after the end of what the first worker has
    sign_in(client, trained.workers[0])
    assert "card--bad" in client.get("/?lang=en").text
    with db.writing() as session:
        days = {"from_on": date(2027, 11, 25), "until_on": date(2027, 12, 25)}
        session.add(TrainingWaiver(person_id=trained.workers[0].id, scheme=G4, reason="x", made_by=trained.officer.id, made_at=clock.now(), **days))
    for lang, words in (("vi", "25/12/2027"), ("zh", "2027年12月25日"), ("en", "Waived until 25 Dec 2027.")):
        page = client.get(f"/?lang={lang}").text
        assert (words in page, "card--bad" in page) == (True, False)
    clock.set(datetime(2027, 12, 26, 2, tzinfo=UTC))
    assert "card--bad" in client.get("/?lang=en").text


def test_the_person_reads_until_when_and_why(client: FlaskClient, trained: Company) -> None:
    sign_in(client, trained.officer)
    client.post(address_of(trained), data=GOOD)
    client.post("/sign-out")
    sign_in(client, trained.workers[1])
    page = client.get("/certificates/?lang=en").text
    assert "Waived until 22 Dec 2026." in page
    assert "it does not allow work that needs it" in page
    assert "Thợ hàn: Điều 14" in page


@pytest.mark.parametrize(("lang", "words"), [("vi", "Được miễn đến hết"), ("zh", "豁免至"), ("en", "Waived until")])
def test_in_every_language(client: FlaskClient, trained: Company, lang: str, words: str) -> None:
    sign_in(client, trained.officer)
    client.post(address_of(trained), data=GOOD)
    form = client.get(f"{address_of(trained, 2)}?lang={lang}")
    assert form.status_code == 200
    for page in (form.text, client.get(f"/certification/people/{trained.workers[1].id}?lang={lang}").text):
        assert "%(" not in page
    for address in (f"/certification/people/{trained.workers[1].id}", "/certification/?show=waived"):
        assert words in client.get(f"{address}{'&' if '?' in address else '?'}lang={lang}").text


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"until_on": "2026-11-21"}, id="ends before it begins"),
        pytest.param({"from_on": "2026-11-21"}, id="begins yesterday"),
        pytest.param({"until_on": "9999-12-31"}, id="for ever"),
        pytest.param({"until_on": ""}, id="without an end"),
        pytest.param({"until_on": "2026-02-30"}, id="no such day"),
        pytest.param({"from_on": "0000-00-00"}, id="no day at all"),
        pytest.param({"reason": " "}, id="without a reason"),
        pytest.param({"reason": "x" * 201}, id="reason too long"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_stored(client: FlaskClient, db: Database, trained: Company, given: dict[str, str]) -> None:
    sign_in(client, trained.officer)
    assert client.post(address_of(trained), data=GOOD | given).status_code == 422
    assert stored(db) == []


def test_twice_or_what_is_not_required_is_a_conflict(client: FlaskClient, trained: Company) -> None:
    sign_in(client, trained.officer)
    assert client.post(address_of(trained, 1, G1), data=GOOD).status_code == 409
    assert client.post(address_of(trained), data=GOOD).status_code == 302
    assert client.post(address_of(trained), data=GOOD).status_code == 409


def test_nobody_waives_elsewhere_for_oneself_or_without_the_permission(client: FlaskClient, db: Database, trained: Company) -> None:
    with db.writing() as session:
        other = make_learner(session, unit=trained.other, roles=(Role.OFFICER,))
        leader = make_learner(session, unit=trained.shop, roles=(Role.TEAM_LEADER,))
        session.add(Assignment(person_id=trained.officer.id, scheme=G4, from_on=date(2026, 1, 1), reason=""))
    sign_in(client, trained.officer)
    own = f"/certification/people/{trained.officer.id}/waiver/{G4}"
    assert own not in client.get(f"/certification/people/{trained.officer.id}").text
    assert client.post(own, data=GOOD).status_code == 403
    assert client.post(f"/certification/people/{trained.stranger.id}/waiver/{G4}", data=GOOD).status_code == 404
    assert client.post("/certification/people/99999/waiver/" + G4, data=GOOD).status_code == 404
    assert client.get(address_of(trained, 1, "no-such-scheme")).status_code == 404
    assert client.post("/certification/waivers/99999/end").status_code == 404
    assert client.post(address_of(trained), data=GOOD).status_code == 302
    [waiver] = stored(db)
    client.post("/sign-out")
    for person, status in ((other, 404), (leader, 403), (trained.workers[1], 403)):
        sign_in(client, person)
        assert client.get(address_of(trained)).status_code == status
        assert client.post(address_of(trained), data=GOOD).status_code == status
        assert client.post(f"/certification/waivers/{waiver.id}/end").status_code == status
        client.post("/sign-out")
    sign_in(client, leader)
    page = client.get(f"/certification/people/{trained.workers[1].id}?lang=en").text
    assert GOOD["reason"] in page
    assert "End the waiver" not in page
    assert stored(db)[0].ended_on is None


def test_the_pages_cost_the_same_however_many_waivers(client: FlaskClient, db: Database, trained: Company) -> None:
    sign_in(client, trained.officer)
    pages = ("/certification/?show=all", f"/certification/people/{trained.workers[1].id}", "/certification/people.csv")
    client.get(pages[0])

    def cost() -> list[int]:
        found = []
        for page in pages:
            with count_queries(db) as counted:
                assert client.get(page).status_code == 200
            found.append(len(counted))
        return found

    before = cost()
    for n in (1, 2):
        client.post(address_of(trained, n), data=GOOD)
    client.get(pages[0])
    assert cost() == before
