"""Late answers: listed with what is known of them, decided once by whoever may, never to anybody's loss."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DatabaseError

from lms.assessment.correction_models import LateDecision
from lms.assessment.models import Attempt, LateSave
from lms.assessment.service.late import LateAnswer, decide_late, late_outcomes, list_late
from lms.assessment.service.look import items_of
from lms.assessment.service.scope import Scope
from lms.assessment.settling import ResultRooms
from lms.clock import MovableClock, to_ms
from lms.errors import Conflict, Invalid, NotFound
from lms.people.rules import Role
from lms.platform.db import Database
from lms.platform.site import Site
from tests.assessment.acts import save, submit
from tests.assessment.conftest import KEY, People, Shelf
from tests.assessment.correcting import correct, latest, sit, wish
from tests.assessment.test_correcting import FEW, versions
from tests.assessment.test_correction_pages import Settled
from tests.assessment.test_races import at_once
from tests.counting import count_queries
from tests.make import make_learner, sign_in

ALL = {"": ("/",)}


def send_late(db: Database, attempt: Attempt, clock: MovableClock, item_id: str = "item0001", answer: str = "b", **given: object) -> int:
    """An answer after the end; its id."""
    assert save(db, attempt, item_id, answer, clock.now(), **given).outcome == "late"
    with db.reading() as session:
        return session.scalar(select(func.max(LateSave.id))) or 0


def decide(
    db: Database, late_id: int, person_id: int, clock: MovableClock, *, accept: bool = True, paths: tuple[str, ...] = ("/",), **given: object
) -> LateDecision:
    values = {"replace_later": False, "reason": "Mất mạng"} | given
    with db.writing() as session:
        scope = Scope(person_id, {"": paths})
        return decide_late(session, late_id=late_id, scope=scope, accept=accept, now=clock.now(), **values)[0]  # type: ignore[arg-type]


def listed(db: Database, person_id: int = 0) -> list[LateAnswer]:
    with db.reading() as session:
        return list_late(session, offering=KEY, scope=Scope(person_id, ALL))[0]


def test_accepted_it_counts_in_a_new_version_with_its_reason(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    late_id = send_late(db, attempt, clock, seen=1)
    [one] = listed(db)
    assert (one.n, one.answer, one.in_time, one.overtaken, one.decision, one.name) == (1, "b", "a", False, None, people.learner.full_name)
    made = decide(db, late_id, people.stranger.id, clock)
    assert (made.decision, made.version) == ("accepted", 2)
    assert [result.points for result in versions(db, attempt)] == [300, 400]
    assert items_of(latest(db, attempt))[0].answer == "b"
    with db.reading() as session:
        [outcome] = late_outcomes(session, attempt_id=attempt.id)
        assert (outcome.n, outcome.decision, outcome.used, outcome.reason) == (1, "accepted", True, "Mất mạng")
    with pytest.raises(Conflict, match="decided already"):
        decide(db, late_id, people.stranger.id, clock, accept=False)
    with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
        session.execute(delete(LateDecision))


def test_left_it_stays_out(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    made = decide(db, send_late(db, attempt, clock), people.stranger.id, clock, accept=False, reason="")
    assert (made.decision, made.version, len(versions(db, attempt))) == ("left", None, 1)


def test_a_late_answer_never_lowers_a_result(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW | {"item0001": "b"})
    made = decide(db, send_late(db, attempt, clock, answer="a", seen=1), people.stranger.id, clock)
    assert (made.decision, made.version, len(versions(db, attempt))) == ("accepted", None, 1)


def test_a_later_answer_in_time_is_replaced_only_on_demand(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    late_id = send_late(db, attempt, clock, seen=0)
    assert listed(db)[0].overtaken
    with pytest.raises(Invalid, match="later answer"):
        decide(db, late_id, people.stranger.id, clock)
    assert decide(db, late_id, people.stranger.id, clock, replace_later=True).version == 2


def test_it_is_scored_with_the_corrections_in_force(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    correct(db, wish(kind="accept", answer="c"), people.stranger, clock)
    decide(db, send_late(db, attempt, clock, answer="c", seen=1), people.stranger.id, clock)
    assert latest(db, attempt).points == 400


@pytest.mark.parametrize(
    ("sent_after_s", "client_after_s", "words"),
    [(-1, None, "had been handed in"), (60, -5, "in time by the clock of the device"), (60, 7, "answered 7 s after"), (60, None, "is not known")],
)
def test_why_it_is_late_as_far_as_the_times_tell(
    db: Database, shelf: Shelf, people: People, clock: MovableClock, sent_after_s: int, client_after_s: int | None, words: str
) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    clock.set(attempt.deadline_at + timedelta(seconds=sent_after_s))
    client_ms = None if client_after_s is None else to_ms(attempt.deadline_at + timedelta(seconds=client_after_s))
    send_late(db, attempt, clock, client_ms=client_ms)
    assert words in str(listed(db)[0].why)


def test_a_reason_is_needed_and_only_the_own_part_is_decided_never_the_own_paper(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    late_id = send_late(db, attempt, clock, seen=1)
    for reason in (" ", "x" * 1001):
        with pytest.raises(Invalid):
            decide(db, late_id, people.stranger.id, clock, reason=reason)
    for person_id, paths in ((people.learner.id, ("/",)), (people.stranger.id, ("/999/",)), (people.stranger.id, ())):
        with pytest.raises(NotFound):
            decide(db, late_id, person_id, clock, paths=paths)
    assert len(versions(db, attempt)) == 1


def test_of_two_who_decide_at_once_one_is_told(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    late_id = send_late(db, attempt, clock, seen=1)
    made = at_once(*[lambda: decide(db, late_id, people.stranger.id, clock)] * 3)
    assert sorted(type(one).__name__ for one in made) == ["Conflict", "Conflict", "LateDecision"]
    assert len(versions(db, attempt)) == 2


def test_the_page_decides_and_the_learner_is_told(client: FlaskClient, db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    first = send_late(db, attempt, clock, seen=0)
    second = send_late(db, attempt, clock, item_id="item0004")
    third = send_late(db, attempt, clock, item_id="item0002", answer="a", seen=1)
    with db.writing() as session:
        trainer = make_learner(session, unit=people.unit, roles=(Role.TRAINER,))
    sign_in(client, trainer)
    client.set_cookie("lang", "en")
    page = client.get(f"/late/{KEY}").text
    assert page.count('name="decision" value="accept"') == 3
    assert "choice 4b" in page
    with count_queries(db) as counted:
        client.get(f"/late/{KEY}")
    assert len(counted) <= 8
    refused = client.post(f"/late/{KEY}", data={"late": first, "decision": "accept", "reason": "Kept words"})
    assert (refused.status_code, "A later answer was saved in time" in refused.text, "Kept words" in refused.text) == (422, True, True)
    client.post(f"/late/{KEY}", data={"late": first, "decision": "accept", "reason": "Two windows", "replace": "1"})
    client.post(f"/late/{KEY}", data={"late": second, "decision": "leave", "reason": "Far too late"})
    client.post(f"/late/{KEY}", data={"late": third, "decision": "accept", "reason": "As asked"})
    assert client.post(f"/late/{KEY}", data={"late": 99, "decision": "accept"}).status_code == 404
    page = client.get(f"/late/{KEY}").text
    assert "Accepted; the result would have been lower and stays" in page
    assert "An answer that came late was accepted" in client.get(f"/attempts/{attempt.id}").text
    client.post("/sign-out")
    sign_in(client, people.learner)
    page = client.get(f"/sittings/{attempt.id}/result").text
    for said in ("accepted and counts", "Two windows", "does not count", "Far too late", "would have been lower with it", "3 of 6 points", "4 of 6 points"):
        assert said in page, said


def test_results_as_a_list_and_a_file(client: FlaskClient, db: Database, shelf: Shelf, people: People, clock: MovableClock) -> None:
    with db.writing() as session:
        evil = make_learner(session, unit=people.unit, full_name="=cmd|'/C calc'!A0", staff_code="@x")
        trainer = make_learner(session, unit=people.unit, roles=(Role.TRAINER,))
    for person in (people.learner, evil, people.stranger):
        sit(db, person, shelf.offerings[KEY], clock, FEW)
    running = sit(db, people.learner, shelf.offerings[KEY], clock, {}, hand_in=False)
    sign_in(client, trainer)
    client.set_cookie("lang", "en")
    page = client.get(f"/results/{KEY}").text
    assert people.learner.full_name in page
    assert people.stranger.full_name not in page  # works in no unit
    file = client.get(f"/results-file/{KEY}")
    lines = file.text.splitlines()
    assert len(lines) == 4
    assert "'=cmd|'/C calc'!A0,'@x" in lines[2]
    assert lines[1].startswith("1," if db.on_sqlite else "")
    assert ",submitted," in lines[1]
    assert lines[1].endswith(",3.0,6.0,3,6,0,1,1")
    assert ",open," in lines[3]
    assert "attachment" in file.headers["Content-Disposition"]
    submit(db, running, clock.now())
    with db.reading() as session:
        [other] = session.scalars(select(Attempt.id).where(Attempt.person_id == people.stranger.id))
    assert client.get(f"/attempts/{other}").status_code == 404


def test_final_results_are_not_changed_by_a_late_answer(
    client: FlaskClient, the_site: Site, db: Database, shelf: Shelf, people: People, clock: MovableClock
) -> None:
    attempt = sit(db, people.learner, shelf.offerings[KEY], clock, FEW)
    late_id = send_late(db, attempt, clock, seen=1)
    with db.writing() as session:
        trainer = make_learner(session, unit=people.unit, roles=(Role.TRAINER,))
    sign_in(client, trainer)
    the_site.parts[ResultRooms] = ResultRooms(settled=(Settled(),))
    assert client.post(f"/late/{KEY}", data={"late": late_id, "decision": "accept", "reason": "x"}).status_code == 409
    assert (len(versions(db, attempt)), listed(db)[0].decision) == (1, None)
