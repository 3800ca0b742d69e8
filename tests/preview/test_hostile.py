"""What the check refuses is shown by the preview all the same: it must come out harmless too."""

import pytest
from flask.testing import FlaskClient

from lms.content.catalogue import Course, Item
from lms.content.packages.compiler import Compiled, compile_tree
from lms.content.packages.keeping import Kept
from lms.content.packages.workspace import Package
from tests.content.harm import attacks, harm_in
from tests.content.trees import BANK, LESSON, tree_with
from tests.preview.conftest import Edit

TEXTS = attacks("html") | attacks("links") | attacks("markdown") | attacks("signs")
PLACES = {LESSON: "Máy đang sửa", BANK: "![Ổ khóa đỏ đang đóng](img/khoa.svg)"}
KEPT = Kept()


def pieces(package: Package) -> list[str]:
    """Every piece of HTML that the preview puts on a page as it is."""
    lessons = package.made.lessons if isinstance(package.made, Course) else ()
    return [html for lesson in lessons for html in lesson.html.values()] + [html for item in package.items for html in _of(item)]


def _of(item: Item) -> list[str]:
    words = [item.prompt, item.explanation, *([item.case.prompt] if item.case else []), *item.columns]
    words += [one for choice in (*item.choices, *item.targets) for one in (choice.html, choice.feedback)]
    return [html for one in words for html in one.values()]


def harm_of(made: Compiled) -> list[str]:
    return [bad for package in (*made.packages.values(), *made.broken.values()) for html in pieces(package) for bad in harm_in(html)]


@pytest.mark.parametrize("path", PLACES, ids=("lesson", "bank"))
def test_refused_attacks_are_harmless_in_the_preview(path: str) -> None:
    broken = 0
    for name, text in TEXTS.items():
        made = compile_tree(tree_with((path, PLACES[path], f"\n\n{text}\n\n")), kept=KEPT)
        broken += bool(made.broken)
        assert not harm_of(made), name
    assert broken > 20


def test_lines_and_messages_of_attacks_are_plain_text(preview: FlaskClient, edit: Edit) -> None:
    marks = ("<script>steal()</script>", "<img src=x onerror=steal()>", "<iframe src=//x.example>", "</pre><svg onload=steal()>")
    edit(LESSON, PLACES[LESSON], "\n\n".join(marks) + "\n\n[!" + marks[0] + "]\n\n> [!" + marks[1] + "] x\n\n![](" + marks[0] + ")")
    edit(BANK, "- (x) Báo cho người liên quan", "- ( ) " + marks[3])
    for address in ("/", "/courses/khoa-mau/10-mo-dau", "/quizzes/de-mau"):
        text = preview.get(f"{address}?lang=vi").text
        assert "steal()" in text or address == "/"
        assert not [mark for mark in ("<script>steal", "<img src=x", "<iframe src=//x", "<svg onload") if mark in text]
