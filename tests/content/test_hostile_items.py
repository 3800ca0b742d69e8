"""Hostile items: huge, nested, unterminated, and texts that would be code where a page shows them."""

import time
from html.parser import HTMLParser

import pytest

from lms.content.catalogue import Item
from tests.content.every_kind import VI, bank, codes_of, items_of, kinds_with, problems_of

HEAD = "## Câu {#naaaaaa2"
EXCESS = {
    "gaps without end": f"{HEAD}}}\n\n" + "[[" * 90,
    "gaps inside gaps": f"{HEAD}}}\n\n" + "[[a" * 60 + "]]" * 60,
    "gaps in lines": f"{HEAD}}}\n\n" + "[[a|b]] x\n\n" * 5000,
    "a gap of a long line": f"{HEAD}}}\n\n[[" + "a|" * 3900 + "]]",
    "ten thousand rows": f"{HEAD} .match}}\n\n" + "".join(f"| {n} | r{n} |\n" for n in range(10_000)),
    "a row of bars": f"{HEAD} .match}}\n\n" + "| " * 3900 + "\n",
    "ten thousand parts": f"{HEAD} .order}}\n\n" + "".join(f"{n % 99}. p{n}\n" for n in range(10_000)),
    "ten thousand answers": f"{HEAD}}}\n\n" + "".join(f"= a{n}\n" for n in range(10_000)),
    "ten thousand regions": f"{HEAD} .hotspot}}\n\n![a](img/khoa.svg)\n\n" + "".join(f"- [x] r{n} (1,1 2x2)\n" for n in range(10_000)),
    "ten thousand criteria": f"{HEAD} .essay}}\n\n" + "".join(f"- 1% c{n}\n" for n in range(10_000)),
    "ten thousand items of a case": "## Ca {#caaaaaa2 .case}\n\n" + "".join(f"### C {{#n{n:07}}}\n- (x) a\n" for n in range(3000)),
    "ten thousand pictures": f"{HEAD} .hotspot}}\n\n" + "![a](img/khoa.svg) " * 400 + "\n\n- [x] r (1,1 2x2)\n- [ ] s (5,5 2x2)",
    "blanks in a number": f"{HEAD}}}\n\n= 85" + " " * 7000 + "x" + " " * 500 + "± 1",
    "digits": f"{HEAD}}}\n\n= " + "9" * 7900,
    "signs in a number": f"{HEAD}}}\n\n= 85 " + "± 1 " * 1900,
    "a unit without end": f"{HEAD}}}\n\n= 85 " + "a" * 7000 + " ± ",
    "brackets at the end": f"{HEAD}}}\n\n- (x) a " + "(" * 100 + "\n- ( ) b " + "{#" * 100,
    "a region of digits": f"{HEAD} .hotspot}}\n\n![a](img/khoa.svg)\n\n- [x] a (" + "1 " * 3000 + ")\n- [ ] b (1,1 2x2)",
    "marks": f"{HEAD} " + ".order " * 1000 + "}\n\n1. a\n2. b",
    "deep header": "#" * 5000 + " x {#naaaaaa2}",
}


@pytest.mark.parametrize("name", EXCESS)
def test_excess_is_quick_to_refuse_or_to_read(name: str) -> None:
    started = time.process_time()
    problems_of(bank(EXCESS[name] + "\n\n> x\n"))
    assert time.process_time() - started < 3


class _Tags(HTMLParser):
    """The tags of a page with the names of their attributes."""

    @classmethod
    def of(cls, html: str) -> list[tuple[str, list[str]]]:
        reader = cls()
        reader.seen = []
        reader.feed(html)
        return reader.seen

    seen: list[tuple[str, list[str]]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, [name for name, _ in attrs]))


TYPED = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '" onfocus="alert(1)', "{{ config }}", "\u202eabc"]


def texts_of(item: Item) -> list[str]:
    """Everything of an item that pages show as HTML."""
    html = [*item.prompt.values(), *item.explanation.values(), *(text for column in item.columns for text in column.values())]
    return html + [text for choice in (*item.choices, *item.targets) for text in (*choice.html.values(), *choice.feedback.values())]


@pytest.mark.parametrize("text", TYPED)
@pytest.mark.parametrize("old", ["Cảnh báo", "Cắt nguồn", "khi cháy", "Quai khóa", "một một bốn", "Nêu mối nguy", "Ổ khóa đỏ đang đóng", "dBA", "Một can"])
def test_what_could_run_is_refused_or_shown_as_text(old: str, text: str) -> None:
    tree = kinds_with((VI, old, f"{old} {text}"))
    errors = [problem for problem in problems_of(tree) if problem.severity == "error" and problem.file == VI]
    if errors:
        assert {problem.code for problem in errors} <= {"raw-html", "control-character", "item-attributes", "number-wrong"}
        return
    for item in items_of(tree).values():
        assert [tag for html in texts_of(item) for tag in _Tags.of(html) if tag[0] == "script" or {"onfocus", "onerror"} & set(tag[1])] == []


@pytest.mark.parametrize(
    "region",
    [
        "NaN,1 2x2",
        "1e1,1 2x2",
        "inf,1 2x2",
        "-1,1 2x2",
        "1,1 2x-2",
        "١,1 2x2",
        "²,1 2x2",
        "1,1 2x2 3",
        "0x10,1 2x2",
        "1,1",
        "",
        "999,1 2x2",
        "1,1 99.5x2",
        "100,100 1x1",
    ],
)
def test_a_strange_region_is_refused(region: str) -> None:
    codes = codes_of(kinds_with((VI, "(38,10 24x30)", f"({region})")))
    assert codes & {"region-wrong", "region-outside"}


def test_a_token_of_a_gap_cannot_be_forged() -> None:
    text = f'{HEAD}}}\n\n[[a]] và lmsgap0123456789abcdef0123x0x và &lt;span data-gap="7"&gt; `<span data-gap="8">`\n\n> x\n'
    (item,) = items_of(bank(text)).values()
    assert item.prompt["vi"].count("<span data-gap=") == 1
    assert len(item.blanks) == 1
