"""Drawing a paper: from the seed, no item twice, a paper whenever there is one."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.rules.paper import Line, PoolTooSmall, Sides, arrange, draw, shuffled

lines = st.lists(
    st.tuples(st.integers(0, 4), st.sets(st.sampled_from([f"d{n}" for n in range(12)]), max_size=8)).map(lambda pair: Line(pair[0], tuple(sorted(pair[1])))),
    max_size=4,
)


def fits(blueprint: list[Line]) -> bool:
    """Hall's condition, by trying every choice of lines: no group of lines asks for more than its pools hold together."""
    for chosen in range(1 << len(blueprint)):
        group = [line for place, line in enumerate(blueprint) if chosen >> place & 1]
        if sum(line.pick for line in group) > len({digest for line in group for digest in line.pool}):
            return False
    return True


@given(lines, st.integers(0, 2**62))
def test_a_paper_is_drawn_whenever_there_is_one_and_holds_no_item_twice(blueprint: list[Line], seed: int) -> None:
    if not fits(blueprint):
        with pytest.raises(PoolTooSmall):
            draw(blueprint, Random(seed))
        return
    drawn = draw(blueprint, Random(seed))
    assert len(drawn) == len(set(drawn)) == sum(line.pick for line in blueprint)
    start = 0
    for line in blueprint:
        assert set(drawn[start : start + line.pick]) <= set(line.pool)
        start += line.pick
    assert drawn == draw(blueprint, Random(seed))


def test_an_overlapping_line_gives_up_what_another_needs() -> None:
    for seed in range(50):
        drawn = draw([Line(3, ("a", "b", "c", "d")), Line(1, ("a",))], Random(seed))
        assert drawn[3] == "a"
        assert drawn[:3] == ["b", "c", "d"]


def test_without_shuffling_the_items_stand_in_the_order_of_their_bank() -> None:
    pool = tuple("abcdefgh")
    assert any(draw([Line(3, pool)], Random(seed)) != draw([Line(3, pool)], Random(0)) for seed in range(9))
    for seed in range(20):
        drawn = draw([Line(3, pool), Line(2, pool)], Random(seed))
        assert drawn[:3] == sorted(drawn[:3])
        assert drawn[3:] == sorted(drawn[3:])


def test_the_algorithm_is_pinned_so_that_a_paper_can_be_drawn_again() -> None:
    assert shuffled("abcdefgh", Random(2026)) == list("cbfhegda")


@given(st.lists(st.text(min_size=1), unique=True), st.integers())
def test_a_shuffle_keeps_every_value(values: list[str], seed: int) -> None:
    assert sorted(shuffled(values, Random(seed))) == sorted(values)


def test_every_order_is_equally_likely() -> None:
    rng = Random(1)
    seen: dict[str, int] = {}
    for _ in range(6000):
        order = "".join(shuffled("abc", rng))
        seen[order] = seen.get(order, 0) + 1
    assert len(seen) == 6
    assert all(850 < count < 1150 for count in seen.values())


@pytest.mark.parametrize(("items", "choices"), [(True, True), (True, False), (False, True), (False, False)])
def test_items_and_choices_are_shuffled_only_where_the_quiz_says_so(items: bool, choices: bool) -> None:
    digests = [f"d{n}" for n in range(30)]
    sides = dict.fromkeys(digests, Sides("abcd"))
    arranged = arrange([(digest,) for digest in digests], sides, Random(5), items=items, choices=choices)
    assert sorted(digest for digest, _, _ in arranged) == sorted(digests)
    assert all(sorted(shown) == list("abcd") for _, shown, _ in arranged)
    assert ([digest for digest, _, _ in arranged] != digests) is items
    assert any(shown != "abcd" for _, shown, _ in arranged) is choices
