"""Classical test theory against slow formulas from the textbooks, and the rules of what should be looked at."""

from fractions import Fraction
from itertools import pairwise, permutations
from statistics import correlation as pearson
from statistics import median as middle
from statistics import pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.quality.rules import classical
from lms.assessment.quality.rules.counting import SHARE, ItemSums, joined, share_of
from lms.assessment.quality.rules.figures import figures_of
from lms.assessment.quality.rules.looking import MIN_N, ChoiceUse, Figures, Flag, flags_of, urgency

papers = st.integers(2, 6).flatmap(lambda k: st.lists(st.lists(st.integers(-50, 100), min_size=k, max_size=k), min_size=2, max_size=40))
"""Points of some people on the same items."""
sat = st.tuples(st.integers(0, 100), st.integers(0, 10), st.sampled_from(["a", "b", "ab", ""]))
"""Share of the item, total, letters."""


def counted(rows: list[tuple[int, int, str]]) -> ItemSums:
    sums = ItemSums()
    for share, total, letters in rows:
        sums.add(share, total - share, total, letters, blank=not letters)
    return sums


def reliability_of(points: list[list[int]]) -> classical.Reliability:
    means = [sum(row[place] for row in points) / len(points) for place in range(len(points[0]))]
    found = classical.Reliability()
    for row in points:
        found.add([own - mean for own, mean in zip(row, means, strict=True)], share_of(sum(row), 100 * len(row)))
    return found


@given(papers)
def test_alpha_is_cronbachs_where_all_have_the_same_items(points: list[list[int]]) -> None:
    k = len(points[0])
    items = [pvariance([Fraction(row[place]) for row in points]) for place in range(k)]
    whole = pvariance([Fraction(sum(row)) for row in points])
    found = classical.alpha(reliability_of(points))
    if whole == 0 or not any(items):
        assert found is None or abs(found) > 1e6 or whole == 0
    else:
        assert found == pytest.approx(float(Fraction(k, k - 1) * (1 - sum(items) / whole)), abs=1e-6, rel=1e-6)


@given(papers)
def test_the_error_of_measurement_is_the_spread_times_what_is_not_reliable(points: list[list[int]]) -> None:
    found = reliability_of(points)
    value = classical.alpha(found)
    error = classical.error_of_measurement(found, value)
    if value is None or value < 0:
        assert error is None
    else:
        shares = [share_of(sum(row), 100 * len(row)) for row in points]
        assert error == pytest.approx((float(pvariance([Fraction(share) for share in shares])) * max(0.0, 1 - value)) ** 0.5 / 100, abs=1e-6)


@given(st.lists(st.tuples(st.integers(-SHARE, SHARE), st.integers(-SHARE, SHARE)), min_size=2, max_size=60))
def test_the_correlation_is_pearsons(rows: list[tuple[int, int]]) -> None:
    sums = ItemSums()
    for x, y in rows:
        sums.add(x, y, 0, "", blank=False)
    found = classical.correlation(sums.pairs)
    xs, ys = zip(*rows, strict=True)
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(pearson(xs, ys), abs=1e-6)


@given(st.lists(sat, min_size=1, max_size=7))
def test_ties_at_the_edge_of_a_group_count_as_chance_would_have_them(rows: list[tuple[int, int, str]]) -> None:
    """Against every order of the people that is sorted by the total: the mean over all of them."""
    upper, lower = classical.groups(counted(rows).levels)
    assert upper.n == lower.n == Fraction(27 * len(rows), 100)
    for group, sign in ((upper, -1), (lower, 1)):
        orders = [order for order in permutations(rows) if all(sign * a[1] <= sign * b[1] for a, b in pairwise(order))]
        wanted = sum((sum((part * row[0] for row, part in zip(order, _parts(len(rows)), strict=True)), Fraction(0)) for order in orders), Fraction(0))
        assert group.shares == wanted / len(orders)


def _parts(n: int) -> list[Fraction]:
    left = Fraction(27 * n, 100)
    return [min(Fraction(1), max(Fraction(0), left - place)) for place in range(n)]


@given(st.lists(sat, min_size=1, max_size=80), st.integers(0, 80))
def test_figures_do_not_depend_on_the_order_nor_on_how_the_revisions_are_split(rows: list[tuple[int, int, str]], cut: int) -> None:
    whole = counted(rows)
    assert counted(rows[::-1]) == whole
    assert figures_of(joined([counted(rows[:cut]), counted(rows[cut:])])) == figures_of(whole)


@given(st.lists(sat, min_size=MIN_N, max_size=120))
def test_shares_and_their_denominators(rows: list[tuple[int, int, str]]) -> None:
    figures = figures_of(counted(rows), "ab")
    assert figures.n == len(rows)
    assert figures.blank == sum(not letters for _, _, letters in rows)
    assert figures.facility == int(Fraction(sum(share for share, _, _ in rows), len(rows)) + Fraction(1, 2))
    for use in figures.choices:
        count = sum(use.letter in letters for _, _, letters in rows)
        assert (use.count, use.all) == (count, int(Fraction(SHARE * count, len(rows)) + Fraction(1, 2)))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_the_median(values: list[int]) -> None:
    assert classical.median({value: values.count(value) for value in values}) == Fraction(middle(values)).limit_denominator(2)


@pytest.mark.parametrize(("n", "told"), [(MIN_N - 1, False), (MIN_N, True)], ids=["one too few", "enough"])
def test_under_thirty_nothing_is_told_but_how_many(n: int, told: bool) -> None:
    figures = figures_of(counted([(0 if place % 2 else SHARE, place % 3, "a") for place in range(n)]), "ab", dict.fromkeys(range(n), 1))
    assert figures.n == n
    assert [value is not None for value in (figures.facility, figures.correlation, figures.index, figures.seconds)] == [told] * 4
    assert bool(figures.choices) is told
    assert bool(flags_of(figures, {"b"})) is told


def _used(**upper: int) -> tuple[ChoiceUse, ...]:
    return tuple(ChoiceUse(letter, 10, 2_000, share, 2_000) for letter, share in upper.items())


CASES = [
    pytest.param({"facility": 9_500}, (Flag.TOO_EASY,), id="95 % is too easy"),
    pytest.param({"facility": 9_499}, (), id="just under"),
    pytest.param({"facility": 3_000}, (Flag.TOO_HARD,), id="30 % is too hard"),
    pytest.param({"facility": 3_001}, (), id="just above"),
    pytest.param({"correlation": 99}, (Flag.NO_DISCRIMINATION,), id="r under 0.10"),
    pytest.param({"correlation": 100}, (), id="r of 0.10"),
    pytest.param({"correlation": 0, "facility": 9_800}, (Flag.TOO_EASY,), id="what nearly all know need not discriminate"),
    pytest.param({"correlation": -101}, (Flag.WRONG_KEY, Flag.NO_DISCRIMINATION), id="the best fail it"),
    pytest.param({"choices": _used(a=4_000, b=4_000)}, (), id="the best take both alike"),
    pytest.param({"choices": _used(a=4_000, b=4_001)}, (Flag.WRONG_KEY,), id="the best take another one"),
    pytest.param({"choices": (*_used(a=9_000), ChoiceUse("b", 1, 99, 0, 200))}, (Flag.UNUSED,), id="a choice that hardly anybody takes"),
    pytest.param({"choices": (*_used(b=9_000), ChoiceUse("a", 1, 99, 9_900, 200))}, (), id="the key may be unused"),
    pytest.param({"n": MIN_N - 1, "facility": 0}, (), id="too few"),
]


@pytest.mark.parametrize(("given_", "flags"), CASES)
def test_what_should_be_looked_at(given_: dict[str, object], flags: tuple[Flag, ...]) -> None:
    figures = Figures(**{"n": 40, "blank": 0, "facility": 6_000, "correlation": 300, "index": 4_000} | given_)  # type: ignore[arg-type]
    assert flags_of(figures, {"a"}) == flags


def test_a_worse_flag_stands_above_all_lesser_ones() -> None:
    order = [Flag.WRONG_KEY, Flag.NO_DISCRIMINATION, Flag.TOO_HARD, Flag.UNUSED, Flag.TOO_EASY]
    for place, flag in enumerate(order):
        assert urgency([flag]) > urgency(order[place + 1 :])


@pytest.mark.parametrize(("points", "most", "share"), [(1, 3, 3_333), (-1, 3, -3_333), (2, 3, 6_666), (5, 0, 0), (3, 3, SHARE)])
def test_a_share_is_rounded_towards_zero(points: int, most: int, share: int) -> None:
    assert share_of(points, most) == share
