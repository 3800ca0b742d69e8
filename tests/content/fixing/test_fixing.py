"""`lms fix`: the plain form, reached at once, and never another meaning."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.fixing.fixing import Fixed, fix_tree
from lms.content.packages.compiler import Compiled, compile_tree
from lms.content.source.tree import ContentTree
from tests.content.trees import BANK, BANK_ZH, COURSE, FILES, LESSON, LESSON_ZH, QUIZ, tree_with, with_files

BANK_TEXT = FILES[BANK].decode()
BANK_EN = BANK.replace(".vi.", ".en.")


def applied(tree: ContentTree, fixes: list[Fixed]) -> ContentTree:
    return ContentTree(dict(tree.files) | {one.path: one.after for one in fixes}, "test")


def fixed(tree: ContentTree) -> ContentTree:
    return applied(tree, fix_tree(tree))


def said(made: Compiled) -> tuple[object, ...]:
    """What a tree compiles to: digests of packages and items, what is held, and every problem without its column."""
    items = {item.id: item.digest for package in made.packages.values() for item in package.items}
    packages = {name: package.made.digest for name, package in made.packages.items() if package.made}
    return packages, items, set(made.held), [(p.file, p.line, p.code) for p in made.problems]


def text_of(tree: ContentTree, path: str) -> str:
    return tree.files[path].decode()


def test_what_is_plain_already_is_left_alone() -> None:
    assert fix_tree(with_files({})) == []


MESSY: dict[str, Callable[[str], str]] = {
    "full-width round": lambda text: text.replace("(x)", "（x）").replace("( )", "（　）"),
    "black lenticular": lambda text: text.replace("[x]", "【x】").replace("[ ]", "【 】"),
    "full-width square": lambda text: text.replace("[x]", "［Ｘ］").replace("[ ]", "［］"),
    "capital x, no blank": lambda text: text.replace("(x)", "(X)").replace("- (", "-("),
    "stars as bullets": lambda text: text.replace("- (", "* ("),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "old Mac line ends": lambda text: text.replace("\n", "\r"),
    "byte-order mark": lambda text: "\ufeff" + text,
    "tabs": lambda text: text.replace("  > ", "\t> "),
    "decomposed accents": lambda text: unicodedata.normalize("NFD", text),
    "full-width braces": lambda text: text.replace(" {#", "｛＃").replace('"}\n', '"｝\n'),
    "curly quotes": lambda text: text.replace('tags="loto, dien"', "tags=“loto，dien”"),
    "full-width quotation sign": lambda text: text.replace("\n> ", "\n＞ ").replace("  > ", "  ＞ "),
    "full-width marks of a basis": lambda text: text.replace("[S]", "【S】").replace("[K]", "［K］"),
    "blanks at line ends": lambda text: text.replace("\n", "  \n"),
    "no newline at the end": lambda text: text.rstrip(),
    "empty lines at the end": lambda text: text + "\n\n\n",
}


@pytest.mark.parametrize("name", MESSY)
def test_each_way_of_typing_becomes_the_plain_form(name: str) -> None:
    tree = with_files({BANK: MESSY[name](BANK_TEXT)})
    assert tree.files[BANK] != FILES[BANK]
    fixes = fix_tree(tree)
    assert [one.path for one in fixes] == [BANK]
    assert fixes[0].notes
    assert fixes[0].after.decode() == BANK_TEXT


def test_a_sentence_keeps_its_full_width_signs() -> None:
    sentence = "注意：先【停机】，再（上锁）；“谁上锁，谁开锁”。＞ ＝ ［x］ ｛＃a｝。"
    tree = tree_with((BANK_ZH, "- ( ) 拆防护罩", f"-（　）{sentence}"), (BANK_ZH, "\n> ", f"\n＞ {sentence}\n> "))
    made = text_of(fixed(tree), BANK_ZH)
    assert f"- ( ) {sentence}" in made
    assert f"\n> {sentence}\n" in made
    lesson = FILES[LESSON_ZH].decode() + f"\n{sentence}\n\n- [x] {sentence}\n- （x） {sentence}\n＞ {sentence}\n"
    assert fix_tree(with_files({LESSON_ZH: lesson})) == []


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (COURSE, "source_lang: vi", "source_lang：vi"),
        (COURSE, "lessons: [10-mo-dau, 20-quy-trinh]", "lessons：[10-mo-dau，20-quy-trinh]"),
        (QUIZ, "shuffle: {items: true, choices: true}", "shuffle: {items：true，choices：true}"),
        (QUIZ, "shuffle: {items: true, choices: true}", "shuffle: {items: true、 choices: true}"),
        (LESSON, "topic: loto", "topic：loto"),
        (QUIZ, "  - from: cau-hoi\n    pick: 4", "  - from：cau-hoi\n    pick：4"),
    ],
)
def test_signs_of_settings_become_plain(path: str, old: str, new: str) -> None:
    tree = tree_with((path, old, new))
    assert text_of(fixed(tree), path) == FILES[path].decode()


def test_a_title_keeps_its_colon_and_a_long_text_its_keys() -> None:
    tree = tree_with(
        (COURSE, "  zh: 上锁挂牌：入门", "  zh：上锁挂牌：入门，（一）"), (COURSE, "    why: Bản đầu tiên", "    why: |\n      source_lang：zh，vi\n      khác")
    )
    made = text_of(fixed(tree), COURSE)
    assert "  zh: 上锁挂牌：入门，（一）\n" in made
    assert "      source_lang：zh，vi\n" in made


def test_items_without_an_id_get_one_and_their_translations_the_same() -> None:
    tree = tree_with((BANK, " {#qaaaaaa3 points=1", " {points=1"), (BANK_ZH, "#qaaaaaa3", "#"), (BANK_EN, " {#qaaaaaa3", " {"))
    made = fixed(tree)
    assert [p.code for p in compile_tree(made).problems] == []
    new = next(item for item in compile_tree(made).packages["quizzes/de-mau"].items if item.prompt["vi"].startswith("<p>Việc đầu tiên"))
    assert len(new.id) == 8
    assert new.id[0].isalpha()
    assert f"{{#{new.id} points=1" in text_of(made, BANK)
    assert f"{{#{new.id}" in text_of(made, BANK_ZH)
    assert set(new.prompt) >= {"vi", "zh"}
    assert fix_tree(made) == []


def test_a_translation_that_does_not_line_up_is_given_nothing() -> None:
    bare = FILES[BANK_ZH].decode()
    for number in range(2, 8):
        bare = bare.replace(f" {{#qaaaaaa{number}", " {").replace(" {}", "").replace("{ ", "{")
    assert "#qaaaaaa" not in bare
    whole = text_of(fixed(with_files({BANK_ZH: bare})), BANK_ZH)
    assert [whole.count(f"#qaaaaaa{number}") for number in range(2, 8)] == [1] * 6
    head = bare.index("## ", bare.index("## ") + 3)
    assert "#qaaaaaa" not in text_of(fixed(with_files({BANK_ZH: bare[: bare.index("## ")] + bare[head:]})), BANK_ZH)


def test_in_a_lesson_a_heading_gets_an_id_only_above_round_brackets() -> None:
    lesson = FILES[LESSON].decode() + "\n## Việc phải làm\n\n- [ ] một\n- [x] hai\n\n## Ai giữ thẻ?\n\n- ( ) Quản đốc\n- (x) Người treo\n\n> Vì vậy.\n"
    made = text_of(fixed(with_files({LESSON: lesson})), LESSON)
    assert "## Việc phải làm\n" in made
    assert "## Ai giữ thẻ? {#" in made


def test_a_file_that_is_not_utf8_is_named_and_left_as_it_is() -> None:
    data = BANK_TEXT.encode() + "\nMáy".encode("cp1258")
    (one,) = [one for one in fix_tree(with_files({BANK: data})) if one.path == BANK]
    assert one.after == data
    assert one.refused is not None
    assert one.refused[0] == BANK_TEXT.count("\n") + 2


SIGNS = st.sampled_from(
    sorted(
        {
            *'()[]{}（）【】［］｛｝#＃.=＝:：,，、;；>＞-*+|｜x×Х%％\t \u3000\ufeff\u0301éê\n\r`"“”~^&<',
            "\n## ",
            "\n- (x) ",
            " {#qaaaaab2}",
            "\n> ",
            "\n  > ",
            "\n---\n",
            "\n```\n",
        }
    )
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), SIGNS), max_size=12), st.sampled_from([BANK, BANK_ZH, LESSON, COURSE, QUIZ]))
def test_fixing_is_done_at_once_and_changes_no_meaning(edits: list[tuple[int, str]], path: str) -> None:
    text = FILES[path].decode()
    for at, sign in edits:
        text = text[: at % (len(text) + 1)] + sign + text[at % (len(text) + 1) :]
    tree = with_files({path: text})
    fixes = fix_tree(tree)
    once = applied(tree, fixes)
    assert fix_tree(once) == []
    if not any("given" in note.what.message for one in fixes for note in one.notes):
        assert said(compile_tree(tree)) == said(compile_tree(once))
