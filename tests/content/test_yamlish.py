"""Settings files hold ordinary sentences without quotes, and every value stays the text it was."""

import pytest

from lms.content.source.problems import Findings, Place
from lms.content.source.yamlish import Node, Plain, load


def read(text: str) -> tuple[Node, list[str]]:
    found = Findings()
    return load(text.split("\n"), Place("x.yml"), found), [f"{p.line}:{p.column} {p.code}" for p in found.sorted()]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: Khóa, treo thẻ: bước đầu", "Khóa, treo thẻ: bước đầu", id="colons and commas"),
        pytest.param("a: No", "No", id="no is a word"),
        pytest.param("a: 12:30", "12:30", id="a time of day"),
        pytest.param("a: 010", "010", id="a leading zero"),
        pytest.param("a: 2016-07-01", "2016-07-01", id="a date"),
        pytest.param("a: C# và F# #1", "C# và F# #1", id="one blank before a hash is text"),
        pytest.param("a: x  # remark", "x", id="two blanks before a hash begin a remark"),
        pytest.param("a:  # remark", None, id="nothing but a remark"),
        pytest.param("a: *đậm* & @ai ! % `x` | y", "*đậm* & @ai ! % `x` | y", id="signs of yaml are text"),
        pytest.param("a: [Mới] Tiêu đề", "[Mới] Tiêu đề", id="a bracket at the beginning only"),
        pytest.param('a: "Dừng" và "Chạy"', '"Dừng" và "Chạy"', id="quoted words at both ends"),
        pytest.param('a: "x: y"', "x: y", id="quotes round the whole"),
        pytest.param("a: ''", "", id="empty quotes"),
        pytest.param("a：用电安全：入门", "用电安全：入门", id="full-width colon"),
        pytest.param("a:", None, id="nothing"),
        pytest.param("a: |\n  x\n    y\n\n  z\nb: 1", "x\n  y\n\nz", id="lines stay lines"),
        pytest.param("a: >\n  x\n  y", "x y", id="lines run together"),
        pytest.param("a: [x, 1，2、 3]", ["x", "1", "2", "3"], id="list with full-width commas"),
        pytest.param("a: []", [], id="empty list"),
        pytest.param("a: {b: 1, c: [d, e]}", {"b": "1", "c": ["d", "e"]}, id="small map"),
        pytest.param("a: [{from: law, pick: 12}, {tags: [x]}]", [{"from": "law", "pick": "12"}, {"tags": ["x"]}], id="list of maps"),
        pytest.param("a:\n- x\n- y", ["x", "y"], id="list at the same indent"),
        pytest.param("a:\n  - x: 1\n    y: 2\n  - x: 3", [{"x": "1", "y": "2"}, {"x": "3"}], id="list of groups"),
        pytest.param("a:\n  - Luật 84/2015: Điều 6 [S]\n  - NĐ 44 [S]", ["Luật 84/2015: Điều 6 [S]", "NĐ 44 [S]"], id="list of sentences"),
        pytest.param("a:\n  - - x\n", ["- x"], id="a list in a list is text"),
        pytest.param("a:\n  -\n    b: 1", [{"b": "1"}], id="an entry below its hyphen"),
        pytest.param("# remark\n\na:\n    b:\n        c: 1", {"b": {"c": "1"}}, id="any indent"),
    ],
)
def test_value(text: str, value: Plain) -> None:
    node, problems = read(text)
    assert problems == []
    plain = node.plain()
    assert isinstance(plain, dict)
    assert plain["a"] == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a 1", "1:1 yaml-syntax"),
        ("a: 1\n  b: 2", "2:3 yaml-syntax"),
        ("a:\n  - x\n    y", "3:5 yaml-syntax"),
        ("a: 1\na: 2", "2:1 yaml-duplicate-key"),
        ("a: [x, [y]", "1:4 yaml-syntax"),
        ("a: {x}", "1:4 yaml-syntax"),
        ("a: {x: 1, x: 2}", "1:4 yaml-syntax"),
        ("a: [x] y]", "1:4 yaml-syntax"),
        ("a: {x: }", "1:4 yaml-syntax"),
        ("  a: 1\nb: 2", "2:1 yaml-syntax"),
        ("- x\ny: 1", "2:1 yaml-syntax"),
    ],
)
def test_problem_has_its_place(text: str, problem: str) -> None:
    assert problem in read(text)[1]


def test_nesting_ends_somewhere() -> None:
    assert read("\n".join(" " * n + "a:" for n in range(40)))[1]
    assert read("a: " + "[" * 40 + "]" * 40)[1]


def test_every_node_knows_its_line_and_column() -> None:
    node, _ = read("a:\n  - x: 1\n    y: [p, q]\nb: t")
    assert node.place_of(["a", 0, "y", 1]) == Place("x.yml", 3, 12)
    assert node.place_of(["a", 0, "y"], key=True) == Place("x.yml", 3, 5)
    assert node.place_of(["b"]) == Place("x.yml", 4, 4)
    assert node.place_of(["b", "none"]) == Place("x.yml", 4, 4)
    assert node.place_of([]) == Place("x.yml", 1, 1)


def test_an_empty_file_is_an_empty_map() -> None:
    assert read("")[0].plain() == {}
