"""Items as people type them: full-width signs of an input method, tabs, Windows line ends, decomposed accents."""

import unicodedata

import pytest

from lms.content.catalogue import Basis, Course, Item, Quiz
from tests.content.trees import BANK, FILES, LESSON, LESSON_ZH, QUIZ, compiled, found, tree_with, with_files

BANK_TEXT = FILES[BANK].decode()


def items(tree: object = None, package: str = "quizzes/de-mau") -> dict[str, Item]:
    return {item.id: item for item in compiled(tree or with_files({})).packages[package].items}  # type: ignore[arg-type]


PLAIN = items()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BANK_TEXT.replace("(x)", "（x）").replace("( )", "（　）"), id="full-width round"),
        pytest.param(BANK_TEXT.replace("[x]", "【x】").replace("[ ]", "【 】"), id="black lenticular"),
        pytest.param(BANK_TEXT.replace("[x]", "［Ｘ］").replace("[ ]", "［］"), id="full-width square"),
        pytest.param(BANK_TEXT.replace("(x)", "(X)").replace("- (", "-("), id="capital x, no blank"),
        pytest.param(BANK_TEXT.replace("- ", "* ", 99), id="stars as bullets"),
        pytest.param(BANK_TEXT.replace("\n", "\r\n"), id="Windows line ends"),
        pytest.param(BANK_TEXT.replace("\n", "\r"), id="old Mac line ends"),
        pytest.param("\ufeff" + BANK_TEXT, id="byte-order mark"),
        pytest.param(BANK_TEXT.replace("  > ", "\t> "), id="tabs"),
        pytest.param(unicodedata.normalize("NFD", BANK_TEXT), id="decomposed accents"),
        pytest.param(BANK_TEXT.replace(" {#", "｛＃").replace('"}', "“}").replace("}\n", "｝\n").replace("“｝", '"｝'), id="full-width braces"),
        pytest.param(BANK_TEXT.replace('tags="loto, dien"', "tags=“loto，dien”"), id="curly quotes and a full-width comma"),
        pytest.param(BANK_TEXT.replace("\n> ", "\n＞ "), id="full-width quotation sign"),
        pytest.param(BANK_TEXT.replace("- (x) Người đã gắn khóa", "- (x)   Người   đã gắn\n  khóa   "), id="a choice on two lines"),
    ],
)
def test_typed_otherwise_is_the_same_item(text: str) -> None:
    made = items(with_files({BANK: text}))
    assert {id_: (i.presentation_digest, i.key_digest, i.tags) for id_, i in made.items()} == {
        id_: (i.presentation_digest, i.key_digest, i.tags) for id_, i in PLAIN.items()
    }


def test_what_an_item_holds() -> None:
    item = PLAIN["qaaaaaa2"]
    assert (item.kind, item.points, item.critical, item.difficulty, item.topic, item.tags) == ("single", 1, True, 1, "loto", ("loto", "dien"))
    assert (item.key, item.bank, item.place) == (frozenset("b"), "de-mau/cau-hoi", BANK)
    assert [choice.letter for choice in item.choices] == ["a", "b", "c"]
    assert item.choices[0].feedback["zh"] == "<p>主任也不能代拆。</p>"
    assert item.choices[1].html == {"vi": "Người đã gắn khóa", "zh": "上锁的人", "en": "The one who put it on"}
    assert item.prompt["en"].startswith(
        "<p>Who may remove a personal lock?</p>\n<p><img" if "\n" in item.prompt["en"][:50] else "<p>Who may remove a personal lock?</p><p><img"
    )
    assert 'width="320"' in item.prompt["vi"]
    assert item.basis["vi"] == (Basis("Luật ATVSLĐ 84/2015/QH13, Điều 6", "S"),)
    assert PLAIN["qaaaaaa4"].key == frozenset("ac")
    assert PLAIN["qaaaaaa3"].source["zh"] == "OSHA 1910.147; HSE INDG 401"


def test_several_bases_are_parted_behind_their_marks() -> None:
    made = items(tree_with((BANK, "Điều 6 [S]", "Điều 6; Điều 7 [S]; OSHA 1910.147 [K]；nội quy [site]")))
    assert [(basis.text, basis.certainty) for basis in made["qaaaaaa2"].basis["vi"]] == [
        ("Luật ATVSLĐ 84/2015/QH13, Điều 6; Điều 7", "S"),
        ("OSHA 1910.147", "K"),
        ("nội quy", "site"),
    ]


def test_what_is_right_comes_from_the_source_language_only() -> None:
    tree = tree_with(("quizzes/de-mau/cau-hoi.zh.md", "- ( ) 拆防护罩", "- (x) 拆防护罩"))
    assert items(tree)["qaaaaaa3"].key == frozenset("a")


def test_points_and_tags_are_no_part_of_the_key() -> None:
    made = items(tree_with((BANK, "points=1", "points=2")))["qaaaaaa2"]
    assert made.points == 2
    assert (made.key_digest, made.presentation_digest) == (PLAIN["qaaaaaa2"].key_digest, PLAIN["qaaaaaa2"].presentation_digest)
    assert made.digest != PLAIN["qaaaaaa2"].digest


def test_an_example_in_fenced_code_is_no_item() -> None:
    tree = tree_with((LESSON, "## Ai giữ", "```\n## Example {#abcdefgh}\n- (x) y\n```\n\n## Ai giữ"))
    assert [p.code for p in found(tree) if p.severity == "error"] == []
    assert list(items(tree, "courses/khoa-mau")) == ["kaaaaaa2"]


def test_a_list_in_the_question_stays_in_the_question() -> None:
    made = items(tree_with((BANK, "- ( ) Quản đốc ca", "- một\n- hai\n\n- ( ) Quản đốc ca")))["qaaaaaa2"]
    assert "<li>một</li>" in made.prompt["vi"]
    assert len(made.choices) == 3


def test_text_goes_on_behind_a_self_check() -> None:
    tree = with_files({LESSON: FILES[LESSON] + "\nLời kết.\n\n> [!note]\n> Hết.\n".encode()})
    course = compiled(tree).packages["courses/khoa-mau"].made
    assert isinstance(course, Course)
    html = course.lessons[0].html["vi"]
    assert html.index("self-check") < html.index("Lời kết.") < html.index("Hết.")
    assert '<p class="admonition-title">Ghi chú</p>' in html


def test_a_draw_narrows_by_tags_topic_and_difficulty() -> None:
    tree = tree_with((QUIZ, "draw:\n", "draw:\n  - pick: 1\n    tags: [khan-cap]\n  - pick: 1\n    tags: chay-no\n"))
    tree = tree_with(
        (
            QUIZ,
            "  - from: cau-hoi\n    pick: 4\n    difficulty: 1\n",
            "  - pick: 1\n    tags: [khan-cap]\n  - from: de-mau/cau-hoi\n    pick: 3\n    tags: loto\n",
        )
    )
    quiz = compiled(tree).packages["quizzes/de-mau"].made
    assert isinstance(quiz, Quiz)
    assert [(draw.bank, len(draw.pool)) for draw in quiz.draws] == [("de-mau/*", 1), ("de-mau/cau-hoi", 5), ("de-mau/cau-hoi", 2)]


def test_a_lesson_is_rendered_with_its_self_check_and_pictures() -> None:
    course = compiled(with_files({})).packages["courses/khoa-mau"].made
    assert isinstance(course, Course)
    lesson = course.lessons[0]
    assert lesson.outline == {"vi": (("s1", "Khi nào phải khóa"),), "zh": (("s1", "什么时候上锁"),), "en": (("s1", "When to lock"),)}
    html = lesson.html["zh"]
    assert '<div class="admonition danger">' in html
    assert "<details" in html
    assert "自测" in html
    assert '<img alt="锁上的红色挂锁" decoding="async" height="200" loading="lazy" src="/content/blob/' in html
    assert len(lesson.self_checks) == 1


def test_a_self_check_without_translation_is_shown_in_the_source_language() -> None:
    tree = with_files({LESSON_ZH: FILES[LESSON_ZH].decode().replace("- ( ) 上锁的人\n", "")})
    assert "courses/khoa-mau" in compiled(tree).held
    tree = with_files({LESSON_ZH: FILES[LESSON_ZH].decode().split("## 个人锁")[0] + "## 个人锁 {#kaaaaaa2}\n\n- ( ) 甲\n- ( ) 乙\n"})
    course = compiled(tree).packages["courses/khoa-mau"].made
    assert isinstance(course, Course)
    assert "Mỗi người giữ chìa của mình" in course.lessons[0].html["zh"]
