"""Waivers: who is excused is not missing, for those days only, and never fit for work by it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.certification.models import TrainingWaiver
from lms.certification.rules.standing import STANDINGS
from lms.certification.rules.waivers import MOST_DAYS, Waiver, refuse_days, waived_until
from lms.certification.service.desk import Counts, read_desk
from lms.certification.service.fitness import ask_fitness
from lms.certification.service.marks import mark_period
from lms.certification.service.overview import Overview, open_desk
from lms.certification.service.statuses import build
from lms.certification.service.waivers import end_waiver, read_waivers, waive
from lms.content.catalogue import Catalogue
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.certification.make import G1, G4, NOW, TODAY, Company, make_trained

LAST = TODAY + timedelta(days=30)
DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))
WAIVERS = st.lists(st.builds(Waiver, DAYS, DAYS, st.none() | DAYS), max_size=5)


def give(session: Session, company: Company, catalogue: Catalogue, n: int = 1, **given: object) -> TrainingWaiver:
    plain = {
        "catalogue": catalogue,
        "person_id": company.workers[n].id,
        "scheme": G4,
        "from_on": TODAY,
        "until_on": LAST,
        "reason": "nghỉ thai sản",
        "paths": company.paths,
        "actor_id": company.officer.id,
        "today": TODAY,
        "now": NOW,
    }
    return waive(session, **plain | given)  # type: ignore[arg-type]


@pytest.fixture()
def trained(db: Database, company: Company, catalogue: Catalogue) -> Company:
    """All three workers need group 4; the first has it."""
    with db.writing() as session:
        make_trained(session, company, catalogue)
    return company


@pytest.mark.parametrize(
    ("day", "held"),
    [
        pytest.param(TODAY - timedelta(days=1), False, id="day before"),
        pytest.param(TODAY, True, id="first day"),
        pytest.param(LAST, True, id="last day"),
        pytest.param(LAST + timedelta(days=1), False, id="day after"),
    ],
)
def test_a_waiver_holds_on_its_days_and_ends_by_itself(day: date, held: bool) -> None:
    assert waived_until([Waiver(TODAY, LAST)], "none", day) == (LAST if held else None)


@given(WAIVERS, DAYS)
def test_order_changes_nothing_and_the_end_is_honoured(waivers: list[Waiver], day: date) -> None:
    until = waived_until(waivers, "none", day)
    assert until == waived_until(reversed(waivers), "none", day)
    assert until is None or until >= day
    assert (until is not None) == any(w.from_on <= day <= w.until_on and (w.ended_on is None or day < w.ended_on) for w in waivers)


@pytest.mark.parametrize("standing", STANDINGS)
def test_only_missing_training_is_waived(standing: str) -> None:
    assert bool(waived_until([Waiver(TODAY, LAST)], standing, TODAY)) is (standing in ("none", "expired", "retrain_required"))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        pytest.param(TODAY, TODAY, None, id="one day"),
        pytest.param(TODAY, TODAY + timedelta(days=MOST_DAYS - 1), None, id="the longest"),
        pytest.param(TODAY, TODAY + timedelta(days=MOST_DAYS), "at most", id="a day longer"),
        pytest.param(TODAY - timedelta(days=1), LAST, "past", id="begins yesterday"),
        pytest.param(LAST, TODAY, "before the first", id="ends before it begins"),
        pytest.param(TODAY, date(9999, 12, 31), "at most", id="for ever"),
    ],
)
def test_days_of_a_waiver(first: date, last: date, words: str | None) -> None:
    refused = refuse_days(first, last, TODAY)
    assert (refused is None) if words is None else (refused is not None and words in str(refused))


def test_the_desk_does_not_count_who_is_excused_as_missing_until_the_last_day(db: Database, trained: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        give(session, trained, catalogue)
    with db.reading() as session:
        wanted = {"catalogue": catalogue, "paths": trained.paths, "scheme": None}
        desk = read_desk(session, as_of=TODAY, **wanted)  # type: ignore[arg-type]
        assert desk.counts == Counts(valid=1, never=1, waived=1)
        assert desk.counts.total == 3
        assert [row.waived_until for row in desk.rows] == [None, LAST, None]
        for day, counts in ((LAST, Counts(valid=1, never=1, waived=1)), (LAST + timedelta(days=1), Counts(valid=1, never=2))):
            assert read_desk(session, as_of=day, **wanted).counts == counts  # type: ignore[arg-type]
        before = NOW - timedelta(seconds=1)
        assert read_desk(session, as_of=TODAY, known_at=before, **wanted).counts.waived == 0  # type: ignore[arg-type]


def test_the_cache_and_the_function_show_the_same(db: Database, trained: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        for n in (0, 1, 2):
            give(session, trained, catalogue, n)
        last = session.scalars(select(TrainingWaiver).order_by(TrainingWaiver.id.desc())).first()
        assert last is not None
        end_waiver(session, waiver_id=last.id, paths=trained.paths, actor_id=trained.officer.id, today=TODAY, now=NOW)
    list(build(db, catalogue, today=TODAY, now=NOW))
    with db.reading() as session:
        quick = open_desk(session, catalogue=catalogue, paths=trained.paths, scheme=None, as_of=TODAY, today=TODAY)
        slow = read_desk(session, catalogue=catalogue, paths=trained.paths, scheme=None, as_of=TODAY)
        assert isinstance(quick, Overview)
        assert quick.counts == slow.counts == Counts(valid=1, never=1, waived=1)
        for tiles in (("waived",), ("never",), ("valid",), ("bad", "never", "expiring", "waived", "valid")):
            assert quick.page(tiles, 1, 50) == slow.page(tiles, 1, 50)


@pytest.mark.parametrize("scheme", [None, G4])
def test_who_is_excused_is_not_fit_for_work(db: Database, trained: Company, catalogue: Catalogue, scheme: str | None) -> None:
    with db.writing() as session:
        give(session, trained, catalogue)
    with db.reading() as session:
        words = trained.workers[1].staff_code or ""
        [one], _ = ask_fitness(session, catalogue=catalogue, paths=trained.paths, words=words, scheme=scheme, as_of=TODAY)
    assert not one.fit
    assert [stands.value for _, stands in one.standings] == ["none"]


def test_a_suspension_is_not_hidden_by_a_waiver(db: Database, company: Company, catalogue: Catalogue) -> None:
    with db.writing() as session:
        period_id = make_trained(session, company, catalogue)[0].period_id
        officer = {"paths": company.paths, "actor_id": company.officer.id, "today": TODAY, "now": NOW}
        mark_period(session, period_id=period_id, kind="suspended", cause="evidence", note="", **officer)  # type: ignore[arg-type]
        give(session, company, catalogue, 0)
    with db.reading() as session:
        assert read_desk(session, catalogue=catalogue, paths=company.paths, scheme=None, as_of=TODAY).counts.bad == 1


def test_ending_keeps_the_past_and_what_was_known(db: Database, trained: Company, catalogue: Catalogue) -> None:
    person = [trained.workers[1].id]
    later, at = TODAY + timedelta(days=5), NOW + timedelta(days=5)
    officer = {"paths": trained.paths, "actor_id": trained.officer.id, "today": later, "now": at}
    with db.writing() as session:
        waiver_id = give(session, trained, catalogue).id
        end_waiver(session, waiver_id=waiver_id, **officer)  # type: ignore[arg-type]
        with pytest.raises(Conflict):
            end_waiver(session, waiver_id=waiver_id, **officer)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            end_waiver(session, waiver_id=waiver_id + 9, **officer)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            end_waiver(session, waiver_id=waiver_id, **officer | {"paths": (trained.other.path,)})  # type: ignore[arg-type]
    with db.reading() as session:
        assert read_waivers(session, person, later) == {}
        assert read_waivers(session, person, later - timedelta(days=1)) == {(person[0], G4): [Waiver(TODAY, LAST, later)]}
        assert read_waivers(session, person, later, at - timedelta(seconds=1)) == {(person[0], G4): [Waiver(TODAY, LAST)]}
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == str(person[0])).order_by(AuditEvent.id)).all()
    assert list(acts)[-2:] == ["waive", "waiver_ended"]
    with db.writing() as session:
        give(session, trained, catalogue, from_on=later, today=later, now=at)


def test_what_cannot_be_waived(db: Database, trained: Company, catalogue: Catalogue) -> None:
    cases: list[tuple[dict[str, object], type[Exception]]] = [
        ({"person_id": trained.stranger.id}, NotFound),
        ({"scheme": "no-such-scheme"}, NotFound),
        ({"actor_id": trained.workers[1].id}, NotAllowed),
        ({"reason": "  "}, Invalid),
        ({"until_on": TODAY - timedelta(days=1)}, Invalid),
        ({"scheme": G1}, Conflict),
    ]
    for given_, error in cases:
        with pytest.raises(error), db.writing() as session:
            give(session, trained, catalogue, **given_)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        pytest.param(TODAY, LAST, True, id="the same"),
        pytest.param(LAST, LAST, True, id="the last day again"),
        pytest.param(LAST + timedelta(days=1), LAST + timedelta(days=9), False, id="from the day after"),
    ],
)
def test_two_waivers_do_not_overlap(db: Database, trained: Company, catalogue: Catalogue, first: date, last: date, refused: bool) -> None:
    with db.writing() as session:
        give(session, trained, catalogue)
        if refused:
            with pytest.raises(Conflict):
                give(session, trained, catalogue, from_on=first, until_on=last)
        else:
            give(session, trained, catalogue, from_on=first, until_on=last)
