"""The few words that compiled content holds by itself, in the language of the content (which need not be the reader's)."""

from collections.abc import Mapping

LANGS = ("vi", "zh", "en")
CALLOUTS = ("danger", "warning", "caution", "mandatory", "prohibited", "first-aid", "note")

CALLOUT_TITLES: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "danger": "Nguy hiểm",
        "warning": "Cảnh báo",
        "caution": "Cẩn thận",
        "mandatory": "Bắt buộc",
        "prohibited": "Cấm",
        "first-aid": "Sơ cứu",
        "note": "Ghi chú",
    },
    "zh": {"danger": "危险", "warning": "警告", "caution": "小心", "mandatory": "必须", "prohibited": "禁止", "first-aid": "急救", "note": "注意"},
    "en": {
        "danger": "Danger",
        "warning": "Warning",
        "caution": "Caution",
        "mandatory": "You must",
        "prohibited": "Forbidden",
        "first-aid": "First aid",
        "note": "Note",
    },
}

SELF_CHECK: Mapping[str, Mapping[str, str]] = {
    "vi": {"title": "Tự kiểm tra", "one": "Chọn một câu.", "many": "Chọn mọi câu đúng.", "show": "Xem đáp án", "right": "Đúng"},
    "zh": {"title": "自测", "one": "选一项。", "many": "选出所有正确的选项。", "show": "看答案", "right": "正确"},
    "en": {"title": "Check yourself", "one": "Choose one.", "many": "Choose all that are right.", "show": "Show the answer", "right": "Right"},
}
FOOTNOTES_BACK: Mapping[str, str] = {"vi": "Về chỗ đang đọc", "zh": "返回正文", "en": "Back to the text"}
