"""The Action Month is 1 to 31 May; its card stands from 60 days before."""

from datetime import date

import pytest

from lms.home.rules import URGENCY, action_month, urgency


@pytest.mark.parametrize(
    ("today", "state", "days"),
    [
        pytest.param(date(2026, 3, 1), None, 0, id="61 days before"),
        pytest.param(date(2026, 3, 2), "coming", 60, id="60 days before"),
        pytest.param(date(2026, 4, 30), "coming", 1, id="the eve"),
        pytest.param(date(2026, 5, 1), "now", 31, id="first day"),
        pytest.param(date(2026, 5, 31), "now", 1, id="last day"),
        pytest.param(date(2026, 6, 1), None, 0, id="the day after"),
    ],
)
def test_the_month_is_shown_when_it_is_near(today: date, state: str | None, days: int) -> None:
    month = action_month(today)
    assert (month.state if month else None) == state
    if month:
        assert (month.days, month.year) == (days, 2026)
        assert month.theme


def test_a_year_whose_theme_is_not_known_has_none() -> None:
    month = action_month(date(2027, 5, 3))
    assert month is not None
    assert month.theme is None


def test_what_is_worse_comes_first() -> None:
    assert sorted(["valid", "none", "expiring", "revoked"], key=urgency) == ["revoked", "expiring", "none", "valid"]
    assert [urgency(value) for value in URGENCY] == list(range(7))
    assert urgency("expired", waived=True) > urgency("valid")
