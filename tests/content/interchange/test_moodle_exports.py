"""Files of the shape that Moodle 4 and 5 export: comments, CDATA, numbers with seven places, embedded files, settings of every plugin, kinds we do not have."""

import base64

import pytest

from lms.content.interchange.bank_reading import read_bank
from lms.content.interchange.bank_writing import write_bank
from lms.content.interchange.formats import read_any
from lms.content.interchange.model import Bank
from lms.content.interchange.moodle.reading import read_moodle
from lms.content.interchange.report import Losses
from tests.content.interchange.docx_maker import PNG

FILE = f'<file name="t%E1%BB%A7%20%C4%91i%E1%BB%87n.png" path="/" encoding="base64">{base64.b64encode(PNG).decode()}</file>'.replace(
    "t%E1%BB%A7%20%C4%91i%E1%BB%87n.png", "tủ điện.png"
)
COMMON = """<generalfeedback format="html"><text><![CDATA[<p dir="ltr" style="text-align: left;">Điều 6.</p>]]></text></generalfeedback>
<defaultgrade>1.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>"""
SAID = """<correctfeedback format="html"><text>Câu trả lời của bạn đúng.</text></correctfeedback>
<partiallycorrectfeedback format="html"><text>Câu trả lời của bạn đúng một phần.</text></partiallycorrectfeedback>
<incorrectfeedback format="html"><text>Câu trả lời của bạn sai.</text></incorrectfeedback><shownumcorrect/>"""


def question(kind: str, text: str, inside: str = "", *, name: str = "Câu", id_: str = "", form: str = "html", files: str = "") -> str:
    """A question as Moodle writes it."""
    return f"""<!-- question: 4711  -->
  <question type="{kind}">
    <name><text>{name}</text></name>
    <questiontext format="{form}"><text><![CDATA[{text}]]></text>{files}</questiontext>
    {COMMON}<idnumber>{id_}</idnumber>
    {inside}
    <tags><tag><text>điện</text></tag></tags>
  </question>"""


def answer(text: str, fraction: str = "0", feedback: str = "", more: str = "") -> str:
    return (
        f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>{more}'
        f'<feedback format="html"><text><![CDATA[{feedback}]]></text></feedback></answer>'
    )


def category(path: str) -> str:
    return f"""<!-- question: 0  --><question type="category"><category><text>{path}</text></category>
    <info format="moodle_auto_format"><text>Danh mục mặc định.</text></info><idnumber></idnumber></question>"""


def read(*questions: str) -> tuple[Bank, list[str]]:
    losses = Losses()
    data = f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{"".join(questions)}\n</quiz>'.encode()
    bank, form = read_any(data, "vi", losses, name="xuat.xml")
    assert form == "moodle"
    assert read_bank(write_bank(bank).encode(), "vi", Losses()).items
    return bank, [f"{loss.where}: {loss.what}" for loss in losses.found]


CHOICES = answer("<p>Quản đốc</p>") + answer("<p>Người <strong>gắn khóa</strong></p>", "100", "<p>Đúng.</p>")
MULTI = "<single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>abc</answernumbering>"
MULTI += f"<showstandardinstruction>0</showstandardinstruction>{SAID}"


def test_a_multichoice_with_a_picture_tags_and_an_idnumber() -> None:
    text = (
        '<p dir="ltr"><img class="img-fluid" src="@@PLUGINFILE@@/t%E1%BB%A7%20%C4%91i%E1%BB%87n.png" alt="Tủ điện" width="600" height="400"><br></p><p>Ai?</p>'
    )
    bank, losses = read(category("$course$/top/An toàn điện"), question("multichoice", text, MULTI + CHOICES, name="C1", id_="dien-0001", files=FILE))
    (item,) = bank.items
    assert (bank.title, item.kind, item.id, item.tags) == ("An toàn điện", "single", "dien-0001", ("điện",))
    assert [(one.text, one.right, one.feedback) for one in item.answers] == [("Quản đốc", False, ""), ("Người **gắn khóa**", True, "Đúng.")]
    assert item.explanation == "Điều 6."
    assert list(bank.pictures.values()) == [PNG]
    assert losses == []


def test_several_right_ones_with_thirds() -> None:
    inside = MULTI.replace("true", "false", 1) + "".join(
        answer(text, share) for text, share in (("a", "33.33333"), ("b", "33.33333"), ("c", "33.33333"), ("d", "-100"))
    )
    bank, losses = read(question("multichoice", "<p>Những gì?</p>", inside))
    assert [(one.right, one.percent) for one in bank.items[0].answers] == [(True, None)] * 3 + [(False, None)]
    assert losses == []


@pytest.mark.parametrize(
    ("form", "text", "shown"),
    [
        ("moodle_auto_format", "Dòng một\n\nDòng *hai*", "Dòng một\n\nDòng \\*hai\\*"),
        ("moodle_auto_format", "Dòng <b>một</b>", "Dòng **một**"),
        ("plain_text", "3 < 5 & <b>", "3 &lt; 5"),
        ("markdown", "Dòng **một**", "Dòng **một**"),
    ],
)
def test_texts_in_every_format(form: str, text: str, shown: str) -> None:
    bank, _ = read(question("truefalse", text, answer("true", "100") + answer("false"), form=form))
    assert bank.items[0].whole.startswith(shown.split(" &lt;", maxsplit=1)[0])


def test_typed_numbers_matched_ordered_and_gaps() -> None:
    numeric = (
        answer("85", "100", more="<tolerance>1</tolerance>")
        + "<unitgradingtype>0</unitgradingtype><unitpenalty>0.1000000</unitpenalty><showunits>3</showunits>"
    )
    matching = "".join(
        f'<subquestion format="html"><text><![CDATA[{left}]]></text><answer><text>{right}</text></answer></subquestion>'
        for left, right in (("<p>Tròn đỏ</p>", "Cấm"), ("<p>Vàng</p>", "Cảnh báo"), ("", "Lối thoát"))
    )
    ordering = "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><selectcount>0</selectcount><gradingtype>ABSOLUTE_POSITION</gradingtype>"
    bank, losses = read(
        question("numerical", "<p>Mức ồn?</p>", numeric),
        question("shortanswer", "<p>Gọi số nào?</p>", "<usecase>0</usecase>" + answer("114", "100.0000000") + answer("*")),
        question("matching", "<p>Ghép</p>", "<shuffleanswers>true</shuffleanswers>" + matching + SAID),
        question("ordering", "<p>Xếp</p>", ordering + answer("Khóa", "2.0000000") + answer("Cắt", "1.0000000") + SAID),
        question("cloze", "<p>Gọi {1:SHORTANSWER:=114~%100%một một bốn} khi {1:MULTICHOICE_V:=cháy#Đúng~nắng}, dùng {2:NUMERICAL:=5:0.5} m.</p>"),
        question(
            "gapselect",
            "<p>Phải [[1]] rồi [[3]].</p>",
            "".join(f"<selectoption><text>{w}</text><group>1</group></selectoption>" for w in ("khóa", "chạy", "thẻ")),
        ),
        question("ddwtos", "<p>Phải [[2]].</p>", "".join(f"<dragbox><text>{w}</text><group>1</group></dragbox>" for w in ("chạy", "khóa"))),
        question("essay", "<p>Kể.</p>", "<responseformat>editor</responseformat><responsetemplate format='html'><text>Mẫu</text></responsetemplate>"),
    )
    assert [item.kind for item in bank.items] == ["numeric", "short", "matching", "ordering", "gaps", "gaps", "gaps", "essay"]
    assert bank.items[2].pairs == (("Tròn đỏ", "Cấm"), ("Vàng", "Cảnh báo"), ("", "Lối thoát"))
    assert [one.text for one in bank.items[3].answers] == ["Cắt", "Khóa"]
    assert bank.items[4].whole == "Gọi [[114|một một bốn]] khi [[cháy]], dùng [[5]] m."
    assert [bank.items[n].whole for n in (5, 6)] == ["Phải [[khóa]] rồi [[thẻ]].", "Phải [[khóa]]."]
    assert "Câu: The text that an essay begins with is left out: Mẫu" in losses
    assert any("wrong words offered" in loss for loss in losses)


UNKNOWN = (
    "calculated",
    "calculatedsimple",
    "calculatedmulti",
    "ddimageortext",
    "randomsamatch",
    "random",
    "multianswerwiris",
    "stack",
    "coderunner",
    "pmatch",
    "kprime",
    "mtf",
    "recordrtc",
    "missingtype",
    "",
    "question",
    "points",
    "pictures",
    "base",
    "check_rest",
    "__init__",
    "Multichoice",
    "x" * 3000,
)
DATASET = """<dataset_definitions><dataset_definition><status><text>shared</text></status><name><text>x</text></name><type>calculated</type>
<itemcount>1</itemcount><dataset_items><dataset_item><number>1</number><value>4.5</value></dataset_item></dataset_items></dataset_definition></dataset_definitions>"""


@pytest.mark.parametrize("kind", UNKNOWN, ids=lambda kind: kind[:20] or "none")
def test_a_kind_that_we_do_not_have_is_listed_and_the_rest_is_read(kind: str) -> None:
    odd = question(kind, "<p>Tính {=2*{x}}</p>", answer("{x}*2", "100", more="<tolerance>0.01</tolerance>") + DATASET, name="Lạ")
    bank, losses = read(odd, question("truefalse", "<p>Đúng?</p>", answer("true", "100") + answer("false")))
    assert [item.kind for item in bank.items] == ["single"]
    assert losses == [f"Lạ: A question of the kind “{kind[:40]}” has no counterpart and is left out."]


def test_a_file_of_unknown_kinds_alone_says_so() -> None:
    losses = Losses()
    bank = read_moodle(f"<quiz>{question('calculated', 'x')}</quiz>".encode(), "vi", losses)
    assert (bank.items, len(losses.found)) == ((), 1)


def test_categories_after_the_first_are_named() -> None:
    ask = question("truefalse", "<p>Đúng?</p>", answer("true", "100") + answer("false"))
    bank, losses = read(category("top"), category("$course$/top/Điện"), ask, category("$course$/top/Cháy nổ"), ask, category("$course$/top/Hóa chất"))
    assert bank.title == "Điện"
    assert losses == ["*: The categories are one bank now; these names are left out: Cháy nổ"]


BAD = ("", "x", "nan", "inf", "-", "1e999", "100%", "１００", "9" * 400)


@pytest.mark.parametrize("fraction", BAD, ids=lambda text: text[:6] or "none")
@pytest.mark.parametrize("kind", ["multichoice", "truefalse", "numerical", "shortanswer", "ordering", "matching", "ddmarker", "essay", "cloze"])
def test_numbers_that_are_none_do_no_harm(kind: str, fraction: str) -> None:
    inside = answer("a", fraction, more=f"<tolerance>{fraction}</tolerance>") + answer("b", "100") + f"<single>{fraction}</single><usecase>{fraction}</usecase>"
    drops = f"<drag><no>{fraction}</no></drag><drop><no>{fraction}</no><shape>circle</shape><coords>{fraction},{fraction};{fraction}</coords></drop>"
    sound = question("truefalse", "<p>Đúng?</p>", answer("true", "100") + answer("false"))
    bank, _ = read(question(kind, "<p>Gì {1:SHORTANSWER:%9999999%a}?</p>", inside + drops + FILE).replace("1.0000000", fraction), sound)
    assert bank.items[-1].kind == "single"
