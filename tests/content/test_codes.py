"""Every code of the check: what brings it about, at which line, and how severe it is."""

import ast
import re
from hashlib import sha256
from pathlib import Path

import pytest

from lms.content.source.tree import ContentTree
from tests.content.terms import glossary, term
from tests.content.test_kind_codes import KIND_CASES, KIND_EDITS
from tests.content.trees import (
    BANK,
    BANK_ZH,
    CONTEST,
    COURSE,
    FILES,
    LESSON,
    LESSON_ZH,
    QUIZ,
    SCHEME,
    found,
    line_of,
    tree_with,
    with_files,
    without,
)

DOCS = Path(__file__).parents[2] / "docs" / "check-codes.md"
"""Made of lms/content/codes: a new code is added there, then `python -m lms.content.codes.page > docs/check-codes.md`."""
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (100).to_bytes(4, "big") * 2
SECOND = "\n  - from: 2027-01-01\n"
VERSION = FILES[SCHEME].decode().split("versions:\n")[1].replace("  - from: 2016-07-01\n    to:\n", "")

PRIZES = """prizes:
  - id: ca-nhan
    title: {vi: Giải cá nhân}
    round: vong-1
    shared: expand
    tiers:
      - {id: nhat, title: {vi: Nhất}, quota: 1}
      - {id: nhi, title: {vi: Nhì}, quota: 10%}
"""
LOTS = f"lots:\n  sha256: {sha256(b'bi mat').hexdigest()}\n"
DRAW = "draw:\n" + FILES[QUIZ].decode().split("draw:\n")[1].split("shuffle:")[0]
SECTIONS = """sections:
  - id: mot
    title: {vi: Một}
    draw:
      - from: cau-hoi
        pick: 2
  - id: hai
    title: {vi: Hai}
    draw:
      - from: cau-hoi
        pick: 2
        difficulty: 2
"""

EDITS = [
    # code, severity, file, old, new, a text of the line it is found in
    ("yaml-syntax", "error", COURSE, "source_lang: vi", "source_lang vi", "source_lang vi"),
    ("yaml-syntax", "error", COURSE, "audience: [nhom-4]", "audience: [nhom-4, [x]", "audience"),
    ("yaml-duplicate-key", "error", COURSE, "quiz: de-mau", "quiz: de-mau\nquiz: khac", "quiz: khac"),
    ("key-missing", "error", LESSON, "minutes: 1\n", "", "title: Vì sao"),
    ("key-unknown", "error", LESSON, "topic: loto", "topik: loto", "topik"),
    ("key-unknown", "error", BANK, ".critical", ".criticle", ".criticle"),
    ("key-unknown", "error", BANK, "points=1", "point=1", "point=1"),
    ("value-wrong", "error", QUIZ, "time_limit_s: 600", "time_limit_s: 10 minutes", "time_limit_s"),
    ("value-wrong", "error", BANK, "points=1", "points=0", "points=0"),
    ("value-wrong", "error", CONTEST, "opens: 2026-11-20T08:00", "opens: 20/11/2026", "opens"),
    ("id-name", "error", COURSE, "id: khoa-mau", "id: khoa-khac", "id: khoa-khac"),
    ("id-twice", "error", CONTEST, "id: vong-1", "id: chinh-thuc", "      - id: chinh-thuc"),
    ("id-twice", "error", CONTEST, "stages:\n", PRIZES.replace("id: nhi", "id: nhat") + "stages:\n", "      - {id: nhat, title: {vi: Nhì}"),
    ("reference-unknown", "error", CONTEST, "stages:\n", PRIZES.replace("round: vong-1", "round: vong-9") + "stages:\n", "    round: vong-9"),
    ("lot-seed", "error", CONTEST, "stages:\n", PRIZES.replace("expand", "lot") + "stages:\n", "prizes:"),
    ("lot-seed", "error", CONTEST, "stages:\n", PRIZES + LOTS + "  seed: khác\nstages:\n", "  seed: khác"),
    ("words-no-source", "error", COURSE, "  vi: Khóa, treo thẻ: bước đầu\n", "", "  zh: 上锁挂牌：入门"),
    ("reference-unknown", "error", COURSE, "quiz: de-mau", "quiz: de-mao", "quiz: de-mao"),
    ("reference-unknown", "error", COURSE, "[vn-nd44-nhom-4]", "[vn-nd44-nhom-9]", "vn-nd44-nhom-9"),
    ("bank-unknown", "error", QUIZ, "from: cau-hoi", "from: cau-hoy", "from: cau-hoy"),
    ("lesson-unknown", "error", COURSE, "20-quy-trinh]", "20-quy-trin]", "lessons:"),
    ("lesson-unlisted", "warning", COURSE, "[10-mo-dau, 20-quy-trinh]", "[10-mo-dau]", "lessons:"),
    ("lesson-twice", "error", COURSE, "[10-mo-dau, 20-quy-trinh]", "[10-mo-dau, 20-quy-trinh, 10-mo-dau]", "lessons:"),
    ("version-twice", "error", COURSE, "    why: Bản đầu tiên", "    why: Bản đầu tiên\n  - version: 1\n    kind: minor\n    why: Lại", "changes"),
    ("front-matter-open", "error", LESSON, "  - Luật ATVSLĐ 84/2015/QH13, Điều 6 [S]\n---", "  - Luật ATVSLĐ 84/2015/QH13, Điều 6 [S]", "---"),
    ("control-character", "error", LESSON, "Máy đang sửa", "Máy \u202eđang sửa", "Máy \u202e"),
    ("line-too-long", "error", LESSON, "Máy đang sửa", "Máy " * 2500, "Máy Máy"),
    ("item-id", "error", BANK, "#qaaaaaa2", "#Q", "{#Q "),
    ("item-no-id", "error", BANK, " {#qaaaaaa3", " (#qaaaaaa3", "(#qaaaaaa3"),
    ("item-no-text", "error", BANK, "## Ai được phép tháo khóa cá nhân? {", "## {", "## {"),
    ("item-attributes", "error", BANK, "points=1 difficulty=1", "points=1 !! difficulty=1", "!!"),
    ("item-duplicate-id", "error", BANK, "#qaaaaaa3", "#qaaaaaa2", "{#qaaaaaa2"),
    ("item-few-choices", "error", BANK, "- (x) Báo cho người liên quan\n- ( ) Tháo che chắn\n", "", "{#qaaaaaa3"),
    ("item-many-choices", "error", BANK, "- ( ) Tháo che chắn\n", "".join(f"- ( ) Câu {n}\n" for n in range(9)), "- ( ) Thử khởi động"),
    ("item-no-right", "error", BANK, "- (x) Báo cho", "- ( ) Báo cho", "{#qaaaaaa3"),
    ("item-several-right", "error", BANK, "- ( ) Tháo che chắn", "- (x) Tháo che chắn", "(x) Tháo che chắn"),
    ("item-all-right", "error", BANK, "- [ ] Vỏ máy đã nối đất", "- [x] Vỏ máy đã nối đất", "{#qaaaaaa7"),
    ("item-brackets", "error", BANK, "- ( ) Tháo che chắn", "- [ ] Tháo che chắn", "[ ] Tháo che chắn"),
    ("item-brackets", "error", BANK, "- ( ) Tháo che chắn", "- ( ] Tháo che chắn", "( ] Tháo che chắn"),
    ("item-mark", "error", BANK, "- ( ) Tháo che chắn", "- (150%) Tháo che chắn", "(150%)"),
    ("item-empty-choice", "error", BANK, "- ( ) Tháo che chắn", "- ( )", "- ( )\n- ( ) Thử"),
    ("item-same-choice", "error", BANK, "- ( ) Tháo che chắn", "- ( ) Thử khởi động", "- ( ) Thử khởi động\n\n"),
    ("item-stray-text", "error", BANK, "- ( ) Tháo che chắn", "- ( ) Tháo che chắn\nthêm một dòng", "thêm một dòng"),
    ("item-no-explanation", "warning", BANK, "> Báo trước để không ai đóng điện lại.\n", "", "{#qaaaaaa3"),
    ("bank-text", "error", BANK, "## Ai được phép", "Lời dẫn\n\n## Ai được phép", "Lời dẫn"),
    ("basis-no-mark", "error", LESSON, "Điều 6 [S]\n---", "Điều 6\n---", "Điều 6\n"),
    ("basis-uncertain", "error", LESSON, "Điều 6 [S]\n---", "Điều 6 [?]\n---", "[?]"),
    ("basis-mark", "error", BANK, "[S2]", "[S9]", "[S9]"),
    ("basis-sources", "warning", BANK, 'Luật ATVSLĐ 84/2015/QH13, Điều 6 [S]"', 'Thói quen [K]"', "[K]"),
    ("image-no-alt", "error", LESSON, "![Ổ khóa đỏ đang đóng]", "![]", "![](img"),
    ("image-missing", "error", LESSON, "(img/khoa.svg)", "(img/khao.svg)", "khao.svg"),
    ("image-missing", "error", COURSE, "cover: img/khoa.svg", "cover: img/bia.svg", "cover"),
    ("image-elsewhere", "error", LESSON, "(img/khoa.svg)", "(https://example.org/x.svg)", "example.org"),
    ("link-scheme", "error", LESSON, "Máy đang sửa", "[Máy](javascript:alert(1)) đang sửa", "[Máy]"),
    ("link-broken", "error", LESSON, "Máy đang sửa", "[Máy](khong-co.md) đang sửa", "[Máy]"),
    ("raw-html", "error", LESSON, "Máy đang sửa", "<b>Máy</b> đang sửa", "<b>"),
    ("fence-open", "error", LESSON, "Máy đang sửa", "```\nMáy đang sửa", "```"),
    ("too-deep", "error", LESSON, "Máy đang sửa", ">>>>>> Máy đang sửa", ">>>>>>"),
    ("callout-unknown", "error", LESSON, "[!danger]", "[!dangre]", "[!dangre]"),
    ("heading-top", "warning", LESSON, "## Khi nào phải khóa", "# Khi nào phải khóa", "# Khi nào"),
    ("minutes-length", "warning", LESSON, "minutes: 1", "minutes: 30", "minutes: 30"),
    ("pass-mark", "error", QUIZ, "pass_percent: 60", "pass_percent: 101", "pass_percent"),
    ("dates-order", "error", CONTEST, "closes: 2026-11-29T17:00", "closes: 2026-11-20T08:00", "closes"),
    ("dates-order", "error", QUIZ, "attempts: 3", "attempts: 3\nopens: 2027-01-02T08:00\ncloses: 2027-01-01T08:00", "closes"),
    ("review-keys", "error", QUIZ, "review_keys: when_no_tries_remain_or_passed\n", "", "review: after_submit"),
    ("review-keys", "error", QUIZ, "review: after_submit", "review: after_each", "review: after_each"),
    ("review-keys", "error", CONTEST, "review: after_close", "review: after_submit", "review: after_submit"),
    ("review-no-close", "error", QUIZ, "review: after_submit", "review: after_close", "review: after_close"),
    ("draw-too-large", "error", QUIZ, "pick: 2", "pick: 3", "pick: 3"),
    ("draw-too-large", "error", QUIZ, "    pick: 2\n    difficulty: 2", "    pick: 4", "draw:"),
    ("key-missing", "error", QUIZ, DRAW, "", "id: de-mau"),
    ("sections-draw", "error", QUIZ, DRAW, DRAW + SECTIONS, "draw:"),
    ("section-twice", "error", QUIZ, DRAW, SECTIONS.replace("id: hai", "id: mot"), "id: mot\n    title: {vi: Hai}"),
    ("section-navigation", "error", QUIZ, DRAW, SECTIONS.replace("    title: {vi: Hai}", "    navigation: sequential\n    title: {vi: Hai}"), "navigation"),
    ("section-navigation", "error", QUIZ, "attempts: 3", "attempts: 3\nnavigation: sections", "navigation"),
    ("draw-too-large", "error", QUIZ, DRAW, SECTIONS.replace("pick: 2", "pick: 5").replace("        difficulty: 2\n", ""), "sections:"),
    ("words-no-source", "error", QUIZ, DRAW, SECTIONS.replace("{vi: Hai}", "{en: Two}"), "title: {en: Two}"),
    ("marks-inexact", "error", QUIZ, "attempts: 3", "attempts: 3\nmarks: {wrong: -1/3}", "marks"),
    ("marks-inexact", "error", QUIZ, "attempts: 3", "attempts: 3\nmarks: {blank: none}", "marks"),
    ("marks-range", "error", QUIZ, "attempts: 3", "attempts: 3\nmarks: {right: 1.5}", "marks"),
    ("marks-range", "error", QUIZ, "attempts: 3", "attempts: 3\nmarks: {wrong: 1}", "marks"),
    ("marks-range", "error", QUIZ, "attempts: 3", "attempts: 3\nmarks: {blank: -1/4}", "marks"),
    ("retake-never", "error", QUIZ, "attempts: 3", "attempts: 1\nretake: {wait: 1d}", "retake"),
    ("retake-never", "error", QUIZ, "attempts: 3", "attempts: 3\nretake: {after: 2}", "retake"),
    ("value-wrong", "error", QUIZ, "attempts: 3", "attempts: 3\nretake: {wait: tomorrow}", "retake"),
    ("choice-not-fixed", "warning", BANK, "- ( ) Tháo che chắn", "- ( ) Tất cả các đáp án trên", "- ( ) Tất cả"),
    ("choice-letters", "warning", BANK, "- ( ) Tháo che chắn", "- ( ) Cả A và B", "- ( ) Cả A"),
    ("translation-unknown-item", "error", BANK_ZH, "#qaaaaaa3", "#qaaaaab3", "#qaaaaab3"),
    ("translation-choices", "error", BANK_ZH, "- ( ) 拆防护罩\n", "", "#qaaaaaa3"),
    ("translation-choices", "error", LESSON_ZH, "- ( ) 上锁的人\n", "", "#kaaaaaa2"),
    ("translation-key", "warning", BANK_ZH, "- ( ) 拆防护罩", "- (x) 拆防护罩", "(x) 拆防护罩"),
    ("translation-attribute", "warning", BANK_ZH, "{#qaaaaaa3 ", "{#qaaaaaa3 points=1 ", "points=1"),
    ("translation-attribute", "warning", LESSON_ZH, "minutes: 1", "minutes: 2", "minutes: 2"),
    (
        "scheme-parts",
        "error",
        SCHEME,
        "      source: TVPL19\n    refresher",
        "      source: TVPL19\n      parts:\n        certainty: S\n        source: X\n        law: 10\n    refresher",
        "parts:",
    ),
    ("scheme-overlap", "error", SCHEME, "", SECOND + VERSION, "from: 2027-01-01"),
    ("dates-order", "error", SCHEME, "    to:\n", "    to: 2016-06-30\n", "to: 2016-06-30"),
]


@pytest.mark.parametrize(("code", "severity", "path", "old", "new", "at"), EDITS, ids=[f"{e[0]}-{n}" for n, e in enumerate(EDITS)])
def test_code(code: str, severity: str, path: str, old: str, new: str, at: str) -> None:
    tree = tree_with((path, old, new))
    there = [(p.line, p.severity) for p in found(tree) if p.code == code and p.file == path]
    assert (line_of(tree, path, at), severity) in there, [(p.file, p.line, p.code, str(p.message)) for p in found(tree)]


IMG = "courses/khoa-mau/img/khoa.svg"
GLOSSARIES: dict[str, bytes | str] = {f"glossary/{name}.yml": glossary(name, term("rui-ro", "rủi ro", "风险", "risk")) for name in ("tu-mau", "tu-khac")}
FILE_CASES: list[tuple[str, str, str, ContentTree]] = [
    ("settings-missing", "error", COURSE, without(COURSE)),
    ("source-missing", "error", "courses/khoa-mau/10-mo-dau.en.md", without(LESSON)),
    ("source-missing", "error", "quizzes/de-mau/cau-hoi.en.md", without(BANK)),
    ("translation-missing", "warning", LESSON, without(LESSON_ZH)),
    ("translation-missing-item", "warning", BANK, with_files({BANK_ZH: FILES[BANK_ZH].decode().split("## 剩余能量")[0]})),
    ("translation-missing-item", "warning", LESSON, with_files({LESSON_ZH: FILES[LESSON_ZH].decode().split("## 个人锁")[0]})),
    ("file-name", "warning", "courses/khoa-mau/30-them.md", with_files({"courses/khoa-mau/30-them.md": "x"})),
    ("not-utf8", "error", LESSON, with_files({LESSON: "---\ntitle: Khóa".encode("utf-16")})),
    ("text-too-long", "error", LESSON, with_files({LESSON: b"a\n" * 300_000})),
    ("image-refused", "error", IMG, with_files({IMG: "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"})),
    ("image-huge", "error", IMG.replace("svg", "png"), tree_with((LESSON, "khoa.svg", "khoa.png"))),
    ("image-large", "warning", IMG.replace("svg", "png"), tree_with((LESSON, "khoa.svg", "khoa.png"))),
    ("scheme-gap", "error", SCHEME, tree_with((SCHEME, "    to:\n", "    to: 2026-11-30\n"), (SCHEME, "", SECOND + VERSION))),
    ("term-twice", "error", "glossary/tu-mau.yml", with_files(GLOSSARIES)),
    ("package-twice", "error", "courses/khoa-mau", ContentTree(FILES, "test", twice={"courses/khoa-mau": ("a", "b")})),
    ("file-too-large", "error", "courses/khoa-mau/phim.mp4", ContentTree(FILES, "test", oversize=("courses/khoa-mau/phim.mp4",))),
]


@pytest.mark.parametrize(("code", "severity", "path", "tree"), FILE_CASES, ids=[f"{c[0]}-{n}" for n, c in enumerate(FILE_CASES)])
def test_code_of_a_file(code: str, severity: str, path: str, tree: ContentTree) -> None:
    if code == "image-huge":
        tree = ContentTree(dict(tree.files) | {path: PNG + bytes(2_100_000)}, "test")
    if code == "image-large":
        tree = ContentTree(dict(tree.files) | {path: PNG + bytes(400_000)}, "test")
    assert (code, severity, path) in {(p.code, p.severity, p.file) for p in found(tree)}, [(p.file, p.line, p.code, str(p.message)) for p in found(tree)]


AT_PUBLISHING = {("item-other-key", "error"), ("translation-stale", "warning")}
"""Codes that need what was published before; their tests stand in tests/content/publishing."""


def _made() -> set[tuple[str, str]]:
    """Every (code, severity) that the source can give."""
    made = set()
    for path in (Path(__file__).parents[2] / "lms" / "content").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("error", "warning"):
                made |= {(str(arg.value), node.func.attr) for arg in node.args[1:2] if isinstance(arg, ast.Constant)}
    return made


def test_every_code_is_documented_and_tested() -> None:
    documented = set(re.findall(r"^\| `([a-z0-9-]+)` \| (error|warning) \|", DOCS.read_text("utf-8"), re.MULTILINE))
    tested = {(edit[0], edit[1]) for edit in [*EDITS, *KIND_EDITS]} | {(case[0], case[1]) for case in [*FILE_CASES, *KIND_CASES]}
    assert len(_made()) > 60
    assert _made() == documented
    assert _made() == tested | AT_PUBLISHING


def test_all_errors_come_in_one_pass_in_reading_order() -> None:
    tree = tree_with(
        (BANK, "- (x) Báo cho", "- ( ) Báo cho"), (BANK, "- [ ] Vỏ máy", "- [x] Vỏ máy"), (COURSE, "quiz: de-mau", "quis: de-mau"), (LESSON, "minutes: 1\n", "")
    )
    problems = found(tree)
    assert {p.code for p in problems} >= {"item-no-right", "item-all-right", "key-unknown", "key-missing"}
    assert [p.order for p in problems] == sorted(p.order for p in problems)
    assert str(next(p for p in problems if p.code == "key-unknown").hint) == "Did you mean quiz?"


def test_a_duplicate_id_names_both_lines() -> None:
    tree = tree_with((LESSON, "#kaaaaaa2", "#qaaaaaa3"))
    twice = {p.file: str(p.message) for p in found(tree) if p.code == "item-duplicate-id"}
    assert f"{BANK}:{line_of(tree, BANK, '#qaaaaaa3')}" in twice[LESSON]
    assert f"{LESSON}:{line_of(tree, LESSON, '#qaaaaaa3')}" in twice[BANK]
