"""Files as other programs write them, and what of them is said to be lost."""
# ruff: noqa: E501  (files of other programs, as they write them)

import base64
import io
import zipfile

import pytest
import xlsxwriter

from lms.content.interchange.formats import FORMATS, read_any
from lms.content.interchange.model import Answer, Bank, BankItem
from lms.content.interchange.report import Losses
from tests.content.interchange.docx_maker import PNG

HOTSPOT = BankItem(
    "qhotspot",
    "hotspot",
    "Tìm lỗi trong hình",
    "![Xưởng](img/xuong.png)",
    (Answer("Không mũ", right=True, feedback="Đúng vậy.", area="10,20 30x15"), Answer("Cửa sổ", area="50.5,60 10x20.25")),
    flags=("partial",),
)
BIG = PNG[:16] + (800).to_bytes(4, "big") + (600).to_bytes(4, "big") + PNG[24:]


def losses_of(losses: Losses) -> list[str]:
    return [f"{loss.where}: {loss.what}" for loss in losses.found]


def read(data: bytes | str, lang: str = "vi") -> tuple[Bank, list[str]]:
    losses = Losses()
    bank, _ = read_any(data.encode() if isinstance(data, str) else data, lang, losses, name="x")
    return bank, losses_of(losses)


@pytest.mark.parametrize("form", ["moodle", "qti2", "qti3"])
def test_a_hotspot_there_and_back(form: str) -> None:
    bank = Bank("vi", (HOTSPOT,), pictures={"img/xuong.png": BIG})
    write = FORMATS[form].write
    assert write is not None
    assert read(write(bank, Losses())) == (bank, [])


def test_moodle_html_with_a_picture_and_all_that_is_lost() -> None:
    picture = base64.b64encode(PNG).decode()
    bank, losses = read(f"""<?xml version="1.0" encoding="UTF-8"?><quiz>
<question type="category"><category><text>$course$/top/An toàn</text></category></question>
<question type="multichoice"><name><text>C1</text></name>
<questiontext format="html"><text><![CDATA[<p dir="ltr">Ai được <b>tháo</b> khóa &amp; thẻ?<br></p><p><img src="@@PLUGINFILE@@/t%E1%BB%A7.png" alt="Tủ *điện*" onerror="alert(1)"></p><script>x</script>]]></text>
<file name="tủ.png" path="/" encoding="base64">{picture}</file></questiontext>
<generalfeedback format="html"><text>&lt;p&gt;Vì vậy.&lt;/p&gt;</text></generalfeedback><defaultgrade>2.5000000</defaultgrade><single>true</single>
<correctfeedback format="html"><text>Your answer is correct.</text></correctfeedback><incorrectfeedback format="html"><text>Xem lại bài 3</text></incorrectfeedback>
<answer fraction="100" format="html"><text>&lt;p&gt;Người gắn&lt;/p&gt;</text><feedback format="html"><text></text></feedback></answer>
<answer fraction="33.33333" format="html"><text>5 &lt; 6 * 7</text></answer><hint format="html"><text>Nghĩ đi</text></hint></question>
<question type="truefalse"><name><text>C2</text></name><questiontext format="moodle_auto_format"><text>Nước dẫn điện.</text></questiontext>
<answer fraction="100"><text>true</text><feedback><text>Đúng</text></feedback></answer><answer fraction="0"><text>false</text></answer></question>
<question type="calculated"><name><text>C3</text></name></question>
<question type="gapselect"><name><text>C4</text></name><questiontext format="html"><text>Phải [[2]] trước.</text></questiontext>
<selectoption><text>mở</text><group>1</group></selectoption><selectoption><text>khóa</text><group>1</group></selectoption></question></quiz>""")
    first, second, gaps = bank.items
    assert (first.text, first.body, first.explanation) == ("Ai được **tháo** khóa & thẻ?", "![Tủ điện](img/tủ.png)", "Vì vậy.")
    assert first.answers == (Answer("Người gắn", right=True), Answer("5 < 6 * 7", percent=33))
    assert (first.attributes, bank.title, bank.pictures) == ({"points": "2"}, "An toàn", {"img/tủ.png": PNG})
    assert [answer.right for answer in second.answers] == [True, False]
    assert gaps.text == "Phải [[khóa]] trước."
    assert losses == [
        "C1: Partial credit is in whole percents: 33.33333 became 33.",
        "C1: Points are whole numbers from 1 to 100: 2.5 became 2.",
        "C1: Hints for further tries are left out.",
        "C1: The feedback on right and wrong answers as a whole is left out; that on each answer is kept.",
        "C3: A question of the kind “calculated” has no counterpart and is left out.",
        "C4: The wrong words offered in a gap are left out: here the answer is typed.",
    ]


def test_gift_as_people_type_it() -> None:
    bank, losses = read("""// ghi chú
$CATEGORY: $course$/top/Điện

::Câu 1:: Ai được tháo khóa? {=Người gắn #Đúng ~Quản đốc#Sai ~Bảo vệ####Mỗi người tự tháo.}

Nước dẫn điện.{T}

Mức ồn là {=85 =85 dBA} trong 8 giờ.

Bao nhiêu? {#10..20}

Số? {#=%100%85:1 =%50%80:5}

Hãy viết. {}

Chọn hai. {~%50%A ~%50%B ~%-100%C}
""")
    assert [item.kind for item in bank.items] == ["single", "single", "gaps", "numeric", "numeric", "essay", "multiple"]
    assert bank.items[0].answers[0] == Answer("Người gắn", right=True, feedback="Đúng")
    assert bank.items[0].explanation == "Mỗi người tự tháo."
    assert bank.items[2].text == "Mức ồn là [[85|85 dBA]] trong 8 giờ."
    assert (bank.items[3].number.value, bank.items[3].number.tolerance) == ("15", "5")  # type: ignore[union-attr]
    assert [answer.right for answer in bank.items[6].answers] == [True, True, False]
    assert losses == ["line 12: Of several numbers only the first that is wholly right is kept."]


def test_qti_as_other_programs_write_it() -> None:
    item = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="i1" title="T"><responseDeclaration identifier="R" cardinality="single" baseType="identifier">
<correctResponse><value>b</value></correctResponse></responseDeclaration><itemBody><div class="grid-row"><div class="col-12"><choiceInteraction responseIdentifier="R" maxChoices="1">
<prompt>Ai được <em>tháo</em>?</prompt><simpleChoice identifier="a">Quản đốc<feedbackInline outcomeIdentifier="F" identifier="a" showHide="show">Sai rồi</feedbackInline></simpleChoice>
<simpleChoice identifier="b">Người gắn</simpleChoice></choiceInteraction></div></div></itemBody></assessmentItem>"""
    other = """<assessmentItem identifier="i2" title="T2"><itemBody><sliderInteraction responseIdentifier="R" lowerBound="0" upperBound="9"/></itemBody></assessmentItem>"""
    manifest = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources><resource type="imsqti_item_xmlv2p2" href="i1/qti.xml"/>
<resource type="imsqti_item_xmlv2p2" href="i2/qti.xml"/><resource type="imsqti_item_xmlv2p2" href="i3/qti.xml"/></resources></manifest>"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in (("imsmanifest.xml", manifest), ("i1/qti.xml", item), ("i2/qti.xml", other)):
            package.writestr(name, text)
    bank, losses = read(out.getvalue())
    assert bank.items == (BankItem("i1", "single", "Ai được *tháo*?", answers=(Answer("Quản đốc", feedback="Sai rồi"), Answer("Người gắn", right=True))),)
    assert losses == [
        "i2: A question of the kind “sliderInteraction” has no counterpart and is left out.",
        "i3/qti.xml: The file is named in the package, but is not in it.",
    ]


def test_a_sheet_as_trainers_keep_it() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Đề 1")
        rows = [
            ["NGÂN HÀNG CÂU HỎI"],
            [],
            ["STT", "Nội dung câu hỏi", "Phương án A", "Phương án B", "Phương án C", "Đáp án", "Người soạn"],
            [1, "Ai được tháo khóa?", "Quản đốc", "Người gắn", "Bảo vệ", "B", "Nam"],
            [2, "Chọn hai", "x", "y", "z", "A, C", ""],
            [3, "Bao nhiêu?", 80, 85, 90, 85, ""],
            [4, "Mức ồn?", "", "", "", "85 ± 1 dBA", ""],
            [5, "", "x", "y", "", "A", ""],
            [6, "Sai?", "x", "y", "", "E", ""],
        ]
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    bank, losses = read(out.getvalue())
    assert [("".join("ABC"[n] for n, a in enumerate(item.answers) if a.right), item.kind) for item in bank.items] == [
        ("B", "single"), ("AC", "multiple"), ("B", "single"), ("", "numeric"), ("", "single"),
    ]  # fmt: skip
    assert losses == [
        "Đề 1: The column Người soạn is not known and is left out.",
        "Đề 1, row 8: The row has no question, so it is left out: x y A",
        "Đề 1, row 9: The answer E is none of the choices of this question.",
    ]
