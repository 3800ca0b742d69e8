"""Whatever stands in a bank, reading it gives items or findings and never fails; and what is written is what is read."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.catalogue import Item
from lms.content.items.drafts import CaseDraft, ItemDraft, TextPart
from lms.content.items.parser import split
from lms.content.source.problems import Findings, Place
from tests.content.every_kind import KINDS, VI, bank, items_of, problems_of

PIECES = [line for line in KINDS[VI].decode().split("\n") if line] + [
    "## Câu {#naaaaab2 .order .match}",
    "## {#}",
    "### x {#naaaaab3}",
    "## x {#naaaaab4 .case}",
    "=",
    "＝ 85 ± ± 1",
    "= 1.500",
    "[[[[a]]|]]",
    "［［a】】",
    "- [x] a (1,1 1x1) {#a .fixed}",
    "- (NaN%) a",
    "- [999999999999%] a",
    "| | | | |",
    "|",
    "|---|",
    "９９、a",
    "```",
    "> [!note]",
    "  > x",
    "- 0% x",
    "- 100%",
    "{#a}",
]
LINES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(codec="utf-8"), max_size=30)), max_size=25)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_arbitrary_lines_give_items_or_findings(lines: list[str]) -> None:
    problems = problems_of(bank("\n".join(lines), "\n".join(reversed(lines))))
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)


@settings(max_examples=150, deadline=None)
@given(LINES, st.booleans())
def test_no_line_is_lost_between_items(lines: list[str], in_bank: bool) -> None:
    found = Findings()
    flat = [line for text in lines for line in text.split("\n")]
    parts = split(flat, Place("x"), found, in_bank=in_bank)
    starts = [part.place.line for part in parts]
    assert starts == sorted(set(starts))
    assert (starts[0] == 1) if flat else not parts
    for part, following in zip(parts, [*starts[1:], len(flat) + 1], strict=False):
        assert isinstance(part, TextPart | ItemDraft | CaseDraft)
        if isinstance(part, TextPart):
            assert part.place.line + len(part.lines) == following
        elif isinstance(part, CaseDraft):
            assert part.place.line + len(part.body) + 1 == following


WORDS = st.lists(st.sampled_from(["khóa", "thẻ", "máy", "上锁", "lock", "điện", "85", "gió"]), min_size=1, max_size=4).map(lambda words: "x " + " ".join(words))
TEXTS = st.lists(WORDS, min_size=2, max_size=8, unique=True)
HEAD = "## Câu hỏi {#naaaaaa2"


def read(text: str) -> Item:
    items = items_of(bank(text + "\n\n> vì\n"))
    assert list(items) == ["naaaaaa2"]
    return items["naaaaaa2"]


def by_letter(item: Item) -> dict[str, str]:
    return {choice.letter: choice.html["vi"] for choice in item.choices}


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.sampled_from(["{}.", "{})", "（{}）", "{}、"]))
def test_an_order_is_read_as_written(parts: Sequence[str], number: str) -> None:
    item = read(f"{HEAD} .order}}\n\n" + "\n".join(f"{number.format(n)} {part}" for n, part in enumerate(parts, 1)))
    assert [by_letter(item)[letter] for letter in item.order] == list(parts)
    assert sorted(item.order) == [choice.letter for choice in item.choices]


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS)
def test_pairs_are_read_as_written(lefts: Sequence[str], rights: Sequence[str]) -> None:
    count = min(len(lefts), len(rights))
    rows = [f"| {left} | {right} |" for left, right in zip(lefts, rights, strict=False)] + [f"| | {right} |" for right in rights[count:]]
    item = read(f"{HEAD} .match}}\n\n" + "\n".join(rows))
    targets = {target.letter: target.html["vi"] for target in item.targets}
    assert [(choice.html["vi"], targets[item.pairs[choice.letter]]) for choice in item.choices] == list(zip(lefts, rights, strict=False))
    assert sorted(targets.values()) == sorted(rights)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_gaps_are_read_as_written(blanks: Sequence[Sequence[str]]) -> None:
    item = read(f"{HEAD}}}\n\n" + " và ".join(f"[[{'|'.join(accepted)}]]" for accepted in blanks))
    assert [blank.accepted["vi"] for blank in item.blanks] == [tuple(accepted) for accepted in blanks]
    assert all(f'data-gap="{n}"' in item.prompt["vi"] for n in range(len(blanks)))


@settings(max_examples=60, deadline=None)
@given(st.integers(-999_999, 999_999), st.integers(0, 2), st.integers(0, 99), st.booleans(), st.sampled_from(["", "dBA", "°C", "mg/m3", "分贝"]))
def test_a_number_is_read_as_written(value: int, places: int, tolerance: int, relative: bool, unit: str) -> None:
    typed = f"{value / 10**places:.{places}f}"
    item = read(f"{HEAD}}}\n\n= {typed} ± {tolerance}{'%' if relative else ''} {unit}")
    assert item.number is not None
    assert float(item.number.value) == pytest.approx(value / 10**places)
    assert (item.number.tolerance, item.number.relative, item.number.unit.get("vi", "")) == (str(tolerance), relative, unit)


BOX = st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(1, 10), st.integers(1, 10))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(WORDS, BOX), min_size=2, max_size=8, unique_by=lambda one: one[0]))
def test_regions_are_read_as_written(regions: Sequence[tuple[str, tuple[int, int, int, int]]]) -> None:
    lines = [f"- [{'x' if n == 0 else ' '}] {name} ({x},{y} {w}x{h})" for n, (name, (x, y, w, h)) in enumerate(regions)]
    item = read(f"{HEAD} .hotspot}}\n\n![khóa](img/khoa.svg)\n\n" + "\n".join(lines))
    boxes = [(c.region.x, c.region.y, c.region.width, c.region.height) for c in item.choices if c.region]
    assert list(by_letter(item).values()) == [name for name, _ in regions]
    assert boxes == [tuple(side * 100 for side in box) for _, box in regions]


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.data())
def test_percents_are_read_as_written(texts: Sequence[str], data: st.DataObject) -> None:
    right = data.draw(st.integers(1, len(texts) - 1))
    shares = [100 // right + (n < 100 % right) for n in range(right)] + [-100] * (len(texts) - right)
    item = read(f"{HEAD}}}\n\n" + "\n".join(f"- [{share}%] {text}" for share, text in zip(shares, texts, strict=True)))
    assert [(choice.html["vi"], choice.percent, choice.correct) for choice in item.choices] == [
        (text, share, share > 0) for text, share in zip(texts, shares, strict=True)
    ]
