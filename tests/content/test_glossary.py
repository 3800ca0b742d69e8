"""Glossaries: what the check says of them, and how their terms stand in lessons."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.catalogue import Catalogue, Course, Glossary, Term
from lms.content.markup.terms import TermFinder, explain
from lms.content.packages.compiler import compile_tree
from lms.content.service.loading import with_terms
from lms.content.source.tree import read_tree
from tests.content.terms import glossary, term
from tests.content.trees import compiled, found, with_files

REAL = Path(__file__).parents[2] / "content"
PATH = "glossary/tu-mau.yml"


def made(*terms: str) -> tuple[Term, ...]:
    package = compiled(with_files({PATH: glossary("tu-mau", *terms)})).packages["glossary/tu-mau"].made
    assert isinstance(package, Glossary)
    return package.terms


TERMS = made(
    term("rui-ro", "rủi ro", "风险", "risk"),
    term("danh-gia", "đánh giá rủi ro", "风险评估", "risk assessment"),
    term("moi-nguy", "mối nguy", "危险源", "hazard", also="mối nguy hiểm;nguồn nguy hiểm"),
    term("suyt", "suýt xảy ra", "未遂事件", "near miss"),
    term("va", "phòng & chữa", "", "R&D"),
)


def marked(text: str, lang: str = "vi") -> list[tuple[str, str]]:
    return re.findall(r'href="#term-([a-z-]+)"[^>]*>([^<]*)</a>', explain(text, TermFinder(TERMS, lang)).html)


@pytest.mark.parametrize(
    ("text", "lang", "wanted"),
    [
        pytest.param("<p>Rủi ro là gì?</p>", "vi", [("rui-ro", "Rủi ro")], id="any case, the first word of a sentence"),
        pytest.param("<p>rui ro</p>", "vi", [], id="accents count"),
        pytest.param("<p>rủi ro, rồi rủi ro</p>", "vi", [("rui-ro", "rủi ro")], id="the first occurrence only"),
        pytest.param("<p>đánh giá rủi ro, rủi ro</p>", "vi", [("danh-gia", "đánh giá rủi ro"), ("rui-ro", "rủi ro")], id="the longest that fits"),
        pytest.param("<p>đánh giá rủi ro. Đánh giá rủi ro</p>", "vi", [("danh-gia", "đánh giá rủi ro")], id="no shorter term inside a repeated one"),
        pytest.param("<p>rủi rok</p>", "vi", [], id="whole words"),
        pytest.param("<p>mối nguy hiểm</p>", "vi", [("moi-nguy", "mối nguy hiểm")], id="another spelling"),
        pytest.param("<p>mối <strong>nguy</strong></p>", "vi", [], id="not across elements"),
        pytest.param("<p><em>mối nguy</em></p>", "vi", [("moi-nguy", "mối nguy")], id="inside emphasis"),
        pytest.param("<h2>Mối nguy</h2><p>mối nguy</p>", "vi", [("moi-nguy", "mối nguy")], id="headings are left alone"),
        pytest.param('<p><a href="https://x">mối nguy</a></p>', "vi", [], id="links are left alone"),
        pytest.param("<p><code>mối nguy</code></p><pre>mối nguy</pre>", "vi", [], id="code is left alone"),
        pytest.param(
            '<section class="self-check"><div><label>mối nguy</label></div><p>mối nguy</p></section><p>rủi ro</p>', "vi", [("rui-ro", "rủi ro")], id="check"
        ),
        pytest.param(
            '<div class="admonition danger"><p class="admonition-title">Mối nguy</p><p>mối nguy</p></div>', "vi", [("moi-nguy", "mối nguy")], id="callout"
        ),
        pytest.param('<p><img alt="a > mối nguy" src="/content/blob/x.svg">mối nguy</p>', "vi", [("moi-nguy", "mối nguy")], id="a sign inside an attribute"),
        pytest.param("<p>mối&nbsp;nguy &amp; rủi ro &lt;mối nguy&gt;</p>", "vi", [("rui-ro", "rủi ro"), ("moi-nguy", "mối nguy")], id="entities"),
        pytest.param("<p>phòng &amp; chữa</p>", "vi", [("va", "phòng &amp; chữa")], id="a term with a sign"),
        pytest.param("<p>Hazards and near misses; risky</p>", "en", [("moi-nguy", "Hazards"), ("suyt", "near misses")], id="English plurals"),
        pytest.param("<p>做风险评估，看风险。</p>", "zh", [("danh-gia", "风险评估"), ("rui-ro", "风险")], id="Chinese has no blanks"),
        pytest.param("<p>R&amp;D</p>", "zh", [], id="a language without the word"),
        pytest.param("mối nguy", "vi", [("moi-nguy", "mối nguy")], id="text alone"),
    ],
)
def test_where_a_term_is_marked(text: str, lang: str, wanted: list[tuple[str, str]]) -> None:
    assert marked(text, lang) == wanted


@given(st.text(alphabet="rủi o<>/p&; a\"'='mốnguyb", max_size=60))
def test_marking_adds_links_and_changes_nothing_else(text: str) -> None:
    clean = f"<p>{html.escape(text, quote=False)}</p><ul><li>rủi ro</li></ul>"
    out = explain(clean, TermFinder(TERMS, "vi")).html
    assert re.sub(r'<a class="term"[^>]*>([^<]*)</a>', r"\1", out) == clean


def test_a_missing_language_is_a_warning_and_a_missing_source_an_error() -> None:
    problems = found(with_files({PATH: glossary("tu-mau", term("a", "an toàn", "安全"), term("b", "", "风险", "risk"))}))
    said = {(p.code, p.severity) for p in problems if p.file == PATH}
    assert said == {("translation-missing", "warning"), ("words-no-source", "error")}
    assert "glossary/tu-mau" in compiled(with_files({PATH: glossary("tu-mau", term("b", "", "风险", "risk"))})).held


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(term("a", "an toàn"), term("a", "rủi ro"), id="an id"),
        pytest.param(term("a", "an toàn"), term("b", "An Toàn"), id="a word, in any case"),
        pytest.param(term("a", "an toàn", also="sự an toàn"), term("b", "sự an toàn"), id="another spelling"),
    ],
)
def test_what_stands_twice_names_the_other_place(first: str, second: str) -> None:
    problems = [p for p in found(with_files({PATH: glossary("tu-mau", first, second)})) if p.code == "term-twice"]
    assert len(problems) == 1
    assert "glossary/tu-mau.yml:" in str(problems[0].message)


def test_a_glossary_with_errors_of_form_is_held_with_its_line() -> None:
    broken = glossary("tu-mau", term("a", "an toàn").replace("certainty: K", "certainty: ?"))
    held = compiled(with_files({PATH: broken}))
    assert "glossary/tu-mau" in held.held
    assert [(p.code, p.line) for p in held.problems if p.file == PATH and p.severity == "error"] == [
        ("value-wrong", broken.split("certainty")[0].count("\n") + 1)
    ]


def test_lessons_are_marked_once_for_the_same_terms() -> None:
    package = compiled(with_files({PATH: glossary("tu-mau", term("khoa", "khóa"))})).packages
    course, words = package["courses/khoa-mau"].made, package["glossary/tu-mau"].made
    assert isinstance(course, Course)
    assert isinstance(words, Glossary)
    empty = Catalogue("")
    first = with_terms(Catalogue("1", courses={"khoa-mau": course}, glossary={"tu-mau": words}), empty)
    again = with_terms(Catalogue("2", courses={"khoa-mau": course}, glossary={"tu-mau": words}), first)
    without = with_terms(Catalogue("3", courses={"khoa-mau": course}), again)
    lesson = course.lessons[0].digest
    assert first.explained[lesson]["vi"].terms == ("khoa",)
    assert again.explained[lesson] is first.explained[lesson]
    assert without.explained[lesson]["vi"].html == course.lessons[0].html["vi"]


def test_the_glossary_of_the_repository_is_whole() -> None:
    compiled_real = compile_tree(read_tree(REAL, working=True))
    terms = [t for package in compiled_real.packages.values() if isinstance(package.made, Glossary) for t in package.made.terms]
    assert len(terms) >= 40
    assert not [p for p in compiled_real.problems if p.file.startswith("glossary/")]
    assert all(set(part) == {"vi", "zh", "en"} for t in terms for part in (t.words, t.meaning, t.source))
