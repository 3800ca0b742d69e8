"""Items of every kind in a lesson: answered on the page, and the answer unfolds."""

import re

import pytest

from lms.content.catalogue import Course
from tests.content.every_kind import KINDS, VI, ZH
from tests.content.trees import FILES, LESSON, LESSON_ZH, compiled, with_files

PACKAGE = "courses/khoa-mau"
TREE = with_files(
    {
        LESSON: FILES[LESSON] + b"\n" + KINDS[VI] + "\n## Sau đó\n\n### Một đề mục {#khong}\n\nLời kết.\n".encode(),
        LESSON_ZH: FILES[LESSON_ZH] + b"\n" + KINDS[ZH],
    }
)


@pytest.fixture(scope="module")
def lesson() -> dict[str, str]:
    course = compiled(TREE).packages[PACKAGE].made
    assert isinstance(course, Course)
    return dict(course.lessons[0].html)


def section(html: str, id_: str) -> str:
    return html[html.index(f'id="item-{id_}"') :].split("</section>", maxsplit=1)[0]


def test_every_item_of_the_lesson_is_a_self_check(lesson: dict[str, str]) -> None:
    assert len(re.findall('<section class="self-check"', lesson["vi"])) == len(re.findall('<section class="self-check"', lesson["zh"])) == 11
    assert lesson["vi"].endswith("<p>Lời kết.</p>") or "Lời kết." in lesson["vi"].rpartition("</section>")[2]
    assert "Một đề mục {#khong}" in lesson["vi"]
    assert lesson["vi"].count("<details") == 11


@pytest.mark.parametrize(
    ("id_", "lang", "asked", "answered"),
    [
        ("naaaaaa2", "zh", '<input class="input" type="text" inputmode="decimal"', "85 ± 1 分贝"),
        ("saaaaaa2", "vi", '<input class="input" type="text" autocomplete="off"', "tủ sơ cứu / Tủ thuốc"),
        (
            "oaaaaaa2",
            "zh",
            "<option></option><option>1</option><option>2</option><option>3</option><option>4</option>",
            "<ol><li>通知有关人员</li><li>断电</li>",
        ),
        ("maaaaaa2", "vi", "<option>D</option>", "<li>Tam giác nền vàng → Cảnh báo</li>"),
        ("gaaaaaa2", "zh", 'aria-label="空 2"', "<ol><li>114 / 一一四</li><li>115</li></ol>"),
        ("haaaaaa2", "vi", 'type="checkbox"', '<rect x="3500" y="4500" width="3000" height="4500"'),
        ("eaaaaaa2", "zh", "<textarea", "<li>40% 指出危险</li>"),
        ("qaaaaaa8", "vi", 'type="radio"', "<li>Ra xa (50%)</li>"),
        ("qaaaaaa9", "vi", 'type="checkbox"', "<li>Tổ trưởng (50%)</li>"),
    ],
)
def test_it_can_be_answered_and_looked_up_without_javascript(lesson: dict[str, str], id_: str, lang: str, asked: str, answered: str) -> None:
    form, answer = section(lesson[lang], id_).split("<details")
    assert asked in form
    assert answered in answer
    assert answered not in form


def test_the_case_stands_once_above_its_items(lesson: dict[str, str]) -> None:
    assert lesson["vi"].count("Một can bị đổ") == 1
    assert lesson["vi"].index("Một can bị đổ") < lesson["vi"].index('id="item-qaaaaaa8"')


def test_right_parts_are_not_struck_through(lesson: dict[str, str]) -> None:
    assert '<dt class="is-right">Thân khóa</dt>' in lesson["vi"]
    assert '<dt class="is-right">Cắt nguồn</dt>' in lesson["vi"]


def test_plain_texts_come_out_as_texts() -> None:
    text = KINDS[VI].decode()
    for old, new in (("± 1 dBA", '± 1 d"A&'), ("= Tủ thuốc", "= a & b"), ("Nêu mối nguy", 'Nêu & "mối" nguy'), ("đang đóng]", 'đang "đóng" &]')):
        assert old in text
        text = text.replace(old, new)
    course = compiled(with_files({LESSON: FILES[LESSON] + b"\n" + text.encode()})).packages[PACKAGE].made
    assert isinstance(course, Course)
    html = course.lessons[0].html["vi"]
    assert "± 1 d&quot;A&amp;" in html
    assert "Nêu &amp; &quot;mối&quot; nguy" in html
    assert "a &amp; b" in html
    assert 'alt="Ổ khóa đỏ đang &quot;đóng&quot; &amp;"' in html
