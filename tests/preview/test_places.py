"""Where problems stand in a file and in its page."""

import pytest

from lms.content.catalogue import Item
from lms.content.differing.plain_text import item_lines, text_lines
from lms.content.packages.compiler import compile_tree
from lms.content.source.problems import Problem
from lms.platform.rules import phrase
from lms.preview.places import excerpt, pieces_of, place_in
from tests.content.every_kind import PACKAGE, kinds_with

LINES = ["text", "## One", "a", "## Item {#aaaaaaa2}", "- ( ) x", "## Two", "```", "## no heading", "```"]
CHECK = '<section class="self-check" id="item-aaaaaaa2">q</section>'
HTML = f"<p>text</p><h2>One</h2><p>a</p>{CHECK}<h2>Two</h2>"


def at(line: int) -> Problem:
    return Problem("f", line, 1, "error", "code", phrase("x"))


def test_a_file_is_cut_at_headings_outside_of_fences() -> None:
    assert [(piece.start, piece.id) for piece in pieces_of(LINES)] == [(1, None), (2, ""), (4, "aaaaaaa2"), (6, "")]


@pytest.mark.parametrize(
    ("line", "before"),
    [
        pytest.param(3, "<h2>One", id="in a section"),
        pytest.param(5, "<section", id="in an item that is shown"),
        pytest.param(8, "<h2>Two", id="in a fence"),
    ],
)
def test_a_problem_stands_before_its_part(line: int, before: str) -> None:
    above, runs = place_in(HTML, LINES, [at(line)])
    assert not above
    assert runs[1][0].startswith(before)
    assert "".join(run[0] for run in runs) == HTML


def test_an_item_that_is_not_shown_stands_in_its_place() -> None:
    _, runs = place_in(HTML.replace(CHECK, ""), LINES, [at(4), at(5)])
    assert runs[0][0].endswith("<p>a</p>")
    assert [problem.line for problem in runs[0][1]] == [4, 5]
    assert runs[0][2] is not None
    assert runs[0][2].lines == ("## Item {#aaaaaaa2}", "- ( ) x")


def test_what_stands_nowhere_stands_above() -> None:
    assert len(place_in(HTML, LINES, [at(1), at(99)])[0]) == 2
    assert len(place_in("", [], [at(1)])[0]) == 1
    assert place_in("<p>other</p>", LINES, [at(3)]) == ([at(3)], [("<p>other</p>", [], None)])


def test_the_lines_round_a_problem() -> None:
    assert excerpt(["a", "b", "c"], 1) == [(1, "a"), (2, "b")]
    assert excerpt(["a", "b", "c"], 3) == [(2, "b"), (3, "c")]
    assert excerpt([], 1) == []


def test_text_of_html() -> None:
    html = '<p>a &amp; b<br>c <strong>d</strong></p><ul><li><img src="/content/blob/0123456789.svg" alt="Lock"></li></ul><span data-gap="0"></span>'
    assert text_lines(html) == ["a & b", "c d", "[Lock · 01234567]", "[[1]]"]


def test_every_kind_says_its_key() -> None:
    items: dict[str, Item] = {item.kind: item for item in compile_tree(kinds_with()).packages[PACKAGE].items}
    said = {kind: "\n".join(item_lines(item, "vi")) for kind, item in items.items()}
    assert "= 85 ± 1 dBA" in said["numeric"]
    assert "1. = tủ sơ cứu / Tủ thuốc" in said["short"] or "1. = 114" in said["short"]
    assert "2. Cắt nguồn" in said["ordering"]
    assert "Tròn nền xanh dương → Bắt buộc" in said["matching"]
    assert "2. = 115" in said["gaps"]
    assert "(x) Thân khóa [3500 4500 3000 4500]" in said["hotspot"]
    assert "points=10" in said["essay"]
    assert item_lines(items["numeric"], "en") == []
