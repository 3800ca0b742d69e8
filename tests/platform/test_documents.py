"""Numbers without gaps or duplicates, codes, QR codes and PDF with Vietnamese and Chinese."""

import io
import threading
from contextlib import suppress
from pathlib import Path
from subprocess import run
from typing import Any

import pypdf
import pytest
import zxingcpp
from PIL import Image

from lms.platform.db import Database
from lms.platform.documents.numbering import is_code, new_code, take_number
from lms.platform.documents.pdf import render_pdf
from lms.platform.documents.qr import qr_svg

pytestmark = pytest.mark.one_database

NAMES = "Nguyễn Thị Ưởng ệ ẵ Đặng 卫安证书 镕 喆 囧"


def test_a_series_counts_from_one_for_each_owner_kind_and_year(db: Database) -> None:
    with db.writing() as session:
        first = [take_number(session, owner="issuer:1", kind="certificate", year=2026) for _ in range(3)]
        others = [
            take_number(session, owner="issuer:2", kind="certificate", year=2026),
            take_number(session, owner="issuer:1", kind="card", year=2026),
            take_number(session, owner="issuer:1", kind="certificate", year=2027),
        ]
    assert (first, others) == ([1, 2, 3], [1, 1, 1])


def test_a_failed_transaction_gives_its_number_back(db: Database) -> None:
    with pytest.raises(RuntimeError), db.writing() as session:
        assert take_number(session, owner="issuer:1", kind="card", year=2026) == 1
        raise RuntimeError
    with db.writing() as session:
        assert take_number(session, owner="issuer:1", kind="card", year=2026) == 1


def test_many_at_once_get_every_number_once(db: Database) -> None:
    taken: list[int] = []

    def take_one(turn: int) -> int:
        with db.writing() as session:
            number = take_number(session, owner="issuer:1", kind="card", year=2026)
            if turn % 3 == 2:
                raise RuntimeError("the document could not be made")
            return number

    def take() -> None:
        for turn in range(10):
            with suppress(RuntimeError):
                taken.append(take_one(turn))

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 6 * 7 + 1))


def test_codes_are_random_and_everything_else_is_no_code() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(is_code(code) for code in codes)
    assert not any(is_code(text) for text in ("", "a" * 25, "a" * 27, "A" * 26, "1" * 26, "a" * 25 + "é", "../" * 9))


def make_template(folder: Path, body: str) -> Path:
    path = folder / "t.typ"
    path.write_text('#let d = json(bytes(sys.inputs.data))\n#set text(font: ("Be Vietnam Pro", "Noto Sans SC"))\n' + body, "utf-8")
    return path


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_a_pdf_keeps_vietnamese_and_chinese_letters(tmp_path: Path) -> None:
    text = text_of(render_pdf(make_template(tmp_path, "#d.name #strong[#d.name]"), {"name": NAMES}))
    assert text.count("Nguyễn Thị Ưởng") == 2
    assert "卫安证书" in text
    assert "?" not in text


def test_only_the_site_s_fonts_are_used(tmp_path: Path) -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(make_template(tmp_path, "#d.name #strong[#d.name]"), {"name": NAMES})))
    resources: Any = reader.pages[0]["/Resources"]
    fonts = {str(font.get_object()["/BaseFont"]) for font in resources["/Font"].values()}
    assert fonts
    assert all("BeVietnamPro" in font or "NotoSansSC" in font for font in fonts)


def test_threads_render_side_by_side(tmp_path: Path) -> None:
    template, made = make_template(tmp_path, "#d.name"), []
    threads = [threading.Thread(target=lambda n=n: made.append(text_of(render_pdf(template, {"name": f"Số {n}"})))) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [f"Số {n}" for n in range(4)]


def test_a_value_is_text_and_never_code(tmp_path: Path) -> None:
    assert '#panic("x")' in text_of(render_pdf(make_template(tmp_path, "#d.name"), {"name": '#panic("x")'}))


def test_a_qr_code_reads_back(tmp_path: Path) -> None:
    url = "https://vean.example/v/abcdefghijklmnopqrstuvwxyz"
    pdf = render_pdf(make_template(tmp_path, '#image(bytes(d.qr), format: "svg", width: 5cm)'), {"qr": qr_svg(url)})
    (tmp_path / "q.pdf").write_bytes(pdf)
    run(["pdftoppm", "-r", "100", "-png", "-singlefile", str(tmp_path / "q.pdf"), str(tmp_path / "q")], check=True)
    with Image.open(tmp_path / "q.png") as picture:
        assert [found.text for found in zxingcpp.read_barcodes(picture)] == [url]
