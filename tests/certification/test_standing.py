"""Standing: every value, its first and last day, and the functions' laws."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.certification.rules.standing import STANDINGS, standing
from lms.certification.rules.terms import Mark, Period, Record, Trigger
from tests.certification.make import LATER, make_scheme, make_terms, mark, period, record_of, trigger

FIRST, LAST = date(2024, 3, 10), date(2026, 3, 10)
G1 = make_scheme()
G4 = make_scheme(recorded=True)
ONE = record_of(period(1, FIRST, LAST))


@pytest.mark.parametrize(
    ("day", "value"),
    [
        pytest.param(FIRST - timedelta(days=1), "none", id="the day before it begins"),
        pytest.param(FIRST, "valid", id="first day"),
        pytest.param(LAST - timedelta(days=61), "valid", id="last day before the warning"),
        pytest.param(LAST - timedelta(days=60), "expiring", id="first day of the warning"),
        pytest.param(LAST, "expiring", id="last day"),
        pytest.param(LAST + timedelta(days=1), "expired", id="first day after"),
    ],
)
def test_a_period_speaks_through_its_last_day(day: date, value: str) -> None:
    assert standing(G1, ONE, as_of=day, known_at=LATER).value == value


def test_group_4_shows_valid_as_recorded_and_words_of_its_own() -> None:
    found = standing(G4, ONE, as_of=FIRST, known_at=LATER)
    assert (found.value, found.shown, str(found.reason)) == ("valid", "recorded", "Recorded; the next training is due by 2026-03-10.")
    assert standing(G4, ONE, as_of=LAST, known_at=LATER).shown == "expiring"
    assert "due by" in str(standing(G4, ONE, as_of=date(2027, 1, 1), known_at=LATER).reason)


def test_no_period_is_none_with_what_to_do() -> None:
    found = standing(G1, Record(), as_of=FIRST, known_at=LATER)
    assert (found.value, found.next_on, found.period_id) == ("none", None, None)
    assert found.to_do is not None


def test_the_next_date_is_when_the_value_changes() -> None:
    assert standing(G1, ONE, as_of=date(2024, 1, 1), known_at=LATER).next_on == FIRST
    assert standing(G1, ONE, as_of=FIRST, known_at=LATER).next_on == LAST - timedelta(days=60)
    assert standing(G1, ONE, as_of=LAST, known_at=LATER).next_on == LAST + timedelta(days=1)
    assert standing(G1, ONE, as_of=date(2027, 1, 1), known_at=LATER).next_on is None


def test_a_renewal_that_follows_without_a_gap_prolongs_and_one_after_a_gap_does_not() -> None:
    joined = record_of(period(1, FIRST, LAST), period(2, LAST + timedelta(days=1), date(2028, 3, 10), at=datetime(2026, 2, 1, tzinfo=UTC)))
    found = standing(G1, joined, as_of=date(2026, 2, 1), known_at=LATER)
    assert (found.value, found.until_on, found.period_id) == ("valid", date(2028, 3, 10), 1)
    gap = record_of(period(1, FIRST, LAST), period(2, LAST + timedelta(days=2), date(2028, 3, 10), at=datetime(2026, 2, 1, tzinfo=UTC)))
    assert standing(G1, gap, as_of=date(2026, 2, 1), known_at=LATER).value == "expiring"


def test_a_period_without_an_end_never_expires_and_prolongs_for_ever() -> None:
    found = standing(G1, record_of(period(1, FIRST, None)), as_of=date(2090, 1, 1), known_at=LATER)
    assert (found.value, found.until_on, found.next_on) == ("valid", None, None)
    later = record_of(period(1, FIRST, LAST), period(2, LAST, None, at=datetime(2025, 1, 1, tzinfo=UTC)))
    assert standing(G1, later, as_of=date(2026, 3, 1), known_at=LATER).until_on is None


def test_a_trigger_outweighs_the_dates_until_a_later_period_answers_it() -> None:
    called = record_of(period(1, FIRST, LAST), trigger(1, date(2025, 1, 1)))
    assert standing(G1, called, as_of=date(2024, 12, 31), known_at=LATER).value == "valid"
    found = standing(G1, called, as_of=date(2025, 1, 1), known_at=LATER)
    assert (found.value, str(found.reason)) == ("retrain_required", "A change of job on 2025-01-01 calls for training again.")
    assert standing(G1, called, as_of=date(2026, 12, 1), known_at=LATER).value == "retrain_required"
    answered = record_of(period(1, FIRST, LAST), trigger(1, date(2025, 1, 1), kind="unheard of"), period(2, date(2025, 1, 1), date(2027, 1, 1)))
    assert standing(G1, answered, as_of=date(2025, 1, 1), known_at=LATER).value == "valid"


def test_a_suspension_holds_until_it_is_lifted_and_a_revocation_for_good() -> None:
    marks = (
        mark(1, "suspended", date(2025, 1, 1)),
        mark(2, "reinstated", date(2025, 2, 1)),
        mark(3, "revoked", date(2025, 3, 1)),
        mark(4, "reinstated", date(2025, 4, 1)),
    )
    known = record_of(period(1, FIRST, LAST, *marks), trigger(1, date(2025, 1, 15)))
    days = {
        date(2025, 1, 1): "suspended",
        date(2025, 2, 1): "retrain_required",
        date(2025, 3, 1): "revoked",
        date(2025, 5, 1): "revoked",
        date(2027, 1, 1): "revoked",
    }
    assert {day: standing(G1, known, as_of=day, known_at=LATER).value for day in days} == days
    assert str(standing(G1, known, as_of=date(2025, 1, 20), known_at=LATER).reason) == "Suspended from 2025-01-01."
    assert str(standing(G1, known, as_of=date(2025, 5, 1), known_at=LATER).reason) == "Revoked from 2025-03-01."


def test_new_training_after_a_revocation_speaks_and_a_superseded_period_does_not() -> None:
    again = record_of(period(1, FIRST, LAST, mark(1, "revoked", date(2025, 3, 1))), period(2, date(2025, 6, 1), date(2027, 6, 1)))
    assert standing(G1, again, as_of=date(2025, 6, 1), known_at=LATER).value == "valid"
    replaced = record_of(period(1, FIRST, LAST, mark(1, "superseded", FIRST)))
    assert standing(G1, replaced, as_of=date(2025, 6, 1), known_at=LATER).value == "none"


def test_what_we_knew_then_differs_from_what_was_true() -> None:
    late = record_of(period(1, FIRST, LAST, mark(1, "revoked", date(2025, 3, 1), at=datetime(2025, 9, 1, tzinfo=UTC)), at=datetime(2024, 6, 1, tzinfo=UTC)))
    day = date(2025, 5, 1)
    assert standing(G1, late, as_of=day, known_at=datetime(2024, 5, 31, tzinfo=UTC)).value == "none"
    assert standing(G1, late, as_of=day, known_at=datetime(2025, 8, 31, tzinfo=UTC)).value == "valid"
    assert standing(G1, late, as_of=day, known_at=datetime(2025, 9, 1, tzinfo=UTC)).value == "revoked"


def test_a_new_version_of_the_law_keeps_the_dates_and_changes_the_warning() -> None:
    old, new = make_terms(to_on=date(2025, 12, 31), warn_days=30), make_terms(from_on=date(2026, 1, 1), warn_days=90, cycle_months=12)
    scheme = make_scheme(old, new)
    assert standing(scheme, ONE, as_of=date(2025, 12, 31), known_at=LATER).value == "valid"
    found = standing(scheme, ONE, as_of=date(2026, 1, 1), known_at=LATER)
    assert (found.value, found.until_on) == ("expiring", LAST)
    assert standing(make_scheme(old), ONE, as_of=date(2026, 3, 1), known_at=LATER).value == "valid"


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MARKS = st.builds(Mark, st.integers(1, 99), st.sampled_from(["suspended", "reinstated", "revoked", "superseded"]), DAYS, INSTANTS)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(DAYS)
    last = draw(st.one_of(st.none(), st.integers(0, 900).map(lambda n: first + timedelta(days=n))))
    return Period(draw(st.integers(1, 99)), first, last, draw(INSTANTS), frozenset(), tuple(draw(st.lists(MARKS, max_size=2))))


TRIGGERS = st.builds(Trigger, st.integers(1, 99), st.sampled_from(["job_change", "absence"]), DAYS, INSTANTS)
RECORDS = st.builds(
    Record,
    st.just(()),
    st.lists(periods(), max_size=3, unique_by=lambda p: p.id).map(tuple),
    st.lists(TRIGGERS, max_size=2, unique_by=lambda t: t.id).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(RECORDS, DAYS, INSTANTS, st.integers(0, 400))
def test_between_now_and_the_next_date_nothing_changes(known: Record, day: date, at: datetime, ahead: int) -> None:
    found = standing(G1, known, as_of=day, known_at=at)
    assert found.value in STANDINGS
    later = day + timedelta(days=ahead)
    if found.next_on is None or later < found.next_on:
        assert standing(G1, known, as_of=later, known_at=at).value == found.value
    else:
        assert standing(G1, known, as_of=found.next_on, known_at=at).value != found.value


@settings(max_examples=200, deadline=None)
@given(RECORDS, DAYS, INSTANTS)
def test_what_was_recorded_later_changes_nothing_of_what_we_knew(known: Record, day: date, at: datetime) -> None:
    assert (
        standing(G1, known, as_of=day, known_at=at)
        == standing(G1, known.known(at), as_of=day, known_at=at)
        == standing(G1, known.known(at), as_of=day, known_at=LATER)
    )


@settings(max_examples=200, deadline=None)
@given(RECORDS, DAYS, INSTANTS)
def test_nobody_is_in_force_without_a_confirmed_period_that_covers_the_day(known: Record, day: date, at: datetime) -> None:
    found = standing(G1, known, as_of=day, known_at=at)
    if found.value in ("valid", "expiring"):
        assert any(p.id == found.period_id and p.from_on <= day and p.confirmed_at <= at for p in known.periods)
        assert found.until_on is None or day <= found.until_on
