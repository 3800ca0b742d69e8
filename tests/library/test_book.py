"""A course as a book: every element of a lesson becomes values, no word becomes typst, and the PDF says what the lessons say in each language."""

import io
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from lms.content.catalogue import Catalogue, Course, Lesson
from lms.content.markup.printed.elements import read_html
from lms.content.markup.printed.tree import BLOCKS, HEADINGS, INLINE, READERS, WRAPPED, Reader
from lms.content.markup.rendering import ATTRIBUTES, TAGS, Renderer
from lms.content.markup.words import CALLOUTS
from lms.library.book.making import Cover, make_book
from lms.library.book.shelf import Shelf
from tests.content.sample import SAMPLE, compiled

HOSTILE = '#panic(1) $x^2$ @label <l> \\n `raw` *b* _i_ [c] {d} // no /* no */ ~ -- = #{1} #import "x" " \' & \'é\' #read("/etc/passwd")'
WORDS = {name: f"w-{name}" for name in ("contents", "sources", "answers", "answer", "page", "check", "terms", "about")}
MARKS = {"S": "Law", "D": "Law", "S2": "Second", "K": "Practice", "site": "Site"}
COVER = Cover(
    "Vệ An", "https://example.org/courses/x", "Version 1", "Made", WORDS, MARKS, "Not translated", lambda number, lesson: f"{number} {lesson.minutes}"
)
TRANSPARENT = {"thead", "tbody", "tr", "th", "td", "li", "dt", "dd"}
"""Read by the element around them."""


def kinds(values: Any) -> set[str]:
    """Every kind of value in a tree."""
    if isinstance(values, list):
        return {kind for value in values for kind in kinds(value)}
    if isinstance(values, dict):
        own = {values["k"]} if "k" in values else set()
        return own | {kind for value in values.values() for kind in kinds(value)}
    return set()


def texts(values: Any) -> str:
    """Every text in a tree, in reading order."""
    if isinstance(values, list):
        return "".join(texts(value) for value in values)
    if isinstance(values, dict):
        return str(values["s"]) if "s" in values else "".join(texts(value) for value in values.values())
    return ""


def test_every_element_that_the_renderer_lets_through_is_known() -> None:
    known = set(READERS) | set(INLINE) | set(WRAPPED) | set(HEADINGS) | TRANSPARENT
    assert set(TAGS) <= known
    assert {"href"} <= ATTRIBUTES["a"]
    assert "section" in BLOCKS


def t(text: str) -> dict[str, Any]:
    return {"k": "t", "s": text}


def block(k: str, *inside: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"k": k, "c": list(inside)} | more


inner = block
P_A = block("p", t("a"))


@pytest.mark.parametrize(
    ("clean", "wanted"),
    [
        pytest.param("<p>a <strong>b</strong><br>c</p>", [block("p", t("a "), inner("b", t("b")), {"k": "br"}, t("c"))], id="words"),
        pytest.param('<h2 id="s1">A</h2>', [block("h", t("A"), level=2)], id="heading"),
        pytest.param('<ol start="3"><li>a</li></ol>', [{"k": "list", "ordered": True, "start": 3, "items": [{"done": None, "c": [P_A]}]}], id="list"),
        pytest.param('<p><img src="/x.svg" alt="A" width="320"></p>', [{"k": "image", "src": "/x.svg", "alt": "A", "width": 320}], id="picture"),
        pytest.param('<p><img src="" alt="A"></p>', [], id="a picture that is not there"),
        pytest.param('<p><a href="https://x.org">a</a></p>', [block("p", inner("a", t("a"), href="https://x.org"))], id="a link"),
        pytest.param('<p><a href="#s1">a</a></p>', [P_A], id="a link inside the lesson is its text"),
        pytest.param('<p><a href="javascript:x">a</a></p>', [P_A], id="a link that runs is its text"),
        pytest.param("<hr>", [{"k": "rule"}], id="rule"),
        pytest.param("<pre><code>#a\n</code></pre>", [{"k": "pre", "s": "#a"}], id="code"),
        pytest.param("<ul></ul><dl></dl><table></table><p> </p>", [], id="nothing"),
        pytest.param("<article>a</article><unknown>a</unknown>", [P_A, P_A], id="unknown elements keep their words"),
        pytest.param('<div class="table-wrap"><p>a</p></div>', [P_A], id="a division"),
        pytest.param('<div class="admonition danger"><p>a</p></div>', [block("callout", P_A, kind="danger", title=[])], id="call-out without a title"),
    ],
)
def test_elements_as_values(clean: str, wanted: list[dict[str, object]]) -> None:
    assert Reader().lesson(clean) == wanted


def test_footnotes_stand_where_they_are_called() -> None:
    made = Renderer().render("Một[^1].\n\n[^1]: Chú thích.\n", "vi", lambda _src: None).html
    (paragraph,) = Reader().lesson(made)
    assert [value["k"] for value in paragraph["c"]] == ["t", "note", "t"]
    assert texts(paragraph["c"][1]) == "Chú thích.\xa0" or texts(paragraph["c"][1]).strip() == "Chú thích."


def test_a_table_has_equal_rows_and_a_task_list_its_ticks() -> None:
    (table,) = Reader().lesson("<table><thead><tr><th>a</th><th align='right'>b</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>")
    assert (table["columns"], table["heads"], [len(row) for row in table["rows"]]) == (2, 1, [2, 2])
    made = Renderer().render("- [x] xong\n- [ ] chưa\n", "vi", lambda _src: None).html
    (tasks,) = Reader().lesson(made)
    assert [item["done"] for item in tasks["items"]] == [True, False]


def test_a_self_check_asks_in_its_place_and_answers_at_the_end() -> None:
    clean = (
        '<section class="self-check" id="item-a"><p class="self-check-title">T</p>'
        '<div class="self-check-prompt">Ai <input type="text"> <input type="hidden"></div>'
        '<div class="answers"><div class="answer"><input type="radio"><label><span>Một</span></label></div></div>'
        "<select><option>1</option></select><textarea></textarea><details><summary>Xem</summary><ul><li>Một</li></ul>"
        '<dl><dt>Hai</dt><dd>Sai</dd><dt class="is-right">Một</dt><dd>Vì</dd></dl><svg><rect/></svg></details></section>'
        "<p><span data-gap='0'></span></p><section><p>x</p></section>"
    )
    reader = Reader()
    check, gap, plain = reader.lesson(clean)
    assert (check["k"], check["n"], texts(check["title"])) == ("check", 1, "T")
    assert kinds(check["c"]) == {"p", "t", "gap", "mark"}
    assert "Xem" not in texts(check) + texts(reader.answers)
    assert texts(reader.answers) == "MộtHaiSaiMộtVì"
    assert [row.get("wrong") for row in reader.answers[0][1]["rows"]] == [True, None, False, None]
    assert (gap["c"], plain["k"]) == ([{"k": "gap"}], "p")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_no_word_is_lost_or_added(text: str) -> None:
    made = Renderer().render(f"Đầu\n\n{text}\n", "vi", lambda _src: None).html
    assert "".join(texts(Reader().lesson(made)).split()) == "".join(read_html(made).all_text().split())


def course_of(html: Mapping[str, str], title: str = "Khóa") -> tuple[Course, Catalogue]:
    package = compiled(SAMPLE)[1].packages["courses/khoa-mau"].made
    assert isinstance(package, Course)
    lesson: Lesson = replace(package.lessons[0], html=dict(html), title=dict.fromkeys(html, title), digest="x")
    return replace(package, lessons=(lesson,), cover=None, title=dict.fromkeys(html, title)), Catalogue("x")


def pdf_text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


ALL = f"""## {HOSTILE.replace("`raw`", "raw")}

Đoạn **đậm** *nghiêng* ~~bỏ~~ H<sub>2</sub>O m<sup>2</sup> <kbd>Ctrl</kbd> `#code` [liên kết](https://example.org/#a) [^1] {HOSTILE}

- một
  - hai
- [x] xong

3. ba

| a | b |
|:-:|--:|
| $1$ | `x` |

Thuật ngữ
:   Nghĩa #x

> Trích $dẫn$

```
#let x = 1
```

---

![Ảnh](img/a.svg)

{"".join(f"> [!{kind}] Gọi {kind}{chr(10)}> Nội dung #{kind}{chr(10)}{chr(10)}" for kind in CALLOUTS)}
[^1]: Chú thích #note $y$
"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="80" viewBox="0 0 640 80"><rect width="640" height="80" fill="#0b6"/></svg>'


def test_every_element_prints_and_no_word_is_read_as_typst() -> None:
    address = f"/content/blob/{'a' * 64}.svg"
    made = Renderer().render(ALL, "vi", lambda _src: (address, 640, 80)).html
    course, catalogue = course_of({"vi": made}, HOSTILE)
    pdf = make_book(course, catalogue, "vi", COVER, lambda digests: dict.fromkeys(digests, SVG))
    said = "".join(pdf_text(pdf).split())
    for words in (
        "#panic(1)",
        "$x^2$",
        "@label",
        "\\n",
        "#{1}",
        '#import"x"',
        '#read("/etc/passwd")',
        "#letx=1",
        "#note$y$",
        *(f"#{kind}" for kind in CALLOUTS),
    ):
        assert words in said, words
    assert "root:x" not in said


@settings(max_examples=15, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]) | st.sampled_from("#$@\\[]{}`*_<>=/~\"'-+.:;,()"), max_size=60))
def test_any_text_compiles(text: str) -> None:
    made = Renderer().render(f"x {text}", "vi", lambda _src: None).html
    course, catalogue = course_of({"vi": made}, text)
    assert make_book(course, catalogue, "vi", COVER, lambda _digests: {})[:5] == b"%PDF-"


@pytest.mark.parametrize(("lang", "words"), [("vi", "Máy đang sửa"), ("zh", "上锁挂牌"), ("en", "A machine under repair")])
def test_the_book_says_what_the_lessons_say(lang: str, words: str) -> None:
    _tree, made = compiled(SAMPLE)
    course = made.packages["courses/khoa-mau"].made
    assert isinstance(course, Course)
    pdf = make_book(course, Catalogue("x"), lang, COVER, lambda digests: {digest: made.blobs[digest].data for digest in digests})
    said = pdf_text(pdf)
    assert words.replace(" ", "") in "".join(said.split())
    assert "w-answers" in said
    assert "w-sources" in said
    assert len(pdf) < 400_000
    about = PdfReader(io.BytesIO(pdf)).metadata
    assert about is not None
    assert about.title == course.title[lang]


def test_a_lesson_that_is_not_translated_says_so() -> None:
    course, catalogue = course_of({"vi": "<p>Chữ Việt</p>"})
    said = pdf_text(make_book(course, catalogue, "zh", COVER, lambda _digests: {}))
    assert "Not translated" in said
    assert "Chữ Việt" in said


def test_a_book_is_made_once_and_the_oldest_leave(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "books", most=2)
    made: list[str] = []
    gate = threading.Barrier(4)

    def make() -> bytes:
        made.append("a")
        return b"A"

    def ask() -> None:
        gate.wait()
        assert shelf.get("a", make) == b"A"

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == ["a"]
    assert Shelf(tmp_path / "books").get("a", lambda: b"other") == b"A"
    for key in "bc":
        shelf.get(key, key.encode)
    assert len(list((tmp_path / "books").iterdir())) == 2
    assert shelf.get("c", lambda: b"other") == b"c"
