"""Scored papers judged again by other keys: the rules, and what the database finds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from lms.assessment.models import Attempt, Result
from lms.assessment.rules.answers.judging import Key
from lms.assessment.rules.rejudging import Letters, Unclear, carried, outcome
from lms.assessment.rules.scoring import ItemScore, Keyed, Verdict
from lms.assessment.rules.terms import Terms
from lms.assessment.service.impact import Rejudge, Row, find_sittings
from lms.clock import MovableClock
from lms.content.catalogue import Blank, Item
from lms.content.impact.rooms import EXAMPLES, Sittings
from lms.platform.db import Database
from tests.assessment.acts import save, start, submit
from tests.assessment.conftest import ITEMS, KEY, People, Shelf, make_item
from tests.assessment.correcting import correct, wish
from tests.assessment.kinds import ESSAY, GAPS, SINGLE
from tests.counting import count_queries
from tests.make import make_learner

SWAPPED = Letters({"a": "b", "b": "a", "c": "c"}, {"x": "y", "y": "x"})


@pytest.mark.parametrize(
    ("kind", "answer", "expected"),
    [
        pytest.param("single", "a", "b", id="single"),
        pytest.param("multiple", "ac", "bc", id="multiple, sorted"),
        pytest.param("hotspot", "abc", "abc", id="hotspot"),
        pytest.param("ordering", "cab", "cba", id="ordering keeps its places"),
        pytest.param("ordering", "", "", id="nothing put in order"),
        pytest.param("matching", "a:x b:y", "a:x b:y", id="matching, both sides, sorted"),
        pytest.param("numeric", "85", "85", id="a number has no letters"),
        pytest.param("multiple", "", "", id="blank"),
    ],
)
def test_an_answer_is_carried_over_by_the_choices_it_names(kind: str, answer: str, expected: str) -> None:
    assert carried(kind, answer, SWAPPED, to=3) == expected


@pytest.mark.parametrize(("kind", "answer"), [("single", "d"), ("multiple", "ad"), ("ordering", "ab"), ("ordering", "abd"), ("matching", "a:z")])
def test_a_choice_that_is_gone_makes_it_unclear(kind: str, answer: str) -> None:
    with pytest.raises(Unclear):
        carried(kind, answer, SWAPPED, to=3)


def brought(points: int, verdict: Verdict = "right", *, critical: bool = False) -> ItemScore:
    return ItemScore(Keyed("i", "d", "", Key(""), 1, critical), "a", verdict, points, 100)


@pytest.mark.parametrize(
    ("items", "percent", "critical_wrong", "passed"),
    [
        pytest.param([brought(100), brought(0, "wrong")], 50, 0, True, id="just enough"),
        pytest.param([brought(100), brought(0, "wrong")], 51, 0, False, id="just not"),
        pytest.param([brought(100)], 50, 1, False, id="another critical item was wrong"),
        pytest.param([brought(100), brought(0, "wrong", critical=True)], 50, 0, False, id="this critical item is wrong"),
        pytest.param([brought(100)], None, 0, None, id="nobody passes or fails"),
        pytest.param([], 50, 0, None, id="every item is void"),
    ],
)
def test_an_outcome_counts_critical_items_of_both_sorts(items: list[ItemScore], percent: int | None, critical_wrong: int, passed: bool | None) -> None:
    assert outcome(items, pass_percent=percent, critical_wrong=critical_wrong) is passed


TERMS = Terms({}, 600, None, None, None, "never", "always", 50, (1, 0, 0), "/")


def row(item: Item, answer: str, verdict: Verdict, points: int = 0) -> Row:
    return (item.id, item.digest, item.topic, answer, verdict, points, 100 * item.points)


def judged(old: Item, new: Item, answer: str, verdict: Verdict, points: int, critical_wrong: int = 0) -> bool | None:
    rejudge = Rejudge.by({new.id: new}, {old.digest: old})
    return rejudge.outcome([row(old, answer, verdict, points)], TERMS, critical_wrong)


def newer(item: Item, **given: Any) -> Item:
    return replace(item, digest="new", **given)


PLAIN = make_item(1)
CRITICAL = make_item(1, critical=True)
TURNED = newer(PLAIN, choices=tuple(replace(choice, letter=letter) for choice, letter in zip(reversed(PLAIN.choices), "abcd", strict=True)), points=2)
"""The same choices, the last first: what was b is c."""


@pytest.mark.parametrize(
    ("old", "new", "answer", "verdict", "points", "critical_wrong", "passed"),
    [
        pytest.param(PLAIN, newer(make_item(1, "c")), "b", "right", 100, 0, False, id="another key"),
        pytest.param(PLAIN, newer(make_item(1, "c")), "c", "wrong", 0, 0, True, id="now right"),
        pytest.param(PLAIN, TURNED, "b", "right", 100, 0, True, id="the same choice under another letter"),
        pytest.param(PLAIN, TURNED, "c", "wrong", 0, 0, False, id="another choice under the letter of the right one"),
        pytest.param(PLAIN, newer(PLAIN, accept=True), "d", "wrong", 0, 0, True, id="any answer is right"),
        pytest.param(PLAIN, newer(PLAIN, accept=True), "", "blank", 0, 0, False, id="no answer is none"),
        pytest.param(PLAIN, newer(PLAIN, void=True), "d", "wrong", 0, 0, None, id="the only item is void"),
        pytest.param(CRITICAL, newer(PLAIN, accept=True), "d", "wrong", 0, 1, True, id="no more critical"),
        pytest.param(CRITICAL, newer(CRITICAL, void=True, accept=True), "d", "wrong", 0, 1, None, id="critical and void"),
        pytest.param(CRITICAL, newer(make_item(1, "d", critical=True)), "d", "wrong", 0, 2, False, id="another critical one stays wrong"),
        pytest.param(ESSAY, newer(ESSAY, accept=True), "x", "wrong", 0, 0, True, id="an essay that anybody gets right"),
    ],
)  # fmt: skip
def test_a_paper_is_judged_again(old: Item, new: Item, answer: str, verdict: Verdict, points: int, critical_wrong: int, passed: bool | None) -> None:
    assert judged(old, new, answer, verdict, points, critical_wrong) is passed


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        pytest.param(ESSAY, newer(ESSAY, points=9), "x", id="an essay, marked by a person"),
        pytest.param(SINGLE, newer(SINGLE, kind="multiple"), "b", id="another kind"),
        pytest.param(GAPS, newer(GAPS, blanks=(Blank({"vi": ("x",)}),)), '["a","b"]', id="another number of gaps"),
    ],
)
def test_what_a_program_cannot_judge_is_unclear(old: Item, new: Item, answer: str) -> None:
    with pytest.raises(Unclear):
        judged(old, new, answer, "right", 100)


def test_gaps_of_the_same_number_are_judged_again() -> None:
    assert judged(GAPS, newer(GAPS, partial=False), '["ngắt","thẻ"]', "part", 0) is True


def test_a_revision_that_was_never_published_stays_as_it_was_judged() -> None:
    rejudge = Rejudge.by({PLAIN.id: newer(PLAIN)}, {})
    assert rejudge.touches([row(PLAIN, "b", "right")])
    assert not rejudge.touches([row(newer(PLAIN), "b", "right"), row(make_item(2), "b", "right")])
    assert rejudge.outcome([row(PLAIN, "b", "right", 100)], TERMS, 0) is True


def found(db: Database, *new: Item, seen: Mapping[str, str] | None = None) -> Sittings:
    with db.reading() as session:
        former = {ITEMS[item.id].digest: ITEMS[item.id] for item in new if item.id in ITEMS}
        return find_sittings(session, seen={item.id: item.digest for item in new} if seen is None else seen, scored={one.id: one for one in new}, former=former)


@pytest.fixture()
def sit(db: Database, shelf: Shelf, clock: MovableClock) -> Callable[..., int]:
    """A learner who answers the first items rightly, handed in unless told otherwise."""

    def _sit(right: int, *, hand_in: bool = True, wrong: str = "") -> int:
        with db.writing() as session:
            person = make_learner(session)
        attempt = start(db, person, shelf.offerings[KEY], clock.now())
        for item in list(ITEMS.values())[:right]:
            save(db, attempt, item.id, wrong or "".join(sorted(item.key)), clock.now())
        if hand_in:
            submit(db, attempt, clock.now())
        return attempt.id

    return _sit


def test_outcomes_turn_both_ways_by_offering_and_void_attempts_are_left_out(db: Database, sit: Callable[..., int], people: People) -> None:
    assert people
    passed, never, running = sit(6), sit(1), sit(3, hand_in=False)
    spoilt = sit(6)
    with db.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == spoilt).values(state="void"))
    harder = newer(ITEMS["item0006"], choices=make_item(6, "bd").choices)
    made = found(db, harder)
    assert [(one.offering, one.judged, one.to_fail, one.to_pass, one.unclear) for one in made.flips] == [(KEY, 2, 1, 0, 0)]
    assert (made.failing, made.flips[0].fail_examples, made.flips[0].pass_examples) == (frozenset({passed}), (passed,), ())
    assert [(one.attempts, one.examples) for one in made.open] == [(1, (running,))]
    easier = found(db, newer(ITEMS["item0006"], void=True), *(newer(ITEMS[f"item000{n}"], void=True) for n in range(2, 6)))
    assert [(one.to_fail, one.to_pass) for one in easier.flips] == [(0, 1)]
    assert easier.flips[0].pass_examples == (never,)
    assert found(db, newer(ITEMS["item0001"], kind="essay")).flips[0].unclear == 2


@pytest.mark.parametrize("offering", [KEY, "", "course:khac"])
def test_a_revision_of_which_a_correction_has_decided_stays_as_it_is_until_that_is_taken_back(
    db: Database, sit: Callable[..., int], people: People, clock: MovableClock, offering: str
) -> None:
    """A question that everybody has right by a correction fails nobody when its text is rewritten afterwards."""
    passed = sit(6)
    harder = newer(ITEMS["item0006"], choices=make_item(6, "bd").choices)
    assert found(db, harder).failing == {passed}
    made = correct(db, wish("item0006", "full", offering=offering), people.stranger, clock)
    assert found(db, harder).failing == ({passed} if offering == "course:khac" else frozenset())
    both = found(db, harder, newer(ITEMS["item0005"], void=True))
    assert [one.judged for one in both.flips] == [1]
    assert both.failing == ({passed} if offering == "course:khac" else frozenset())
    correct(db, wish("item0006", "undo", offering=offering, undoes=made.id), people.stranger, clock)
    assert found(db, harder).failing == {passed}


def test_the_latest_version_of_a_result_counts(db: Database, sit: Callable[..., int]) -> None:
    attempt_id = sit(6)
    with db.writing() as session:
        first = session.scalars(select(Result).filter_by(attempt_id=attempt_id)).one()
        kept = {name: getattr(first, name) for name in ("points", "max_points", "correct", "item_count", "critical_wrong", "elapsed_ms", "items", "scored_at")}
        session.add(Result(**kept, attempt_id=attempt_id, version=2, passed=False, reason="corrected"))
    (flips,) = found(db, newer(ITEMS["item0006"], choices=make_item(6, "bd").choices)).flips
    assert (flips.judged, flips.to_fail, flips.to_pass) == (1, 0, 0)


def test_nothing_to_ask_costs_no_query_and_more_people_cost_none_more(db: Database, sit: Callable[..., int]) -> None:
    with count_queries(db) as counted:
        assert found(db) == Sittings()
    assert len(counted) == 0
    harder = newer(ITEMS["item0006"], choices=make_item(6, "bd").choices)
    counts = []
    for _ in range(2):
        sit(6)
        with count_queries(db) as counted:
            found(db, harder)
        counts.append(len(counted))
    assert counts == [3, 3]
    assert found(db, harder, seen={}).open == ()


def test_the_new_revision_itself_and_names_alike_are_not_touched(db: Database, sit: Callable[..., int]) -> None:
    sit(6)
    sit(2, hand_in=False)
    assert found(db, ITEMS["item0006"]) == Sittings()
    assert found(db, make_item(99, id="item%", digest="x")) == Sittings()
    many = [make_item(n, id=f"other{n}", digest="x") for n in range(60)]
    assert found(db, *many) == Sittings()
    assert EXAMPLES > 0
