"""Files of strangers: bombs, entities, paths that lead out, what is cut off, and what is something else."""

import io
import random
import re
import time
import zipfile
from dataclasses import replace

import pytest

from lms.content.interchange.bank_writing import write_bank
from lms.content.interchange.formats import FORMATS, guess, read_any
from lms.content.interchange.from_html import from_html
from lms.content.interchange.model import Bank
from lms.content.interchange.report import Losses
from lms.content.interchange.xlsx.writing import write_template
from lms.errors import Unreadable
from tests.content.interchange.docx_maker import W, docx, par
from tests.content.interchange.test_word import A, B, Q

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
QUESTION = '<question type="multichoice"><name><text>n</text></name><questiontext format="{form}"><text>{text}</text></questiontext><answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer></question>'  # noqa: E501


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def word(document: str) -> bytes:
    return docx(document=document)


def sheet(inside: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(write_template("en"))) as package:
        files = {name: package.read(name) for name in package.namelist()}
    return packed(
        files | {"xl/worksheets/sheet1.xml": f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inside}</worksheet>'.encode()}
    )


def lying(data: bytes) -> bytes:
    """A zip whose directory says that its first file is small."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 24] + (5).to_bytes(4, "little") + data[at + 28 :]


MANIFEST = b'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources><resource type="imsqti_item_xmlv2p1" href="%s"/></resources></manifest>'
REFUSED = [
    pytest.param(BOMB.replace(" x ", " quiz ").encode() + b"<quiz>&c;</quiz>", "document type", id="billion laughs"),
    pytest.param(OUTSIDE.encode() + b"<quiz>&e;</quiz>", "document type", id="external entity"),
    pytest.param(b'<!DOCTYPE quiz SYSTEM "http://evil.example/x.dtd"><quiz/>', "document type", id="external DTD"),
    pytest.param(b"<quiz>" + b"<a>" * 200 + b"</a>" * 200 + b"</quiz>", "nests without end", id="deep XML"),
    pytest.param(b"<quiz><question>", "not well-formed", id="XML cut off"),
    pytest.param("<quiz/>".encode("utf-16"), "holds no question", id="empty UTF-16"),
    pytest.param(b"<html><body>x</body></html>", "of a kind that is not known", id="HTML"),
    pytest.param(b"<questestinterop/>", "QTI 1.2", id="QTI 1.2"),
    pytest.param(word(f"{BOMB}<w:document {W}/>"), "document type", id="bomb in Word"),
    pytest.param(word(f"{OUTSIDE}<w:document {W}><w:body/></w:document>"), "document type", id="entity in Word"),
    pytest.param(word("<nothing/>"), "no Word document", id="another document"),
    pytest.param(word(f"<w:document {W}><w:body/></w:document>"), "no questions were found", id="empty Word"),
    pytest.param(docx(Q, A, B)[:-400], "not a whole zip", id="Word cut off"),
    pytest.param(docx(Q, A, B)[:300] + b"\0" * 60 + docx(Q, A, B)[360:], "not a whole zip", id="Word damaged"),
    pytest.param(docx(Q, extra={"word/big.xml": b"0" * 60_000_000}), "packed to less than", id="zip bomb by ratio"),
    pytest.param(packed({"word/document.xml": b"x", **{f"f{n}": b"" for n in range(5001)}}), "more than", id="too many files"),
    pytest.param(docx(Q, extra={"../../etc/x": b"x"}), "leads elsewhere", id="path out"),
    pytest.param(docx(Q, extra={"/etc/x": b"x"}), "leads elsewhere", id="absolute path"),
    pytest.param(docx(Q, extra={"C:/x": b"x"}), "leads elsewhere", id="drive"),
    pytest.param(lying(docx(Q, A, B)), "not a whole zip|larger than it says", id="a size that lies"),
    pytest.param(packed({"a.txt": b"x"}), "no Word document, Excel workbook or QTI", id="another zip"),
    pytest.param(packed({"imsmanifest.xml": BOMB.encode() + b"<x/>"}), "document type", id="bomb in a manifest"),
    pytest.param(packed({"imsmanifest.xml": MANIFEST % b"../../../etc/passwd"}), "no items that could be read", id="path out of a manifest"),
    pytest.param(sheet('<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'), "more than 20000 rows", id="sheet that is huge"),
    pytest.param(sheet('<dimension ref="A1:XFD1048576"/><sheetData/>'), "more than 20000 rows", id="sheet that says it is huge"),
    pytest.param(sheet("<sheetData><row>"), "not well-formed", id="sheet cut off"),
    pytest.param(write_template("vi"), "holds no questions", id="empty template"),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old Office", id="old .doc"),
    pytest.param(b"%PDF-1.7", "is a PDF", id="PDF"),
    pytest.param(b"{\\rtf1 x}", "RTF", id="RTF"),
    pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "no text file", id="picture"),
    pytest.param("Câu hỏi".encode("utf-16-be") + b"\0", "no text file", id="binary"),
    pytest.param("Câu hỏi nào? ANSWER: ế".encode("cp1258", "replace"), "not UTF-8", id="old code page"),
    pytest.param(b" \n ", "is empty", id="blank"),
]


@pytest.mark.parametrize(("data", "why"), REFUSED)
def test_refused_with_a_clear_error(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_any(data, "vi", Losses(), name="x")


@pytest.mark.parametrize(
    "text",
    [
        "&lt;script&gt;alert(1)&lt;/script&gt;Q?",
        "&lt;img src=x onerror=alert(1)&gt;Q?",
        "&lt;a href=&quot;javascript:alert(1)&quot;&gt;Q?&lt;/a&gt;",
        "&lt;iframe src=&quot;http://evil.example&quot;&gt;&lt;/iframe&gt;Q?",
        "&lt;svg&gt;&lt;script&gt;1&lt;/script&gt;&lt;/svg&gt;Q?",
        "Q? ![x](javascript:alert(1)) [y](data:text/html,x)",
        "# Q\n## Q2 {#abcd}\n- (x) stolen\n",
        "> > > > > > > > Q?",
        "Q? {#zzzzzzzz .critical}",
    ],
)
@pytest.mark.parametrize("form", ["html", "markdown", "plain_text", "moodle_auto_format"])
def test_what_comes_in_is_harmless_in_our_bank(text: str, form: str) -> None:
    from_markdown = read_any(f"<quiz>{QUESTION.format(form=form, text=text)}</quiz>".encode(), "vi", Losses(), name="x")[0]
    (item,) = from_markdown.items
    text_of_bank = write_bank(Bank("vi", (replace(item, id="aaaaaaaa"),))).encode()
    again, _ = read_any(text_of_bank, "vi", Losses(), name="x")
    assert len(again.items) == 1
    assert [answer.right for answer in again.items[0].answers] == [True, False]
    for bad in ("<script", "<img", "<iframe", "<svg"):
        assert bad not in item.whole.lower()
    assert not re.search(r"(?<!\\)\[[^\]]*\]\(javascript", item.whole)


def test_pictures_that_are_none_are_refused_and_listed() -> None:
    losses = Losses()
    evil = {"word/media/image1.png": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'}
    data = docx(par(Q, '<w:r><w:drawing><a:blip r:embed="rId9"/></w:drawing></w:r>'), A, "*B. x", extra=evil)
    bank, _ = read_any(data, "vi", losses, name="x")
    assert bank.pictures == {}
    assert any("is left out" in str(loss.what) for loss in losses.found)


def written(form: str, bank: Bank) -> bytes:
    write = FORMATS[form].write
    assert write is not None
    return write(bank, Losses())


@pytest.mark.parametrize("form", ["docx", "xlsx", "moodle", "gift", "qti2", "aiken"])
def test_damaged_anywhere_it_is_read_or_refused_but_never_breaks(form: str) -> None:
    """A fuzzer: bytes changed, cut and doubled at random places; the same ones at every run."""
    source = FORMATS["markdown"].read('## Ai? {#qaaaaaaa tags="loto"}\n\n- (x) Tôi\n- ( ) Anh\n\n> Vì vậy.\n'.encode(), "vi", Losses())
    whole = docx(Q, A, "*B. x") if form == "docx" else written(form, source)
    dice = random.Random(form)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(data))
            data[at : at + dice.randint(0, 3)] = bytes(dice.randrange(256) for _ in range(dice.randint(0, 3)))
        try:
            read_any(bytes(data), "vi", Losses(), name="x")
        except Unreadable:
            continue


def test_formats_are_told_by_what_they_hold() -> None:
    bank = FORMATS["markdown"].read(b"## Ai? {#qaaaaaaa}\n\n- (x) a\n- ( ) b\n", "vi", Losses())
    for name, form in FORMATS.items():
        if form.write:
            assert guess(form.write(bank, Losses()), "x") == name.replace("qti3", "qti2")
    assert guess(docx(Q, A, B), "x") == "docx"


@pytest.mark.parametrize("bad", ["<!--", "<!x", "</x", '<a x="', "<![CDATA[", "<a href='", "<b>", "<div>"])
def test_html_that_is_made_to_be_slow_is_read_at_once(bad: str) -> None:
    begun = time.process_time()
    from_html(bad * 20_000 + "x", lambda _source, _alt: None)
    assert time.process_time() - begun < 5
