"""What the columns of a sheet of people are called, in Vietnamese, Chinese and English, as personnel offices write them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from lms.people.rules.names import fold

KEYS: Mapping[str, tuple[str, ...]] = {
    "full_name": (
        "họ và tên, họ tên, họ tên người lao động, họ và tên người lao động, họ tên công nhân, họ tên nhân viên, tên nhân viên, tên công nhân",
        "họ và tên học viên, họ tên thí sinh",
        "姓名, 员工姓名, 名字",
        "full name, name, employee name, worker, person",
    ),
    "family_name": (
        "họ, họ đệm, họ và tên đệm, họ và đệm, họ lót, họ và chữ lót",
        "姓",
        "family name, last name, surname",
    ),
    "given_name": (
        "tên, tên gọi",
        "名",
        "given name, first name",
    ),
    "staff_code": (
        "mã nhân viên, mã số nhân viên, mã nv, msnv, mã số, mã cán bộ, mã cb, mã người lao động, mã nlđ, mã thẻ, số thẻ, số thẻ nhân viên",
        "mã công nhân, mã đoàn viên",
        "工号, 员工编号, 员工号, 职工编号, 人员编号, 编号",
        "staff code, employee code, employee id, employee no, employee number, staff id, staff no, badge, badge no, code",
    ),
    "phone": (
        "số điện thoại, điện thoại, sđt, đt, số đt, điện thoại di động, di động, số di động",
        "手机, 手机号, 手机号码, 电话, 联系电话, 联系方式",
        "phone, phone number, mobile, mobile phone, mobile number, telephone, tel",
    ),
    "email": (
        "email, e mail, thư điện tử, địa chỉ email",
        "邮箱, 电子邮箱, 电子邮件",
        "email address, mail",
    ),
    "birth_on": (
        "ngày sinh, ngày tháng năm sinh, năm sinh, sinh ngày",
        "出生日期, 生日, 出生年月, 出生年月日",
        "date of birth, birth date, birthday, born, dob",
    ),
    "national_id": (
        "căn cước công dân, số căn cước công dân, căn cước, số căn cước, cccd, số cccd, cmnd, số cmnd, cmnd cccd, số cmnd cccd, cccd cmnd",
        "số cccd cmnd, chứng minh nhân dân, số chứng minh nhân dân, cmtnd, số định danh, số định danh cá nhân",
        "身份证, 身份证号, 身份证号码, 公民身份号码, 证件号码",
        "national id, id card, id card number, identity card, citizen id, id number",
    ),
    "lang": (
        "ngôn ngữ",
        "语言",
        "language",
    ),
    "unit": (
        "đơn vị, tên đơn vị, bộ phận, phòng ban, phòng, tổ, tổ đội, tổ sản xuất, phân xưởng, xưởng, nơi làm việc, đơn vị công tác",
        "phòng ban bộ phận",
        "部门, 单位, 班组, 车间, 所属部门, 工作单位, 所在部门",
        "unit, department, team, workshop, section, division",
    ),
    "unit_code": (
        "mã đơn vị, mã bộ phận, mã phòng ban, mã tổ",
        "单位编号, 部门编号, 部门编码, 单位代码",
        "unit code, department code",
    ),
    "position": (
        "chức danh, chức vụ, vị trí, vị trí công việc, vị trí việc làm, nghề nghiệp, nghề, công việc, chức danh nghề, chức danh công việc",
        "岗位, 职务, 职位, 工种, 岗位名称",
        "position, job, job title, title, occupation, post",
    ),
    "from_on": (
        "ngày vào, ngày vào làm, ngày bắt đầu, ngày vào công ty, ngày nhận việc, ngày tuyển dụng, ngày vào làm việc",
        "入职日期, 入职时间, 到岗日期",
        "start date, hire date, joined, date joined, from",
    ),
    "until_on": (
        "ngày nghỉ việc, ngày cuối cùng, ngày làm việc cuối cùng, ngày thôi việc, ngày nghỉ, ngày kết thúc, ngày chấm dứt",
        "离职日期, 离职时间, 最后一天, 最后工作日",
        "end date, leaving date, last day, until",
    ),
}
"""The fields of a person by the names that their columns have, several in a line."""

IGNORED = frozenset({"stt", "tt", "so tt", "so thu tu", "序号", "no", "số", "nr", "#", "ghi chu", "备注", "note", "notes", "remark", "remarks"})
HEAD_ROWS = 20
IN_BRACKETS = re.compile(r"\([^)]*\)|（[^）]*）|\[[^\]]*\]")
NO_WORD = re.compile(r"[\W_]+")
LEAST_WORDS = 2
"""A name of fewer words is no sign by itself inside a longer header: 'tổ' is a unit, 'tổ trưởng' is not."""


def plain_header(text: str) -> str:
    """A header for comparing: folded, without what stands in brackets, signs and line breaks. 'Số CMND/CCCD (*)' is 'so cmnd cccd'."""
    return " ".join(NO_WORD.sub(" ", IN_BRACKETS.sub(" ", fold(unicodedata.normalize("NFKC", text)))).split())


KNOWN = {plain_header(name): key for key, lines in KEYS.items() for line in lines for name in (*line.split(", "), key)}
LONG = sorted((name for name in KNOWN if len(name.split()) >= LEAST_WORDS or (len(name) >= LEAST_WORDS and not name.isascii())), key=len, reverse=True)


def key_of(header: str) -> str:
    """The field that a header means, '' for none: a name as it is known, else the longest known name of several words inside it."""
    plain = plain_header(header)
    if plain in KNOWN:
        return KNOWN[plain]
    if not plain or plain in IGNORED or "last digits" in plain:
        return ""
    within = f" {plain} "
    return next((KNOWN[name] for name in LONG if (f" {name} " in within if name.isascii() else name in plain)), "")


def keys_of(headers: Sequence[str]) -> list[str]:
    """The field of each column; the first of two columns of one field has it.

    A given name without a family name beside it is the whole name: so are lists with the one column 'Tên'.
    """
    keys: list[str] = []
    for header in headers:
        key = key_of(header)
        keys.append("" if key in keys else key)
    if "family_name" not in keys and "full_name" not in keys:
        keys = ["full_name" if key == "given_name" else key for key in keys]
    if "full_name" in keys:
        keys = ["" if key in ("family_name", "given_name") else key for key in keys]
    return keys


def find_head(rows: Sequence[Sequence[str]]) -> int | None:
    """The row of the headers among the first of a sheet, above which titles stand: the one with most known names, at least two; else none."""
    found = [(sum(bool(key) for key in keys_of(row)), -n) for n, row in enumerate(rows[:HEAD_ROWS])]
    most, place = max(found, default=(0, 0))
    return -place if most >= LEAST_WORDS else None


def digest_text(headers: Sequence[str]) -> str:
    """What two sheets of the same form have in common: their headers, folded, in order."""
    return "\x1f".join(plain_header(header) for header in headers)
