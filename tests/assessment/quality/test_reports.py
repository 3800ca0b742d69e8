"""A learner reports a question of an own paper, once, a few a day; a trainer answers once; nothing of it tells a key or a name."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from lms.assessment.models import Attempt
from lms.assessment.quality.models import ItemReport, ItemReportAnswer
from lms.assessment.quality.service.reports import PER_DAY, REASONS, WORDS_MOST, answer_report, list_own, list_reports, report_item
from lms.clock import MovableClock
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.assessment.acts import start, submit
from tests.assessment.conftest import ITEMS, KEY, People, Shelf
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in


@pytest.fixture()
def attempt(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> Attempt:
    """An open try of the learner."""
    return start(db, people.learner, shelf.offerings[KEY], clock.now())


@pytest.fixture()
def trainer(db: Database) -> Person:
    """A trainer of some unit."""
    with db.writing() as session:
        return make_learner(session, unit=make_unit(session), roles=(Role.TRAINER,))


def report(db: Database, attempt: Attempt, clock: MovableClock, item_id: str = "item0001", **given: object) -> int:
    values = {"person_id": attempt.person_id, "reason": "unclear", "words": "Không rõ"} | given
    with db.writing() as session:
        return report_item(session, attempt_id=attempt.id, item_id=item_id, now=clock.now(), **values).id  # type: ignore[arg-type]


def answer(db: Database, report_id: int, actor: Person, clock: MovableClock, outcome: str = "done", words: str = "Đã sửa") -> None:
    with db.writing() as session:
        answer_report(session, report_id=report_id, actor_id=actor.id, outcome=outcome, words=words, now=clock.now())


def test_a_question_is_reported_once_and_answered_once(db: Database, attempt: Attempt, trainer: Person, people: People, clock: MovableClock) -> None:
    made = report(db, attempt, clock)
    with pytest.raises(Conflict):
        report(db, attempt, clock)
    answer(db, made, trainer, clock)
    with pytest.raises(Conflict):
        answer(db, made, people.stranger, clock)
    with db.reading() as session:
        own = list_own(session, attempt_id=attempt.id)["item0001"]
        assert own.answer is not None
        assert (own.report.digest, own.report.words, own.answer.words, own.answer.answered_by) == (ITEMS["item0001"].digest, "Không rõ", "Đã sửa", trainer.id)
        assert list_reports(session, waiting=True)[1] == 0
        assert list_reports(session, waiting=False, offering=KEY, page=1)[1] == 1
        assert [row.action for row in session.scalars(select(AuditEvent))] == ["item_report_answered"]


WRONG = [
    pytest.param({"reason": "spite"}, Invalid, id="unknown reason"),
    pytest.param({"words": "x" * (WORDS_MOST + 1)}, Invalid, id="too long"),
    pytest.param({"item_id": "item9999"}, NotFound, id="not in the paper"),
]


@pytest.mark.parametrize(("given", "refused"), WRONG)
def test_what_cannot_be_reported(db: Database, attempt: Attempt, clock: MovableClock, given: dict[str, str], refused: type[Exception]) -> None:
    with pytest.raises(refused):
        report(db, attempt, clock, **given)
    assert report(db, attempt, clock, words="x" * WORDS_MOST)


def test_another_persons_paper_is_not_there(db: Database, attempt: Attempt, people: People, clock: MovableClock, client: FlaskClient) -> None:
    with pytest.raises(NotFound):
        report(db, attempt, clock, person_id=people.stranger.id)
    sign_in(client, people.stranger)
    assert client.get(f"/sittings/{attempt.id}/questions/item0001/report").status_code == 404
    assert client.post(f"/sittings/{attempt.id}/questions/item0001/report", data={"reason": "key"}).status_code == 404


def test_past_so_many_a_day_no_more_are_taken(db: Database, shelf: Shelf, attempt: Attempt, people: People, clock: MovableClock) -> None:
    ids = list(ITEMS)
    for n in range(PER_DAY):
        if n and n % len(ids) == 0:
            submit(db, attempt, clock.now())
            shelf.change(attempts_max=None)
            attempt = start(db, people.learner, shelf.offerings[KEY], clock.now())
        report(db, attempt, clock, ids[n % len(ids)])
    with pytest.raises(NotAllowed):
        report(db, attempt, clock, ids[PER_DAY % len(ids)])
    clock.move(days=1)
    assert report(db, attempt, clock, ids[PER_DAY % len(ids)])


def test_a_refusal_needs_words(db: Database, attempt: Attempt, trainer: Person, clock: MovableClock) -> None:
    made = report(db, attempt, clock)
    for outcome, words in (("declined", " "), ("maybe", "x"), ("done", "x" * (WORDS_MOST + 1))):
        with pytest.raises(Invalid):
            answer(db, made, trainer, clock, outcome, words)
    with pytest.raises(NotFound):
        answer(db, made + 1, trainer, clock)
    answer(db, made, trainer, clock, "declined", "Luật nói như vậy")


@pytest.mark.parametrize("table", [ItemReport, ItemReportAnswer])
def test_reports_and_answers_are_never_changed(db: Database, attempt: Attempt, trainer: Person, clock: MovableClock, table: type) -> None:
    answer(db, report(db, attempt, clock), trainer, clock)
    with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
        session.execute(table.__table__.update().values(words="x"))  # type: ignore[attr-defined]


def test_from_the_sitting_to_the_reply_without_a_key(
    db: Database, attempt: Attempt, trainer: Person, people: People, clock: MovableClock, client: FlaskClient
) -> None:
    sign_in(client, people.learner)
    address = f"/sittings/{attempt.id}/questions/item0001/report"
    assert address in client.get(f"/sittings/{attempt.id}").text
    page = client.get(address).text
    assert "prompt 1" in page
    assert "SECRET" not in page
    assert client.post(address, data={}).status_code == 422
    assert client.post(address, data={"reason": "key", "words": "Đáp án <b>sai</b>"}).location == f"/sittings/{attempt.id}?n=1"
    assert "Đáp án &lt;b&gt;sai&lt;/b&gt;" in client.get(address).text
    assert client.post(address, data={"reason": "key"}).status_code == 409
    client.post("/sign-out")
    sign_in(client, trainer)
    waiting = client.get("/quality/reports").text
    assert "Đáp án &lt;b&gt;sai&lt;/b&gt;" in waiting
    assert people.learner.full_name not in waiting
    with db.reading() as session:
        made = session.scalar(select(ItemReport.id))
    assert client.post(f"/quality/reports/{made}", data={"outcome": "declined"}).status_code == 422
    assert client.post(f"/quality/reports/{made}", data={"outcome": "done", "words": "Cảm ơn, đã sửa"}).status_code == 303
    client.post("/sign-out")
    submit(db, attempt, clock.now())
    sign_in(client, people.learner)
    shown = client.get(f"/sittings/{attempt.id}/result").text
    assert "Cảm ơn, đã sửa" in shown
    assert "SECRET" not in shown
    closed = client.get(address).text
    assert "Cảm ơn, đã sửa" in closed
    assert "prompt 1" not in closed, "what may be shown after the end is for the review to say"


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words_in_every_language(
    db: Database, attempt: Attempt, people: People, client: FlaskClient, clock: MovableClock, reason: str
) -> None:
    sign_in(client, people.learner)
    seen = set()
    for lang in ("vi", "zh", "en"):
        client.set_cookie("lang", lang)
        page = client.get(f"/sittings/{attempt.id}/questions/item0002/report").text
        seen.add(page.partition(f'value="{reason}"')[2].partition("</label>")[0])
    assert len(seen) == 3


def test_the_list_of_reports_costs_the_same_however_many(db: Database, attempt: Attempt, trainer: Person, clock: MovableClock, client: FlaskClient) -> None:
    sign_in(client, trainer)
    report(db, attempt, clock, "item0001")
    client.get("/quality/reports")
    with count_queries(db) as few:
        client.get("/quality/reports")
    for item_id in list(ITEMS)[1:]:
        report(db, attempt, clock, item_id)
    client.get("/quality/reports")
    with count_queries(db) as many:
        assert client.get("/quality/reports?all=1").text.count('class="card"') == len(ITEMS)
    assert len(many) == len(few)
