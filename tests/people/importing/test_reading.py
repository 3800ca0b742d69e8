"""Files of strangers: what is read, what is told, what is refused, and that none of it costs much."""

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter

from lms.errors import Unreadable
from lms.people.importing.service.reading import MAX_BYTES, MAX_ROWS, read_file
from tests.people.importing.conftest import workbook

HEAD = ["Mã NV", "Họ và tên", "Tổ"]


def test_titles_above_and_empty_rows_between_are_passed_over_and_lines_are_those_of_the_sheet() -> None:
    table = read_file(workbook([["DANH SÁCH"], [], HEAD, ["1", "An", "Hàn"], [], ["2", "Bình", ""]]), "a.xlsx")
    assert table.headers == tuple(HEAD)
    assert [(line.line, line.cells) for line in table.lines] == [(4, ("1", "An", "Hàn")), (6, ("2", "Bình", ""))]


def test_every_sheet_of_the_same_form_is_read_and_others_are_told() -> None:
    data = workbook(
        [HEAD, ["1", "An", ""]], [["Mã  NV", "HỌ VÀ TÊN", "Tổ"], ["2", "Bình", ""]], [["Lương", "Thưởng"], ["1", "2"]], names=("Tổ 1", "Tổ 2", "Lương")
    )
    table = read_file(data, "a.xlsx")
    assert [(line.sheet, line.cells[0]) for line in table.lines] == [("Tổ 1", "1"), ("Tổ 2", "2")]
    assert [note.params["sheet"] for note in table.notes] == ["Lương"]


def _book(make: Any) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        make(book)
    return out.getvalue()


def test_merged_cells_hidden_rows_hidden_sheets_and_formulas() -> None:
    def make(book: Any) -> None:
        sheet = book.add_worksheet("Danh sách")
        sheet.merge_range("A1:C1", "CÔNG TY")
        sheet.write_row(1, 0, HEAD)
        sheet.write_row(2, 0, ["1", "An"])
        sheet.write_row(3, 0, ["2", "Bình"])
        sheet.merge_range("C3:C4", "Tổ hàn")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.write_string(4, 0, "3")
        sheet.write_formula(4, 1, '="Chi"', None, "Chi")
        sheet.write_formula(4, 2, "=1+1", None, "")
        hidden = book.add_worksheet("Nháp")
        hidden.write_row(0, 0, HEAD)
        hidden.write_row(1, 0, ["9", "Ẩn"])
        hidden.hide()

    table = read_file(_book(make), "a.xlsx")
    assert [line.cells for line in table.lines] == [("1", "An", "Tổ hàn"), ("2", "Bình", "Tổ hàn"), ("3", "Chi", "")]
    told = [str(note) for note in table.notes]
    assert any("Nháp" in note for note in told)
    assert any("hidden in Excel" in note and note.endswith("4.") for note in told)


def test_a_formula_without_a_value_is_told_by_its_cell() -> None:
    parts = workbook([HEAD, ["1", "An", "x"]])
    data = _changed(parts, "xl/worksheets/sheet1.xml", b"</row></sheetData>", b'<c r="D2"><f>A1+1</f></c></row></sheetData>')
    notes = [str(note) for note in read_file(data, "a.xlsx").notes]
    assert any("D2" in note for note in notes)


def test_numbers_and_dates_come_as_people_see_them() -> None:
    def make(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Mã NV", "Họ và tên", "Ngày sinh", "Số ĐT", "CCCD"])
        sheet.write_number(1, 0, 12)
        sheet.write_string(1, 1, "An")
        sheet.write_number(1, 2, 32947, book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_number(1, 3, 912345678)
        sheet.write_number(1, 4, 110105194912310021)

    cells = read_file(_book(make), "a.xlsx").lines[0].cells
    assert cells == ("12", "An", "1990-03-15", "912345678", "1.1010519491e+17")


def _changed(data: bytes, path: str, old: bytes, new: bytes) -> bytes:
    """A workbook with a part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            part = before.read(entry)
            if entry.filename == path:
                assert old in part
                part = part.replace(old, new)
            after.writestr(entry.filename, part)
    return out.getvalue()


def test_a_million_empty_rows_cost_nothing() -> None:
    rows = b"".join(b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 1_000_000, 7))
    data = _changed(workbook([HEAD, ["1", "An", "x"]]), "xl/worksheets/sheet1.xml", b"</sheetData>", rows + b"</sheetData>")
    assert len(read_file(data, "a.xlsx").lines) == 1


@pytest.mark.parametrize("place", ["A1048576", "XFD3"])
def test_a_lone_value_far_away_is_refused_before_room_is_made(place: str) -> None:
    row = place.lstrip("AXFD")
    cell = f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'.encode()
    data = _changed(workbook([HEAD, ["1", "An", "x"]]), "xl/worksheets/sheet1.xml", b"</sheetData>", cell)
    with pytest.raises(Unreadable, match="at most"):
        read_file(data, "a.xlsx")


def test_too_many_rows_are_refused() -> None:
    rows = "\n".join(["Mã NV,Họ và tên", *(f"{n},An" for n in range(MAX_ROWS + 1))])
    with pytest.raises(Unreadable, match="more than"):
        read_file(rows.encode(), "a.csv")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no row with headers"),
        (b"\x00\x01\x02", "neither"),
        (b"PK\x03\x04 cut off", "no whole Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old Excel"),
        (b"x" * (MAX_BYTES + 1), "larger"),
        ("Mã NV,Họ và tên\n".encode(), "no row below"),
        (b"one column\nof text\n", "no row with headers"),
        (b'Code,Name\n1,"An' + b"x" * 200_000, "whole CSV"),
        (b"Code,Name\n1," + b"x" * 3000, "row 2: column 2"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "utf-16"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_file(data, "a.csv")


def test_a_zip_that_is_no_workbook_and_one_with_entities_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "x")
    with pytest.raises(Unreadable, match="no Excel"):
        read_file(out.getvalue(), "a.xlsx")
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'
    data = _changed(workbook([HEAD, ["1", "An", "x"]]), "xl/worksheets/sheet1.xml", b"<worksheet", bomb)
    with pytest.raises(Unreadable, match="document type"):
        read_file(data, "a.xlsx")
    deep = b"<a>" * 200
    data = _changed(workbook([HEAD, ["1", "An", "x"]]), "xl/worksheets/sheet1.xml", b"<sheetData>", deep + b"<sheetData>")
    with pytest.raises(Unreadable):
        read_file(data, "a.xlsx")


def test_a_zip_bomb_is_refused_without_unpacking_it() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([HEAD, ["1", "An", "x"]]))) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            after.writestr(entry.filename, before.read(entry))
        after.writestr("xl/media/bomb.bin", b"\0" * 150_000_000)
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(Unreadable, match="200th"):
        read_file(out.getvalue(), "a.xlsx")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Mã NV,Họ và tên\n1,Đỗ Thị Ơ\n", "utf-8"),
        ("Mã NV;Họ và tên\n1;Đỗ Thị Ơ\n", "utf-8-sig"),
        ("sep=;\r\nMã NV;Họ và tên\r\n1;Đỗ Thị Ơ\r\n", "utf-8"),
        ("Mã NV\tHọ và tên\n1\tĐỗ Thị Ơ\n", "utf-16"),
    ],
)
def test_csv_in_any_form_of_unicode_and_with_any_separator(text: str, encoding: str) -> None:
    assert read_file(text.encode(encoding), "a.csv").lines[0].cells == ("1", "Đỗ Thị Ơ")


def test_old_encodings_are_found_out_by_known_headers_or_chosen() -> None:
    chinese = "工号,姓名\n1,王伟\n".encode("gb18030")
    assert read_file(chinese, "a.csv").lines[0].cells == ("1", "王伟")
    assert read_file(chinese, "a.csv", "gb18030").lines[0].cells == ("1", "王伟")
    vietnamese = "Ma NV,Ho ten,Tô\n1,Bê,Hàn\n".encode("cp1258")
    assert read_file(vietnamese, "a.csv").lines[0].cells == ("1", "Bê", "Hàn")
    unknown = "x,ê\n1,ê\n".encode("cp1258")
    with pytest.raises(Unreadable, match="encoding"):
        read_file(unknown, "a.csv")
    for encoding in ("utf-8", "no-such"):
        with pytest.raises(Unreadable, match="cannot be read as"):
            read_file(chinese, "a.csv", encoding)


def test_headers_that_nobody_knows_are_the_first_row_with_two_cells() -> None:
    table = read_file(b"List\nfoo,bar\n1,2\n", "a.csv")
    assert table.headers == ("foo", "bar")
    assert read_file(workbook([["List"], ["foo", "bar"], ["1", "2"]]), "a.xlsx").headers == ("foo", "bar")
