"""Documents that a real word processor wrote (see libreoffice/README.md), and shapes that were learned from them."""

from pathlib import Path

import pytest

from lms.content.interchange.model import Bank
from lms.content.interchange.report import Losses
from lms.content.interchange.word.reading import read_docx
from tests.content.interchange.docx_maker import W, docx, par, run, table
from tests.content.interchange.test_word import read, rights

HERE = Path(__file__).parent / "libreoffice"


def opened(name: str) -> tuple[Bank, list[str]]:
    losses = Losses()
    return read_docx((HERE / name).read_bytes(), "vi", losses), [f"{loss.where}: {loss.what}" for loss in losses.found]


def test_automatic_lists_colours_tabs_a_picture_and_a_footnote() -> None:
    bank, losses = opened("danh-sach.docx")
    assert [item.text for item in bank.items[:2]] == ["Ai được tháo khóa cá nhân?", "Khí nào gây ngạt trong hầm?"]
    assert rights(bank) == ["B", "A", "A", "C"]
    assert bank.items[2].whole == "Trong ảnh có gì sai? ![Ổ khóa đỏ](img/image1.png)"
    assert [answer.text for answer in bank.items[3].answers] == ["Tròn đỏ", "Vuông xanh", "Tròn viền đỏ, gạch chéo"]
    assert bank.pictures["img/image1.png"].startswith(b"\x89PNG")
    assert losses == [
        "paragraph 6: A footnote or comment is left out: Theo QCVN.",
        "paragraph 15: The text of a text box is left out: Ghi chú trong khung",
        "paragraph 1: Not understood, so left out: Đề kiểm tra an toàn",
        "paragraph 15: Not understood, so left out: Lưu ý: làm trong 15 phút",
    ]


def test_a_table_with_a_row_for_each_question() -> None:
    bank, losses = opened("bang.docx")
    assert [item.text for item in bank.items] == ["Ai được tháo khóa?", "Số báo cháy?"]
    assert [[answer.text for answer in item.answers] for item in bank.items] == [["Quản đốc", "Người gắn khóa", "Bảo vệ"], ["114", "113"]]
    assert (rights(bank), bank.items[0].explanation) == (["B", "A"], "Mỗi người tự tháo.")
    assert losses == ["paragraph 15: Not understood, so left out: Phần II"]


def test_what_is_typed_by_hand() -> None:
    bank, losses = opened("go-tay.docx")
    assert [item.text for item in bank.items] == ["Ai được tháo khóa?", "Số CO<sub>2</sub> cho phép là m<sup>3</sup>?", "Khi nào?"]
    assert (rights(bank), losses) == (["A", "B", "A"], [])


HEAD = ("STT", "Nội dung câu hỏi", "Đáp án")
ASKED = "".join(par(text) for text in ("Ai được tháo khóa?", "A. Quản đốc", "B. Người gắn khóa"))


@pytest.mark.parametrize(
    ("lang", "rows", "right"),
    [
        pytest.param("vi", (HEAD, ("1", ASKED, "B")), ["B"], id="choices below the question"),
        pytest.param("vi", (("BỘ CÂU HỎI",), HEAD, ("1", ASKED, "b.")), ["B"], id="a title above the heads"),
        pytest.param("vi", (("TT", "Câu hỏi", "Các phương án", "Đ/A"), ("1", "Gì?", "A. x   B. y", "A")), ["A"], id="a column of choices"),
        pytest.param("vi", (("TT", "Câu hỏi", "Phương án A", "Phương án B"), ("1", "Gì?", "x", par(run("y", "b")))), ["B"], id="marked in its column"),
        pytest.param("zh", (("序号", "题目", "选项", "答案"), ("1", "谁？", "A.主任 B.工人 C.保安", "AC")), ["AC"], id="Chinese"),
        pytest.param("zh", (("题号", "题干", "答案"), ("1", "可以带电作业。", "×")), ["B"], id="right or wrong"),
        pytest.param("en", (("No.", "Question", "A", "B", "Answer"), ("", "Who?", "I", "You", "B")), ["B"], id="English, without numbers"),
    ],
)
def test_tables_of_questions(lang: str, rows: tuple[tuple[str, ...], ...], right: list[str]) -> None:
    bank, losses = read(table(*rows), lang=lang)
    assert rights(bank) == right
    assert [loss for loss in losses if "BỘ CÂU HỎI" not in loss] == []


def test_a_row_with_too_few_cells_or_no_question_is_listed() -> None:
    _, losses = read(table(HEAD, ("1", ASKED, "B"), ("Phần II",), ("2", "", "C")))
    assert [loss.partition(": ")[2] for loss in losses] == [f"Not understood, so left out: {text}" for text in ("Phần II", "2", "C")]


def test_a_table_that_only_looks_like_one_stays_part_of_its_question() -> None:
    bank, losses = read("Câu 1: Bảng nói gì?", table(("Câu hỏi", "Năm"), ("Số vụ", "2024")), "A. x", "*B. y")
    assert "| Câu hỏi | Năm |" in bank.items[0].body
    assert (rights(bank), losses) == (["B"], [])


TAKEN = "paragraph 1: The choices have no letters: the 2 lines below the question were taken."
BULLETS = (
    f'<?xml version="1.0"?><w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def test_lines_without_letters_are_choices_where_one_is_marked() -> None:
    bank, losses = read("1. Ai được tháo khóa?", "Quản đốc", par(run("Người gắn khóa", "u")))
    assert ([answer.text for answer in bank.items[0].answers], rights(bank), losses) == (["Quản đốc", "Người gắn khóa"], ["B"], [TAKEN])


@pytest.mark.parametrize(("looks", "right"), [(("b",), "B"), ((), "")])
def test_bullets_are_choices(looks: tuple[str, ...], right: str) -> None:
    losses = Losses()
    data = docx("Câu 1: Ai?", par("Quản đốc", num=(1, 0)), par(run("Người gắn", *looks), num=(1, 0)), numbering=BULLETS)
    bank = read_docx(data, "vi", losses)
    told = [f"{loss.where}: {loss.what}" for loss in losses.found]
    assert (rights(bank), TAKEN in told) == ([right], True)
    assert any("No right answer" in loss for loss in told) == (not right)


def test_lines_without_letters_and_marks_are_no_choices() -> None:
    _, losses = read("1. Ai được tháo khóa?", "Quản đốc", "Người gắn khóa", "2. Gì?", "A. x", "*B. y")
    assert losses[0] == "paragraph 1: No choices were found, so this is left out: 1. Ai được tháo khóa?"


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param(("1. Ai?", "A- Quản đốc", "B- Người gắn khóa", "Đ.A: B"), id="A- and Đ.A"),
        pytest.param(("1. Ai?", "A. Quản đốc; B. Người gắn khóa;", "[B]"), id="semicolons and letters in brackets"),
        pytest.param(("1.1. Ai?", "(A) Quản đốc", par(run("(B) Người gắn khóa", "b"))), id="1.1."),
        pytest.param(("1. Ai?", "A/ Quản đốc", "B/ Người gắn khóa", "(b)"), id="A/ and a small letter"),
    ],
)
def test_shapes_typed_by_hand(blocks: tuple[str, ...]) -> None:
    bank, losses = read(*blocks)
    assert [answer.text for answer in bank.items[0].answers] == ["Quản đốc", "Người gắn khóa"]
    assert (rights(bank), losses) == (["B"], [])


def test_comments_and_endnotes_are_listed() -> None:
    reference = '<w:r><w:commentReference w:id="3"/></w:r><w:r><w:endnoteReference w:id="2"/></w:r><w:r><w:footnoteReference w:id="9"/></w:r>'
    note = f'<?xml version="1.0"?><w:notes {W}><w:comment w:id="3"><w:p><w:r><w:t>Hỏi lại</w:t></w:r></w:p></w:comment></w:notes>'
    end = f'<?xml version="1.0"?><w:notes {W}><w:endnote w:id="2"><w:p><w:r><w:t>Luật 84</w:t></w:r></w:p></w:endnote></w:notes>'
    losses = Losses()
    extra = {"word/comments.xml": note.encode(), "word/endnotes.xml": end.encode()}
    read_docx(docx(par(run("Câu 1: Ai?"), reference), "A. x", "*B. y", extra=extra), "vi", losses)
    assert [str(loss.what) for loss in losses.found] == [f"A footnote or comment is left out: {text}" for text in ("Hỏi lại", "Luật 84")]
