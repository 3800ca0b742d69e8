"""What columns are called, what cells say, what becomes of a row."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.importing.rules.cells import Problem, Said, Unclear, read_cells, read_date, read_name, read_national_id, read_phone
from lms.people.importing.rules.headers import KEYS, find_head, key_of, keys_of
from lms.people.importing.rules.planning import CHANGED, ERROR, NEW, UNCHANGED, Identity, Known, Move, Work, make_plan, may_be_same
from lms.platform.rules import phrase

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Họ và tên", "full_name"),
        ("HỌ TÊN", "full_name"),
        ("Ho va ten", "full_name"),
        ("姓名", "full_name"),
        ("员工姓名", "full_name"),
        ("Full name", "full_name"),
        ("Họ và tên NLĐ (ghi chữ in hoa)", "full_name"),
        ("Mã NV", "staff_code"),
        ("MSNV", "staff_code"),
        ("工号", "staff_code"),
        ("Số ĐT", "phone"),
        ("SĐT\n(zalo)", "phone"),
        ("手机号码", "phone"),
        ("Số CMND/CCCD (*)", "national_id"),
        ("身份证号", "national_id"),
        ("Ngày, tháng, năm sinh", "birth_on"),
        ("Phòng/Ban", "unit"),
        ("所属部门", "unit"),
        ("Mã đơn vị", "unit_code"),
        ("Chức danh", "position"),
        ("Ngày vào làm", "from_on"),
        ("Ngày nghỉ việc", "until_on"),
        ("STT", ""),
        ("Ghi chú", ""),
        ("Mức lương", ""),
        ("", ""),
    ],
)
def test_headers_are_known_as_offices_write_them(header: str, key: str) -> None:
    assert key_of(header) == key


def test_every_name_of_a_column_means_one_field() -> None:
    names = [name for lines in KEYS.values() for line in lines for name in line.split(", ")]
    assert len(names) == len(set(names))


def test_family_and_given_name_in_two_columns_and_a_single_given_name() -> None:
    assert keys_of(["Họ", "Tên", "Mã NV"]) == ["family_name", "given_name", "staff_code"]
    assert keys_of(["STT", "Tên", "Mã NV"]) == ["", "full_name", "staff_code"]
    assert keys_of(["Họ và tên", "Tên", "Mã NV", "Mã số"]) == ["full_name", "", "staff_code", ""]


def test_the_headers_stand_below_titles() -> None:
    rows = [["CÔNG TY A"], ["Danh sách"], [], ["STT", "Họ và tên", "Mã NV"], ["1", "An", "1"]]
    assert find_head(rows) == 3
    assert find_head([["a", "b"], ["c", "d"]]) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15/3/1990", date(1990, 3, 15)),
        ("15-03-90", date(1990, 3, 15)),
        ("15.3.1990", date(1990, 3, 15)),
        ("15 / 3 / 1990", date(1990, 3, 15)),
        ("1990-03-15", date(1990, 3, 15)),
        ("1990-03-15 00:00:00", date(1990, 3, 15)),
        ("19900315", date(1990, 3, 15)),
        ("1990年3月15日", date(1990, 3, 15)),
        ("ngày 15 tháng 3 năm 1990", date(1990, 3, 15)),
        ("32947", date(1990, 3, 15)),
        ("1/1/26", date(2026, 1, 1)),
        ("1/1/27", date(1927, 1, 1)),
        ("29/2/2024", date(2024, 2, 29)),
    ],
)
def test_dates_as_people_write_them(text: str, day: date) -> None:
    assert read_date(text, today=TODAY) == day


@pytest.mark.parametrize("text", ["3/15/1990", "29/2/2023", "32/1/2020", "hôm qua", "1990", "1/1/1800", "99999", "0"])
def test_what_is_no_date_is_told(text: str) -> None:
    with pytest.raises(Unclear):
        read_date(text, today=TODAY)


@given(st.dates(date(1927, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_however_it_is_written(day: date) -> None:
    for text in (day.isoformat(), f"{day.day}/{day.month}/{day.year}", f"{day:%d.%m.%Y}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}"):
        assert read_date(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("0912.345.678", "0912345678"),
        ("912345678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("0912345678", "0912345678"),
        ("13812345678", "+8613812345678"),
    ],
)
def test_phones_get_their_zero_back(text: str, phone: str) -> None:
    assert read_cells({"phone": text, "full_name": "An"}, today=TODAY).values["phone"] == phone


@pytest.mark.parametrize("text", ["12345", "abc", "212345678"])
def test_what_is_no_phone_is_told(text: str) -> None:
    with pytest.raises(Unclear):
        read_phone(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("001099012345", "001099012345"),
        ("1099012345", "001099012345"),
        ("79099012345", "079099012345"),
        ("001 099 012 345", "001099012345"),
        ("123456789", "123456789"),
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
    ],
)
def test_national_ids_get_their_zeros_back(text: str, number: str) -> None:
    assert read_national_id(text) == number


@pytest.mark.parametrize("text", ["1.1010519491e+17", "110105194912310021", "12345", "1234567890123"])
def test_a_national_id_that_lost_digits_is_told(text: str) -> None:
    with pytest.raises(Unclear):
        read_national_id(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [("NGUYỄN VĂN AN", "Nguyễn Văn An"), ("Nguyễn Văn An", "Nguyễn Văn An"), ("nguyễn văn an", "nguyễn văn an"), ("王伟", "王伟"), ("ĐỖ THỊ Ơ", "Đỗ Thị Ơ")],
)
def test_a_name_in_capitals_gets_small_letters(text: str, name: str) -> None:
    assert read_name(text) == name


def _keys(said: Said) -> list[tuple[str, bool]]:
    return [(problem.key, problem.note) for problem in said.problems]


def test_a_row_is_read_whole_and_every_wrong_cell_is_told() -> None:
    said = read_cells(
        {"family_name": "NGUYỄN VĂN", "given_name": "AN", "staff_code": "'0012", "phone": "x", "email": "ANexample", "lang": "tiếng Việt"}, today=TODAY
    )
    assert said.values == {"full_name": "Nguyễn Văn An", "staff_code": "0012", "lang": "vi"}
    assert _keys(said) == [("phone", False), ("email", False)]
    assert read_cells({"family_name": "王", "given_name": "伟", "staff_code": "1"}, today=TODAY).values["full_name"] == "王伟"


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"staff_code": "1"}, [("full_name", False)]),
        ({"full_name": "An"}, [("staff_code", False)]),
        ({"full_name": "An", "phone": "x"}, [("phone", False)]),
        ({"full_name": "123", "staff_code": "1"}, [("full_name", False)]),
        ({"full_name": "An", "staff_code": "1", "birth_on": "1990"}, [("birth_on", True)]),
        ({"full_name": "An", "staff_code": "1", "birth_on": "1/1/2030"}, [("birth_on", False)]),
        ({"full_name": "An", "staff_code": "#REF!"}, [("staff_code", False)]),
        ({"full_name": "An", "staff_code": "1", "from_on": "2/2/2026", "until_on": "1/2/2026"}, [("until_on", False)]),
        ({"full_name": "A" * 201, "staff_code": "1"}, [("full_name", False)]),
        ({"full_name": "An", "staff_code": "1", "position": "x" * 121}, [("position", False)]),
        ({"full_name": "An", "staff_code": "1", "lang": "xx"}, [("lang", False)]),
        ({"full_name": "An", "staff_code": "a b"}, [("staff_code", False)]),
    ],
)
def test_what_is_wrong_with_a_row(cells: dict[str, str], problems: list[tuple[str, bool]]) -> None:
    assert _keys(read_cells(cells, today=TODAY)) == problems


def test_full_width_is_half_width() -> None:
    assert read_cells({"full_name": "Ａn", "staff_code": "０１２"}, today=TODAY).values == {"full_name": "An", "staff_code": "012"}


WORK = Work(7, 1, "thợ hàn", date(2026, 1, 1), None)


def known(**given: Any) -> Known:
    values: dict[str, Any] = {
        "person_id": 5,
        "full_name": "Nguyễn Văn An",
        "staff_code": "NV1",
        "phone": "0912345678",
        "email": None,
        "birth_on": None,
        "lang": "vi",
        "national_id_digest": None,
        "national_id_last": None,
        "inside": True,
        "work": WORK,
    }
    return Known(**values | given)


def plan(values: dict[str, Any], *who: tuple[str, Known], unit_id: int | None = None, default: int | None = 9, identity: Identity | None = None) -> Any:
    said = Said({"full_name": "Nguyễn Văn An", "staff_code": "NV1", **values})
    return make_plan(said, dict(who), unit_id=unit_id, default_unit_id=default, identity=identity, on=TODAY)


ME = ("staff_code", known())


def test_somebody_unknown_is_new_and_goes_to_the_unit_of_the_row_or_of_the_sheet() -> None:
    made = plan({"position": "thợ", "from_on": date(2026, 2, 1)}, unit_id=3)
    assert (made.state, made.move.unit_id, made.move.position, made.move.on) == (NEW, 3, "thợ", date(2026, 2, 1))
    assert plan({}).move.unit_id == 9
    assert plan({}, default=None).state == ERROR
    assert plan({"until_on": TODAY}).state == ERROR


def test_a_row_that_says_what_is_known_changes_nothing() -> None:
    for values in ({}, {"full_name": "NGUYỄN văn an"}, {"full_name": "Nguyen Van An"}, {"position": "THỢ HÀN"}, {"phone": "0912345678"}):
        assert plan(values, ME, unit_id=1).state == UNCHANGED


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ({"phone": "0900000000"}, {"phone": ("0912345678", "0900000000")}),
        ({"full_name": "Nguyễn Văn Ân"}, {"full_name": ("Nguyễn Văn An", "Nguyễn Văn Ân")}),
        ({"birth_on": date(1990, 1, 1)}, {"birth_on": (None, date(1990, 1, 1))}),
    ],
)
def test_what_differs_is_a_change(values: dict[str, Any], changes: dict[str, Any]) -> None:
    made = plan(values, ME)
    assert (made.state, made.person_id, made.changes, made.move) == (CHANGED, 5, changes, None)


def test_another_unit_or_job_is_a_move_and_on_the_first_day_a_correction() -> None:
    assert plan({}, ME, unit_id=2).move == make_move(2, "", TODAY)
    assert plan({"position": "tổ trưởng"}, ME).move == make_move(1, "tổ trưởng", TODAY)
    today = ("staff_code", known(work=Work(7, 1, "thợ", TODAY, None)))
    assert plan({}, today, unit_id=2).move.corrects
    later = ("staff_code", known(work=Work(7, 1, "thợ", date(2026, 12, 1), None)))
    assert plan({}, later, unit_id=2).state == ERROR
    nowhere = ("staff_code", known(work=None))
    assert plan({}, nowhere, unit_id=2).move == make_move(2, "", TODAY)
    assert plan({}, nowhere).state == UNCHANGED


def make_move(unit_id: int, position: str, on: date) -> Any:
    return Move(unit_id, position, on)


def test_a_last_day_ends_the_work() -> None:
    assert plan({"until_on": date(2026, 11, 30)}, ME).last_on == date(2026, 11, 30)
    assert plan({"until_on": date(2025, 11, 30)}, ME).state == ERROR
    assert plan({"until_on": TODAY}, ("staff_code", known(work=None))).state == UNCHANGED
    assert plan({"until_on": TODAY}, ("staff_code", known(work=Work(7, 1, "", date(2026, 1, 1), TODAY)))).state == UNCHANGED


@pytest.mark.parametrize(
    ("values", "who", "key"),
    [
        pytest.param({"full_name": "Trần Thị Bé"}, [("staff_code", known())], "full_name", id="nobody is renamed into somebody else"),
        pytest.param({}, [("staff_code", known(inside=False))], "staff_code", id="outside"),
        pytest.param({}, [("phone", known(staff_code="NV2"))], "staff_code", id="a phone with another code"),
        pytest.param({}, [("staff_code", known()), ("phone", known(person_id=6, staff_code="NV9"))], "phone", id="two people"),
        pytest.param({}, [("staff_code", known()), ("phone", known(person_id=6, inside=False))], "phone", id="two people, one outside"),
    ],
)
def test_rows_about_two_people_are_errors(values: dict[str, Any], who: list[tuple[str, Known]], key: str) -> None:
    made = plan(values, *who)
    assert made.state == ERROR
    assert made.problems[-1].key == key


def test_an_outsider_is_not_named() -> None:
    hidden = known(inside=False, full_name="Người Lạ", staff_code="X1")
    for who in ([("staff_code", hidden)], [("staff_code", known()), ("phone", known(person_id=6, inside=False, full_name="Người Lạ"))]):
        assert "Người Lạ" not in str(plan({}, *who).problems[-1].words)


def test_a_national_id_is_added_once_and_another_one_is_an_error() -> None:
    one = Identity("d1", "2345")
    assert plan({}, ME, identity=one).identity == one
    assert plan({}, ("staff_code", known(national_id_digest="d1")), identity=one).state == UNCHANGED
    assert plan({}, ("staff_code", known(national_id_digest="d2")), identity=one).problems[-1].key == "national_id"


def test_problems_of_cells_make_a_row_an_error_and_notes_do_not() -> None:
    said = Said({"full_name": "An", "staff_code": "1"}, (Problem("birth_on", phrase("note"), note=True),))
    assert make_plan(said, {}, unit_id=1, default_unit_id=None, identity=None, on=TODAY).state == NEW
    said = Said({"full_name": "An", "staff_code": "1"}, (Problem("phone", phrase("bad")),))
    assert make_plan(said, {}, unit_id=1, default_unit_id=None, identity=None, on=TODAY).state == ERROR


@pytest.mark.parametrize(
    ("new", "old", "same"),
    [
        ("Nguyễn Văn Ân", "Nguyễn Văn An", True),
        ("Nguyễn Văn Anh", "Nguyễn Văn An", True),
        ("Nguyễn Văn Bình", "Nguyễn Văn An", False),
        ("Trần Văn An", "Nguyễn Văn An", True),
        ("Lý Văn Khác", "Nguyễn Văn An", False),
        ("An Nguyễn Văn", "Nguyễn Văn An", True),
        ("王小伟", "王伟", True),
        ("王伟", "王伟", True),
        ("王芳", "王伟", False),
        ("李娜", "王伟", False),
        ("", "王伟", False),
    ],
)
def test_a_name_is_a_correction_where_the_given_name_stays(new: str, old: str, same: bool) -> None:
    assert may_be_same(new, old) is same


def test_a_bare_given_name_that_differs_is_somebody_else() -> None:
    assert plan({"full_name": "Nguyễn Văn Bình"}, ME).state == ERROR
    assert plan({"full_name": "Nguyễn Văn Anh"}, ME).state == CHANGED
