"""Prizes: quotas, the cascade, conditions and shared places; by hand, and as properties."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.contests.rules.prizes import Allotment, Award, Prize, Ranked, Tier, Waiting, allot, commitment, lot

MAIN = (Tier("first", 1), Tier("second", 2))
crossings = st.sampled_from(["expand", "lot"])
tiers = st.builds(Tier, st.just("x"), st.integers(0, 4), st.booleans())
prizes = st.builds(
    lambda slug, sizes, crossing, correct, unit, beside: Prize(
        slug, tuple(Tier(str(n), one.number, one.percent) for n, one in enumerate(sizes)), crossing, correct, unit, beside
    ),
    st.sampled_from("abc"),
    st.lists(tiers, min_size=1, max_size=3),
    crossings,
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
prize_lists = st.lists(prizes, max_size=3, unique_by=lambda prize: prize.slug)
fields = st.tuples(st.integers(0, 5), st.none() | st.integers(1, 3), st.booleans())


def _place(rows: list[tuple[int, int | None, bool]]) -> list[Ranked]:
    return [Ranked(f"E{n}", 1 + sum(other[0] < key for other in rows), unit, right) for n, (key, unit, right) in enumerate(rows)]


fields_of_ranked = st.lists(fields, max_size=12).map(_place)


def ranked(*places: int, unit_id: int | None = None, all_correct: bool = True) -> list[Ranked]:
    return [Ranked(f"E{n}", place, unit_id, all_correct) for n, place in enumerate(places, 1)]


def given_to(found: Allotment) -> dict[str, list[str]]:
    by_tier: dict[str, list[str]] = {}
    for award in found.awards:
        by_tier.setdefault("/".join(award.key), []).append(award.code)
    return by_tier


@pytest.mark.parametrize(
    ("percent", "of", "quota"),
    [pytest.param(10, 39, 3, id="rounded down"), pytest.param(10, 40, 4, id="exact"), pytest.param(1, 5, 1, id="at least one")],
)
def test_percentage_of_the_ranked(percent: int, of: int, quota: int) -> None:
    assert Tier("x", percent, percent=True).quota(of) == quota


def test_tiers_go_down_in_their_order() -> None:
    assert given_to(allot([Prize("main", MAIN, "lot")], ranked(1, 2, 3, 4))) == {"main/first": ["E1"], "main/second": ["E2", "E3"]}


def test_a_shared_place_inside_a_tier_needs_no_rule() -> None:
    assert given_to(allot([Prize("main", MAIN, "lot")], ranked(1, 2, 2, 4))) == {"main/first": ["E1"], "main/second": ["E2", "E3"]}


def test_expand_gives_to_all_on_the_last_place_and_leaves_the_next_tier_its_quota() -> None:
    found = allot([Prize("main", MAIN, "expand")], ranked(1, 1, 3, 4, 5))
    assert given_to(found) == {"main/first": ["E1", "E2"], "main/second": ["E3", "E4"]}


def test_lot_waits_for_its_seed_and_follows_the_published_order() -> None:
    prize, field = Prize("main", (Tier("first", 1),), "lot"), ranked(1, 1, 1)
    assert allot([prize], field).waiting == Waiting(("main", "first"), ("E1", "E2", "E3"), 1)
    winner = min(("E1", "E2", "E3"), key=lambda code: lot("s", code))
    assert allot([prize], field, seed="s").awards == (Award(("main", "first"), winner, 1),)


def test_seed_and_lot_can_be_checked_with_any_tool() -> None:
    assert commitment("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert lot("a", "b") == commitment("a\nb")


def test_conditions() -> None:
    field = [Ranked("A", 1, 1, False), Ranked("B", 2, 1, True), Ranked("C", 3, 1, True), Ranked("D", 4, None, True), Ranked("E", 5, None, True)]
    prize = Prize("unit", (Tier("x", 9),), "lot", all_correct=True, best_of_unit=True)
    assert given_to(allot([prize], field)) == {"unit/x": ["B", "D", "E"]}


def test_who_has_a_prize_passes_the_next_down_but_may_have_a_side_prize() -> None:
    one = (Tier("x", 1),)
    found = allot([Prize("a", one, "lot"), Prize("side", one, "lot", beside=True), Prize("b", one, "lot")], ranked(1, 2, 3))
    assert given_to(found) == {"a/x": ["E1"], "side/x": ["E1"], "b/x": ["E2"]}


@given(prize_lists, fields_of_ranked, st.none() | st.text(max_size=3))
def test_quotas_hold_except_by_expand_on_the_last_place(listed: list[Prize], field: list[Ranked], seed: str | None) -> None:
    awards = allot(listed, field, seed=seed).awards
    for prize in listed:
        for tier in prize.tiers:
            won = sorted(award.place for award in awards if award.key == (prize.slug, tier.name))
            quota = tier.quota(len(field))
            assert len(won) <= quota or (prize.crossing == "expand" and won[quota - 1] == won[-1])
    assert max(Counter((award.key[0], award.code) for award in awards).values(), default=1) == 1
    beside = {prize.slug for prize in listed if prize.beside}
    assert max(Counter(award.code for award in awards if award.key[0] not in beside).values(), default=1) == 1


@given(prize_lists, fields_of_ranked, st.none() | st.text(max_size=3), st.randoms())
def test_the_order_of_the_input_changes_nothing(listed: list[Prize], field: list[Ranked], seed: str | None, random: object) -> None:
    mixed = list(field)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert allot(listed, mixed, seed=seed) == allot(listed, field, seed=seed)
