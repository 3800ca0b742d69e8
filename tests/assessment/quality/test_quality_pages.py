"""The pages of item quality: who may see them, what they keep back, the file, what they cost."""

import csv
import io
from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from lms.assessment.guarding import GuardedItems
from lms.assessment.quality.service.keeping import FiguresKeeper
from lms.clock import MovableClock
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform.db import Database
from lms.platform.site import Site
from tests.assessment.conftest import ITEMS, KEY, Shelf
from tests.assessment.kinds import store_items
from tests.assessment.quality.conftest import KEYS, PAPER, answers_of, make_sitting, revised
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in

LIST, ITEM, FILE = f"/quality?test={KEY}", f"/quality/items/item0001?test={KEY}", f"/quality.csv?test={KEY}"
PAGES = (LIST, f"/quality/tests/{KEY}", ITEM, FILE, f"/quality/reports?test={KEY}")


class Guard:
    """Keeps back what a test says."""

    def __init__(self, *ids: str, until: datetime) -> None:
        self.ids, self.until = set(ids), until

    def guarded_until(self, session: object, catalogue: object, item_ids: Collection[str], now: datetime) -> datetime | None:  # noqa: ARG002
        """Until then, if one of them is asked for."""
        return None if self.ids.isdisjoint(item_ids) else self.until


@pytest.fixture()
def computed(db: Database, the_site: Site, shelf: Shelf, crowd: list[Person], clock: MovableClock) -> None:
    """The figures of forty sittings."""
    FiguresKeeper(db, the_site.settings.zone).run(clock.now())


def person_of(db: Database, *roles: Role, everywhere: bool = False) -> Person:
    with db.writing() as session:
        return make_learner(session, unit=None if everywhere else make_unit(session), roles=roles)


WHO = [
    pytest.param((Role.AUTHOR,), False, 200, id="an author"),
    pytest.param((Role.TRAINER,), False, 200, id="a trainer of one unit"),
    pytest.param((Role.OFFICER,), True, 200, id="who runs tests in the whole site"),
    pytest.param((Role.OFFICER,), False, 403, id="who runs them in one unit"),
    pytest.param((Role.ORGANISER,), True, 403, id="who runs contests, not this test"),
    pytest.param((), False, 403, id="a learner"),
]


@pytest.mark.parametrize(("roles", "everywhere", "status"), WHO)
def test_who_may_see_figures(computed: None, db: Database, client: FlaskClient, roles: tuple[Role, ...], everywhere: bool, status: int) -> None:
    sign_in(client, person_of(db, *roles, everywhere=everywhere))
    assert [client.get(page).status_code for page in PAGES] == [status] * len(PAGES)
    assert client.post(f"/quality/compute/{KEY}").status_code == (303 if status == 200 else 403)


def test_the_desk_shows_the_tool_to_whom_it_opens(computed: None, db: Database, client: FlaskClient) -> None:
    sign_in(client, person_of(db, Role.OFFICER))
    assert "/quality/" not in client.get(f"/tests/{KEY}").text
    client.post("/sign-out")
    sign_in(client, person_of(db, Role.TRAINER))
    assert f"/quality/tests/{KEY}" in client.get(f"/tests/{KEY}").text
    client.post("/sign-out")
    sign_in(client, person_of(db, Role.AUTHOR))
    assert 'href="/quality"' in client.get("/").text, "an author has no desk and finds it in the navigation"


def test_keys_and_choices_are_kept_back_while_a_round_may_draw_the_item(
    computed: None, db: Database, the_site: Site, clock: MovableClock, client: FlaskClient
) -> None:
    sign_in(client, person_of(db, Role.AUTHOR))
    client.set_cookie("lang", "en")
    assert all(word in client.get(ITEM).text for word in ("use--key", "<progress", "SECRET-explanation"))
    assert _row(client, "item0001")[14] == "B"
    the_site.parts[GuardedItems] = Guard("item0001", until=clock.now() + timedelta(days=1))
    page = client.get(ITEM).text
    assert not any(word in page for word in ("use--key", "<progress", "SECRET", "27 %</span>"))
    assert "kept back" in page
    guarded = _row(client, "item0001")
    assert guarded[14] == ""
    assert not any(guarded[15:])
    assert any(_row(client, "item0002")[15:])


def test_who_runs_contests_everywhere_sees_no_keys(computed: None, db: Database, the_site: Site, shelf: Shelf, client: FlaskClient, clock_at: datetime) -> None:
    sign_in(client, person_of(db, Role.ORGANISER, everywhere=True))
    assert client.get("/quality").status_code == 403, "there is no contest here"
    assert client.get("/quality?test=round:x/y").status_code == 200


def _row(client: FlaskClient, item_id: str) -> list[str]:
    return next(row for row in csv.reader(io.StringIO(client.get(FILE).text)) if row[1] == item_id)


def test_the_file_holds_everything_and_no_formula(computed: None, db: Database, shelf: Shelf, client: FlaskClient, the_site: Site, clock: MovableClock) -> None:
    evil = revised(PAPER[0], "evil")
    evil = type(evil)(**{name: getattr(evil, name) for name in evil.__slots__} | {"id": "evil0001", "prompt": {"vi": "<p>=HYPERLINK(1)</p>"}})
    with db.writing() as session:
        store_items(session, evil)
        make_sitting(session, make_learner(session), answers_of(6), clock.now(), items=(evil, *PAPER[1:]))
    clock.move(days=1)
    FiguresKeeper(db, the_site.settings.zone).run(clock.now())
    sign_in(client, person_of(db, Role.AUTHOR))
    text = client.get(FILE).text
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {row[1] for row in rows[1:]} == set(KEYS) | {"evil0001"}
    assert {len(row) for row in rows} == {15 + 3 * 8}
    assert next(row for row in rows if row[1] == "evil0001")[3] == "'=HYPERLINK(1)"
    first = next(row for row in rows if row[1] == "item0001")
    assert first[0] == "quizzes/quiz/bank.vi.md:1"
    assert float(first[7]) == round(34 / 40, 4)


def test_the_list_costs_the_same_however_many_items(computed: None, db: Database, the_site: Site, clock: MovableClock, client: FlaskClient) -> None:
    sign_in(client, person_of(db, Role.AUTHOR))
    client.get(LIST)
    with count_queries(db) as few:
        page = client.get(LIST).text
    assert page.count("/quality/items/") == len(ITEMS)
    others = [revised(PAPER[0], f"{n:03}") for n in range(30)]
    others = [type(one)(**{name: getattr(one, name) for name in one.__slots__} | {"id": f"more{n:04}"}) for n, one in enumerate(others)]
    with db.writing() as session:
        store_items(session, *others)
        make_sitting(session, make_learner(session), ["b"] * 30, clock.now(), items=others)
    clock.move(days=1)
    FiguresKeeper(db, the_site.settings.zone).run(clock.now())
    client.get(LIST)
    with count_queries(db) as many:
        assert client.get(LIST).text.count("/quality/items/") == len(ITEMS) + 30
    assert len(many) == len(few)


def test_in_every_language_and_before_anything_was_computed(shelf: Shelf, db: Database, client: FlaskClient, the_site: Site, clock: MovableClock) -> None:
    sign_in(client, person_of(db, Role.AUTHOR))
    for lang in ("vi", "zh", "en"):
        client.set_cookie("lang", lang)
        page = client.get(LIST)
        assert page.status_code == 200
        assert 'class="empty"' in page.text
    assert client.get(ITEM).status_code == 404
    assert client.post(f"/quality/compute/{KEY}", follow_redirects=True).status_code == 200
    assert the_site.jobs.tick(clock.now())["assessment.quality"] == 2
    assert "FiguresKeeper" not in client.get(LIST).text
