"""The pages of corrections: who may, the whole way without a script, what those who sit and who have sat are told."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.assessment.correction_models import Correction
from lms.assessment.models import Attempt
from lms.assessment.service.corrector import Corrector
from lms.assessment.settling import Corrected, Moves, ResultRooms
from lms.clock import MovableClock
from lms.content.catalogue import Catalogue, Item
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform.db import Database
from lms.platform.rules import Phrase, phrase
from lms.platform.site import Site
from tests.assessment.acts import new_id, save, start, submit
from tests.assessment.conftest import ITEMS, KEY, People, Shelf, make_item
from tests.assessment.correcting import correct, latest, sit, wish
from tests.assessment.kinds import ALL_KINDS, KIND_KEY, RIGHT_ANSWERS
from tests.assessment.test_correcting import FEW, publish
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in

DIGEST = ITEMS["item0001"].digest
ASKED = f"/correct/{DIGEST}?test={KEY}&kind=single"


@pytest.fixture()
def trainer(db: Database, people: People) -> Person:
    """A trainer of the whole site."""
    assert people
    with db.writing() as session:
        return make_learner(session, roles=(Role.TRAINER,))


@pytest.fixture()
def desk(client: FlaskClient, shelf: Shelf, trainer: Person) -> FlaskClient:
    """The trainer's browser, in English."""
    assert shelf
    sign_in(client, trainer)
    client.set_cookie("lang", "en")
    return client


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the form that makes the correction."""
    form = page.split('method="post" class="card stack"')[1].split("</form>", maxsplit=1)[0]
    return {unescape(name): unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)}


def test_the_whole_way_from_the_desk_to_the_learner(desk: FlaskClient, db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW | {"item0003": "a"})
    assert f'href="/corrections/{KEY}"' in desk.get(f"/tests/{KEY}").text
    page = desk.get(f"/corrections/{KEY}").text
    assert "prompt 1 (en)" in page
    assert "quizzes/quiz/bank.vi.md:1" in page
    tried = desk.get(f"{ASKED}&do=full&never_lower=1").text
    assert "Dry run: nothing has been changed" in tried
    assert people.learner.full_name in tried
    assert "passes now" in tried
    assert latest(db, attempt).version == 1
    csv = desk.get(f"/correct/{DIGEST}/changes.csv?test={KEY}&do=full&never_lower=1").text.splitlines()
    assert csv[1] == f"{attempt.id},{people.learner.full_name} ({people.learner.staff_code}),{KEY},2/6,3/6,0,1,changed"
    refused = desk.post(f"/correct/{DIGEST}", data=fields_of(tried) | {"reason": " "})
    assert (refused.status_code, "Give a reason" in refused.text) == (422, True)
    made = desk.post(f"/correct/{DIGEST}", data=fields_of(tried) | {"reason": "The picture was missing"})
    again = desk.post(f"/correct/{DIGEST}", data=fields_of(tried) | {"reason": "The picture was missing"})
    assert (made.status_code, made.location) == (303, again.location)
    assert "Waits to be brought to the papers" in desk.get(made.location).text
    Corrector(db, clock).run()
    assert "Every paper has been looked at" in desk.get(made.location).text
    assert latest(db, attempt).passed
    history = desk.get(f"/attempts/{attempt.id}").text
    assert "The picture was missing" in history
    assert "A question was corrected" in history
    assert "corrected" in desk.get(f"/corrections/{KEY}").text
    number = made.location.split("?")[0].rpartition("/")[2]
    back = desk.get(f"/correct/{DIGEST}?test={KEY}&do=undo&undoes={number}").text
    assert "no longer passes" in back
    desk.post("/sign-out")
    sign_in(desk, people.learner)
    result = desk.get(f"/sittings/{attempt.id}/result").text
    for said in ("Question 1 was void", "The picture was missing", "2 of 6 points", "3 of 6 points", "Not passed", str(attempt.receipt)):
        assert said in result, said


def test_a_reason_that_may_tell_the_key_waits_for_the_review(
    desk: FlaskClient, db: Database, shelf: Shelf, people: People, trainer: Person, clock: MovableClock
) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, {"item0001": "c"})
    correct(db, wish(kind="accept", answer="c"), trainer, clock, reason="C is right as well")
    spared = sit(db, people.stranger, shelf.offerings[KEY], clock, FEW | {"item0001": "b"})
    publish(db, make_item(1, "a", digest="newer"))
    correct(db, wish(kind="key", never_lower=True), trainer, clock, reason="A it is")
    desk.post("/sign-out")
    sign_in(desk, people.learner)
    page = desk.get(f"/sittings/{attempt.id}/result").text
    assert "one more answer counts as right" in page
    assert "C is right as well" not in page
    assert "The reason is shown together with the right answers." in page
    desk.post("/sign-out")
    sign_in(desk, people.stranger)
    page = desk.get(f"/sittings/{spared.id}/result").text
    assert "Your result would have been lower by this, so it stays as it was." in page
    assert "C is right as well" in page  # has passed


def test_who_is_sitting_is_told_at_the_next_save_state_and_page(client: FlaskClient, db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
    sign_in(client, people.learner)
    client.set_cookie("lang", "en")
    url = f"/sittings/{attempt.id}"
    body = {"item": "item0002", "answer": "b", "seen": 0}
    quiet = client.post(f"{url}/answers", json=body | {"save_id": new_id()}).get_json()
    assert "notices" not in quiet
    assert "is void" not in client.get(url).text
    correct(db, wish("item0004"), people.stranger, clock)
    correct(db, wish("item0001", kind="accept", answer="c"), people.stranger, clock, reason="SECRET c")
    clock.move(seconds=2)
    told = client.post(f"{url}/answers", json=body | {"seen": 1, "save_id": new_id(), "answer": "a"}).get_json()
    text = "Question 4 is void: it counts as right for everybody. You need not answer it."
    assert {"item": "item0004", "text": text} in told["notices"]
    assert len(told["notices"]) == 2
    assert client.get(f"{url}/state").get_json()["notices"] == told["notices"]
    for path in (url, f"{url}?n=4", f"{url}/submit"):
        page = client.get(path).text
        assert text in page
        assert "SECRET" not in page
    client.get(url)
    with count_queries(db) as counted:
        client.get(url)
    assert len(counted) <= 3
    with db.reading() as session:
        made = session.scalars(select(Correction.id).where(Correction.item_id == "item0004")).one()
    correct(db, wish(digest="", kind="undo", undoes=made), people.stranger, clock)
    clock.move(seconds=2)
    assert [one["item"] for one in client.get(f"{url}/state").get_json()["notices"]] == ["item0001"]


def test_only_who_runs_the_test_for_everybody_may(client: FlaskClient, db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    with db.writing() as session:
        make_unit(session)
        own = make_learner(session, unit=people.unit, roles=(Role.TRAINER,))
        organiser = make_learner(session, roles=(Role.ORGANISER,))
    paths = (f"/corrections/{KEY}", ASKED, f"{ASKED}&do=full", f"/correct/{DIGEST}/changes.csv?test={KEY}&do=full")
    for person, status in ((people.learner, 403), (own, 403), (organiser, 403)):
        sign_in(client, person)
        assert {client.get(path).status_code for path in paths[1:]} == {status}
        assert client.get(paths[0]).status_code in (403, 404)
        assert client.post(f"/correct/{DIGEST}", data={"test": KEY, "do": "full", "reason": "x"}).status_code == status
        client.post("/sign-out")
    with db.reading() as session:
        assert session.scalars(select(Correction)).all() == []


def test_a_question_that_was_not_sat_there_is_not_found(desk: FlaskClient, db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    assert desk.get(ASKED).status_code == 404
    assert "Nobody has sat this test yet" in desk.get(f"/corrections/{KEY}").text
    sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    assert desk.get("/correct/none?test=test:quiz").status_code == 404
    assert desk.get("/correction/1").status_code == 404
    assert desk.get(f"{ASKED}&do=undo&undoes=77").status_code == 404


class Settled:
    """A room whose results are final."""

    def refuses(self, session: object, catalogue: Catalogue, offering: str) -> Phrase | None:  # noqa: ARG002
        """Final, whatever it is."""
        return phrase("These results are final.") if offering == KEY else None


class Ranked:
    """A room that ranks."""

    def moves(self, session: object, catalogue: Catalogue, offering: str, changed: dict[int, Corrected]) -> Moves | None:  # noqa: ARG002
        """As many moves as attempts."""
        return Moves(offering, len(changed), 9, ())


def test_final_results_are_refused_and_moves_of_ranks_are_shown(
    desk: FlaskClient, the_site: Site, db: Database, shelf: Shelf, people: People, clock: MovableClock
) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    the_site.parts[ResultRooms] = ResultRooms(ranked=(Ranked(),))  # type: ignore[arg-type]
    tried = desk.get(f"{ASKED}&do=full").text
    assert "1 of 9 places change" in tried
    the_site.parts[ResultRooms] = ResultRooms(settled=(Settled(),))
    assert "These results are final." in desk.get(f"{ASKED}&do=full").text
    refused = desk.post(f"/correct/{DIGEST}", data=fields_of(tried) | {"reason": "x"})
    assert (refused.status_code, "These results are final." in refused.text) == (409, True)
    assert latest(db, attempt).version == 1


@pytest.mark.parametrize("item", ALL_KINDS, ids=lambda item: item.kind)
def test_the_page_shows_questions_of_every_kind(desk: FlaskClient, db: Database, kinds: Shelf, people: People, clock: MovableClock, item: Item) -> None:
    sit(db, people.learner, kinds.offerings[KIND_KEY], clock, RIGHT_ANSWERS)
    page = desk.get(f"/correct/{item.digest}?test={KIND_KEY}").text
    assert ('value="accept"' in page) == (item.kind != "essay")
    assert 'value="full"' in page


def test_a_new_key_asks_which_choice_is_which(desk: FlaskClient, db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    publish(db, make_item(91, "a", id="item0001", digest="reworded-91"))
    page = desk.get(ASKED).text
    assert page.count("Say which one it is") == 4
    assert "It is not clear which choice is which" in desk.get(f"{ASKED}&do=key").text
    said = "&".join(f"map.choices.{letter}={letter}" for letter in "abcd")
    tried = desk.get(f"{ASKED}&do=key&{said}").text
    made = desk.post(f"/correct/{DIGEST}", data=fields_of(tried) | {"reason": "Wrong key"})
    assert made.status_code == 303
    Corrector(db, clock).run()
    assert latest(db, attempt).points == 400


def test_the_pages_in_every_language_at_a_constant_cost(
    desk: FlaskClient, db: Database, shelf: Shelf, people: People, trainer: Person, clock: MovableClock
) -> None:
    shelf.change(attempts_max=None)

    def cost(path: str) -> int:
        desk.get(path)
        with count_queries(db) as counted:
            assert desk.get(path).status_code == 200
        return len(counted)

    first = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    made = correct(db, wish("item0002"), trainer, clock)
    paths = [f"/corrections/{KEY}", ASKED, f"{ASKED}&do=full", f"/correction/{made.id}", f"/results/{KEY}", f"/attempts/{first.id}", f"/late/{KEY}"]
    before = [cost(path) for path in paths]
    for n in range(6):
        attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
        save(db, attempt, f"item000{n + 1}", "a", clock.now())
        save(db, first, f"item000{n + 1}", "a", clock.now())
    after = [cost(path) for path in paths]
    assert after == before
    assert max(before) <= 16, before
    for lang, words in (("vi", "Sửa"), ("zh", "更正")):
        desk.set_cookie("lang", lang)
        for path in paths:
            page = desk.get(path).text
            assert page.count("<h1") == 1
        assert words in desk.get(paths[0]).text


def test_a_stopped_correction_is_let_go_on(desk: FlaskClient, db: Database, shelf: Shelf, people: People, trainer: Person, clock: MovableClock) -> None:
    sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    made = correct(db, wish(), trainer, clock)
    assert desk.post(f"/correction/{made.id}/go-on").status_code == 404


def test_a_dropped_question_is_shown_as_void(desk: FlaskClient, db: Database, shelf: Shelf, people: People, trainer: Person, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    correct(db, wish(kind="drop"), trainer, clock)
    desk.post("/sign-out")
    sign_in(desk, people.learner)
    page = desk.get(f"/sittings/{attempt.id}/result").text
    assert ">Void</span>" in page
    assert "3 of 5 questions right" in page


def attempts(db: Database) -> list[Attempt]:
    with db.reading() as session:
        return list(session.scalars(select(Attempt)))


def test_submitting_after_a_correction_shows_it_without_a_former_result(
    client: FlaskClient, db: Database, shelf: Shelf, people: People, clock: MovableClock
) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW, hand_in=False)
    correct(db, wish(), people.stranger, clock)
    submit(db, attempt, clock.now())
    clock.move(seconds=2)
    sign_in(client, people.learner)
    client.set_cookie("lang", "en")
    page = client.get(f"/sittings/{attempt.id}/result").text
    assert "Your points already take this into account" in page
    assert len(attempts(db)) == 1
