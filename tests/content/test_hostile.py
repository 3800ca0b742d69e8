"""Hostile content: each attack is refused with its line, or comes out harmless."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from lms.content.catalogue import Course, Quiz
from lms.content.markup.rendering import Renderer, prepare
from lms.content.packages.compiler import Compiled, compile_tree
from lms.content.packages.keeping import Kept
from lms.content.source.images import read_picture
from lms.content.source.plain import CONTROL
from lms.content.source.tree import ContentTree
from tests.content.harm import attacks, harm_in
from tests.content.trees import BANK, COURSE, FILES, LESSON, tree_with, with_files

TEXTS = attacks("html") | attacks("links") | attacks("markdown") | attacks("signs")
ITEMS = attacks("items")
PLACES = {LESSON: "Máy đang sửa", BANK: "![Ổ khóa đỏ đang đóng](img/khoa.svg)"}
KEPT = Kept()
"""What does not change from attack to attack is compiled once."""


def made_of(tree: ContentTree) -> Compiled:
    return compile_tree(tree, kept=KEPT)


def pages_of(made: Compiled) -> list[str]:
    """Every piece of HTML that the sound packages of a tree show."""
    pages: list[str] = []
    for package in made.packages.values():
        if isinstance(package.made, Course):
            pages += [html for lesson in package.made.lessons for html in lesson.html.values()]
        for item in package.items:
            pages += [*item.prompt.values(), *item.explanation.values(), *(item.case.prompt.values() if item.case else ())]
            parts = [*item.choices, *getattr(item, "targets", ())]
            pages += [html for choice in parts for html in (*choice.html.values(), *choice.feedback.values())]
            pages += [html for line in getattr(item, "rubric", ()) for html in line.text.values()]
    return pages


def refused_at(made: Compiled, path: str, first: int, last: int) -> bool:
    """Whether an error that holds the file's package back stands at one of these lines."""
    return any(problem.severity == "error" and problem.file == path and first <= problem.line <= last for problem in made.problems)


def test_there_are_enough_attacks() -> None:
    assert len(TEXTS) + len(ITEMS) + len(DRAWINGS) + len(SLOW) > 200


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_comes_out_harmless(name: str) -> None:
    """Even without the check: the renderer alone lets nothing through."""
    html = Renderer().render("\n".join(prepare(_without_control(TEXTS[name]).split("\n"))), "vi", lambda _source: None).html
    assert harm_in(html) == []


def _without_control(text: str) -> str:
    return CONTROL.sub("", text)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("path", PLACES)
def test_a_package_with_it_is_refused_at_its_line_or_harmless(path: str, name: str) -> None:
    text, old = TEXTS[name], PLACES[path]
    made = made_of(tree_with((path, old, f"{text}\n\n{old}")))
    first = FILES[path].decode().split(old)[0].count("\n") + 1
    package = "/".join(path.split("/")[:2])
    assert package not in made.held or refused_at(made, path, first, first + len(text.replace("\r", "\n").split("\n")))
    assert package in made.held or isinstance(made.packages[package].made, Course | Quiz)
    assert [harm for page in pages_of(made) for harm in harm_in(page)] == []


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_with_it_is_refused_at_its_line_or_harmless(name: str) -> None:
    made = made_of(with_files({BANK: f"{FILES[BANK].decode()}\n{ITEMS[name]}\n"}))
    first = FILES[BANK].decode().count("\n") + 2
    assert "quizzes/de-mau" not in made.held or refused_at(made, BANK, first, first + ITEMS[name].count("\n"))
    assert [harm for page in pages_of(made) for harm in harm_in(page)] == []


def svg(inner: str, attributes: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" {attributes}>{inner}</svg>'.encode()


DRAWINGS = {
    "script": svg("<script>alert(1)</script>"),
    "event handler": svg('<rect onclick="alert(1)"/>'),
    "handler on root": svg("", 'onload="alert(1)"'),
    "foreign object": svg('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'),
    "javascript link": svg('<a href="javascript:alert(1)"><rect/></a>'),
    "outside use": svg('<use href="https://evil.example/x.svg#a"/>'),
    "outside xlink": svg('<use xlink:href="//evil.example/x.svg#a"/>'),
    "image": svg('<image href="https://evil.example/pixel.png"/>'),
    "data image": svg('<image href="data:image/png;base64,AAAA"/>'),
    "style element": svg("<style>@import url(https://evil.example/x.css)</style>"),
    "style url": svg('<rect style="fill:url(https://evil.example/x)"/>'),
    "fill url": svg("<rect fill=\"url( 'https://evil.example/x')\"/>"),
    "escaped url": svg('<rect style="fill:u\\72l(https://evil.example/x)"/>'),
    "animate href": svg('<set attributeName="href" to="javascript:alert(1)"/>'),
    "doctype": b'<!DOCTYPE svg [<!ENTITY x "y">]>' + svg("&x;"),
    "external entity": b'<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + svg(""),
    "utf-16 doctype": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE svg [<!ENTITY x "y">]>'.encode("utf-16") + svg("").decode().encode("utf-16-le"),
    "style sheet": b'<?xml-stylesheet href="https://evil.example/x.css"?>' + svg(""),
    "other root": b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
    "no namespace": b"<svg><rect/></svg>",
    "foreign element": svg('<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>'),
    "deep": svg("<g>" * 60 + "</g>" * 60),
    "very deep": svg("<g>" * 40_000 + "</g>" * 40_000),
    "not xml": b"<svg",
    "huge": svg("<rect/>" * 100_000),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_that_is_more_than_a_drawing_is_refused(name: str) -> None:
    picture, why = read_picture("x.svg", DRAWINGS[name])
    assert picture is None
    assert why is not None


def test_a_plain_drawing_is_let_through() -> None:
    drawing = svg('<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use href="#a"/><use xlink:href="#a"/><text style="fill:red">1</text>')
    assert read_picture("x.svg", drawing)[1] is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.png", b"<script>"),
        ("x.jpg", b"\xff\xd8\xff\xe0\0"),
        ("x.jpg", b"\xff\xd8" + b"ab" * 20),
        ("x.gif", b"GIF89a"),
        ("x.webp", b"RIFF0000WEBPXXXX"),
        ("x.html", b"<p>"),
    ],
)
def test_a_file_that_is_no_picture_is_refused(name: str, data: bytes) -> None:
    assert read_picture(name, data)[0] is None


SLOW: dict[str, Callable[[int], str]] = {
    "quotes": lambda n: ">" * n,
    "quotes in lines": lambda n: "\n".join(">" * (k % 40) + " x" for k in range(n // 20)),
    "lists": lambda n: "\n".join("  " * (k % 60) + "- x" for k in range(n // 60)),
    "numbered lists": lambda n: "\n".join("   " * (k % 8) + f"{k}. x" for k in range(n // 20)),
    "brackets": lambda n: "[" * n,
    "brackets in lines": lambda n: ("[" * 150 + "\n") * (n // 150),
    "closing brackets": lambda n: "]" * n,
    "links": lambda n: "[a](" * (n // 4),
    "links in lines": lambda n: ("[a](" * 99 + "\n") * (n // 400),
    "references": lambda n: "[a][b] " * (n // 7),
    "definitions of references": lambda n: "\n".join(f"[a{k}]: https://example.org/{k}" for k in range(n // 30)),
    "stars": lambda n: "*" * n,
    "stars apart": lambda n: "*a **a " * (n // 7),
    "stars in lines": lambda n: ("*a _b **c __d " * 80 + "\n") * (n // 1120),
    "underscores in words": lambda n: "a_" * (n // 2),
    "tildes": lambda n: "~~a~ " * (n // 5),
    "backticks": lambda n: "".join("`" * (k % 115) + " " for k in range(n // 60)),
    "images": lambda n: "![" * (n // 2),
    "entities": lambda n: "&" * n,
    "entities begun": lambda n: "&amp" * (n // 4),
    "angles": lambda n: "<" * n,
    "angles apart": lambda n: "<a " * (n // 3),
    "angles with addresses": lambda n: "<https://a" * (n // 10),
    "comments begun": lambda n: "<!--" * (n // 4),
    "table": lambda n: "|" * 110 + "\n" + "|-" * 100 + "\n" + ("|" * 110 + "\n") * (n // 110),
    "wide table": lambda n: "|a" * (n // 4) + "\n" + "|-" * (n // 4),
    "footnotes": lambda n: "\n".join(f"[^{k}]" for k in range(n // 20)) + "\n\n" + "\n".join(f"[^{k}]: [^{k}]" for k in range(n // 20)),
    "footnotes without end": lambda n: "[^a] " * (n // 5) + "\n\n[^a]: x",
    "escapes": lambda n: "\\`" * (n // 2),
    "definitions": lambda n: "a\n: b\n" * (n // 6),
    "fences": lambda n: "```\n" * (n // 8 * 2 + 1),
    "call-outs": lambda n: "> [!note]\n" * (n // 10),
    "rules": lambda n: "---\n" * (n // 4),
    "headings": lambda n: "## x\n" * (n // 5),
    "header braces": lambda n: "## " + "{#a" * (n // 3),
    "header attributes": lambda n: "## x {#abcdefgh " + "a=" * (n // 2) + "}",
    "blank runs": lambda n: "a" + " " * n + "b",
    "empty lines": lambda n: "\n" * n,
    "combining signs": lambda n: "a" + "\u0301" * n,
    "one long word": lambda n: "a" * n,
    "gaps": lambda n: "[[a|b]] " * (n // 8),
    "marks of the converter": lambda n: "\x02klzzwxh:1\x03" * (n // 13),
}
SMALL, LARGE = 3000, 7500
A_SIGN = 700
"""Calls of functions that a sign may cost: what an ordinary text costs is about 30."""


def calls_of(work: Callable[[], object]) -> int:
    """How many functions a piece of work calls, those written in C included: the same on every machine, however busy it is."""
    count = 0

    def watch(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def _cost(text: str) -> int:
    tree = tree_with((LESSON, "Máy đang sửa", f"\n\n{text}\n\nMáy đang sửa"))
    return calls_of(lambda: made_of(tree))


@pytest.mark.parametrize("name", SLOW)
def test_excess_is_cheap_to_refuse_or_to_read(name: str) -> None:
    """The work grows with the length of the text, not with its square."""
    small, large = (_cost(SLOW[name](size)) for size in (SMALL, LARGE))
    assert large < LARGE * A_SIGN
    assert large < small * (LARGE / SMALL) * 1.8 + 60_000


@pytest.mark.parametrize(
    "text", ["## x\n" * 4000, "---\n" * 4000, "```\n" * 4001, "a\n: b\n" * 2000, "x\n" * 51_000, "\n" * 500_000, ("x " * 3000 + "\n") * 80]
)
def test_a_text_without_end_is_not_rendered(text: str) -> None:
    made: list[Compiled] = []
    calls = calls_of(lambda: made.append(made_of(tree_with((LESSON, "Máy đang sửa", f"\n\n{text}\n\nMáy đang sửa")))))
    assert "text-too-long" in {problem.code for problem in made[0].problems if problem.file == LESSON}
    assert calls < 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "[" * 10_000,
        "{" * 10_000,
        "- " * 5000,
        "a: " * 3000,
        "a:\n" + "".join(" " * n + "a:\n" for n in range(1, 300)),
        "a: |\n",
        ": x",
        "- - - x",
        "a: [b, {c: [d",
        "&a [*a]",
        "!!python/object x",
    ],
)
def test_strange_settings_are_errors_not_crashes(text: str) -> None:
    assert any(problem.severity == "error" for problem in made_of(with_files({COURSE: text})).problems)
