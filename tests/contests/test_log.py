"""The log of a round and the result computed from it: alike however the tries are ordered, and nothing can be changed unseen."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.contests.rules.log import FORMAT, Damaged, LoggedUnit, log_lines, read_log, written
from lms.contests.rules.prizes import Prize, Tier, commitment
from lms.contests.rules.result import result_lines
from lms.contests.rules.rounds.quiz import load
from lms.contests.rules.values import RoundRules, Sat
from tests.conftest import NOW

UNITS = (LoggedUnit(1, "/1/", "CTY", 2), LoggedUnit(2, "/1/2/", "X1", 5), LoggedUnit(3, "/1/3/", "X2", 0), LoggedUnit(4, "/4/", "KHÁC", 0))
PRIZE = Prize("ca-nhan", (Tier("nhat", 1), Tier("nhi", 25, percent=True)), "lot")


def rules(count: str = "best", rank: tuple[str, ...] = ("correct", "elapsed", "submitted")) -> RoundRules:
    return RoundRules("vong-1", {}, "quiz", NOW, NOW, rank, "live", load({"count": count, "limit_s": 600}))


def sat(n: int, correct: int, took: int, *, unit: int | None = 2, start: int = 0, valid: bool = True) -> Sat:
    return Sat(n, unit, valid, start, start + took, took, correct, 20)


def log(tries: Sequence[tuple[int, Sat]], *, seed: str | None = None, **given: object) -> list[str]:
    return list(log_lines("hoi-thi", rules(**given), [PRIZE], seed, UNITS, tries))  # type: ignore[arg-type]


def other(line: str, **given: object) -> str:
    return written(json.loads(line) | given)


def result(lines: Sequence[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in result_lines(read_log(lines))]


def places(lines: Sequence[str]) -> list[tuple[object, object]]:
    return [(one["who"], one["place"]) for one in result(lines) if one["t"] == "place"]


WORKED = [
    (10, sat(1, 20, 412_000)),
    (11, sat(2, 18, 100_000, start=1)),
    (11, sat(3, 20, 398_000, start=2, unit=3)),
    (12, sat(4, 20, 398_000, start=2)),
    (13, sat(5, 19, 90_000, unit=None)),
    (14, sat(6, 20, 50_000, valid=False)),
]
"""By hand: 11 and 12 share the first place, 10 is third, 13 fourth; 14 has no valid try. 11 counts in unit 2, that of the first start."""


def test_the_worked_example_comes_out_as_by_hand() -> None:
    found = result(log(WORKED))
    assert [(one["who"], one["place"]) for one in found if one["t"] == "place"] == [(11, 1), (12, 1), (10, 3), (13, 4)]
    assert found[0]["entrants"] == 4
    assert [one for one in found if one["t"] == "lot"] == [{"t": "lot", "prize": "ca-nhan", "tier": "nhat", "seats": 1, "who": [11, 12]}]
    assert [(one["id"], one["persons"], one["members"]) for one in found if one["t"] == "unit"] == [(1, 3, 7), (2, 3, 5)]
    drawn = [one for one in result(log(WORKED, seed="hạt")) if one["t"] == "award"]
    first, second = sorted((11, 12), key=lambda who: commitment(f"hạt\n{who}"))
    assert [(one["tier"], one["who"]) for one in drawn] == [("nhat", first), ("nhi", second)]


@pytest.mark.parametrize(
    ("count", "rank", "expected"),
    [
        ("first", ("correct",), [(10, 1), (12, 1), (13, 3), (11, 4)]),
        ("last", ("elapsed",), [(13, 1), (11, 2), (12, 2), (10, 4)]),
    ],
)
def test_which_try_counts_and_by_which_keys_stands_in_the_log(count: str, rank: tuple[str, ...], expected: list[tuple[int, int]]) -> None:
    assert places(log(WORKED, count=count, rank=rank)) == expected


SATS = st.builds(
    sat,
    st.integers(1, 10**6),
    st.integers(0, 4),
    st.integers(0, 3),
    unit=st.sampled_from([None, 2, 3]),
    start=st.integers(0, 3),
    valid=st.booleans(),
)
TRIES = st.lists(st.tuples(st.integers(1, 6), SATS), max_size=14, unique_by=lambda one: one[1].attempt_id)


@given(TRIES, st.randoms(use_true_random=False))
def test_the_order_of_the_tries_changes_nothing(tries: list[tuple[int, Sat]], chance: random.Random) -> None:
    mixed = list(tries)
    chance.shuffle(mixed)
    assert result(log(tries))[1:] == result(log(mixed))[1:]


@given(TRIES)
def test_what_was_written_is_read_and_written_alike(tries: list[tuple[int, Sat]]) -> None:
    lines = log(tries)
    read = read_log(f"{line}\n" for line in lines)
    again = [(who, one) for who, sats in read.tries.items() for one in sats]
    assert sorted(again, key=lambda one: one[1].attempt_id) == sorted(tries, key=lambda one: one[1].attempt_id)
    assert (read.rules.rank, read.rules.slug, read.prizes, read.units) == (rules().rank, "vong-1", (PRIZE,), UNITS)
    assert all(written(json.loads(line)) == line for line in lines)


@given(TRIES)
def test_places_are_those_of_a_small_independent_reckoning(tries: list[tuple[int, Sat]]) -> None:
    best: dict[int, tuple[int, int, int]] = {}
    for who, one in tries:
        if one.valid:
            mine = (-one.correct, min(one.elapsed_ms, 600_000), one.submitted_ms)
            best[who] = min(best.get(who, mine), mine)
    assert dict(places(log(tries))) == {who: 1 + sum(other < mine for other in best.values()) for who, mine in best.items()}


@given(TRIES.filter(bool), st.data())
def test_every_change_of_a_character_is_found(tries: list[tuple[int, Sat]], data: st.DataObject) -> None:
    text = "\n".join(log(tries))
    at = data.draw(st.integers(0, len(text) - 1))
    new = data.draw(st.sampled_from([one for one in '0123456789abcdeftrue",:{}\n ' if one != text[at]]))
    with pytest.raises(Damaged):
        read_log((text[:at] + new + text[at + 1 :]).split("\n"))


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        pytest.param(lambda lines: lines[:-1], 12, "cut off", id="cut off"),
        pytest.param(lambda lines: [], 1, "cut off", id="empty"),
        pytest.param(lambda lines: [*lines, lines[1]], 13, "after the end", id="more"),
        pytest.param(lambda lines: [lines[0], *lines], 2, "only that", id="two heads"),
        pytest.param(lambda lines: lines[1:], 1, "only that", id="no head"),
        pytest.param(lambda lines: [*lines[:5], lines[5], *lines[5:]], 7, "second time", id="a try twice"),
        pytest.param(lambda lines: ["{", *lines], 1, "no JSON", id="no JSON"),
        pytest.param(lambda lines: [lines[0].replace(FORMAT, "vean-round-log/9"), *lines[1:]], 1, "not as a site", id="another format"),
        pytest.param(lambda lines: [lines[0].replace('"best"', '"any"'), *lines[1:]], 1, "not as a site", id="an unknown rule"),
        pytest.param(lambda lines: [*lines[:5], lines[5].replace('"right":20', '"right":true'), *lines[6:]], 6, "not as a site", id="no number"),
        pytest.param(lambda lines: [*lines[:5], lines[5].replace(":", ": "), *lines[6:]], 6, "not as a site", id="with blanks"),
        pytest.param(lambda lines: [*lines[:5], other(lines[5], right=19), *lines[6:]], 12, "was changed", id="a right answer less"),
    ],
)
def test_a_damaged_log_is_told_with_its_line(change, line: int, said: str) -> None:  # type: ignore[no-untyped-def]
    lines = log(WORKED)
    assert len(lines) == 12
    with pytest.raises(Damaged, match=said) as found:
        read_log(change(lines))
    assert found.value.line == line


def test_a_correction_and_its_reversal_restore_the_result() -> None:
    before = result(log(WORKED))
    corrected = [(who, replace(one, correct=one.correct - 1) if one.attempt_id == 3 else one) for who, one in WORKED]
    assert result(log(corrected))[1:] != before[1:]
    assert result(log(WORKED)) == before
