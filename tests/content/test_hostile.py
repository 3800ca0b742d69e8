"""Hostile content: each attack is refused with its line, or comes out harmless."""

import re
import time
from html.parser import HTMLParser

import pytest

from lms.content.catalogue import Course, Quiz
from lms.content.markup.rendering import Renderer, prepare
from lms.content.source.images import read_picture
from tests.content.trees import BANK, COURSE, LESSON, compiled, found, tree_with, with_files

TEXTS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1)></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe src=//evil.example></iframe>",
    "<object data=x></object>",
    "<embed src=x>",
    "<form action=//evil.example><button>x</button></form>",
    "<style>body{display:none}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<math><mtext></mtext></math>",
    "<!-- --><b>x</b>",
    "<![CDATA[x]]>",
    "<?php echo 1 ?>",
    "< script>alert(1)</ script>",
    "<br onclick=alert(1)>",
    "<div\nonclick=alert(1)>x</div>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](//evil.example/pixel.png)",
    "![x](../../../../etc/passwd)",
    "![x](../../quizzes/de-mau/img/khoa.svg)",
    '![x" onerror="alert(1)](img/khoa.svg)',
    '![x](img/khoa.svg "t\\" onerror=\\"alert(1)")',
    '[x](https://example.org "t\\" onclick=\\"alert(1)")',
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    "```html onclick=alert(1)\n<b>x</b>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "{{ config }} {% include 'x' %} ${7*7}",
    "> [!danger onclick=alert(1)] x",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "Term <script>\n: <img src=x onerror=alert(1)>",
    "- [x] <script>alert(1)</script>",
    "\x02amp\x03 \x02wzxhzdk:0\x03",
]
ALLOWED = {
    "p",
    "a",
    "img",
    "em",
    "strong",
    "code",
    "pre",
    "div",
    "span",
    "ul",
    "ol",
    "li",
    "input",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "dl",
    "dt",
    "dd",
}
ALLOWED |= {"sup", "hr", "br", "h2", "h3", "blockquote", "section", "details", "summary", "label"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.bad.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.bad.append(f"{tag} {name}")
            if name == "href" and not re.match(r"(https?:|mailto:|tel:|#)", value or ""):
                self.bad.append(f"{tag} {name}={value}")
            if name == "src" and value and not value.startswith("/content/blob/"):
                self.bad.append(f"{tag} {name}={value}")


def _bad(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    return reader.bad


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_out_harmless(text: str) -> None:
    html = Renderer().render("\n".join(prepare(text.split("\n"))), "vi", lambda _source: None).html
    assert _bad(html) == []


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("path", [LESSON, BANK])
def test_a_package_with_it_is_refused_at_its_line_or_harmless(path: str, text: str) -> None:
    old = "Máy đang sửa" if path == LESSON else "![Ổ khóa đỏ đang đóng](img/khoa.svg)"
    tree = tree_with((path, old, f"{text}\n\n{old}"))
    made = compiled(tree)
    name = "courses/khoa-mau" if path == LESSON else "quizzes/de-mau"
    if name in made.held:
        errors = [p for p in made.problems if p.severity == "error" and p.file == path]
        start = tree.files[path].decode().split(text)[0].count("\n") + 1
        assert min(p.line for p in errors) in range(start, start + text.count("\n") + 1), (start, [(p.line, p.code) for p in errors])
        return
    package = made.packages[name].made
    if isinstance(package, Course):
        assert [bad for lesson in package.lessons for html in lesson.html.values() for bad in _bad(html)] == []
    assert isinstance(package, Course | Quiz)
    for item in made.packages[name].items:
        texts = [
            *item.prompt.values(),
            *item.explanation.values(),
            *(html for choice in item.choices for html in (*choice.html.values(), *choice.feedback.values())),
        ]
        assert [bad for html in texts for bad in _bad(html)] == []


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


SLOW = {
    "quotes": ">" * 5000,
    "quotes in lines": "\n".join(">" * n + " x" for n in range(200)),
    "lists": "\n".join("  " * n + "- x" for n in range(300)),
    "brackets": "[" * 5000,
    "brackets in lines": ("[" * 150 + "\n") * 300,
    "links": "[a](" * 1500,
    "links in lines": ("[a](" * 99 + "\n") * 200,
    "stars": "*" * 5000,
    "stars apart": "*a **a " * 1000,
    "stars in lines": ("*a _b **c __d " * 80 + "\n") * 100,
    "backticks": "".join("`" * n + " " for n in range(1, 115)),
    "images": "![" * 2500,
    "entities": "&" * 5000,
    "angles": "<" * 5000,
    "angles apart": "<a " * 2000,
    "table": "|" * 110 + "\n" + "|-" * 100 + "\n" + ("|" * 110 + "\n") * 100,
    "footnotes": "\n".join(f"[^{n}]" for n in range(500)) + "\n\n" + "\n".join(f"[^{n}]: [^{n}]" for n in range(500)),
    "escapes": "\\`" * 3000,
    "definitions": "a\n: b\n" * 500,
    "fences": "```\n" * 999,
    "header braces": "## " + "{#a" * 2000,
    "header attributes": "## x {#abcdefgh " + "a=" * 2000 + "}",
    "blank runs": "a" + " " * 7000 + "b",
}


@pytest.mark.parametrize("name", SLOW)
def test_excess_is_quick_to_refuse_or_to_read(name: str) -> None:
    started = time.process_time()
    found(tree_with((LESSON, "Máy đang sửa", f"\n\n{SLOW[name]}\n\nMáy đang sửa")))
    assert time.process_time() - started < 3


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
    assert any(problem.severity == "error" for problem in found(with_files({COURSE: text})))
