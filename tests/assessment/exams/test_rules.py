"""Times, networks and codes of exams, at their edges."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.assessment.exams.rules.codes import FREE_TRIES, WAIT, is_code, normal, same, waits_until
from lms.assessment.exams.rules.networks import NoNetwork, is_inside, read_networks
from lms.assessment.exams.rules.times import SOON, Phase, is_due, phase_of
from lms.assessment.supervision.rules.time import OFFLINE_AFTER_S, extra_until, is_offline, new_deadline

OPENS = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=2)
MS = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        pytest.param(OPENS - MS, Phase.COMING, id="just before"),
        pytest.param(OPENS, Phase.OPEN, id="the opening is included"),
        pytest.param(CLOSES - MS, Phase.OPEN, id="the last millisecond"),
        pytest.param(CLOSES, Phase.CLOSED, id="the close is not"),
    ],
)
def test_the_phase_follows_the_clock(at: datetime, phase: Phase) -> None:
    assert phase_of(OPENS, CLOSES, at) is phase


@pytest.mark.parametrize(("at", "due"), [(OPENS - SOON - MS, False), (OPENS - SOON, True), (CLOSES - MS, True), (CLOSES, False)])
def test_an_exam_is_told_of_a_fortnight_before_until_its_close(at: datetime, due: bool) -> None:
    assert is_due(OPENS, CLOSES, at) is due


@pytest.mark.parametrize(
    ("address", "ranges", "inside"),
    [
        pytest.param("10.20.3.4", "10.20.0.0/16", True, id="in the range"),
        pytest.param("10.21.0.1", "10.20.0.0/16", False, id="beside it"),
        pytest.param("10.20.3.4", "203.0.113.7, 10.20.3.4", True, id="one of two"),
        pytest.param("::ffff:10.20.3.4", "10.20.0.0/16", True, id="an IPv4 address in IPv6 clothes"),
        pytest.param("2001:db8::1", "2001:db8::/32", True, id="IPv6"),
        pytest.param("2001:db8::1", "10.20.0.0/16", False, id="the other kind"),
        pytest.param("nonsense", "10.20.0.0/16", False, id="no address"),
        pytest.param("", "", True, id="no range, no question"),
    ],
)
def test_addresses(address: str, ranges: str, inside: bool) -> None:
    assert is_inside(address, read_networks(ranges)) is inside


def test_what_is_no_range_is_named() -> None:
    with pytest.raises(NoNetwork, match=r"10\.20\.0\.0/99"):
        read_networks("10.0.0.0/8 10.20.0.0/99")


@pytest.mark.parametrize(("typed", "right"), [("ab-12 c", True), ("AB12C", True), ("AB12", False), ("AB12CD", False), ("", False)])
def test_a_code_is_compared_without_blanks_dashes_and_case(typed: str, right: bool) -> None:
    assert same(typed, "AB12C") is right


@pytest.mark.parametrize(("code", "fine"), [("ABC1", True), ("ABC", False), ("A" * 12, True), ("A" * 13, False), ("MÃ12", False)])
def test_what_can_be_a_code(code: str, fine: bool) -> None:
    assert is_code(normal(code)) is fine


def test_from_the_fifth_wrong_code_on_a_minute_is_waited() -> None:
    assert waits_until(FREE_TRIES - 1, OPENS) is None
    assert waits_until(FREE_TRIES, OPENS) == OPENS + WAIT


def test_silence_is_told_after_two_missed_signs() -> None:
    assert not is_offline(OPENS, OPENS + timedelta(seconds=OFFLINE_AFTER_S))
    assert is_offline(OPENS, OPENS + timedelta(seconds=OFFLINE_AFTER_S) + MS)


@pytest.mark.parametrize("until", [OPENS + timedelta(minutes=3), OPENS + timedelta(minutes=25, milliseconds=1)])
def test_extra_until_gives_a_deadline_not_before_it_and_within_a_second(until: datetime) -> None:
    deadline = new_deadline(OPENS, 600, extra_until(OPENS, 600, until), None)
    assert until <= deadline < until + timedelta(seconds=1)


def test_a_deadline_is_never_at_or_before_the_start() -> None:
    assert new_deadline(OPENS, 600, 0, OPENS) == OPENS + MS
