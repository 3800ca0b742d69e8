"""What stands on a sheet and what it means: read and written back it is the same, whatever the order of the variant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.on_paper.rules.marks import Spot, read_mark, read_row, split_row, write_mark, write_row
from lms.assessment.rules.answers.canonical import Refused

SHOWN = "cadb"
SINGLE, MULTIPLE = Spot(1, "i1", "single", SHOWN), Spot(2, "i2", "multiple", SHOWN)
ORDER, MATCH = Spot(3, "i3", "ordering", SHOWN), Spot(4, "i4", "matching", "ba", "zxy")
NUMBER, GAPS = Spot(5, "i5", "numeric", ""), Spot(6, "i6", "gaps", "", "", 2)
SPOTS = (SINGLE, MULTIPLE, ORDER, MATCH, NUMBER, GAPS)

MEANT = [
    pytest.param("A", SINGLE, "c", id="the first shown"),
    pytest.param("d", SINGLE, "b", id="small letters"),
    pytest.param("Ｂ", SINGLE, "a", id="full width"),
    pytest.param("-", SINGLE, "", id="empty"),
    pytest.param("", SINGLE, "", id="nothing"),
    pytest.param("AC", MULTIPLE, "cd", id="several, sorted by the bank"),
    pytest.param("(CA)", MULTIPLE, "cd", id="in brackets, in any order"),
    pytest.param("BACD", ORDER, "acdb", id="an order keeps its order"),
    pytest.param("CA", MATCH, "a:z b:y", id="a letter for each row"),
    pytest.param("-A", MATCH, "a:z", id="one row empty"),
    pytest.param("--", MATCH, "", id="all rows empty"),
    pytest.param("85,5 dBA", NUMBER, "85,5 dBA", id="a number as it is written"),
    pytest.param("0", NUMBER, "0", id="nought is a number"),
    pytest.param("-", NUMBER, "", id="no number"),
    pytest.param("ngắt | thẻ", GAPS, '["ngắt","thẻ"]', id="gaps"),
    pytest.param("- | thẻ", GAPS, '["","thẻ"]', id="one gap empty"),
    pytest.param(" | ", GAPS, "", id="all gaps empty"),
]


@pytest.mark.parametrize(("mark", "spot", "answer"), MEANT)
def test_what_a_mark_means(mark: str, spot: Spot, answer: str) -> None:
    assert read_mark(mark, spot) == answer
    assert read_mark(write_mark(answer, spot), spot) == answer


WRONG = [("E", SINGLE), ("AB", SINGLE), ("AA", MULTIPLE), ("ABC", ORDER), ("ABCE", ORDER), ("A", MATCH), ("AD", MATCH), ("a|b|c", GAPS), ("?", SINGLE)]


@pytest.mark.parametrize(("mark", "spot"), WRONG)
def test_what_cannot_be_meant_is_refused_with_the_number_of_the_question(mark: str, spot: Spot) -> None:
    with pytest.raises(Refused, match=f"Question {spot.n}"):
        read_mark(mark, spot)


@pytest.mark.parametrize(
    ("row", "parts"),
    [("ABD", ["A", "B", "D"]), ("ab d", ["A", "B", "D"]), ("A(BC)-", ["A", "BC", "-"]), ("A,BC,,D", ["A", "BC", "", "D"]), ("a; (bc)", ["A", "BC"]), ("", [])],
)
def test_a_row_in_its_parts(row: str, parts: list[str]) -> None:
    assert split_row(row) == parts


@pytest.mark.parametrize("row", ["A(B", "A)B", "((A))"])
def test_brackets_must_close(row: str) -> None:
    with pytest.raises(Refused):
        split_row(row)


def test_a_row_holds_what_is_answered_by_letters_and_nothing_less() -> None:
    assert read_row("A(AC)(BACD)(C-)", SPOTS) == {"i1": "c", "i2": "cd", "i3": "acdb", "i4": "b:y"}
    for row in ("A(AC)(BACD)", "A(AC)(BACD)(C-)A", ""):
        with pytest.raises(Refused):
            read_row(row, SPOTS)


letters = st.permutations("abcd").map("".join)
answers = st.fixed_dictionaries(
    {
        "i1": st.sampled_from(["", "a", "b", "c", "d"]),
        "i2": st.sets(st.sampled_from("abcd")).map(lambda chosen: "".join(sorted(chosen))),
        "i3": st.one_of(st.just(""), letters),
        "i4": st.tuples(st.sampled_from(["", "a:x", "a:y"]), st.sampled_from(["", "b:z", "b:x"])).map(lambda pairs: " ".join(filter(None, pairs))),
    }
)


@given(answers, letters, letters, st.permutations("ab").map("".join), st.permutations("xyz").map("".join))
def test_a_row_is_read_as_it_was_written_whatever_the_order_shown(given_: dict[str, str], one: str, two: str, left: str, right: str) -> None:
    spots = (Spot(1, "i1", "single", one), Spot(2, "i2", "multiple", two), Spot(3, "i3", "ordering", one), Spot(4, "i4", "matching", left, right))
    assert read_row(write_row(given_, spots), spots) == given_
    assert read_row(",".join(write_mark(given_[spot.item_id], spot) for spot in spots), spots) == given_
