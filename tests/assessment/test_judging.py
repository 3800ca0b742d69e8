"""What an answer is worth, kind by kind: exact, forgiving where people type, never generous to ticking everything."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.rules.answers.folding import fold
from lms.assessment.rules.answers.judging import Accepted, Key, judge
from lms.assessment.rules.answers.numbers import Wanted, is_near, readings
from lms.assessment.rules.points import show_decimal, show_points
from lms.assessment.rules.scoring import Keyed, score_item, score_marked, total

MULTIPLE = Key("multiple", "abcd", frozenset("ab"))
PAID = Key("multiple", "abcd", frozenset("ab"), {"a": 50, "b": 50, "c": -30, "d": 0})
PARTS = Key("ordering", "abcd", order="cabd", partial=True)
PAIRS = Key("matching", "abc", pairs={"a": "x", "b": "y", "c": "x"}, partial=True)
GAPS = Key("gaps", blanks=(Accepted(("ngắt", "cut")), Accepted(("thẻ",), keep_accents=True)), partial=True)
SPOTS = Key("hotspot", "abcde", frozenset("abc"), partial=True)


@pytest.mark.parametrize(
    ("key", "answer", "verdict", "percent"),
    [
        pytest.param(Key("single", "abc", frozenset("b")), "b", "right", 100, id="single: right"),
        pytest.param(Key("single", "abc", frozenset("b"), {"b": 100, "c": 50}), "c", "part", 50, id="single: a half right choice"),
        pytest.param(Key("single", "abc", frozenset("b"), {"a": -25}), "a", "wrong", -25, id="single: a choice that costs"),
        pytest.param(Key("single", "abc", frozenset("b"), {"a": 100}), "a", "part", 99, id="single: another choice is never all"),
        pytest.param(MULTIPLE, "ab", "right", 100, id="multiple: exactly the right ones"),
        pytest.param(MULTIPLE, "a", "wrong", 0, id="multiple: one missing, no percents"),
        pytest.param(PAID, "a", "part", 50, id="multiple: percents, one missing"),
        pytest.param(PAID, "abc", "part", 70, id="multiple: percents, a wrong one costs"),
        pytest.param(PAID, "abd", "part", 50, id="multiple: a wrong one without percents costs an even share"),
        pytest.param(PAID, "cd", "wrong", -80, id="multiple: below nothing"),
        pytest.param(Key("multiple", "abcd", frozenset("a"), {"a": 100, "b": -90, "c": -90}), "bcd", "wrong", -100, id="multiple: never more than all is lost"),
        pytest.param(PARTS, "cabd", "right", 100, id="ordering: as is right"),
        pytest.param(PARTS, "acbd", "part", 50, id="ordering: two in their place"),
        pytest.param(Key("ordering", "abcd", order="cabd"), "acbd", "wrong", 0, id="ordering: all or nothing"),
        pytest.param(PAIRS, "a:x b:y c:x", "right", 100, id="matching: all"),
        pytest.param(PAIRS, "a:x b:x", "part", 33, id="matching: a third, rounded down"),
        pytest.param(GAPS, '["cut","thẻ"]', "right", 100, id="gaps: in two languages"),
        pytest.param(GAPS, '["NGAT","the"]', "part", 50, id="gaps: accents fold only where they may"),
        pytest.param(SPOTS, "abc", "right", 100, id="hotspot: all found"),
        pytest.param(SPOTS, "abd", "part", 33, id="hotspot: a wrong mark takes one away"),
        pytest.param(SPOTS, "abcde", "part", 33, id="hotspot: everything marked"),
        pytest.param(SPOTS, "de", "wrong", 0, id="hotspot: never below nothing"),
        pytest.param(Key("numeric", number=Wanted("85", "1")), "84", "right", 100, id="numeric: the end of the tolerance"),
        pytest.param(Key("numeric", number=Wanted("85", "1")), "83,99", "wrong", 0, id="numeric: just outside"),
        pytest.param(Key("short", blanks=(Accepted(("thẻ",)),)), " THE ", "right", 100, id="short: folded"),
        pytest.param(Key("essay"), "x", "unmarked", 0, id="essay: a person marks it"),
        pytest.param(Key("essay", accept=True), "x", "right", 100, id="accepted: an essay too"),
        pytest.param(Key("single", "ab", frozenset("a"), accept=True), "b", "right", 100, id="accepted: any answer"),
        pytest.param(Key("single", "ab", frozenset("a"), accept=True), "", "blank", 0, id="accepted: but a blank one is blank"),
        pytest.param(Key("essay"), "", "blank", 0, id="essay: a blank one waits for nobody"),
    ],
)
def test_an_answer_is_judged(key: Key, answer: str, verdict: str, percent: int) -> None:
    assert judge(key, answer) == (verdict, percent)


LETTERS = "abcdef"


@given(
    st.sets(st.sampled_from(LETTERS), min_size=1, max_size=5),
    st.dictionaries(st.sampled_from(LETTERS), st.integers(-100, 100)),
    st.sets(st.sampled_from(LETTERS)),
)
def test_whatever_is_ticked_only_the_key_brings_all_and_never_more_than_all_is_lost(right: set[str], percents: dict[str, int], ticked: set[str]) -> None:
    for kind, partial in (("multiple", False), ("hotspot", True), ("hotspot", False)):
        key = Key(kind, LETTERS, frozenset(right), percents, partial=partial)
        verdict, percent = judge(key, "".join(sorted(ticked)))
        assert -100 <= percent <= 100
        assert (percent == 100) == (ticked == right)
        assert (verdict == "right") == (ticked == right)
        assert (verdict == "blank") == (not ticked)


@given(st.sets(st.sampled_from(LETTERS), min_size=1, max_size=5))
def test_ticking_everything_earns_nothing(right: set[str]) -> None:
    shares = dict(zip(sorted(right), [100 - 100 // len(right) * (len(right) - 1)] + [100 // len(right)] * (len(right) - 1), strict=True))
    assert judge(Key("multiple", LETTERS, frozenset(right), shares), LETTERS)[1] <= 0


@given(st.permutations(LETTERS), st.permutations(LETTERS), st.booleans())
def test_an_ordering_is_right_only_as_a_whole_and_partly_by_place(order: list[str], answer: list[str], partial: bool) -> None:
    verdict, percent = judge(Key("ordering", LETTERS, order="".join(order), partial=partial), "".join(answer))
    in_place = sum(a == b for a, b in zip(order, answer, strict=True))
    assert percent == (100 if order == answer else 100 * in_place // 6 if partial else 0)
    assert (verdict == "right") == (order == answer)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("85", ["85"], id="plain"),
        pytest.param("８５．５", ["85.5"], id="full width"),
        pytest.param("−3,5", ["-3.5"], id="minus sign and decimal comma"),
        pytest.param("+ 7", ["7"], id="plus"),
        pytest.param("1,234", ["1.234", "1234"], id="a comma before three digits may be either"),
        pytest.param("0,125", ["0.125"], id="but no thousands begin with nought"),
        pytest.param("1.234,5", ["1234.5"], id="the last mark is the decimal one"),
        pytest.param("1,234.5", ["1234.5"], id="the other way round"),
        pytest.param("12 345 678", ["12345678"], id="blanks between thousands"),
        pytest.param("1'000", ["1000"], id="apostrophes"),
        pytest.param("1 000", ["1000"], id="narrow blank"),
        pytest.param("1.000.000", ["1000000"], id="dots between thousands"),
        pytest.param(",5", [".5"], id="no nought before the comma"),
        pytest.param("85.", ["85"], id="a full stop at the end"),
        pytest.param("3。5", ["3.5"], id="the full stop of a Chinese input method"),
        pytest.param("1.23.4", [], id="marks that make no groups"),
        pytest.param("12,34,567", [], id="groups that are not of three"),
        pytest.param("1,234,5", [], id="one mark for both"),
        pytest.param("eighty", [], id="words"),
        pytest.param(".", [], id="a mark alone"),
        pytest.param("1e9999999", [], id="no powers"),
        pytest.param("--5", [], id="two signs"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, numbers: list[str]) -> None:
    assert readings(text) == {Fraction(number) for number in numbers}


@pytest.mark.parametrize(
    ("text", "fits"), [("85 dBA", True), ("85dba", True), ("８５ ｄＢＡ", True), ("85", True), ("85 m", False), ("dBA", False), ("85 分贝", True)]
)
def test_a_unit_may_stand_there_in_any_language_but_not_another_one(text: str, fits: bool) -> None:
    assert is_near(Wanted("85", "0", units=("dBA", "分贝", "")), text) is fits


@given(st.decimals(-10_000, 10_000, places=3), st.decimals(0, 50, places=2), st.decimals(-10_100, 10_100, places=4), st.booleans(), st.sampled_from(",."))
def test_the_tolerance_is_exact_at_both_ends(value: object, tolerance: object, typed: object, relative: bool, mark: str) -> None:
    wanted = Wanted(str(value), str(tolerance), relative=relative)
    most = abs(Fraction(str(value))) * Fraction(str(tolerance)) / 100 if relative else Fraction(str(tolerance))
    for number in (Fraction(str(typed)), Fraction(str(value)) + most, Fraction(str(value)) - most):
        text = f"{number.numerator / number.denominator:.10f}" if Fraction(f"{number.numerator / number.denominator:.10f}") == number else None
        if text is not None:
            assert is_near(wanted, text.replace(".", mark)) is (abs(number - Fraction(str(value))) <= most)


@given(st.text(max_size=60))
def test_no_text_breaks_reading_or_folding(text: str) -> None:
    readings(text, ("dBA", "%"))
    once = fold(text, keep_accents=True, keep_case=True)
    assert fold(once, keep_accents=True, keep_case=True) == once or not once.isprintable() or not text.isascii()
    fold(text)


@pytest.mark.parametrize(
    ("one", "other", "given", "same"),
    [
        pytest.param("Đeo khẩu trang", "deo  khau trang ", {}, True, id="accents, đ, case, blanks"),
        pytest.param("Đeo", "deo", {"keep_accents": True}, False, id="accents kept"),
        pytest.param("LOTO", "loto", {"keep_case": True}, False, id="case kept"),
        pytest.param("LOTO", "ＬＯＴＯ", {"keep_case": True}, True, id="width never matters"),
        pytest.param("hoá chất", "hóa chất", {"keep_accents": True}, True, id="the tone on either vowel"),
        pytest.param("thuỷ", "thủy", {"keep_accents": True}, True, id="uy too"),
        pytest.param("quý", "qúy", {"keep_accents": True}, False, id="but not after q, where u is no vowel"),
        pytest.param("hoà", "hóa", {"keep_accents": True}, False, id="another tone is another word"),
        pytest.param("toán", "tóan", {"keep_accents": True}, False, id="inside a syllable there is one place only"),
        pytest.param("安全 第一", "安全第一", {}, True, id="blanks between Chinese characters"),
        pytest.param("ngắt", "ngắt", {"keep_accents": True}, True, id="composed or not"),
        pytest.param("a\u200bb", "ab", {}, True, id="invisible signs"),
    ],
)
def test_texts_are_compared_as_people_mean_them(one: str, other: str, given: dict[str, bool], same: bool) -> None:
    assert (fold(one, **given) == fold(other, **given)) is same


@pytest.mark.parametrize(
    ("answer", "marks", "points"),
    [
        pytest.param("ab", (3, -1, 0), 600, id="right"),
        pytest.param("a", (3, -1, 0), 300, id="a part earns its share of right"),
        pytest.param("c", (3, -1, 0), -200, id="a wrong one costs what wrong costs"),
        pytest.param("cd", (3, -1, 0), -480, id="or its own percents, if they are more"),
        pytest.param("", (3, -1, -1), -200, id="blank"),
    ],
)
def test_a_part_brings_its_share_in_hundredths(answer: str, marks: tuple[int, int, int], points: int) -> None:
    assert score_item(Keyed("q", "d", "t", PAID, 2, critical=False), answer, marks).points == points


def test_a_critical_item_must_be_fully_right() -> None:
    scored = [score_item(Keyed("q", "d", "t", PAID, 1, critical=True), "a", (1, 0, 0))]
    assert (total(scored, 10).critical_wrong, total(scored, 10).passed, total(scored, 10).correct) == (1, False, 0)


def test_an_essay_keeps_the_paper_open_until_it_is_marked() -> None:
    essay = Keyed("e", "d", "t", Key("essay"), 3, critical=True, rubric=(33, 67))
    open_yet = total([score_item(essay, "text", (2, 0, 0))], 50)
    assert (open_yet.unmarked, open_yet.passed, open_yet.critical_wrong, open_yet.points, open_yet.max_points) == (1, None, 0, 0, 600)
    for given_percents, verdict, points in (((100, 100), "right", 600), ((50, 50), "part", 300), ((1, 0), "wrong", 0), ((1, 1), "part", 6)):
        marked = score_marked(essay, "text", given_percents, (2, 0, 0))
        assert (marked.verdict, marked.points) == (verdict, points)


@pytest.mark.parametrize(
    ("hundredths", "vi", "en"), [(150, "1,5", "1.5"), (33, "0,33", "0.33"), (100, "1", "1"), (0, "0", "0"), (-50, "-0,5", "-0.5"), (1010, "10,1", "10.1")]
)
def test_points_are_shown_as_the_language_writes_them(hundredths: int, vi: str, en: str) -> None:
    assert (show_points(hundredths, "vi"), show_points(hundredths, "en"), show_points(hundredths, "zh")) == (vi, en, en)
    assert show_decimal("0.5", "vi") == "0,5"
    assert show_decimal("0.5", "zh") == "0.5"
