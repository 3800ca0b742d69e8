"""The fixed words of the papers, in three languages. Vietnamese comes first on every paper; another language stands beside it.

Fields of the certificate: Decree 44/2016/NĐ-CP, Mẫu 08; columns of the register: Mẫu 11 (see reference/regulations.md, A5).
"""

from collections.abc import Mapping

Words = Mapping[str, str]


def _w(vi: str, zh: str, en: str) -> Words:
    return {"vi": vi, "zh": zh, "en": en}


PREPARES = _w(
    "Giấy do trang chuẩn bị / minh chứng, không thay thế giấy chứng nhận của tổ chức huấn luyện.",
    "本文件为准备和证明材料，不能代替培训机构颁发的合格证。",
    "Prepared as evidence; it does not replace the certificate of a training organisation.",
)
NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
NATION_BESIDE = {"zh": "越南社会主义共和国 · 独立 - 自由 - 幸福", "en": "Socialist Republic of Vietnam · Independence - Freedom - Happiness"}

TITLES = {
    "certificate": _w(
        "GIẤY CHỨNG NHẬN HUẤN LUYỆN\nAN TOÀN, VỆ SINH LAO ĐỘNG", "职业安全卫生培训合格证", "Certificate of training in occupational safety and health"
    ),
    "card": _w("THẺ AN TOÀN", "安全上岗证", "Safety card"),
    "register_entry": _w(
        "PHIẾU GHI SỔ THEO DÕI HUẤN LUYỆN\nAN TOÀN, VỆ SINH LAO ĐỘNG",
        "职业安全卫生培训台账登记单",
        "Entry in the register of training in occupational safety and health",
    ),
}

LABELS: Mapping[str, Words] = {
    "number": _w("Số", "编号", "No."),
    "photo": _w("Ảnh 3 x 4", "照片", "Photo"),
    "check": _w("Quét để kiểm tra", "扫码查验", "Scan to verify"),
    "name": _w("Họ và tên", "姓名", "Full name"),
    "birth": _w("Ngày sinh", "出生日期", "Date of birth"),
    "national_id": _w("Số CCCD / hộ chiếu", "身份证件号码", "ID or passport no."),
    "position": _w("Chức vụ, công việc", "职务、岗位", "Position"),
    "unit": _w("Đơn vị công tác", "工作单位", "Workplace"),
    "course": _w("Đã dự khóa huấn luyện", "参加培训", "Trained"),
    "hours": _w("Thời lượng", "学时", "Hours"),
    "result": _w("Kết quả", "结果", "Result"),
    "valid": _w("Có giá trị", "有效期", "Valid"),
    "next": _w("Huấn luyện định kỳ tiếp theo", "下次再培训", "Next training due"),
    "recorded": _w("Ngày ghi sổ", "登记日期", "Entered on"),
    "signer": _w("Người xác nhận", "确认人", "Confirmed by"),
    "from": _w("từ", "自", "from"),
    "to": _w("đến", "至", "to"),
    "before": _w("chậm nhất ngày", "不晚于", "by the end of"),
    "passed": _w("Đạt yêu cầu", "合格", "Passed"),
    "initial": _w("lần đầu", "初次培训", "initial"),
    "refresher": _w("định kỳ", "再培训", "refresher"),
    "minutes": _w("giờ", "小时", "h"),
    "class": _w("Hạng", "等级", "Class"),
    "stamp": _w("BẢN TRÌNH DIỄN", "演示样本", "DEMONSTRATION"),
    "wallet": _w("Để tra cứu; không thay thế giấy chứng nhận.", "供查验使用，不能代替合格证。", "For checking; it does not replace the certificate."),
    "only_last": _w("(bốn số cuối)", "（末四位）", "(last four)"),
}

NOTES = (
    _w(
        "Xuất trình khi được yêu cầu. Không tẩy xóa, sửa chữa, cho mượn. Mất phải báo nơi cấp.",
        "有要求时出示；不得涂改、出借；遗失须报告颁发单位。",
        "Show on request. Do not alter or lend. Report a loss to the issuer.",
    ),
    _w(
        "Trong vòng 30 ngày trước khi hết hạn, người sử dụng lao động gửi danh sách và kết quả huấn luyện định kỳ để được cấp mới.",
        "到期前30日内，用人单位报送名单和再培训结果以换发新证。",
        "Within 30 days before expiry the employer sends the list and the refresher results for a new certificate.",
    ),
)

REGISTER: Mapping[str, Words] = {
    "title": _w("SỔ THEO DÕI NGƯỜI THUỘC NHÓM 4 ĐƯỢC HUẤN LUYỆN", "第四组人员培训台账", "Register of trained people, group 4"),
    "title_other": _w("SỔ THEO DÕI HUẤN LUYỆN", "培训台账", "Training register"),
    "empty": _w("Không có mục nào trong thời gian này.", "该期间没有记录。", "No entries in this period."),
    "signer": _w("Người sử dụng lao động (ký, đóng dấu)", "用人单位（签字、盖章）", "Employer (signature, seal)"),
    "struck": _w("Đã thu hồi", "已撤销", "Revoked"),
    "no": _w("STT", "序号", "No."),
    "entry": _w("Số", "编号", "Entry"),
    "name": _w("Họ và tên", "姓名", "Full name"),
    "born": _w("Năm sinh", "出生年份", "Year of birth"),
    "job": _w("Công việc", "工作", "Job"),
    "unit": _w("Nơi làm việc", "工作地点", "Workplace"),
    "content": _w("Nội dung huấn luyện", "培训内容", "Content"),
    "days": _w("Từ ngày, đến ngày", "起止日期", "From, to"),
    "hours": _w("Số giờ", "学时", "Hours"),
    "result": _w("Kết quả", "结果", "Result"),
    "trainer": _w("Người huấn luyện", "培训教师", "Trainer"),
    "signature": _w("Chữ ký", "签字", "Signature"),
    "remark": _w("Ghi chú", "备注", "Remarks"),
}
COLUMNS = ("no", "entry", "name", "born", "job", "unit", "content", "days", "hours", "result", "trainer", "signature", "remark")


def beside(words: Mapping[str, str], lang: str) -> list[str]:
    """The Vietnamese words, and those of the other language beside them where one is asked for and there is one."""
    first = words.get("vi") or next(iter(words.values()), "")
    return [first] if lang == "vi" or not words.get(lang) else [first, words[lang]]
