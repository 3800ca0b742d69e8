"""Word documents as trainers really write their banks."""

import pytest

from lms.content.interchange.model import Bank
from lms.content.interchange.report import Losses
from lms.content.interchange.word.reading import read_docx
from tests.content.interchange.docx_maker import docx, par, picture, run, table

A, B, C = "A. Quản đốc ca", "B. Người đã gắn khóa", "C. Bảo vệ"
Q = "Câu 1: Ai được tháo khóa?"


def read(*blocks: str, lang: str = "vi") -> tuple[Bank, list[str]]:
    losses = Losses()
    return read_docx(docx(*blocks), lang, losses), [f"{loss.where}: {loss.what}" for loss in losses.found]


def rights(bank: Bank) -> list[str]:
    """The right letters of each item."""
    return ["".join(chr(65 + n) for n, answer in enumerate(item.answers) if answer.right) for item in bank.items]


def marked(*looks: str) -> tuple[str, ...]:
    return Q, A, par(run(B, *looks)), C


SHAPES = [
    pytest.param(marked("b"), id="bold"),
    pytest.param(marked("u"), id="underlined"),
    pytest.param(marked("red"), id="coloured"),
    pytest.param(marked("hl"), id="highlighted"),
    pytest.param(marked("shd"), id="shaded"),
    pytest.param(marked("style"), id="by a character style"),
    pytest.param((par(run(Q, "b")), par(run(A, "b")), par(run(B, "b", "red")), par(run(C, "b"))), id="all bold, one red"),
    pytest.param((Q, par(run(A, "black")), par(run("B. Ng|ười đ|ã gắ|n khóa", "red")), C), id="runs cut in words, black is no colour"),
    pytest.param((Q, A, par(run("B.", "u", "b"), run(" Người đã gắn khóa")), C), id="only the letter underlined"),
    pytest.param((Q, A, "*B. Người đã gắn khóa", C), id="star before"),
    pytest.param((Q, A, "B. Người đã gắn khóa *", C), id="star behind"),
    pytest.param((Q, A, "B. Người đã gắn khóa ✓", C), id="tick"),
    pytest.param((Q, A, par(run("B. Người đã gắn khóa "), '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'), C), id="tick of Wingdings"),
    pytest.param((Q, "A. Quản đốc ca (S)", "B. Người đã gắn khóa (Đ)", "C. Bảo vệ (S)"), id="Đ and S"),
    pytest.param((Q, A, B, C, "Đáp án: B"), id="answer line"),
    pytest.param((Q, A, B, C, par(run("Đáp án ", "b"), run("đúng là: B. Người đã gắn khóa"))), id="answer line with its text"),
    pytest.param((Q, A, B, C, "ĐÁP ÁN", "1-B"), id="answer list at the end"),
    pytest.param((Q, A, B, C, "BẢNG ĐÁP ÁN", table(("Câu", "1"), ("Đáp án", "B"))), id="answer table, numbers above letters"),
    pytest.param((Q, A, B, C, "Đáp án", table(("Câu", "Đáp án"), ("1", "B"))), id="answer table, numbers beside letters"),
    pytest.param((Q, par("A. Quản đốc ca\t", run("B. Người đã gắn khóa", "u"), "\tC. Bảo vệ")), id="in one line with tabs"),
    pytest.param((par(Q, "\nA. Quản đốc ca\n", run("B. Người đã gắn khóa", "b"), "\nC. Bảo vệ"),), id="soft line breaks in one paragraph"),
    pytest.param((Q, table(("A. Quản đốc ca", par(run("B. Người đã gắn khóa", "red"))), ("C. Bảo vệ", ""))), id="in a table"),
    pytest.param((Q, table(("A", "Quản đốc ca"), (par(run("B", "b")), "Người đã gắn khóa"), ("C", "Bảo vệ"))), id="letters in a column of a table"),
    pytest.param(
        (par("Ai được tháo khóa?", num=(1, 0)), par("Quản đốc ca", num=(2, 0)), par(run("Người đã gắn khóa", "b"), num=(2, 0)), par("Bảo vệ", num=(2, 0))),
        id="automatic numbers",
    ),
    pytest.param((par("Ai được tháo khóa?", style="Cau"), A, "B.Người đã gắn khóa*", C), id="number by style"),
    pytest.param(
        (par("Ai được tháo khóa?", num=(4, 0)), par("Quản đốc ca", num=(4, 1)), par(run("Người đã gắn khóa", "hl"), num=(4, 1)), par("Bảo vệ", num=(4, 1))),
        id="levels of one list",
    ),
    pytest.param(("1. Ai được tháo khóa?", "a) Quản đốc ca", par(run("b) Người đã gắn khóa", "b")), "c) Bảo vệ"), id="1. and a)"),
    pytest.param(("1) Ai được tháo khóa? ", "a. Quản đốc ca", "b. Người đã gắn khóa", "c. Bảo vệ", "Đáp án b"), id="1) and a."),
    pytest.param(("Câu hỏi 1. Ai được tháo khóa?", A, B, C, "=> Đáp án B"), id="Câu hỏi 1."),
    pytest.param(
        ("Câu\u00a01\u00a0: Ai được tháo khóa?", "A.\u00a0Quản đốc ca", "B.\u00a0Người đã gắn khóa", "C.\u00a0Bảo vệ", "Đáp án:\u00a0B"), id="hard blanks"
    ),
]


@pytest.mark.parametrize("blocks", SHAPES)
def test_one_question_in_every_shape(blocks: tuple[str, ...]) -> None:
    bank, losses = read(*blocks)
    (item,) = bank.items
    assert item.text == "Ai được tháo khóa?"
    assert [answer.text for answer in item.answers] == ["Quản đốc ca", "Người đã gắn khóa", "Bảo vệ"]
    assert (rights(bank), item.kind, losses) == (["B"], "single", [])


@pytest.mark.parametrize(
    ("blocks", "right"),
    [
        pytest.param(("第1题 谁可以拆锁？", "A．主任", "B．上锁的人", "答案：B"), "B", id="第1题"),
        pytest.param(("1、谁可以拆锁？（ B ）", "A、主任", "B、上锁的人"), "B", id="letter in the brackets"),
        pytest.param(("1．谁可以拆锁？（AB）", "A．主任  B．上锁的人  C．保安"), "AB", id="two letters in the brackets"),
        pytest.param(("1. 上锁的人可以拆锁。（√）",), "A", id="true"),
        pytest.param(("1. 主任可以拆锁。（×）",), "B", id="false"),
        pytest.param(("1. 谁可以拆锁？", "A. 主任", "B. 上锁的人", "C. 保安", "参考答案", "1. BC"), "BC", id="answers at the end"),
    ],
)
def test_chinese_shapes(blocks: tuple[str, ...], right: str) -> None:
    bank, losses = read(*blocks, lang="zh")
    assert (rights(bank), losses) == ([right], [])
    assert bank.items[0].kind == ("multiple" if len(right) > 1 else "single")


def test_several_right_ones_make_a_multiple() -> None:
    bank, losses = read(Q, par(run(A, "b")), par(run(B, "b")), C, "Câu 2. Gì nữa?", "A. x", "B. y", "C. z", "Đáp án: A, C")
    assert (rights(bank), [item.kind for item in bank.items], losses) == (["AB", "AC"], ["multiple", "multiple"], [])


def test_no_right_answer_is_listed_and_never_guessed() -> None:
    bank, losses = read(Q, A, B, C)
    assert rights(bank) == [""]
    assert losses == ["paragraph 1: No right answer was found: Câu 1: Ai được tháo khóa?"]


def test_marks_that_do_not_agree_are_listed() -> None:
    bank, losses = read(Q, par(run(A, "red")), par(run(B, "hl")), C)
    assert rights(bank) == [""]
    assert "do not agree" in losses[0]
    bank, losses = read(Q, par(run(A, "red")), B, C, "Đáp án: B")
    assert rights(bank) == ["B"]
    assert losses == ["paragraph 1: The answer said is B, but A is marked; what is said was taken."]
    bank, losses = read(Q, par(run(A, "b")), par(run(B, "red")), C)
    assert rights(bank) == ["B"]
    assert "other marks" in losses[0]


def test_what_is_not_understood_is_listed_by_paragraph() -> None:
    bank, losses = read(
        par("ĐỀ THI AN TOÀN", style="Heading1"),
        "Thời gian: 45 phút",
        Q,
        A,
        par(run(B, "b")),
        C,
        "Ghi chú của thầy Nam",
        "Câu 2: Hãy kể một tai nạn.",
        "Câu 3: Ai?",
        "A. Tôi",
        "*B. Anh",
    )
    assert rights(bank) == ["B", "B"]
    assert losses == [
        "paragraph 1: Not understood, so left out: ĐỀ THI AN TOÀN",
        "paragraph 2: Not understood, so left out: Thời gian: 45 phút",
        "paragraph 7: Not understood, so left out: Ghi chú của thầy Nam",
        "paragraph 8: No choices were found, so this is left out: Câu 2: Hãy kể một tai nạn.",
    ]


def test_sections_that_count_anew_match_their_keys_in_order() -> None:
    two = [par("PHẦN I. LUẬT", style="Heading1"), Q, A, B, C, par("PHẦN II. ĐIỆN", style="Heading1"), "Câu 1: Gì?", "A. x", "B. y", "ĐÁP ÁN", "1-B", "1-A"]
    bank, losses = read(*two)
    assert rights(bank) == ["B", "A"]
    assert len(losses) == 2
    bank, losses = read(*two[:-1])
    assert rights(bank) == ["", ""]
    assert any("fits no question, or more than one" in loss for loss in losses)


def test_pictures_sub_and_emphasis_are_kept() -> None:
    bank, losses = read(
        par("Câu 1: Khí ", run("CO"), run("2", "sub"), run(" KHÔNG ", "u"), "được vượt?"),
        par(picture(alt="Máy đo khí")),
        "A. 1 m*3 < 5",
        par(run("B. 2", "b")),
        par("C. ", picture(alt="Biển")),
    )
    item = bank.items[0]
    assert item.text == "Khí CO<sub>2</sub> **KHÔNG** được vượt?"
    assert item.body == "![Máy đo khí](img/image1.png)"
    assert [answer.text for answer in item.answers] == ["1 m\\*3 < 5", "2", "![Biển](img/image1.png)"]
    assert set(bank.pictures) == {"img/image1.png"}
    assert losses == []


def test_emphasis_inside_a_choice_is_kept() -> None:
    bank, losses = read(Q, par("A. Quản đốc ", run("ca đêm", "i")), par(run(B, "b")), par("C. ", run("Không", "b"), " ai cả"))
    assert [answer.text for answer in bank.items[0].answers] == ["Quản đốc *ca đêm*", "Người đã gắn khóa", "**Không** ai cả"]
    assert rights(bank) == ["B"]
    assert losses == []


def test_looks_that_a_bank_does_not_carry_are_listed() -> None:
    bank, losses = read(
        par("Câu 1: Ai ", run("KHÔNG", "red"), " được ", run("gỡ", "strike"), " tháo khóa?"),
        par(run(A, "strike")),
        par(run(B, "b")),
        par("C. Bảo ", run("vệ", "hl")),
    )
    assert rights(bank) == ["B"]
    assert bank.items[0].text == "Ai KHÔNG được gỡ tháo khóa?"
    assert [loss.split(": ", 1)[1] for loss in losses] == [
        "Came in as plain text, though it is struck through: gỡ",
        "Came in as plain text, though it is coloured: KHÔNG",
        "Came in as plain text, though it is struck through: Quản đốc ca",
        "Came in as plain text, though it is highlighted: vệ",
    ]


def test_a_picture_without_words_or_from_outside_is_listed() -> None:
    bank, losses = read(par(Q, picture()), A, par(run(B, "b")), par(picture("rId8")), par(picture("rId7")))
    assert set(bank.pictures) == {"img/image1.png"}
    assert any("has no description" in loss for loss in losses)
    assert sum("not in the file itself" in loss for loss in losses) == 2


def test_explanations_go_with_their_questions() -> None:
    bank, losses = read(Q, A, B, C, "Đáp án: B", "Giải thích: mỗi người tự tháo khóa của mình.", "Theo quy trình.", "Câu 2: Gì?", "A. x", "B. y *")
    assert bank.items[0].explanation == "mỗi người tự tháo khóa của mình.\n\nTheo quy trình."
    assert (rights(bank), losses) == (["B", "B"], [])


def test_deleted_text_and_fields_of_word_are_not_read() -> None:
    bank, _ = read(
        par(
            Q,
            "<w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>",
            '<w:ins w:id="1"><w:r><w:t xml:space="preserve"> mới</w:t></w:r></w:ins>',
            "<w:r><w:instrText>PAGE</w:instrText></w:r>",
        ),
        A,
        "B. y *",
    )
    assert bank.items[0].text == "Ai được tháo khóa? mới"


def test_a_long_key_line() -> None:
    blocks = [block for n in range(1, 13) for block in (f"Câu {n}: Hỏi {n}?", "A. x", "B. y", "C. z")]
    bank, losses = read(*blocks, "1-A\t2-B\t3-C 4.A 5.B 6.C", "7A, 8B, 9C; 10: A 11: B 12: C")
    assert ("".join(rights(bank)), losses) == ("ABC" * 4, [])
