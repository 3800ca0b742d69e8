"""Places, ties and the attempt that counts: by hand, and as properties."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.contests.rules.keys import KEYS, MISSING, check_keys, sort_values, tie_words
from lms.contests.rules.ranking import competition_ranks, counted, unit_at_first_start
from lms.contests.rules.text import ranking_sentence
from lms.contests.rules.values import Sat

ORDER = ("correct", "elapsed", "submitted")
small = st.integers(0, 3)
tallies = st.fixed_dictionaries({"correct": small | st.none(), "elapsed": small | st.none(), "submitted": small | st.none()})
rank_lists = st.lists(st.sampled_from(sorted(KEYS)), min_size=1, max_size=3, unique=True)


def sat(attempt_id: int, correct: int = 0, elapsed_ms: int = 0, *, valid: bool = True, unit_id: int | None = 1, started_ms: int | None = None) -> Sat:
    start = attempt_id * 1000 if started_ms is None else started_ms
    return Sat(attempt_id, unit_id, valid, start, start + elapsed_ms, elapsed_ms, correct, 20)


def places(entries: dict[str, tuple[int, int, int]]) -> dict[str, int]:
    values = {name: sort_values(ORDER, dict(zip(ORDER, entry, strict=True))) for name, entry in entries.items()}
    names = sorted(values, key=lambda name: values[name])
    return dict(zip(names, competition_ranks([values[name] for name in names]), strict=True))


def test_most_right_answers_then_less_time_then_earlier_by_hand() -> None:
    entries = {"A": (20, 412_000, 5), "B": (20, 398_000, 9), "C": (20, 700_000, 1), "E": (20, 90_000, 7), "D": (19, 100_000, 2)}
    assert places(entries) == {"E": 1, "B": 2, "A": 3, "C": 4, "D": 5}


def test_who_is_equal_to_the_submit_instant_shares_the_place_and_the_next_is_fourth() -> None:
    entries = {"A": (20, 1, 1), "B": (19, 5, 5), "G": (19, 5, 5), "C": (19, 5, 6)}
    assert places(entries) == {"A": 1, "B": 2, "G": 2, "C": 4}


def test_one_millisecond_decides() -> None:
    assert places({"A": (20, 398_413, 1), "B": (20, 398_412, 2)}) == {"B": 1, "A": 2}


def test_places_go_on_from_the_first_of_a_page() -> None:
    assert competition_ranks([(1,), (1,), (2,)], before=50) == [51, 51, 53]
    assert competition_ranks([(1,), (1,), (2,)], before=50, better=48) == [49, 49, 53]
    assert competition_ranks([]) == []


def test_missing_is_last_whatever_the_direction() -> None:
    for key in KEYS.values():
        assert key.sort_value(None) == MISSING
        assert key.sort_value(0) < MISSING
        assert key.sort_value(10**15) < MISSING


@given(rank_lists, tallies, tallies, tallies)
def test_rank_is_a_total_preorder(rank: list[str], a: dict[str, int | None], b: dict[str, int | None], c: dict[str, int | None]) -> None:
    x, y, z = (sort_values(rank, tally) for tally in (a, b, c))
    assert x <= y or y <= x
    assert not (x <= y <= z) or x <= z
    assert (x == y) == all(a[name] == b[name] for name in rank)


@given(rank_lists, st.lists(tallies, max_size=12), st.randoms())
def test_the_order_of_the_input_changes_no_place(rank: list[str], entries: list[dict[str, int | None]], rng: object) -> None:
    def ranked(given_order: list[int]) -> dict[int, int]:
        values = {n: sort_values(rank, entries[n]) for n in given_order}
        ordered = sorted(given_order, key=lambda n: values[n])
        return dict(zip(ordered, competition_ranks([values[n] for n in ordered]), strict=True))

    forward, mixed = list(range(len(entries))), list(range(len(entries)))
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    assert ranked(forward) == ranked(mixed)
    for n, place in ranked(forward).items():
        assert place == 1 + sum(sort_values(rank, other) < sort_values(rank, entries[n]) for other in entries)


@given(rank_lists, tallies, tallies)
def test_a_tie_is_told_by_the_very_key_that_decides(rank: list[str], a: dict[str, int | None], b: dict[str, int | None]) -> None:
    better, worse = sorted([sort_values(rank, a), sort_values(rank, b)])
    words = [str(phrase) for phrase in tie_words(rank, better, worse)]
    decided = next((place for place in range(len(rank)) if better[place] != worse[place]), None)
    if decided is None:
        assert words == [*(str(KEYS[name].same) for name in rank), "shared place"]
    elif decided == 0:
        assert words == []
    else:
        assert words == [*(str(KEYS[name].same) for name in rank[:decided]), str(KEYS[rank[decided]].better)]


def test_a_tie_in_words_by_hand() -> None:
    assert [str(words) for words in tie_words(ORDER, (-20, 398, 1), (-20, 412, 0))] == ["same number of right answers", "less time"]
    assert [str(words) for words in tie_words(ORDER, (-20, 398, 1), (-20, 398, 2))] == ["same number of right answers", "same time", "handed in earlier"]
    assert tie_words(ORDER, (-20, 500, 1), (-19, 1, 0)) == ()


THREE = [sat(1, 20, 600_000), sat(2, 18, 100_000), sat(3, 20, 650_000)]


@pytest.mark.parametrize(("count", "attempt_id"), [("best", 1), ("first", 1), ("last", 3)])
def test_which_of_three_tries_counts(count: str, attempt_id: int) -> None:
    def values(one: Sat) -> tuple[int, ...]:
        return (-one.correct, one.elapsed_ms, one.submitted_ms)

    for attempts in itertools.permutations(THREE):
        found = counted(count, attempts, values)  # type: ignore[arg-type]
        assert found is not None
        assert found.attempt_id == attempt_id


def test_of_equal_tries_the_earlier_is_the_best_and_void_ones_never_count() -> None:
    def by_correct(one: Sat) -> tuple[int, ...]:
        return (-one.correct,)

    assert counted("best", [sat(2, 20), sat(1, 20)], by_correct) == sat(1, 20)
    assert counted("first", [sat(1, valid=False), sat(2)], by_correct) == sat(2)
    assert counted("last", [sat(1), sat(2, valid=False)], by_correct) == sat(1)
    assert counted("best", [sat(1, valid=False)], by_correct) is None


def test_the_unit_is_that_of_the_first_start_even_if_it_was_made_void() -> None:
    assert unit_at_first_start([sat(2, unit_id=8), sat(1, unit_id=7, valid=False)]) == 7
    assert unit_at_first_start([sat(1, unit_id=None), sat(2, unit_id=8)]) is None


@pytest.mark.parametrize(
    ("rank", "wrong"),
    [(ORDER, 0), (("correct",), 0), (("luck",), 1), ((), 1), (("correct", "correct"), 1), ((*ORDER, "correct"), 1), (("luck", "luck"), 3)],
)
def test_rank_keys_are_checked(rank: tuple[str, ...], wrong: int) -> None:
    assert len(check_keys(rank)) == wrong


@pytest.mark.parametrize(
    ("rank", "sentence"),
    [
        (("correct",), "Whoever has more right answers is ahead; ties share a place."),
        (("correct", "submitted"), "Whoever has more right answers is ahead; if that is equal, handed in earlier; ties share a place."),
    ],
)
def test_the_sentence_above_a_ranking_says_its_keys(rank: tuple[str, ...], sentence: str) -> None:
    assert str(ranking_sentence(rank)) == sentence
