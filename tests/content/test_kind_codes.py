"""Every code of what is asked for beside plain choices: what brings it about, and at which line."""

import pytest

from lms.content.codes import CODES
from tests.content.every_kind import QUIZ, VI, ZH, codes_of, kinds_with, problems_of
from tests.content.trees import line_of

RUBRIC = "- 40% Nêu mối nguy\n- 60% Nêu biện pháp cho mỗi mối nguy\n"
CASE = "### Ai phải biết? {#qaaaaaa9 "
MANY = " ".join(f"[[{n}]]" for n in range(21))

KIND_EDITS = [
    # code, severity, file, old, new, a text of the line it is found in
    ("item-mixed", "error", VI, "= tủ sơ cứu\n", "= tủ sơ cứu\n- (x) a\n- ( ) b\n", "- (x) a"),
    ("item-mixed", "error", VI, "Một can bị đổ, không ai bị thương.\n\n### Việc đầu tiên", "Một can bị đổ.\n\n### Việc [[đầu tiên]]", "[[đầu tiên]]"),
    ("item-mixed", "error", VI, ".order .partial", ".order .match .partial", ".match .partial"),
    ("item-flag", "error", VI, "{#naaaaaa2 ", "{#naaaaaa2 .partial ", "#naaaaaa2"),
    ("item-flag", "error", VI, "{#oaaaaaa2 .order", "{#oaaaaaa2 .accents .order", "#oaaaaaa2"),
    ("item-flag", "error", VI, "{#naaaaaa2 ", "{#naaaaaa2 .text ", None),
    ("key-unknown", "error", VI, "{#xa}", "{#xa .fixd}", "{#xa"),
    ("key-unknown", "error", VI, "{#xa}", "{#xa points=2}", "{#xa"),
    ("key-unknown", "error", VI, "{#caaaaaa2 .case}", "{#caaaaaa2 .case points=2}", "{#caaaaaa2"),
    ("key-unknown", "error", VI, "{#caaaaaa2 .case}", "{#caaaaaa2 .case .critical}", "{#caaaaaa2"),
    ("item-no-text", "error", VI, "## Tràn hóa chất ở kho {", "## {", "{#caaaaaa2"),
    ("item-id", "error", VI, "{#caaaaaa2 ", "{#C ", "{#C "),
    ("item-duplicate-id", "error", VI, "{#caaaaaa2 ", "{#naaaaaa2 ", "{#naaaaaa2 .case"),
    ("item-few-choices", "error", VI, "1. Báo cho người liên quan\n2. Cắt nguồn\n   > Cắt ở cầu dao chính.\n3. Gắn khóa và thẻ\n", "", "#oaaaaaa2"),
    ("item-same-choice", "error", VI, "3. Gắn khóa và thẻ", "3. Cắt  nguồn", "3. Cắt"),
    ("item-same-choice", "error", VI, "| Tam giác nền vàng ", "| Tròn nền xanh dương ", "Bắt buộc"),
    ("item-many-choices", "error", VI, "| | Lối thoát |", "".join(f"| | Thừa {n} |\n" for n in range(15)), "Thừa 11 |"),
    ("item-many-choices", "error", VI, RUBRIC, "".join(f"- 5% Ý {n}\n" for n in range(20)), "Ý 10\n"),
    (
        "item-no-right",
        "error",
        VI,
        "- [x] Thân khóa (35,45 30x45)\n  > Thiếu tên người khóa.\n- [x] Quai",
        "- [ ] Thân khóa (35,45 30x45)\n- [ ] Quai",
        "#haaaaaa2",
    ),
    ("item-all-right", "error", VI, "- [ ] Nền", "- [x] Nền", "#haaaaaa2"),
    ("item-brackets", "error", VI, "- [ ] Nền", "- ( ) Nền", "( ) Nền"),
    ("item-mark", "error", VI, "(50%) Ra xa", "(5000%) Ra xa", "(5000%)"),
    ("item-mark", "error", VI, "(50%) Ra xa", "(½%) Ra xa", "(½%)"),
    ("item-mark", "error", VI, "- (x) Báo động", "- (đúng) Báo động", "(đúng)"),
    ("item-mark", "error", VI, "- ( ) Lau ngay", "- (1) Lau ngay", "(1)"),
    ("item-stray-text", "error", VI, "- ( ) Lau ngay", "- Lau ngay", "- Lau"),
    ("choice-name", "error", VI, "- (x) Báo động và ra xa", "- (x) Báo động và ra xa {#xa}", "(50%) Ra xa {#xa}"),
    ("percent-mixed", "error", VI, "- [50%] Tổ trưởng", "- [x] Tổ trưởng", "[x] Tổ trưởng"),
    ("percent-mixed", "error", VI, "(50%) Ra xa", "(100%) Ra xa", "(100%)"),
    ("percent-mixed", "error", VI, "- [ ] Nền", "- [-50%] Nền", "[-50%]"),
    ("percent-sum", "error", VI, "- [50%] Tổ trưởng", "- [60%] Tổ trưởng", "[60%]"),
    ("percent-all", "error", VI, "- [-100%]", "- [-99%]", "- [50%] Tổ"),
    ("number-wrong", "error", VI, "= 85 ± 1 dBA", "= 85 ± dBA", "± dBA"),
    ("number-wrong", "error", VI, "= 85 ± 1 dBA", "= 85 dB ± 1 dBA", "85 dB"),
    ("number-ambiguous", "error", VI, "= 85 ± 1 dBA", "= 1.500 ± 1 dBA", "1.500"),
    ("number-ambiguous", "error", VI, "= 85 ± 1 dBA", "= 85 ± 1,500 dBA", "1,500"),
    ("number-tolerance", "error", VI, "± 1 dBA", "± -1 dBA", "± -1"),
    ("number-tolerance", "error", VI, "± 1 dBA", "± 101% dBA", "101%"),
    ("number-several", "error", VI, "= 85 ± 1 dBA", "= 85 ± 1 dBA\n= 90 ± 1 dBA", "= 90"),
    ("answer-number", "warning", VI, "= 85 ± 1 dBA", "= 85dBA", "= 85dBA"),
    ("answer-empty", "error", VI, "= tủ sơ cứu", "=", "=\n= Tủ"),
    ("answer-empty", "error", VI, "[[114|một một bốn]]", "[[114|]]", "#gaaaaaa2"),
    ("answer-empty", "error", ZH, "＝急救箱", "＝", "＝\n"),
    ("answer-long", "error", VI, "= tủ sơ cứu", "= " + "tủ " * 60, "tủ tủ"),
    ("gap-open", "error", VI, "**[[115]]**", "**[[115**", "[[115"),
    ("gap-open", "error", VI, "**[[115]]**", "**[[115 [[x]]**", "[[115"),
    ("gap-many", "error", VI, "**[[115]]**", MANY, "[[19]]"),
    ("gap-number", "error", ZH, "【【#2 115】】", "【【115】】", "#gaaaaaa2"),
    ("gap-number", "error", ZH, "【【#2 115】】", "【【#1 115】】", "#gaaaaaa2"),
    ("gap-number", "error", ZH, "【【#2 115】】", "【【#9 115】】", "#gaaaaaa2"),
    ("gap-place", "error", VI, "**[[115]]**", "[số [[115]]](https://example.org)", "#gaaaaaa2"),
    ("gap-place", "error", VI, "**[[115]]**", "![Số [[115]]](img/khoa.svg)", "#gaaaaaa2"),
    ("match-row", "error", VI, "| Tròn nền xanh dương | Bắt buộc |", "| Tròn nền xanh dương |", "Tròn nền"),
    ("match-row", "error", VI, "| Bắt buộc |", "| Bắt buộc | Thừa |", "| Thừa |"),
    ("match-row", "error", VI, "| Bắt buộc |", "| |", "Tròn nền"),
    ("match-same-right", "error", VI, "| | Lối thoát |", "| | Bắt  buộc |", "| | Bắt"),
    ("hotspot-picture", "error", VI, "![Ổ khóa đỏ đang đóng](img/khoa.svg)\n", "", "#haaaaaa2"),
    ("hotspot-picture", "error", VI, "![Ổ khóa đỏ đang đóng](img/khoa.svg)", "![a](img/khoa.svg) ![b](img/khoa.svg)", "#haaaaaa2"),
    ("image-no-alt", "error", VI, "![Ổ khóa đỏ đang đóng]", "![]", "![]"),
    ("image-missing", "error", VI, "(img/khoa.svg)", "(img/khao.svg)", "khao"),
    ("region-missing", "error", VI, " (38,10 24x30)", "", "Quai khóa"),
    ("region-wrong", "error", VI, "(38,10 24x30)", "(38,10)", "Quai khóa"),
    ("region-wrong", "error", VI, "(38,10 24x30)", "(NaN,10 24x30)", "Quai khóa"),
    ("region-wrong", "error", VI, "(38,10 24x30)", "(-1,10 24x30)", "Quai khóa"),
    ("region-wrong", "error", VI, "(38,10 24x30)", "(٣٨,10 24x30)", "Quai khóa"),
    ("region-outside", "error", VI, "(38,10 24x30)", "(80,10 24x30)", "Quai khóa"),
    ("region-outside", "error", VI, "(38,10 24x30)", "(38,80 24x30)", "Quai khóa"),
    ("region-outside", "error", VI, "(38,10 24x30)", "(38,10 0x30)", "Quai khóa"),
    ("region-overlap", "warning", VI, "(38,10 24x30)", "(35,46 30x44)", "Quai khóa"),
    ("rubric-line", "error", VI, RUBRIC, "- 0% Nêu mối nguy\n- 100% Nêu biện pháp\n", "- 0%"),
    ("rubric-line", "error", VI, "- 40% Nêu mối nguy", "- 40%", "- 40%"),
    ("rubric-sum", "error", VI, "- 40% Nêu", "- 50% Nêu", "- 50%"),
    ("rubric-sum", "error", VI, RUBRIC, "", "#eaaaaaa2"),
    ("case-items", "error", VI, CASE, "## Ai phải biết? {#qaaaaaa9 ", "#caaaaaa2"),
    ("case-item", "error", VI, "## Mô tả rủi ro", "### Mô tả rủi ro", "### Mô tả"),
    ("draw-uneven", "warning", QUIZ, "pick: 9", "pick: 8", "from: moi-loai"),
    ("translation-unit", "warning", ZH, "= 分贝\n", "", "#naaaaaa2"),
    ("translation-key", "warning", ZH, "= 分贝", "= 86 分贝", "= 86"),
    ("translation-key", "warning", ZH, "= 分贝", "= 85 ± 2 分贝", "± 2"),
    ("translation-key", "warning", ZH, "（38，10 24×30）", "（39，10 24×30）", "锁梁"),
    ("translation-key", "warning", ZH, "- ４０％ 指出危险", "- 30% 指出危险", "- 30%"),
    ("translation-key", "warning", ZH, "- [ ] 班组长", "- [50%] 班组长", "[50%]"),
    ("translation-answer", "warning", ZH, "＝急救箱\n", "", "#saaaaaa2"),
    ("translation-picture", "warning", ZH, "![锁上的红色挂锁](img/khoa.svg)\n", "", "#haaaaaa2"),
    ("translation-case", "error", ZH, "### 谁必须知道", "## 谁必须知道", "谁必须知道"),
    ("translation-choices", "error", ZH, "３、上锁挂牌\n", "", "#oaaaaaa2"),
    ("translation-choices", "error", ZH, "｜｜出口｜", "｜安全｜出口｜", "#maaaaaa2"),
    ("translation-choices", "error", ZH, "【【#2 115】】", "115", "#gaaaaaa2"),
    ("translation-choices", "error", ZH, "- ４０％ 指出危险\n", "", "#eaaaaaa2"),
    ("translation-choices", "error", ZH, "- [ ] 锁身\n  > 没有上锁人的名字。\n", "", "#haaaaaa2"),
]
KIND_CASES = [("item-similar", "warning")]


@pytest.mark.parametrize(("code", "severity", "path", "old", "new", "at"), KIND_EDITS, ids=[f"{e[0]}-{n}" for n, e in enumerate(KIND_EDITS)])
def test_code(code: str, severity: str, path: str, old: str, new: str, at: str | None) -> None:
    tree = kinds_with((path, old, new))
    problems = problems_of(tree)
    there = [(p.line, p.severity) for p in problems if p.code == code and p.file == path]
    if at is None:
        assert there == []
    else:
        assert (line_of(tree, path, at), severity) in there, [(p.file, p.line, p.code, str(p.message)) for p in problems]


def test_the_quiz_itself_has_nothing_wrong() -> None:
    assert codes_of(kinds_with()) == set()


def test_the_same_question_in_another_order_and_spelling_is_noted_once() -> None:
    same = "\n## 8 GIỜ: tieng on toi da? {#naaaaaa3}\n\n- ( ) Hai\n- (x) Một\n\n> x\n\n## 8 giờ: tiếng ồn tối đa {#naaaaaa4}\n\n- (x) một\n- ( ) hai.\n\n> x\n"
    tree = kinds_with((VI, "## Tìm chỗ sai", same + "\n## Tìm chỗ sai"))
    similar = [p for p in problems_of(tree) if p.code == "item-similar"]
    assert [(p.severity, p.line) for p in similar] == [("warning", line_of(tree, VI, "{#naaaaaa4}"))]
    assert f"{VI}:{line_of(tree, VI, '{#naaaaaa3}')}" in str(similar[0].message)


def test_steps_in_another_order_are_another_item() -> None:
    text = "\n## Xếp {#naaaaaa3 .order}\n\n1. A\n2. B\n\n> x\n\n## Xếp {#naaaaaa4 .order}\n\n1. B\n2. A\n\n> x\n"
    assert "item-similar" not in codes_of(kinds_with((VI, "## Tìm chỗ sai", text + "\n## Tìm chỗ sai")))


def test_every_code_of_a_kind_is_explained() -> None:
    assert {edit[0] for edit in KIND_EDITS} <= set(CODES)
