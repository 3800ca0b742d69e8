"""What a document says on a day, how much of a name is shown, and the certificate as PDF in three languages."""

import io
from datetime import date
from typing import Any

import pypdf
import pytest

from lms.certification.papers import TYPST, certificate_pdf, single_pdfs
from lms.certification.rules.papers import mask_name, paper_state
from lms.certification.service.periods import get_period
from lms.errors import NotFound
from lms.platform.db import Database
from lms.platform.documents.pdf import render_apart
from lms.platform.sheet import csv_lines, safe_cell
from tests.certification.make import mark, period

FIRST, LAST = date(2026, 3, 10), date(2028, 3, 10)
CERTIFICATE: dict[str, Any] = {
    "number": "0001/2026/GCN-HLA",
    "url": "https://vean.example/v/abcdefghijklmnopqrstuvwxyz",
    "demo": False,
    "self_issued": False,
    "name": "Nguyễn Thị Ưởng",
    "birth": "1990-02-28",
    "national_id_last": "1234",
    "position": "Quản đốc",
    "unit": "Xưởng Cơ khí",
    "scheme": {"vi": "Huấn luyện ATVSLĐ nhóm 1", "zh": "职业安全卫生培训第一组", "en": "OSH training, group 1"},
    "basis": "initial",
    "minutes": 975,
    "trained_from": "2026-03-01",
    "trained_until": "2026-03-09",
    "test_passed": True,
    "from": "2026-03-10",
    "until": "2028-03-10",
    "expires": True,
    "issuer": "Trung tâm Huấn luyện A",
    "issuer_class": "A",
    "issued_on": "2026-03-10",
    "signer": "Lê Thị Hằng",
}


@pytest.mark.parametrize(
    ("day", "recorded", "kind", "words"),
    [
        pytest.param(date(2026, 3, 9), False, "not_yet", "Not yet in force: it begins on 2026-03-10.", id="the day before"),
        pytest.param(FIRST, False, "in_force", "In force through 2028-03-10.", id="first day"),
        pytest.param(LAST, True, "in_force", "Recorded. The next training is due by 2028-03-10.", id="last day of a register entry"),
        pytest.param(date(2028, 3, 11), False, "over", "No longer in force: it ended on 2028-03-10.", id="first day after"),
        pytest.param(date(2028, 3, 11), True, "over", "The next training was due by 2028-03-10.", id="first day after, register"),
    ],
)
def test_a_paper_says_its_state_in_words(day: date, recorded: bool, kind: str, words: str) -> None:
    found = paper_state(period(1, FIRST, LAST), cause=None, recorded=recorded, as_of=day)
    assert (found.kind, str(found.words)) == (kind, words)


def test_a_paper_without_an_end_and_marked_ones() -> None:
    assert str(paper_state(period(1, FIRST, None), cause=None, recorded=False, as_of=LAST).words) == "In force from 2026-03-10."
    for kind, word in (("suspended", "Suspended"), ("revoked", "Revoked"), ("superseded", "Replaced")):
        found = paper_state(period(1, FIRST, LAST, mark(1, kind, date(2026, 5, 1))), cause="error", recorded=False, as_of=date(2026, 5, 1))
        assert (found.kind, str(found.words)) == (kind, f"{word} from 2026-05-01: issued by mistake.")
    assert "withdrawn" in str(paper_state(period(1, FIRST, LAST, mark(1, "revoked", FIRST)), cause=None, recorded=False, as_of=FIRST).words)


@pytest.mark.parametrize(("name", "shown"), [("Nguyễn Văn An", "N. V. An"), ("王小明", "王**"), ("An", "A*"), ("X", "X*"), ("Maximilian", "M***"), ("  ", "")])
def test_a_name_is_shortened(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize(("lang", "words"), [("vi", "Có giá trị"), ("zh", "职业安全卫生培训合格证"), ("en", "Certificate of training")])
def test_a_certificate_keeps_accents_and_characters_on_one_page(lang: Any, words: str) -> None:
    pdf = certificate_pdf("certificate", CERTIFICATE, lang=lang)
    text = text_of(pdf)
    for expected in ("Nguyễn Thị Ưởng", "GIẤY CHỨNG NHẬN HUẤN LUYỆN", "10/03/2026 – 10/03/2028", "16 h 15 min", "•••• 1234", words):
        assert expected in text
    assert "không thay thế" not in text
    assert "?" not in text
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1


def test_what_is_not_known_is_left_out() -> None:
    bare = CERTIFICATE | {"birth": "", "national_id_last": "", "position": "", "issuer_class": "", "test_passed": False, "until": "", "self_issued": True}
    text = text_of(certificate_pdf("certificate", bare, lang="vi", paper="a4"))
    for absent in ("Ngày sinh", "CCCD", "Đạt yêu cầu", "Có giá trị"):
        assert absent not in text
    assert "không thay thế giấy chứng nhận của tổ chức huấn luyện" in text


def test_the_longest_names_stay_on_one_page() -> None:
    long = CERTIFICATE | {
        "name": "Nguyễn Thị Phương Thảo " * 3,
        "unit": "Phân xưởng sản xuất " * 8,
        "issuer": "Trung tâm Huấn luyện An toàn " * 4,
        "demo": True,
    }
    assert len(pypdf.PdfReader(io.BytesIO(certificate_pdf("certificate", long, lang="zh"))).pages) == 1


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\u00a0=1", "\u3000+1", "＝1", "＠x"])
def test_a_cell_never_runs(cell: str) -> None:
    assert safe_cell(cell) == "'" + cell


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [safe_cell(cell) for cell in ("Nguyễn", 5, None, "a=b")] == ["Nguyễn", "5", "", "a=b"]
    assert list(csv_lines(["a"], [["b,c"]])) == ["\ufeffa\r\n", '"b,c"\r\n']


def test_no_such_period(db: Database) -> None:
    with db.reading() as session, pytest.raises(NotFound):
        get_period(session, period_id=1)


def test_papers_are_made_apart_in_their_order_and_a_fault_is_told() -> None:
    made = single_pdfs([("certificate", CERTIFICATE | {"number": f"{n}/2026"}, "vi") for n in (1, 2)], layout="a4")
    assert ["1/2026" in text_of(made[0]), "2/2026" in text_of(made[1])] == [True, True]
    with pytest.raises(RuntimeError, match="papers"):
        render_apart(TYPST / "certificate.typ", [{"other": []}])
