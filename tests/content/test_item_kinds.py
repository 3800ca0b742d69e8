"""What an item of each kind holds, and what makes another key or another look of it."""

import pytest

from lms.content.bodies import item_from, to_body
from lms.content.catalogue import Blank, Criterion, Item, Number, Quiz, Region
from lms.content.packages.compiler import compile_tree
from tests.content.every_kind import PACKAGE, QUIZ, VI, ZH, bank, items_of, kinds_with

PLAIN = items_of(kinds_with())


def one(text: str, zh: str | None = None) -> Item:
    """The only item of a bank."""
    (item,) = items_of(bank(text, zh)).values()
    return item


def test_every_item_is_kept_as_it_is() -> None:
    assert {item.kind for item in PLAIN.values()} == {"single", "multiple", "numeric", "short", "ordering", "matching", "gaps", "hotspot", "essay"}
    assert all(item_from(to_body(item)) == item for item in PLAIN.values())
    assert all(set(item.prompt) == {"vi", "zh"} for item in PLAIN.values())


def test_a_number_has_a_unit_in_each_language() -> None:
    assert PLAIN["naaaaaa2"].number == Number("85", "1", relative=False, unit={"vi": "dBA", "zh": "分贝"})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("85", ("85", "0", False, "")),
        ("８５ ＋－１　dBA", ("85", "1", False, "dBA")),
        ("85 +/- 1 dBA", ("85", "1", False, "dBA")),
        ("85 dBA ± 1", ("85", "1", False, "dBA")),
        ("85 dBA ± 1 dBA", ("85", "1", False, "dBA")),
        ("85 ± 5 % dBA", ("85", "5", True, "dBA")),
        ("85±5％", ("85", "5", True, "")),
        ("20% ± 1%", ("20", "1", False, "%")),
        ("0,50 m", ("0.5", "0", False, "m")),
        ("-12.5 °C", ("-12.5", "0", False, "°C")),
        ("−３，５℃", ("-3.5", "0", False, "℃")),
        ("85分贝", ("85", "0", False, "分贝")),
        ("0.125 mg/m3", ("0.125", "0", False, "mg/m3")),
        ("10000", ("10000", "0", False, "")),
        ("-0", ("0", "0", False, "")),
        ("5S", None),
        ("12:30", None),
        ("2027-05-03", None),
        ("2 năm 6 tháng", None),
        ("٨٥ dBA", None),
        ("NaN", None),
        ("1e9", None),
    ],
)
def test_a_number_as_it_is_typed(typed: str, expected: tuple[str, str, bool, str] | None) -> None:
    item = one(f"## Bao nhiêu? {{#naaaaaa2}}\n\n= {typed}\n\n> x\n")
    if expected is None:
        assert (item.kind, item.number) == ("short", None)
    else:
        number = item.number
        assert number is not None
        assert (number.value, number.tolerance, number.relative, number.unit.get("vi", "")) == expected


def test_answers_of_every_language_are_right() -> None:
    assert PLAIN["saaaaaa2"].blanks == (Blank({"vi": ("tủ sơ cứu", "Tủ thuốc"), "zh": ("急救箱",)}),)
    assert PLAIN["saaaaaa3"].kind == "short"
    strict = one("## Gọi là gì? {#naaaaaa2 .accents .capitals}\n\n= Ổ khóa\n\n> x\n")
    assert strict.blanks == (Blank({"vi": ("Ổ khóa",)}, keep_accents=True, keep_case=True),)


def test_parts_of_an_order_have_letters_that_tell_nothing() -> None:
    item = PLAIN["oaaaaaa2"]
    by_letter = {choice.letter: choice.html["vi"] for choice in item.choices}
    assert [by_letter[letter] for letter in item.order] == ["Báo cho người liên quan", "Cắt nguồn", "Gắn khóa và thẻ", "Thử khởi động"]
    assert [choice.letter for choice in item.choices] == sorted(item.order)
    swapped = items_of(kinds_with((VI, "2. Cắt nguồn\n   > Cắt ở cầu dao chính.\n3. Gắn khóa và thẻ", "2. Gắn khóa và thẻ\n3. Cắt nguồn")))["oaaaaaa2"]
    assert {choice.html["vi"]: choice.letter for choice in swapped.choices} == {text: letter for letter, text in by_letter.items()}
    assert swapped.order != item.order
    assert [choice.feedback["zh"] for choice in item.choices if choice.feedback] == ["<p>在总闸处断开。</p>"]


def test_pairs_of_a_matching_with_spare_right_sides() -> None:
    item = PLAIN["maaaaaa2"]
    rights = {target.letter: target.html["vi"] for target in item.targets}
    assert {choice.html["vi"]: rights[item.pairs[choice.letter]] for choice in item.choices} == {
        "Tròn, viền đỏ, gạch chéo": "Cấm",
        "Tam giác nền vàng": "Cảnh báo",
        "Tròn nền xanh dương": "Bắt buộc",
    }
    assert set(rights.values()) - {rights[letter] for letter in item.pairs.values()} == {"Lối thoát"}
    assert [choice.letter for choice in item.choices] == ["a", "b", "c"]
    assert [target.letter for target in item.targets] == ["a", "b", "c", "d"]
    assert item.columns == ({"vi": "Biển", "zh": "标志"}, {"vi": "Nghĩa", "zh": "意思"})


def test_the_letters_of_right_sides_do_not_follow_the_pairs() -> None:
    rows = "".join(f"| trái {n} | phải {n} |\n" for n in range(8))
    orders = {tuple(one(f"## Nối {{#naaaaaa{n} .match}}\n\n{rows}\n> x\n").pairs.values()) for n in range(2, 6)}
    assert len(orders) == 4


def test_gaps_stand_in_the_prompt_in_the_order_of_each_language() -> None:
    item = PLAIN["gaaaaaa2"]
    assert item.prompt["vi"] == (
        '<p>Ở Việt Nam gọi <span data-gap="0"></span> khi cháy</p><p>và gọi <strong><span data-gap="1"></span></strong> khi có người bị thương.</p>'
    )
    assert item.prompt["zh"].index('data-gap="1"') < item.prompt["zh"].index('data-gap="0"')
    assert item.blanks == (Blank({"vi": ("114", "một một bốn"), "zh": ("114", "一一四")}), Blank({"vi": ("115",), "zh": ("115",)}))


def test_signs_in_code_or_behind_a_backslash_are_no_gaps() -> None:
    item = one("## Dùng `[[x]]` và \\[[y]] thế nào với [[thẻ]]? {#naaaaaa2}\n\n```\n[[z]]\n```\n\n> x\n")
    assert [blank.accepted["vi"] for blank in item.blanks] == [("thẻ",)]
    assert "[[x]]" in item.prompt["vi"]
    assert "[[z]]" in item.prompt["vi"]


def test_a_hotspot_has_its_picture_beside_its_prompt() -> None:
    item = PLAIN["haaaaaa2"]
    assert item.key == frozenset("ab")
    assert [choice.region for choice in item.choices] == [Region(3500, 4500, 3000, 4500), Region(3800, 1000, 2400, 3000), Region(0, 0, 2000, 10000)]
    assert item.picture["vi"].startswith("/content/blob/")
    assert "<img" not in item.prompt["vi"]
    assert (item.picture_alt["zh"], item.picture_size) == ("锁上的红色挂锁", (320, 200))
    assert item.choices[2].html["zh"] == "背景（左边）"


def test_an_essay_has_a_rubric_and_a_model_answer() -> None:
    item = PLAIN["eaaaaaa2"]
    assert item.rubric[1] == Criterion({"vi": "Nêu biện pháp cho mỗi mối nguy", "zh": "每种危险的措施"}, 60)
    assert "cắt nguồn" in item.explanation["vi"]
    assert item.choices == ()


def test_percents_marks_and_names_of_choices() -> None:
    single, multiple = PLAIN["qaaaaaa8"], PLAIN["qaaaaaa9"]
    assert [(choice.letter, choice.correct, choice.percent, choice.fixed, choice.name) for choice in single.choices] == [
        ("a", True, 100, False, ""),
        ("b", False, 50, False, "xa"),
        ("c", False, 0, False, ""),
        ("d", False, 0, True, ""),
    ]
    assert [(choice.correct, choice.percent) for choice in multiple.choices] == [(True, 50), (True, 50), (False, -100)]
    assert single.choices[1].html["vi"] == "Ra xa"


def test_a_case_is_drawn_as_one() -> None:
    first, second = PLAIN["qaaaaaa8"], PLAIN["qaaaaaa9"]
    assert first.case
    assert second.case
    assert (first.case.id, first.case.place, second.case.place, second.case.size) == ("caaaaaa2", 1, 2, 2)
    assert first.case.prompt["zh"] == "<p>仓库化学品泄漏</p><p>一只桶倒了，没有人受伤。</p>"
    quiz = compile_tree(kinds_with()).packages[PACKAGE].made
    assert isinstance(quiz, Quiz)
    (draw,) = quiz.draws
    assert draw.expand(first.digest) == (first.digest, second.digest)
    assert draw.expand(PLAIN["naaaaaa2"].digest) == (PLAIN["naaaaaa2"].digest,)
    assert second.digest not in draw.pool
    assert set(draw.digests) == {item.digest for item in PLAIN.values()}
    assert (len(draw.pool), draw.item_count, quiz.item_count) == (9, 10, 10)


@pytest.mark.parametrize(("line", "fits"), [("difficulty: 2", True), ("difficulty: 1", False), ("tags: [moi-loai]", True)])
def test_a_case_is_as_hard_as_its_hardest_item(line: str, fits: bool) -> None:
    tree = kinds_with((QUIZ, "    pick: 9\n", f"    pick: 1\n    {line}\n"))
    quiz = compile_tree(tree).packages[PACKAGE].made
    assert isinstance(quiz, Quiz)
    assert bool(quiz.draws[0].cases) == fits


def test_what_is_void_is_drawn_no_more() -> None:
    tree = kinds_with((VI, "{#naaaaaa2 ", "{#naaaaaa2 .void "), (VI, "{#qaaaaaa8 ", "{#qaaaaaa8 .void "), (QUIZ, "pick: 9", "pick: 8"))
    made = compile_tree(tree)
    quiz, items = made.packages[PACKAGE].made, items_of(tree)
    assert isinstance(quiz, Quiz)
    assert items["naaaaaa2"].void
    assert not {items["naaaaaa2"].digest, items["qaaaaaa8"].digest} & set(quiz.draws[0].digests)
    assert quiz.draws[0].cases == {items["qaaaaaa9"].digest: (items["qaaaaaa9"].digest,)}
    assert (quiz.item_count, items["qaaaaaa9"].case.place if items["qaaaaaa9"].case else 0) == (8, 2)


CHANGES = [
    # item, file, old, new, changes the key, changes the look
    ("naaaaaa2", VI, "Tiếng ồn", "Mức ồn", False, True),
    ("naaaaaa2", VI, "= 85 ±", "= 85.0 ±", False, False),
    ("naaaaaa2", VI, "= 85 ±", "= 86 ±", True, False),
    ("naaaaaa2", VI, "± 1 dBA", "± 2 dBA", True, False),
    ("naaaaaa2", ZH, "= 分贝", "= 分贝(A)", False, True),
    ("saaaaaa2", VI, "= Tủ thuốc", "= Tủ thuốc\n= Hộp sơ cứu", True, False),
    ("oaaaaaa2", VI, "3. Gắn khóa và thẻ", "3. Gắn khóa, thẻ", False, True),
    ("oaaaaaa2", VI, "3. Gắn khóa và thẻ\n4. Thử khởi động", "3. Thử khởi động\n4. Gắn khóa và thẻ", True, True),
    ("oaaaaaa2", VI, ".order .partial", ".order", False, False),
    ("maaaaaa2", VI, "| Cấm |", "| Cấm làm |", False, True),
    ("maaaaaa2", VI, "| Tròn nền xanh dương | Bắt buộc |\n| | Lối thoát |", "| Tròn nền xanh dương | Lối thoát |\n| | Bắt buộc |", True, True),
    ("gaaaaaa2", VI, "gọi [[114", "bấm [[114", False, True),
    ("gaaaaaa2", VI, "|một một bốn]]", "]]", True, False),
    ("haaaaaa2", VI, "Quai khóa (38", "Quai (38", False, True),
    ("haaaaaa2", VI, "(0,0 20x100)", "(0,0 25x100)", False, True),
    ("haaaaaa2", VI, "- [x] Quai", "- [ ] Quai", True, False),
    ("eaaaaaa2", VI, "- 40% Nêu mối nguy\n- 60%", "- 50% Nêu mối nguy\n- 50%", True, False),
    ("eaaaaaa2", VI, "Nêu mối nguy", "Nêu các mối nguy", False, False),
    ("qaaaaaa8", VI, "(50%)", "(40%)", True, False),
    ("qaaaaaa8", VI, " {#xa}", " {#xb}", False, False),
    ("qaaaaaa8", VI, " {.fixed}", "", False, False),
    ("qaaaaaa8", VI, "Một can bị đổ", "Hai can bị đổ", False, True),
    ("qaaaaaa8", VI, "{#qaaaaaa8 ", "{#qaaaaaa8 .accept ", True, False),
    ("qaaaaaa8", VI, "{#qaaaaaa8 ", "{#qaaaaaa8 .void ", False, False),
    ("qaaaaaa8", VI, "> Báo để", "> Phải báo để", False, False),
]


@pytest.mark.parametrize(("id_", "path", "old", "new", "key", "look"), CHANGES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CHANGES)])
def test_what_makes_another_key_and_another_look(id_: str, path: str, old: str, new: str, key: bool, look: bool) -> None:
    before, after = PLAIN[id_], items_of(kinds_with((path, old, new)))[id_]
    assert (after.key_digest != before.key_digest, after.presentation_digest != before.presentation_digest) == (key, look)
    assert (after.digest != before.digest) == (new != "= 85.0 ±")


def test_other_bytes_of_a_picture_are_another_item() -> None:
    tree = kinds_with((f"{PACKAGE}/img/khoa.svg", "<svg", "<!-- --><svg"))
    after = items_of(tree)
    assert {id_ for id_, item in after.items() if item.digest != PLAIN[id_].digest} == {"haaaaaa2"}


def test_pictures_in_cells_and_choices_are_part_of_the_item() -> None:
    matching = "## Nối {#naaaaaa2 .match}\n\n| ![khóa](img/khoa.svg) | Khóa |\n| Thẻ | Thẻ |\n\n> x\n\n"
    text = matching + "## Chọn {#naaaaaa3}\n\n- (x) ![khóa](img/khoa.svg)\n- ( ) thẻ\n\n> x\n"
    before, tree = items_of(bank(text)), bank(text)
    tree.files[f"{PACKAGE}/img/khoa.svg"] = tree.files[f"{PACKAGE}/img/khoa.svg"].replace(b"<svg", b"<!-- --><svg")  # type: ignore[index]
    after = items_of(tree)
    assert all(after[id_].digest != before[id_].digest for id_ in ("naaaaaa2", "naaaaaa3"))


def test_a_table_without_hyphens_has_no_headings() -> None:
    item = one("## Nối {#naaaaaa2 .match}\n\n| a | 1 |\n| b | 2 \\| 3 |\n\n> x\n")
    assert (len(item.choices), item.columns, sorted(target.html["vi"] for target in item.targets)) == (2, (), ["1", "2 | 3"])
