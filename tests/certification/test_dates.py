"""Counting terms: Vietnam to the end of the corresponding day, elsewhere to the day before."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certification.rules.dates import end_of_term, months_before, period_dates

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
MONTHS = st.integers(1, 120)


@pytest.mark.parametrize(
    ("start", "months", "counting", "end"),
    [
        pytest.param(date(2024, 3, 10), 24, "corresponding_day", date(2026, 3, 10), id="the example of Article 148"),
        pytest.param(date(2024, 2, 29), 24, "corresponding_day", date(2026, 2, 28), id="leap day: the last day of the month"),
        pytest.param(date(2024, 2, 29), 48, "corresponding_day", date(2028, 2, 29), id="leap day to leap day"),
        pytest.param(date(2025, 8, 31), 6, "corresponding_day", date(2026, 2, 28), id="month end"),
        pytest.param(date(2025, 12, 31), 12, "corresponding_day", date(2026, 12, 31), id="year end"),
        pytest.param(date(2024, 3, 10), 24, "day_before", date(2026, 3, 9), id="the day before"),
        pytest.param(date(2024, 3, 1), 12, "day_before", date(2025, 2, 28), id="the day before the first is the last of the month before"),
        pytest.param(date(2024, 2, 29), 24, "day_before", date(2026, 2, 28), id="leap day, the day before"),
        pytest.param(date(2025, 8, 31), 6, "day_before", date(2026, 2, 28), id="month end, the day before"),
        pytest.param(date(2025, 1, 1), 12, "day_before", date(2025, 12, 31), id="a calendar year"),
    ],
)
def test_a_term_ends(start: date, months: int, counting: str, end: date) -> None:
    assert end_of_term(start, months, counting) == end  # type: ignore[arg-type]


@given(DAYS, MONTHS)
def test_the_corresponding_day_is_never_earlier_than_the_day_before_it(start: date, months: int) -> None:
    last, before = end_of_term(start, months, "corresponding_day"), end_of_term(start, months, "day_before")
    assert timedelta() <= last - before <= timedelta(days=1)
    assert (last.year * 12 + last.month) - (start.year * 12 + start.month) == months
    assert last.day == start.day or (last + timedelta(days=1)).day == 1


@given(DAYS, MONTHS)
def test_a_later_start_never_ends_earlier(start: date, months: int) -> None:
    for counting in ("corresponding_day", "day_before"):
        assert end_of_term(start, months, counting) <= end_of_term(start + timedelta(days=1), months, counting)


@given(DAYS, MONTHS)
def test_months_before_undoes_a_term_up_to_the_length_of_the_month(start: date, months: int) -> None:
    assert timedelta() <= start - months_before(end_of_term(start, months, "corresponding_day"), months) <= timedelta(days=3)


@pytest.mark.parametrize(
    ("issued", "previous", "starts", "counting", "first", "last"),
    [
        pytest.param(date(2026, 3, 1), date(2026, 3, 10), "issue", "corresponding_day", date(2026, 3, 1), date(2028, 3, 1), id="early, from the issue"),
        pytest.param(
            date(2026, 3, 1), date(2026, 3, 10), "previous_until", "corresponding_day", date(2026, 3, 11), date(2028, 3, 10), id="early, after the former"
        ),
        pytest.param(date(2026, 3, 1), date(2026, 3, 9), "previous_until", "day_before", date(2026, 3, 10), date(2028, 3, 9), id="early, the day before"),
        pytest.param(date(2026, 5, 1), date(2026, 3, 10), "previous_until", "corresponding_day", date(2026, 5, 1), date(2028, 5, 1), id="late"),
        pytest.param(date(2026, 5, 1), None, "previous_until", "corresponding_day", date(2026, 5, 1), date(2028, 5, 1), id="the first"),
    ],
)
def test_a_period_begins(issued: date, previous: date | None, starts: str, counting: str, first: date, last: date) -> None:
    assert period_dates(issued_on=issued, previous_until=previous, months=24, counting=counting, starts=starts) == (first, last)  # type: ignore[arg-type]


def test_a_scheme_without_a_cycle_has_no_last_day() -> None:
    assert period_dates(issued_on=date(2026, 1, 1), previous_until=None, months=None, counting="day_before", starts="issue") == (date(2026, 1, 1), None)
