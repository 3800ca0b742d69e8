"""Folding, words and snippets: properties that hold for any text."""

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.library.rules.folding import fold, normal
from lms.library.rules.snippets import LENGTH, mark, snippet
from lms.library.rules.words import MAX_WORDS, Wanted, tokens, wanted

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
TEXT = st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " ,.-()安全帽电工１Ａ\u3000ßİıœ\u0301<>&\"'", max_size=80)


@given(st.text(max_size=60))
def test_a_folded_text_is_as_long_as_the_normal_one_and_stays_as_it_is(text: str) -> None:
    assert len(fold(text)) == len(normal(text))
    assert fold(normal(text)) == fold(text)
    assert normal(normal(text)) == normal(text)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_vietnamese_folds_to_plain_letters_in_any_form(form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> None:
    text = unicodedata.normalize(form, "Điện giật ở XƯỞNG đúc, ẢNH HƯỞNG")
    assert fold(text) == "dien giat o xuong duc, anh huong"


@pytest.mark.parametrize(
    ("text", "folded"),
    [("ＡＴＶＳＬĐ　２０２６", "atvsld 2026"), ("ß", "s"), ("İ", "i"), ("安全帽", "安全帽"), ("Łódź", "lodz"), ("\u0301a", " a"), ("", "")],
)
def test_width_case_and_letters_of_their_own(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(TEXT)
def test_a_text_is_found_by_each_of_its_own_words(text: str) -> None:
    there = set(tokens(text))
    for word in wanted(text):
        assert word.token in there or (word.prefix and any(token.startswith(word.token) for token in there))
        assert not word.exact or word.exact in there


@given(TEXT)
def test_accents_and_case_never_hide_a_word(text: str) -> None:
    there = set(tokens(text))
    for word in wanted(fold(text).upper()):
        assert word.token in there or (word.prefix and any(token.startswith(word.token) for token in there))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        pytest.param("dien", [Wanted("dien", "", prefix=True)], id="without accents"),
        pytest.param("điện", [Wanted("dien", "điện", prefix=True)], id="with accents they count more"),
        pytest.param("ở", [Wanted("o", "ở", prefix=False)], id="a short word is whole"),
        pytest.param("安全帽", [Wanted("安全", "", prefix=False), Wanted("全帽", "", prefix=False)], id="Chinese in pairs"),
        pytest.param("电", [Wanted("电", "", prefix=True)], id="one character begins a pair"),
        pytest.param("hazards", [Wanted("hazard", "", prefix=True)], id="an English plural"),
        pytest.param("gas gas", [Wanted("gas", "", prefix=True)], id="each once"),
        pytest.param("  !? ", [], id="nothing to ask for"),
        pytest.param("a " * 3 + " ".join("bcdefghijklm"), None, id="many words"),
    ],
)
def test_what_a_question_asks_for(question: str, words: list[Wanted] | None) -> None:
    if words is None:
        assert len(wanted(question)) == MAX_WORDS
    else:
        assert wanted(question) == words


@given(TEXT, TEXT)
def test_marking_loses_no_letter(text: str, question: str) -> None:
    parts = mark(text, wanted(question))
    assert fold("".join(part for part, _ in parts)) == fold(" ".join(text.split()))
    assert all(part for part, _ in parts)


@given(st.lists(TEXT, max_size=12).map(" ".join), TEXT)
def test_a_snippet_is_a_piece_of_the_text(text: str, question: str) -> None:
    parts = snippet(text, wanted(question))
    said = "".join(part for part, _ in parts)
    assert len(said) <= LENGTH + 60
    assert fold(said.removeprefix("… ").removesuffix(" …")) in fold(" ".join(text.split()))


def test_a_snippet_shows_where_most_words_stand() -> None:
    text = "điện " + "chữ " * 100 + "Điện giật là gì? " + "chữ " * 100
    parts = snippet(text, wanted("dien giat"))
    assert [part for part, hit in parts if hit] == ["Điện", "giật"]
    assert parts[0] == ("… ", False)
    assert parts[-1] == (" …", False)


def test_neighbouring_pairs_are_one_hit_and_neighbouring_words_are_two() -> None:
    assert mark("戴安全帽", wanted("安全帽")) == [("戴", False), ("安全帽", True)]
    assert [part for part, hit in mark("rủi ro", wanted("rui ro")) if hit] == ["rủi", "ro"]
    assert [part for part, hit in mark("điện,điện", wanted("dien")) if hit] == ["điện", "điện"]
