"""Banks for round trips: texts with Vietnamese, Chinese and every sign that some format takes for a mark."""
# ruff: noqa: E501, RUF005, RUF100  (XML as Word writes it, and lists of signs, are not better for being broken)

from hypothesis import strategies as st

from lms.content.interchange.escaping import escape
from lms.content.interchange.model import Answer, Bank, BankItem, Quantity

PIECES = (
    ["Ai được tháo khóa?", "Độ ồn", "谁可以拆锁", "（对）", "đ", "ế", "A", "1", "x y", " ", "  ", "0,5", "CO2", "\u00a0", "“quote”", "…", "🔒", "ấ"]
    + list("=~#{}:\\*_`[]()<>&|-+.!^$%@;,'\"/?、。：【】［］｜")
    + [
        "->",
        "=>",
        "//",
        "::",
        "[[",
        "]]",
        "](",
        "![",
        "[^1]",
        "&lt;",
        "&amp;",
        "<b>",
        "</p>",
        "<!--",
        "]]>",
        "{#q}",
        "{1:SA:=a}",
        "####",
        "%50%",
        "\\n",
        "~%",
        "- (x) ",
        "1. ",
        "> ",
        "# ",
        "= ",
        ": ",
        "---",
        "```",
        "$$",
        "ANSWER: A",
    ]
)
PLAIN = (
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=8)
    .map(lambda parts: " ".join("".join(parts).replace("\u00a0", "\u00a0").split()))
    .filter(lambda text: any(c.isalnum() for c in text))
)
INLINE = PLAIN.map(lambda text: escape(text, inline=True))
BLOCK = st.lists(PLAIN.map(escape), max_size=2).map("\n\n".join)
WORD = st.text("abcdđăêô中文0189", min_size=1, max_size=6)
IDS = st.text("abcdefghijkmnpq", min_size=8, max_size=8)
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "points": st.integers(1, 100).map(str),
        "difficulty": st.sampled_from("123"),
        "topic": WORD,
        "tags": st.lists(WORD, min_size=1, max_size=3, unique=True).map(", ".join),
        "basis": st.lists(
            st.sampled_from(["Luật 84/2015", "QH13, Điều 6", "《安全生产法》", "<50 dB>", "100 % & `x`", "“a”", "; "]), min_size=1, max_size=6
        ).map(lambda p: " ".join("".join(p).split()) + " [S]"),
        "source": st.sampled_from(["OSHA 1910.147; HSE INDG 401", "AHA Guidelines for CPR and ECC 2025; European Resuscitation Council Guidelines 2025"]),
    },
)
FLAGS = st.sampled_from([(), ("critical",), ("critical", "void")])
ANSWERS = st.lists(st.tuples(INLINE, BLOCK), min_size=2, max_size=5, unique_by=lambda one: one[0])


@st.composite
def ticked(draw: st.DrawFn) -> BankItem:
    choices = draw(ANSWERS)
    right = draw(st.sets(st.integers(0, len(choices) - 1), min_size=1))
    kind = "single" if len(right) == 1 and draw(st.booleans()) else "multiple"
    fixed = draw(st.booleans())
    answers = tuple(Answer(text, n in right, told, fixed=fixed and n == len(choices) - 1) for n, (text, told) in enumerate(choices))
    if kind == "single" and draw(st.booleans()):
        answers = tuple(a if a.right else Answer(a.text, feedback=a.feedback, percent=50) for a in answers)
    return _item(draw, kind, answers=answers)


def _item(draw: st.DrawFn, kind: str, **given: object) -> BankItem:
    return BankItem(draw(IDS), kind, draw(INLINE), draw(BLOCK), explanation=draw(BLOCK), attributes=draw(ATTRIBUTES), flags=draw(FLAGS), **given)  # type: ignore[arg-type]


@st.composite
def numeric(draw: st.DrawFn) -> BankItem:
    number = Quantity(
        draw(st.sampled_from(["85", "-0.5", "0", "120.25"])), draw(st.sampled_from(["0", "1", "0.5"])), unit=draw(st.sampled_from(["", "dBA", "m/s", "℃"]))
    )
    if draw(st.booleans()):
        number = Quantity(number.value, "5", relative=True, unit=number.unit)
    return _item(draw, "numeric", number=number)


@st.composite
def short(draw: st.DrawFn) -> BankItem:
    words = draw(st.lists(st.sampled_from(["Hà Nội", "thủ đô", "上海", "a=b", "x~y{z}", "50 % *", "a:b#c"]), min_size=1, max_size=3, unique=True))
    return _item(draw, "short", answers=tuple(Answer(word, right=True) for word in words))


@st.composite
def ordering(draw: st.DrawFn) -> BankItem:
    return _item(draw, "ordering", answers=tuple(Answer(text) for text in draw(st.lists(INLINE, min_size=2, max_size=4, unique=True))))


@st.composite
def matching(draw: st.DrawFn) -> BankItem:
    lefts = draw(st.lists(WORD, min_size=1, max_size=3, unique=True))
    rights = draw(st.lists(WORD, min_size=len(lefts), max_size=len(lefts), unique=True))
    pairs = tuple(zip(lefts, rights, strict=True))
    return _item(
        draw, "matching", pairs=(*pairs, ("", "không ai")) if draw(st.booleans()) else pairs, columns=draw(st.sampled_from([("", ""), ("Biển", "Nghĩa")]))
    )


@st.composite
def essay(draw: st.DrawFn) -> BankItem:
    return _item(draw, "essay", answers=(Answer(draw(WORD), percent=40), Answer(draw(WORD), percent=60)))


@st.composite
def gaps(draw: st.DrawFn) -> BankItem:
    accepted = draw(st.lists(st.sampled_from(["khóa", "tỏa", "上锁", "a b"]), min_size=1, max_size=2, unique=True))
    return BankItem(draw(IDS), "gaps", f"Phải [[{'|'.join(accepted)}]] trước khi sửa", explanation=draw(BLOCK), attributes=draw(ATTRIBUTES))


KINDS = {"ticked": ticked(), "numeric": numeric(), "short": short(), "ordering": ordering(), "matching": matching(), "essay": essay(), "gaps": gaps()}
ITEMS = st.one_of(*KINDS.values())


@st.composite
def banks(draw: st.DrawFn, items: st.SearchStrategy[BankItem] = ITEMS) -> Bank:
    made = draw(st.lists(items, min_size=1, max_size=3, unique_by=lambda item: item.id))
    if draw(st.booleans()):
        case = BankItem(
            "caseaaaa", "case", draw(INLINE), draw(BLOCK), parts=(BankItem("partaaaa", "single", draw(INLINE), answers=(Answer("a", right=True), Answer("b"))),)
        )
        made.append(case)
    return Bank(draw(st.sampled_from(["vi", "zh", "en"])), tuple(made))
