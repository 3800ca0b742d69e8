"""Class days: recorded by an officer for the own subtree, with roll and hours by part."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.errors import Conflict, Invalid, NotFound
from lms.learning.events import AttendanceRecorded
from lms.learning.service.classes import list_class_days, record_class
from lms.people.models import Person, Unit
from lms.people.rules import Role
from lms.platform.db import Database
from lms.platform.site import Site
from tests.conftest import NOW
from tests.content.sample import publish_sample
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in

TODAY = date(2026, 11, 22)


class Works:
    """Two plants; an officer over the first, two workers there and one in the other."""

    def __init__(self, db: Database) -> None:
        with db.writing() as session:
            root = make_unit(session)
            self.plant: Unit = make_unit(session, parent=root)
            self.shop: Unit = make_unit(session, parent=self.plant)
            self.other: Unit = make_unit(session, parent=root)
            self.officer: Person = make_learner(session, unit=self.plant, roles=(Role.OFFICER,))
            self.workers = [make_learner(session, unit=self.shop) for _ in range(2)]
            self.stranger: Person = make_learner(session, unit=self.other)


@pytest.fixture()
def works(db: Database) -> Works:
    publish_sample(db, NOW)
    return Works(db)


def record(db: Database, works: Works, **given: Any) -> int:
    values: dict[str, Any] = {
        "paths": (works.plant.path,),
        "unit_id": works.shop.id,
        "schemes": ["vn-nd44-nhom-4"],
        "title": "Huấn luyện tại xưởng",
        "held_on": TODAY,
        "place": "",
        "trainer": "Người huấn luyện",
        "minutes": {"theory": 240, "practice": 240},
        "person_ids": [worker.id for worker in works.workers],
        "actor_id": works.officer.id,
        "today": TODAY,
        "now": NOW,
    }
    with db.writing() as session:
        return record_class(session, **(values | given)).id


def test_a_class_day_is_told_for_everyone_present(the_site: Site, db: Database, works: Works) -> None:
    heard: list[AttendanceRecorded] = []
    the_site.events.subscribe(AttendanceRecorded, lambda _session, event: heard.append(event))
    day = record(db, works)
    assert [(event.person_id, event.class_day_id, dict(event.minutes)) for event in heard] == [
        (worker.id, day, {"theory": 240, "practice": 240}) for worker in works.workers
    ]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        pytest.param({"held_on": TODAY + timedelta(days=1)}, Invalid, id="in the future"),
        pytest.param({"held_on": TODAY - timedelta(days=367)}, Invalid, id="over a year ago"),
        pytest.param({"person_ids": []}, Invalid, id="nobody present"),
        pytest.param({"minutes": {"theory": 0}}, Invalid, id="no hours"),
        pytest.param({"minutes": {"theory": 721}}, Invalid, id="more than twelve hours"),
        pytest.param({"unit_id": 999_999}, NotFound, id="no such unit"),
    ],
)
def test_a_class_day_that_cannot_be_is_refused(db: Database, works: Works, given: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        record(db, works, **given)
    with db.reading() as session:
        assert list_class_days(session, paths=("/",), page=1) == ([], 0)


def test_units_and_people_outside_the_scope_are_not_there(db: Database, works: Works) -> None:
    with pytest.raises(NotFound):
        record(db, works, unit_id=works.other.id)
    with pytest.raises(NotFound):
        record(db, works, person_ids=[works.stranger.id])


def test_an_officer_records_a_day_from_the_pages(client: FlaskClient, db: Database, works: Works) -> None:
    sign_in(client, works.officer)
    assert "/classes/new" in client.get("/classes/").text
    assert works.other.name not in client.get("/classes/new").text
    roll = client.get(f"/classes/new/roll?unit={works.shop.id}&held_on=2026-11-20")
    assert works.workers[0].full_name in roll.text
    assert works.stranger.full_name not in roll.text
    form = {"unit": works.shop.id, "held_on": "2026-11-20", "title": "An toàn hàn", "trainer": "Người dạy", "schemes": "vn-nd44-nhom-4", "practice": "3.5"}
    refused = client.post("/classes/new", data=form)
    assert refused.status_code == 422
    assert "An toàn hàn" in refused.text, "what was typed is kept"
    answer = client.post("/classes/new", data=form | {"present": works.workers[0].id})
    assert answer.status_code == 302, answer.text
    shown = client.get(answer.location).text
    assert works.workers[0].full_name in shown
    assert works.workers[1].full_name not in shown
    assert "An toàn hàn" in client.get("/classes/").text


def test_wrong_forms_are_told(client: FlaskClient, works: Works) -> None:
    sign_in(client, works.officer)
    assert client.get("/classes/new/roll?unit=x&held_on=y").status_code == 422
    assert client.post("/classes/new", data={"unit": works.shop.id, "held_on": "2026-11-20"}).status_code == 422
    assert client.get("/classes/999").status_code == 404


def test_a_worker_may_not(client: FlaskClient, works: Works) -> None:
    sign_in(client, works.workers[0])
    assert client.get("/classes/").status_code == 403
    assert client.post("/classes/new", data={}).status_code == 403


def test_the_list_costs_a_constant_number_of_queries(client: FlaskClient, db: Database, works: Works) -> None:
    sign_in(client, works.officer)
    record(db, works)
    client.get("/classes/")
    with count_queries(db) as one:
        client.get("/classes/")
    for number in range(5):
        record(db, works, title=f"Ngày {number}", held_on=TODAY - timedelta(days=number + 1))
    with count_queries(db) as six:
        client.get("/classes/")
    assert len(one) == len(six)


def test_a_form_sent_twice_records_one_class_day(db: Database, works: Works) -> None:
    record(db, works, person_ids=[works.workers[0].id])
    with pytest.raises(Conflict, match="recorded already"):
        record(db, works)
    record(db, works, person_ids=[works.workers[1].id])


def test_the_same_class_may_be_recorded_for_another_scheme(db: Database, works: Works) -> None:
    record(db, works)
    record(db, works, schemes=["vn-nd44-nhom-1"])


@pytest.mark.parametrize(("minutes", "fine"), [pytest.param(240, True, id="twelve hours in all"), pytest.param(241, False, id="a minute more")])
def test_nobody_is_in_classes_for_more_than_twelve_hours_on_a_day(db: Database, works: Works, minutes: int, fine: bool) -> None:
    record(db, works)
    record(db, works, held_on=TODAY - timedelta(days=1), title="Hôm trước")
    if fine:
        record(db, works, title="Buổi chiều", minutes={"practice": minutes})
    else:
        with pytest.raises(Conflict, match="more than 12 hours"):
            record(db, works, title="Buổi chiều", minutes={"practice": minutes})
