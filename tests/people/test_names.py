"""Names: their order in lists, and how a search finds them."""

import random

import pytest

from lms.people.rules import fold, name_words, search_text, sort_key


def test_vietnamese_names_sort_by_given_then_middle_then_family_name() -> None:
    ordered = ["Trần Văn An", "Lê Thị Ánh", "Nguyễn Văn Ăn", "Bùi Ân", "Lê Công Bình", "Phạm Văn Bình", "Lê Đức Cường", "Ngô Dũng", "Ngô Đạt", "Vũ Yến"]
    shuffled = random.Random(7).sample(ordered, len(ordered))
    assert sorted(shuffled, key=sort_key) == ordered


def test_a_tone_decides_only_between_names_that_are_otherwise_alike() -> None:
    assert sorted(["Lê Tạ", "Lê Tá", "Lê Tã", "Lê Tả", "Lê Tà", "Lê Ta"], key=sort_key) == ["Lê Ta", "Lê Tà", "Lê Tả", "Lê Tã", "Lê Tá", "Lê Tạ"]
    assert sort_key("Trần Thị Hòa") < sort_key("Lê Văn Hoà") < sort_key("Lê Thị Hoan")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Lê D", "Lê Đ", id="d before đ"),
        pytest.param("Lê O", "Lê Ô", id="o before ô"),
        pytest.param("Lê Ô", "Lê Ơ", id="ô before ơ"),
        pytest.param("Lê U", "Lê Ư", id="u before ư"),
        pytest.param("An", "Nguyễn Văn An", id="one word alone comes first"),
        pytest.param("Nguyễn Văn 2", "Nguyễn Văn 3", id="digits in order"),
        pytest.param("Nguyễn Văn 9", "Nguyễn Văn A", id="digits before letters"),
        pytest.param("Trần Vũ", "王伟", id="Chinese after Vietnamese"),
        pytest.param("Lê 'A", "Lê A", id="other signs before letters"),
        pytest.param("Müller A", "Müller B", id="a foreign letter counts as its base"),
    ],
)
def test_order(before: str, after: str) -> None:
    assert sort_key(before) < sort_key(after)


def test_composed_decomposed_and_full_width_names_are_the_same_name() -> None:
    assert sort_key("Nguyễn Thị Hoà") == sort_key("Nguye\u0302\u0303n  Thi\u0323 Hoa\u0300") == sort_key("Ｎguyễn Thị Hoà")


def test_chinese_names_sort_by_pinyin_of_common_characters_and_rare_ones_after() -> None:
    ordered = ["安娜", "陈静", "李娜", "李伟", "王芳", "张伟", "镕基"]
    assert sorted(random.Random(3).sample(ordered, len(ordered)), key=sort_key) == ordered
    assert sort_key("王A") < sort_key("王芳")


def test_a_sort_key_is_made_of_digits_so_that_no_collation_matters() -> None:
    assert all(sort_key(name).isdigit() for name in ("Đặng Thị Mỹ-Linh", "王示例", "O'Neil 3", "囧囧", "ß"))


@pytest.mark.parametrize(("typed", "folded"), [("  NGUYỄN   Đức ", "nguyen duc"), ("Ưởng", "uong"), ("ＡＢ１", "ab1"), ("王 伟", "王 伟")])
def test_folding_takes_accents_case_and_width_away(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_a_search_looks_through_name_code_and_phone() -> None:
    assert search_text("Đỗ Ân", "NV01", "0912345678") == "do an nv01 0912345678"
    assert search_text("Đỗ Ân", None, None) == "do an"


@pytest.mark.parametrize("given", ["Nguyễn Văn\0 An", "\u202eNguyễn Văn An", "Nguyễn \u200bVăn An", "Nguyễn Văn An\u200f", "Nguyễn\tVăn \ufeff An"])
def test_what_cannot_be_seen_is_no_part_of_a_name(given: str) -> None:
    assert name_words(given) == "Nguyễn Văn An"


def test_letters_that_are_new_to_unicode_stay() -> None:
    assert name_words("王\U000313b0") == "王\U000313b0"
