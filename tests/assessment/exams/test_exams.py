"""Exams as services: for whom, when, with which revision; what is locked; codes and addresses; which keys stay back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from lms.assessment.exams.models import Exam, ExamCodeTry, ExamEvent, ExamPerson
from lms.assessment.exams.offerings import OpenExams, id_of, key_of
from lms.assessment.exams.pins import PinnedQuizzes
from lms.assessment.exams.rules.codes import FREE_TRIES
from lms.assessment.exams.service.looking import due_exams, is_watched
from lms.assessment.exams.service.making import change_exam, remove_exam
from lms.assessment.exams.service.moving import change_code, move_close
from lms.assessment.guarding import GuardedItems
from lms.assessment.models import Attempt
from lms.assessment.offerings import OfferingSources
from lms.assessment.service.desk import list_tests
from lms.assessment.service.scope import Scope
from lms.assessment.service.start import AttemptOpen, NoAttemptsLeft, start_attempt
from lms.assessment.supervision.models import AttemptEvent
from lms.content.freezing import KEY as FROZEN
from lms.content.freezing import FrozenByAll
from lms.content.models import ItemRevision
from lms.content.packages.compiler import compile_tree
from lms.content.service.loading import CatalogueHolder
from lms.content.service.publishing import publish_compiled
from lms.content.source.tree import ContentTree
from lms.errors import Conflict, Invalid, NotAllowed, NotFound, SiteError
from lms.people.models import Person
from tests.assessment.acts import submit
from tests.assessment.exams.conftest import DAY, QUIZ, Ground
from tests.content.trees import BANK, FILES

CHANGED = ContentTree(FILES | {BANK: FILES[BANK].replace("Tháo che chắn".encode(), "Tháo tấm che chắn".encode())}, "x")


def _start(ground: Ground, exam: Exam, person: Person) -> Attempt:
    offering = ground.find(exam, person)
    assert offering is not None
    with ground.db.writing() as session:
        return start_attempt(session, person_id=person.id, offering=offering, lang="vi", now=ground.clock.now(), today=DAY)


def _refuse(ground: Ground, exam: Exam, person: Person, code: str, address: str = "10.20.1.1") -> SiteError | None:
    offering = ground.find(exam, person)
    assert offering is not None
    assert offering.admits is not None
    with ground.db.writing() as session:
        return offering.admits.refuse(session, person_id=person.id, code=code, address=address, now=ground.clock.now())


def _move(ground: Ground, exam: Exam, minutes: int, **given: Any) -> int:
    asked: dict[str, Any] = {"reason": "Mất điện", "paths": (ground.unit.path,), "actor_id": ground.trainer.id} | given
    with ground.db.writing() as session:
        closes_at = exam.closes_at + timedelta(minutes=minutes)
        return move_close(session, exam_id=exam.id, offering=key_of(exam.id), closes_at=closes_at, now=ground.clock.now(), **asked)


def _publish_changed(ground: Ground) -> None:
    ground.db.info[FROZEN] = FrozenByAll(())
    with ground.db.writing() as session:
        publish_compiled(session, compile_tree(CHANGED), CHANGED, now=ground.clock.now(), actor_id=None)
    ground.site.part(CatalogueHolder).forget()


@pytest.mark.parametrize(("key", "number"), [("exam:7", 7), ("exam:x", None), ("round:7", None), ("exam:", None), ("exam:9999999999", None)])
def test_the_number_in_a_key(key: str, number: int | None) -> None:
    assert id_of(key) == number


def test_everyone_of_the_subtree_is_offered_it_and_nobody_else(ground: Ground) -> None:
    exam = ground.make()
    assert ground.find(exam, ground.first) is not None
    assert ground.find(exam, ground.second) is not None
    assert ground.find(exam, ground.stranger) is None


def test_a_list_of_people_is_offered_to_them_alone(ground: Ground) -> None:
    exam = ground.make(people=f"{ground.second.staff_code}\n  {str(ground.second.staff_code).lower()}\n")
    assert ground.find(exam, ground.first) is None
    assert ground.find(exam, ground.second) is not None
    with ground.db.reading() as session:
        assert session.scalars(select(ExamPerson.person_id)).all() == [ground.second.id]


def test_nobody_from_elsewhere_can_be_listed(ground: Ground) -> None:
    with pytest.raises(Invalid, match=f"Nobody.*{ground.stranger.staff_code}"):
        ground.make(people=f"{ground.second.staff_code}\n{ground.stranger.staff_code}")
    with ground.db.reading() as session:
        assert session.scalars(select(Exam)).all() == []


@pytest.mark.parametrize(
    ("given", "error", "why"),
    [
        pytest.param({"title": "  "}, Invalid, "title", id="no title"),
        pytest.param({"quiz": "nothing"}, Invalid, "no such quiz", id="no quiz"),
        pytest.param({"unit_id": 0}, NotFound, "unit", id="no unit"),
        pytest.param({"attempts": 0}, Invalid, "tries", id="no try"),
        pytest.param({"attempts": 21}, Invalid, "tries", id="too many tries"),
        pytest.param({"code": "ab"}, Invalid, "access code", id="a short code"),
        pytest.param({"networks": "10.0.0.0/99"}, Invalid, "10.0.0.0/99", id="no range"),
    ],
)
def test_what_cannot_be_sat_is_not_made(ground: Ground, given: dict[str, Any], error: type[SiteError], why: str) -> None:
    with pytest.raises(error, match=why):
        ground.make(**given)


def test_it_closes_after_it_opens_and_not_in_the_past(ground: Ground) -> None:
    now = ground.clock.now()
    for opens, closes in ((now, now), (now - timedelta(hours=2), now)):
        with pytest.raises(Invalid, match="close after"):
            ground.make(opens_at=opens, closes_at=closes)


def test_it_is_sat_from_the_opening_to_the_close_as_often_as_it_says(ground: Ground) -> None:
    exam = ground.make()
    with pytest.raises(NotAllowed, match="not open yet"):
        _start(ground, exam, ground.first)
    ground.clock.set(exam.opens_at)
    attempt = _start(ground, exam, ground.first)
    with pytest.raises(AttemptOpen):
        _start(ground, exam, ground.first)
    submit(ground.db, attempt, ground.clock.now())
    with pytest.raises(NoAttemptsLeft):
        _start(ground, exam, ground.first)
    ground.clock.set(exam.closes_at)
    with pytest.raises(NotAllowed, match="closed"):
        _start(ground, exam, ground.second)


def test_until_the_opening_it_follows_what_is_published_then_it_keeps_its_revision(ground: Ground) -> None:
    early, late = ground.make(), ground.make(opens_at=ground.clock.now() + timedelta(hours=2))
    first = ground.catalogue.quizzes[QUIZ].digest
    ground.clock.move(hours=1)
    _publish_changed(ground)
    second = ground.catalogue.quizzes[QUIZ].digest
    assert first != second
    found = {exam.id: ground.find(exam, ground.first) for exam in (early, late)}
    assert {exam_id: offering.quiz.digest for exam_id, offering in found.items() if offering} == {early.id: first, late.id: second}
    assert _start(ground, early, ground.first).quiz_digest == first
    with ground.db.reading() as session:
        pins = PinnedQuizzes()
        assert pins.get(session, ground.catalogue, QUIZ, "unknown") is None
        assert pins.get(session, ground.catalogue, QUIZ, first) is pins.get(session, ground.catalogue, QUIZ, first)


def test_before_the_opening_it_can_be_changed_then_it_is_locked(ground: Ground) -> None:
    exam = ground.make(people=str(ground.first.staff_code))
    asked: dict[str, Any] = {"catalogue": ground.catalogue, "exam_id": exam.id, "paths": (ground.unit.path,), "actor_id": ground.trainer.id, "today": DAY}
    with ground.db.writing() as session:
        change_exam(session, plan=ground.plan(title="Khác"), now=ground.clock.now(), **asked)
    with ground.db.reading() as session:
        found = session.scalars(select(Exam)).one()
        assert (found.title, found.listed, session.scalars(select(ExamPerson)).all()) == ("Khác", False, [])
    with pytest.raises(NotFound), ground.db.writing() as session:
        change_exam(session, plan=ground.plan(), now=ground.clock.now(), **asked | {"paths": ("/0/",)})
    with pytest.raises(Conflict, match="has opened"), ground.db.writing() as session:
        change_exam(session, plan=ground.plan(), now=exam.opens_at, **asked)


def test_it_is_deleted_only_while_nobody_has_sat_it(ground: Ground) -> None:
    sat, unsat = ground.make(), ground.make()
    ground.clock.set(sat.opens_at)
    _start(ground, sat, ground.first)
    for exam in (unsat, sat):
        asked: dict[str, Any] = {"exam_id": exam.id, "offering": key_of(exam.id), "paths": ("/",), "actor_id": ground.trainer.id}
        if exam is sat:
            with pytest.raises(Conflict, match="it stays"), ground.db.writing() as session:
                remove_exam(session, now=ground.clock.now(), **asked)
            continue
        with ground.db.writing() as session:
            remove_exam(session, now=ground.clock.now(), **asked)
    assert ground.find(sat, ground.first) is not None
    assert ground.find(unsat, ground.first) is None


def test_moving_the_close_moves_every_end_that_it_bounds(ground: Ground) -> None:
    exam = ground.make()
    ground.clock.set(exam.closes_at - timedelta(minutes=5))
    bounded = _start(ground, exam, ground.first)
    assert bounded.deadline_at == exam.closes_at
    assert _move(ground, exam, 3) == 1
    with ground.db.reading() as session:
        event = session.scalars(select(AttemptEvent)).one()
        assert (event.kind, event.seconds, event.reason) == ("close_moved", 180, "Mất điện")
        assert session.get_one(Attempt, bounded.id).deadline_at == exam.closes_at + timedelta(minutes=3)
        change = session.scalars(select(ExamEvent)).one()
        assert (change.kind, change.before) == ("close_moved", exam.closes_at.isoformat())
    assert _move(ground, exam, 60) == 1
    with ground.db.reading() as session:
        limit = ground.catalogue.quizzes[QUIZ].time_limit_s
        assert session.get_one(Attempt, bounded.id).deadline_at == bounded.started_at + timedelta(seconds=limit)
    with pytest.raises(DatabaseError, match="append-only"), ground.db.writing() as session:
        session.execute(text("DELETE FROM exam_event"))


def test_a_close_is_moved_with_a_reason_not_into_the_past_and_not_once_keys_may_be_seen(ground: Ground) -> None:
    exam, silent = ground.make(), ground.make(review="never")
    ground.clock.set(exam.closes_at - timedelta(minutes=5))
    own = _start(ground, exam, ground.first)
    for given, error in (({"reason": ""}, Invalid), ({"paths": ("/0/",)}, NotFound), ({"actor_id": ground.first.id}, NotAllowed)):
        with pytest.raises(error):
            _move(ground, exam, 10, **given)
    with pytest.raises(Invalid, match="past"):
        _move(ground, exam, -6)
    assert _move(ground, exam, -5) == 1
    with ground.db.reading() as session:
        assert session.get_one(Attempt, own.id).deadline_at == max(ground.clock.now(), own.started_at + timedelta(milliseconds=1))
    ground.clock.set(exam.closes_at)
    with pytest.raises(Conflict, match="may have been seen"):
        _move(ground, exam, 10)
    assert _move(ground, silent, 10) == 0


def test_a_wrong_code_is_counted_by_account_and_a_right_one_forgives(ground: Ground) -> None:
    exam = ground.make(code="hoi 1")
    assert exam.code == "HOI1"
    ground.clock.set(exam.opens_at)
    for _ in range(FREE_TRIES - 1):
        assert isinstance(_refuse(ground, exam, ground.first, "SAI1"), Invalid)
    assert _refuse(ground, exam, ground.first, "hoi-1") is None
    with ground.db.reading() as session:
        assert session.scalars(select(ExamCodeTry)).all() == []
    for _ in range(FREE_TRIES):
        assert isinstance(_refuse(ground, exam, ground.first, "SAI1"), Invalid)
    assert isinstance(_refuse(ground, exam, ground.first, "HOI1"), Conflict)
    assert _refuse(ground, exam, ground.second, "HOI1") is None
    ground.clock.move(minutes=1)
    assert _refuse(ground, exam, ground.first, "HOI1") is None


def test_a_changed_code_replaces_the_former_one(ground: Ground) -> None:
    exam = ground.make(code="HOI1")
    ground.clock.set(exam.opens_at)
    asked: dict[str, Any] = {"exam_id": exam.id, "reason": "Bị lộ", "paths": (ground.unit.path,), "actor_id": ground.trainer.id, "now": ground.clock.now()}
    with pytest.raises(Invalid), ground.db.writing() as session:
        change_code(session, code="x", **asked)
    with ground.db.writing() as session:
        change_code(session, code="moi 2", **asked)
    assert isinstance(_refuse(ground, exam, ground.first, "HOI1"), Invalid)
    assert _refuse(ground, exam, ground.first, "MOI2") is None


def test_addresses_are_asked_before_the_code_and_cost_no_try(ground: Ground) -> None:
    exam = ground.make(code="HOI1", networks="10.20.0.0/16\n203.0.113.7")
    assert isinstance(_refuse(ground, exam, ground.first, "SAI1", "192.0.2.1"), NotAllowed)
    with ground.db.reading() as session:
        assert session.scalars(select(ExamCodeTry)).all() == []
    assert _refuse(ground, exam, ground.first, "HOI1", "10.20.9.9") is None


def test_keys_of_an_open_exam_stay_back_from_its_opening_to_its_close(ground: Ground) -> None:
    exam = ground.make()
    guard = next(room for room in ground.site.part(GuardedItems).rooms if isinstance(room, OpenExams))  # type: ignore[type-abstract, attr-defined]
    with ground.db.reading() as session:
        ids = session.scalars(select(ItemRevision.item_id)).all()
        found = [guard.guarded_until(session, ground.catalogue, ids, at) for at in (exam.opens_at - timedelta(seconds=1), exam.opens_at, exam.closes_at)]
        assert found == [None, exam.closes_at, None]
        assert guard.guarded_until(session, ground.catalogue, ["another"], exam.opens_at) is None


def test_a_learner_is_told_of_what_is_due_until_it_is_sat(ground: Ground) -> None:
    exam = ground.make()
    later = ground.make(opens_at=ground.clock.now() + timedelta(days=15), closes_at=ground.clock.now() + timedelta(days=16))

    def due(person: Person) -> list[tuple[int, str, int, bool]]:
        with ground.db.reading() as session:
            found = due_exams(session, person_id=person.id, on=DAY, now=ground.clock.now())
        return [(one.exam.id, one.phase, one.left, one.going_on) for one in found]

    assert due(ground.first) == [(exam.id, "coming", 1, False)]
    assert due(ground.stranger) == []
    ground.clock.set(exam.opens_at)
    attempt = _start(ground, exam, ground.first)
    assert due(ground.first) == [(exam.id, "open", 0, True)]
    submit(ground.db, attempt, ground.clock.now())
    assert due(ground.first) == []
    assert later.id not in {one[0] for one in due(ground.second)}


def test_only_an_exam_that_says_so_is_watched(ground: Ground) -> None:
    plain, watched = ground.make(), ground.make(watch=True)
    with ground.db.reading() as session:
        keys = (key_of(plain.id), key_of(watched.id), "course:x", "exam:x")
        assert [is_watched(session, key) for key in keys] == [False, True, False, False]


def test_the_desk_lists_an_exam_to_whom_its_unit_is_given(ground: Ground) -> None:
    exam = ground.make()
    with ground.db.reading() as session:
        listed = ground.site.part(OfferingSources).listed(session, ground.catalogue)
        for path, shown in ((ground.unit.path, True), ("/", True), ("/0/", False)):
            lines = list_tests(session, scope=Scope(0, {"": (path,)}), listed=listed)
            assert (key_of(exam.id) in {line.key for line in lines}) is shown
