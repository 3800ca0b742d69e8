"""The order of terms and the letter they stand under."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.library.rules.ordering import letter, order

IN_ORDER = {
    "vi": "an, an toàn, àn, ản, ãn, án, ạn, anh, ăn, âm, ẩn họa, biển báo, dao, đá, đánh giá, em, êm, huấn luyện, huấn luyện lại, ồn, ơn, tư, từ, tự",
    "zh": "安全, 班组, 车间, 风险, 个体防护, 急救, 考核, 事故, 危险源, 消防, 演练, 隐患, 作业票, 錾子",
    "en": "evacuation, hazard, near miss, PPE, risk, risk assessment",
}


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_terms_stand_in_the_order_of_their_language(lang: str) -> None:
    in_order = IN_ORDER[lang].split(", ")
    shuffled = random.Random(1).sample(in_order, len(in_order))
    assert sorted(shuffled, key=lambda word: order(word, lang)) == in_order


@pytest.mark.parametrize(
    ("word", "lang", "under"),
    [
        *((word, "vi", under) for word, under in zip(["ẩn họa", "ăn", "đá", "án", "Ửng", "5S", ""], "ÂĂĐAƯ##", strict=True)),
        *((word, "zh", under) for word, under in zip(["安全", "座位", "鑫", "LOTO", "5S", "昔", "錾", "é"], "AZ#L#X##", strict=True)),
        *((word, "en", under) for word, under in zip(["élan", "risk", "5S", "Ω"], "ER##", strict=True)),
    ],
)
def test_the_letter_a_word_stands_under(word: str, lang: str, under: str) -> None:
    assert letter(word, lang) == under


@given(st.lists(st.text(max_size=12), max_size=8), st.sampled_from(["vi", "zh", "en"]))
def test_any_texts_can_be_ordered(words: list[str], lang: str) -> None:
    assert sorted(set(words), key=lambda word: order(word, lang)) == sorted(dict.fromkeys(words), key=lambda word: order(word, lang))
    assert all(len(letter(word, lang)) == 1 for word in words)
