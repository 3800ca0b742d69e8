"""Training: what evidence counts, what is missing, and that evidence alone certifies nobody."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.certification.rules.standing import standing
from lms.certification.rules.terms import PARTS, Evidence, Record
from lms.certification.rules.training import measure, training
from tests.certification.make import LATER, class_day, exam, lesson, make_scheme, make_terms, mark, period, record_of, trigger

DAY = date(2026, 6, 15)
G1, G4 = make_scheme(), make_scheme(recorded=True, parts={}, cycle_months=12)
FULL = (lesson(1, 480), class_day(2, {"management": 420, "test": 60}), exam(3))


def value(*things: object, scheme: object = G1, as_of: date = DAY) -> str:
    return training(scheme, record_of(*things), as_of=as_of, known_at=LATER).value  # type: ignore[arg-type]


def test_finishing_half_an_hour_of_lessons_certifies_nobody() -> None:
    known = record_of(lesson(1, 30), exam(2))
    for scheme in (G1, G4):
        assert standing(scheme, known, as_of=DAY, known_at=LATER).value == "none"
        assert training(scheme, known, as_of=DAY, known_at=LATER).value == "in_training"


def test_complete_evidence_waits_for_its_confirmation_and_is_no_standing() -> None:
    known = record_of(*FULL)
    assert training(G1, known, as_of=DAY, known_at=LATER).value == "awaiting_issue"
    assert standing(G1, known, as_of=DAY, known_at=LATER).value == "none"


def test_the_way_from_nothing_to_awaiting_issue() -> None:
    assert value() == "not_started"
    assert value(lesson(1, 10)) == "in_training"
    assert value(*FULL[:2]) == "awaiting_exam"
    assert value(*FULL) == "awaiting_issue"
    assert value(*FULL[:2], scheme=make_scheme(test_required=False)) == "awaiting_issue"


def test_online_minutes_count_up_to_the_limit_first_where_a_minimum_stands() -> None:
    progress = measure(make_terms(), record_of(lesson(1, 300, part="theory"), lesson(2, 480)), DAY)
    assert {p.part: p.minutes for p in progress.parts} == {"law": 480, "management": 0, "theory": 0, "practice": 0, "test": 0}
    assert (progress.minutes, progress.online_minutes, progress.online_limit) == (480, 780, 480)


def test_a_minimum_that_the_class_has_filled_needs_no_online_minutes() -> None:
    progress = measure(make_terms(online_initial=100), record_of(class_day(1, {"law": 400}), lesson(2, 200), lesson(3, 200, part="theory")), DAY)
    assert {p.part: p.minutes for p in progress.parts if p.minutes} == {"law": 500}
    assert progress.minutes == 500


def test_what_is_missing_is_said_in_words() -> None:
    found = training(G1, record_of(lesson(1, 460)), as_of=DAY, known_at=LATER)
    assert found.progress is not None
    assert [str(word) for word in found.progress.missing] == [
        "20 minutes of law",
        "420 minutes of management",
        "60 minutes of test",
        "500 minutes in all",
        "the passed test",
    ]
    assert str(found.to_do) == "Still needed: 20 minutes of law, 420 minutes of management, 60 minutes of test, 500 minutes in all, the passed test."


def test_seconds_add_up_before_they_are_rounded() -> None:
    halves = tuple(Evidence(n, "lesson", {"law": 30}, DAY, datetime(2026, 6, 1, tzinfo=UTC)) for n in range(4))
    assert measure(make_terms(), record_of(*halves), DAY).minutes == 2


def test_unknown_parts_and_negative_seconds_count_nothing() -> None:
    odd = Evidence(1, "class", {"dancing": 6000, "law": -60}, DAY, datetime(2026, 6, 1, tzinfo=UTC))
    assert measure(make_terms(), record_of(odd), DAY).minutes == 0


def test_a_former_period_makes_it_a_refresher_and_its_evidence_is_used_up() -> None:
    former = period(1, date(2024, 6, 20), date(2026, 6, 20), used=(1,))
    progress = measure(make_terms(), record_of(former, lesson(1, 480, on=date(2026, 1, 1)), class_day(2, {"theory": 240})), DAY)
    assert (progress.kind, progress.needed, progress.minutes, progress.online_limit, progress.evidence_ids) == ("refresher", 480, 240, 240, (2,))
    assert all(part.needed == 0 for part in progress.parts)


def test_a_revoked_period_is_no_former_one_and_its_evidence_stays_used() -> None:
    gone = period(1, date(2026, 1, 1), date(2028, 1, 1), mark(1, "revoked", date(2026, 2, 1)), used=(1,))
    progress = measure(make_terms(), record_of(gone, lesson(1, 480)), DAY)
    assert (progress.kind, progress.minutes) == ("initial", 0)
    replaced = period(1, date(2026, 1, 1), date(2028, 1, 1), mark(1, "superseded", date(2026, 2, 1)), used=(1,))
    assert measure(make_terms(), record_of(replaced, lesson(1, 480)), DAY).minutes == 480


@pytest.mark.parametrize(
    ("on", "counts"),
    [
        pytest.param(date(2024, 6, 14), False, id="a day older than one cycle"),
        pytest.param(date(2024, 6, 15), True, id="just one cycle old"),
        pytest.param(DAY, True, id="today"),
        pytest.param(DAY + timedelta(days=1), False, id="tomorrow"),
    ],
)
def test_evidence_counts_for_one_cycle(on: date, counts: bool) -> None:
    assert bool(measure(make_terms(), record_of(lesson(1, 10, on=on)), DAY).evidence_ids) is counts


def test_without_a_cycle_evidence_never_ages() -> None:
    assert measure(make_terms(cycle_months=None), record_of(lesson(1, 10, on=date(2001, 1, 1))), DAY).evidence_ids == (1,)
    assert value(lesson(1, 10, on=date(2001, 1, 1)), scheme=make_scheme(cycle_months=None)) == "in_training"


def test_after_a_trigger_only_later_evidence_counts() -> None:
    known = record_of(
        period(1, date(2026, 1, 1), date(2028, 1, 1)), trigger(1, date(2026, 5, 1)), lesson(1, 30, on=date(2026, 4, 30)), lesson(2, 40, on=date(2026, 5, 1))
    )
    assert measure(make_terms(), known, DAY).evidence_ids == (2,)
    assert training(G1, known, as_of=DAY, known_at=LATER).value == "in_training"
    assert training(G1, known, as_of=date(2026, 4, 30), known_at=LATER).value == "complete"


def test_training_before_the_last_of_several_triggers_answers_none() -> None:
    former = period(1, date(2026, 1, 1), date(2028, 1, 1))
    first, last = trigger(1, date(2026, 3, 1)), trigger(2, date(2026, 5, 1), "technology_change")
    between = (class_day(1, {"practice": 480}, on=date(2026, 4, 1)), exam(2, on=date(2026, 4, 1)))
    assert value(former, first, *between) == "awaiting_issue"
    assert value(former, first, last, *between) == "not_started"
    assert value(former, first, last, *between, as_of=date(2026, 4, 30)) == "awaiting_issue"


def test_a_trigger_before_the_first_confirmation_calls_for_training_after_it() -> None:
    assert value(*FULL, trigger(1, date(2026, 6, 1))) == "awaiting_issue"
    assert value(*FULL, trigger(1, date(2026, 6, 2))) == "not_started"


def test_complete_evidence_waits_for_nothing_while_a_suspension_holds() -> None:
    suspended = period(1, date(2026, 1, 1), date(2028, 1, 1), mark(1, "suspended", date(2026, 2, 1)))
    assert value(suspended, *FULL) == "complete"
    lifted = period(1, date(2026, 1, 1), date(2028, 1, 1), mark(1, "suspended", date(2026, 2, 1)), mark(2, "reinstated", date(2026, 3, 1)))
    assert value(lifted, *FULL) == "awaiting_issue"


def test_a_period_in_force_rests_until_its_window_opens() -> None:
    former = period(1, date(2024, 6, 20), date(2026, 7, 30))
    assert value(former, as_of=date(2026, 6, 29)) == "complete"
    assert value(former, as_of=date(2026, 6, 30)) == "not_started"
    assert value(former, as_of=date(2026, 8, 1)) == "not_started"
    assert training(G1, record_of(former), as_of=DAY, known_at=LATER).next_on == date(2026, 6, 30)
    assert value(period(1, date(2020, 1, 1), None)) == "complete"
    assert value(period(1, date(2026, 1, 1), date(2028, 1, 1), mark(1, "suspended", date(2026, 2, 1)))) == "complete"


def test_an_early_renewal_can_be_confirmed_before_the_window_opens() -> None:
    former = period(1, date(2026, 1, 1), date(2028, 1, 1))
    assert value(former, class_day(5, {"theory": 480}), exam(6)) == "awaiting_issue"


def test_outside_the_law_s_time_nothing_is_asked() -> None:
    found = training(make_scheme(from_on=date(2030, 1, 1)), record_of(lesson(1, 10)), as_of=DAY, known_at=LATER)
    assert (found.value, found.progress, found.to_do, found.next_on) == ("not_started", None, None, None)
    ended = make_scheme(to_on=date(2026, 6, 14))
    assert training(ended, record_of(period(1, date(2026, 1, 1), date(2028, 1, 1))), as_of=DAY, known_at=LATER).value == "complete"


def test_back_dated_evidence_counts_from_when_it_was_recorded() -> None:
    late = lesson(1, 30, on=date(2026, 6, 1), at=datetime(2026, 7, 1, tzinfo=UTC))
    assert training(G1, record_of(late), as_of=DAY, known_at=datetime(2026, 6, 30, tzinfo=UTC)).value == "not_started"
    assert training(G1, record_of(late), as_of=DAY, known_at=datetime(2026, 7, 1, tzinfo=UTC)).value == "in_training"


def test_a_certificate_from_elsewhere_is_a_period_and_no_minutes() -> None:
    assert measure(make_terms(), record_of(Evidence(1, "external", {}, DAY, datetime(2026, 6, 1, tzinfo=UTC))), DAY).evidence_ids == ()


PROOFS = st.builds(
    Evidence,
    st.integers(1, 999),
    st.sampled_from(["lesson", "class", "test"]),
    st.dictionaries(st.sampled_from(PARTS), st.integers(0, 40_000), max_size=3),
    st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    st.just(datetime(2026, 1, 1, tzinfo=UTC)),
)
RECORDS = st.lists(PROOFS, max_size=6, unique_by=lambda e: e.id).map(lambda found: Record(tuple(found)))


@settings(max_examples=200, deadline=None)
@given(RECORDS, st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_never_more_is_counted_than_was_studied_nor_more_online_than_the_limit(known: Record, day: date) -> None:
    progress = measure(make_terms(), known, day)
    chosen = [e for e in known.evidence if e.id in progress.evidence_ids]
    there = sum(sum(e.seconds.values()) for e in chosen if e.kind != "lesson")
    everything = sum(sum(e.seconds.values()) for e in chosen)
    assert progress.minutes == min(everything, there + 60 * progress.online_limit) // 60
    for part in progress.parts:
        assert part.minutes <= sum(e.seconds.get(part.part, 0) for e in chosen) // 60


@settings(max_examples=200, deadline=None)
@given(RECORDS, st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(0, 800))
def test_training_changes_by_itself_only_on_the_next_date(known: Record, day: date, ahead: int) -> None:
    found = training(G1, known, as_of=day, known_at=LATER)
    later = day + timedelta(days=ahead)
    if found.next_on is None or later < found.next_on:
        assert training(G1, known, as_of=later, known_at=LATER).value == found.value
    else:
        assert training(G1, known, as_of=found.next_on, known_at=LATER).value != found.value


@settings(max_examples=200, deadline=None)
@given(RECORDS, st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_no_evidence_whatever_gives_a_standing(known: Record, day: date) -> None:
    assert standing(G1, known, as_of=day, known_at=LATER).value == "none"
