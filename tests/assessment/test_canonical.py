"""One text for each answer: what is stored of what was sent, and what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessment.rules.answers.canonical import RAW_MOST, Asked, Refused, canonical
from lms.assessment.rules.answers.parts import compose, fields_of
from lms.assessment.rules.answers.texts import ESSAY_MOST, SHORT_MOST, clean

ASKED = {
    "single": Asked("single", "abc"),
    "multiple": Asked("multiple", "abc"),
    "hotspot": Asked("hotspot", "abc"),
    "ordering": Asked("ordering", "abc"),
    "matching": Asked("matching", "abc", "xyz"),
    "gaps": Asked("gaps", gaps=2),
    "numeric": Asked("numeric"),
    "short": Asked("short"),
    "essay": Asked("essay"),
}


@pytest.mark.parametrize(
    ("kind", "sent", "stored"),
    [
        ("single", "b", "b"),
        ("multiple", "cab", "abc"),
        ("hotspot", "ca", "ac"),
        ("ordering", "cab", "cab"),
        ("ordering", "", ""),
        ("matching", " b:x  a:z", "a:z b:x"),
        ("matching", "a:x b:x", "a:x b:x"),
        ("gaps", ' [" a\\n", "đ"] ', '["a","đ"]'),
        ("gaps", '["", "  "]', ""),
        ("numeric", " 8,5\t", "8,5"),
        ("short", "a\nb\x00\u202e", "a b"),
        ("short", "e\u0302\u0323", "ệ"),
        ("short", "\ud800x", "x"),
        ("short", "  ", ""),
        ("essay", "\r\na\r\n\tb\rc ", "a\n\tb\nc"),
        ("essay", "x" * ESSAY_MOST, "x" * ESSAY_MOST),
    ],
)
def test_an_answer_has_one_text(kind: str, sent: str, stored: str) -> None:
    assert canonical(ASKED[kind], sent) == stored
    assert canonical(ASKED[kind], stored) == stored


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("single", "ab"),
        ("single", "d"),
        ("single", "de"),
        ("multiple", "aa"),
        ("hotspot", "x"),
        ("ordering", "ab"),
        ("ordering", "aab"),
        ("ordering", "abcd"),
        ("matching", "a:x a:y"),
        ("matching", "a"),
        ("matching", "a:"),
        ("matching", ":x"),
        ("matching", "d:x"),
        ("matching", "a:a"),
        ("matching", "ab:x"),
        ("gaps", '["a"]'),
        ("gaps", '["a", 5]'),
        ("gaps", '{"a": "b"}'),
        ("gaps", "a"),
        ("gaps", "[" * 100_000),
        ("gaps", json.dumps(["x" * (SHORT_MOST + 1), ""])),
        ("short", "x" * (SHORT_MOST + 1)),
        ("numeric", "1" * (SHORT_MOST + 1)),
        ("essay", "x" * (ESSAY_MOST + 1)),
        ("essay", " " * (RAW_MOST + 1)),
    ],
)
def test_what_an_item_cannot_have_is_refused(kind: str, sent: str) -> None:
    with pytest.raises(Refused) as refused:
        canonical(ASKED[kind], sent)
    assert "Nothing was changed." in str(refused.value)


@given(st.sampled_from(sorted(ASKED)), st.text(max_size=40) | st.text("abcxyz: [],\"'", max_size=14))
def test_whatever_is_sent_is_stored_as_itself_or_refused(kind: str, sent: str) -> None:
    try:
        stored = canonical(ASKED[kind], sent)
    except Refused:
        return
    assert canonical(ASKED[kind], stored) == stored
    stored.encode()
    fields = fields_of(kind, stored)
    if stored and kind in ("ordering", "matching", "gaps"):
        assert compose(kind, [], fields) == stored
    elif kind not in ("ordering", "matching", "gaps"):
        assert compose(kind, [stored], {}) == stored


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        pytest.param({"a": "2", "b": "1", "c": "3"}, "bac", id="places"),
        pytest.param({"a": "", "b": "", "c": ""}, "", id="none"),
        pytest.param({"a": "1", "b": "1", "c": "2"}, None, id="one place twice"),
        pytest.param({"a": "1", "b": "", "c": "2"}, None, id="a row without one"),
        pytest.param({"a": "1", "b": "2", "c": "4"}, None, id="a place too many"),
        pytest.param({"a": "x", "b": "2", "c": "1"}, None, id="no number"),
        pytest.param({"a": "²", "b": "1", "c": "3"}, None, id="a digit that is none"),
        pytest.param({"a": "9" * 5000, "b": "1", "c": "2"}, None, id="a number beyond reason"),
    ],
)
def test_places_make_an_order_or_are_refused(fields: dict[str, str], answer: str | None) -> None:
    if answer is None:
        with pytest.raises(Refused):
            compose("ordering", [], fields)
    else:
        assert compose("ordering", [], fields) == answer


def test_a_text_of_one_line_has_no_second() -> None:
    assert clean("a\r\nb\tc") == "a b c"
    assert clean("a\r\nb\tc", lines=True) == "a\nb\tc"
