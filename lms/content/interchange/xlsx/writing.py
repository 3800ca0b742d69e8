"""A bank as an Excel workbook, and the empty template."""

import io
from collections.abc import Iterator

import xlsxwriter

from lms.content.interchange.bank_writing import without_braces, written_number
from lms.content.interchange.model import TICKED, Answer, Bank, BankItem, Quantity
from lms.content.interchange.pictures import names_in
from lms.content.interchange.report import Losses
from lms.content.interchange.xlsx.columns import EXAMPLES, FEEDBACK, GUIDE, HEADERS, KINDS, LETTERS, MEANING, SHEET, header_of
from lms.content.speaking import say_in
from lms.platform.rules import phrase
from lms.platform.sheet import TEXTS

WIDE = {"question": 50, "body": 30, "explanation": 40, "basis": 30, "source": 25, "tags": 18, "answer": 14, "kind": 16}
BEFORE = ("id", "kind", "question", "body")
AFTER = ("answer", "explanation", "points", "difficulty", "topic", "tags", "basis", "source", "marks", "case")
ARROW = " => "


def write_xlsx(bank: Bank, losses: Losses) -> bytes:
    """The bank as one sheet, with headers in its language."""
    rows = [row for item in bank.items for row in _rows(item, "", bank.lang, losses)]
    out = io.BytesIO()
    with _book(out) as book:
        _sheet(book, SHEET[bank.lang], rows, bank.lang)
        _guide(book, bank.lang)
    return out.getvalue()


def write_template(lang: str) -> bytes:
    """An empty sheet, a sheet with an example of each kind, and what each column means."""
    out = io.BytesIO()
    with _book(out) as book:
        _sheet(book, SHEET[lang], [], lang, spare=200)
        _sheet(book, EXAMPLES[lang], [row for item in examples(lang) for row in _rows(item, "", lang, Losses())], lang)
        _guide(book, lang)
    return out.getvalue()


def _book(out: io.BytesIO) -> xlsxwriter.Workbook:
    return xlsxwriter.Workbook(out, {"in_memory": True, **TEXTS})


def _sheet(book: xlsxwriter.Workbook, name: str, rows: list[dict[str, str]], lang: str, *, spare: int = 0) -> None:
    most = max((LETTERS.index(key) for row in rows for key in row if key in LETTERS), default=3)
    told = sorted({key for row in rows for key in row if key.startswith("feedback ")}) or [f"feedback {letter}" for letter in LETTERS[: 4 if spare else 0]]
    keys = [*BEFORE, *LETTERS[: max(most, 3) + 1], *AFTER, *told]
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bg_color": "#E6EDF5", "border": 1, "text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for column, key in enumerate(keys):
        sheet.set_column(column, column, WIDE.get(key, 24 if key in LETTERS or key.startswith("feedback") else 10), text)
        sheet.write_string(0, column, header_of(key, lang), bold)
        for number, row in enumerate(rows, 1):
            if row.get(key):
                sheet.write_string(number, column, row[key], text)
    sheet.freeze_panes(1, 3)
    kind = keys.index("kind")
    sheet.data_validation(
        1, kind, len(rows) + spare or 1, kind, {"validate": "list", "source": [words[lang] for words in KINDS.values()], "error_type": "warning"}
    )


def _guide(book: xlsxwriter.Workbook, lang: str) -> None:
    sheet = book.add_worksheet(GUIDE[lang])
    bold, wrap = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22, bold)
    sheet.set_column(1, 1, 100, wrap)
    rows = [
        (FEEDBACK[lang] + " A" if key == "feedback" else "A … J" if key == "A" else HEADERS[key][lang], say_in(lang, told)) for key, told in MEANING.items()
    ]
    rows += [("", "")] + [(words[lang], kind) for kind, words in KINDS.items()]
    for number, (name, told) in enumerate(rows):
        sheet.write_string(number, 0, name)
        sheet.write_string(number, 1, told)


def _rows(item: BankItem, case: str, lang: str, losses: Losses) -> Iterator[dict[str, str]]:
    if len(item.answers) > len(LETTERS) or len(item.pairs) > len(LETTERS):
        losses.add(item, phrase("The sheet has ten columns for answers; this item has more, so it is left out."))
        return
    if any(names_in("\n".join([item.whole, item.explanation, *(f"{a.text}\n{a.feedback}" for a in item.answers)]))):
        losses.add(item, phrase("A sheet carries no pictures: only their names stand in the text."))
    row = {"id": item.id, "kind": KINDS[item.kind][lang], "question": item.text, "body": item.body, "explanation": item.explanation, "case": case}
    row |= {key: value for key, value in item.attributes.items() if key in AFTER}
    lost = [key for key in item.attributes if key not in AFTER]
    if lost:
        losses.add(item, phrase("The sheet has no columns for: %(names)s", names=lost))
    row["marks"] = " ".join(item.flags)
    row |= {letter: _cell(item, answer) for letter, answer in zip(LETTERS, item.answers, strict=False)}
    row |= {f"feedback {letter}": answer.feedback for letter, answer in zip(LETTERS, item.answers, strict=False) if answer.feedback}
    row |= {letter: f"{left}{ARROW}{right.replace('=>', '→')}" for letter, (left, right) in zip(LETTERS, item.pairs, strict=False)}
    if any(item.columns):
        row["answer"] = f"{item.columns[0]}{ARROW}{item.columns[1].replace('=>', '→')}"
    elif item.kind == "numeric":
        row["answer"] = written_number(item)
    elif item.kind in (*TICKED, "hotspot"):
        row["answer"] = ", ".join(_right(item))
    yield row
    for part in item.parts:
        yield from _rows(part, item.id, lang, losses)


def _right(item: BankItem) -> Iterator[str]:
    for letter, answer in zip(LETTERS, item.answers, strict=False):
        if answer.percent is not None:
            yield f"{letter}={answer.percent}%"
        elif answer.right:
            yield letter


def _cell(item: BankItem, answer: Answer) -> str:
    text = without_braces(answer.text) if item.kind in (*TICKED, "ordering", "hotspot") else answer.text
    text = f"{answer.percent or 0}% {text}" if item.kind == "essay" else f"{text} ({answer.area})" if answer.area else text
    label = " ".join([f"#{answer.label}"] * bool(answer.label) + [".fixed"] * answer.fixed)
    return f"{text} {{{label}}}" if label else text


def examples(lang: str) -> Iterator[BankItem]:
    """One item of each of the kinds that are easy in a sheet, in the language of the sheet."""
    said = {
        "vi": (
            "Ai được tháo khóa cá nhân?",
            "Quản đốc ca",
            "Người đã gắn khóa",
            "Cần làm gì khi có cháy?",
            "Báo động",
            "Gọi 114",
            "Dùng thang máy",
            "Mức ồn cho phép trong 8 giờ?",
            "Số điện thoại cứu hỏa ở Việt Nam?",
            "Sắp xếp các bước",
            "Ngắt điện",
            "Khóa",
            "Treo thẻ",
            "Ghép biển với nghĩa",
            "Tròn đỏ",
            "Cấm",
            "Tam giác vàng",
            "Cảnh báo",
            "Trước khi sửa máy phải [[khóa]] và [[treo thẻ]].",
            "Viết cách xử lý khi thấy dây điện hở.",
            "Nêu đúng nguy cơ",
            "Nêu đúng việc cần làm",
        ),
        "zh": (
            "谁可以拆个人锁？",
            "值班主任",
            "上锁的人",
            "发生火灾怎么办？",
            "报警",
            "拨打119",
            "乘电梯",
            "8小时噪声限值是多少？",
            "中国的火警电话？",
            "把步骤排好",
            "断电",
            "上锁",
            "挂牌",
            "标志与含义配对",
            "红色圆形",
            "禁止",
            "黄色三角形",
            "警告",
            "修机器前必须[[上锁]]并[[挂牌]]。",
            "写出发现裸露电线时的处理办法。",
            "说明危险",
            "说明应做的事",
        ),
        "en": (
            "Who may remove a personal lock?",
            "The shift manager",
            "The one who put it on",
            "What to do in a fire?",
            "Raise the alarm",
            "Call the fire brigade",
            "Take the lift",
            "Which noise level is allowed for 8 hours?",
            "Which number calls the fire brigade in the EU?",
            "Put the steps in order",
            "Switch off",
            "Lock",
            "Tag",
            "Match signs and meanings",
            "Red circle",
            "Prohibition",
            "Yellow triangle",
            "Warning",
            "Before repair, [[lock]] and [[tag]] the machine.",
            "Write what you do when you see a bare wire.",
            "Names the hazard",
            "Names what to do",
        ),
    }[lang]
    yield BankItem("", "single", said[0], answers=(Answer(said[1]), Answer(said[2], right=True)), attributes={"difficulty": "1", "tags": "loto"})
    yield BankItem("", "multiple", said[3], answers=(Answer(said[4], right=True), Answer(said[5], right=True), Answer(said[6])))
    yield BankItem("", "numeric", said[7], number=Quantity("85", "1", unit="dBA"))
    yield BankItem("", "short", said[8], answers=(Answer({"vi": "114", "zh": "119", "en": "112"}[lang], right=True),), flags=("text",))
    yield BankItem("", "ordering", said[9], answers=(Answer(said[10]), Answer(said[11]), Answer(said[12])))
    yield BankItem("", "matching", said[13], pairs=((said[14], said[15]), (said[16], said[17])))
    yield BankItem("", "gaps", said[18])
    yield BankItem("", "essay", said[19], answers=(Answer(said[20], percent=40), Answer(said[21], percent=60)))
