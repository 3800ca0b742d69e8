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
    "vi": {
        "title": "Tự kiểm tra",
        "one": "Chọn một câu.",
        "many": "Chọn mọi câu đúng.",
        "number": "Gõ một số.",
        "text": "Gõ câu trả lời.",
        "gaps": "Điền vào chỗ trống.",
        "order": "Đánh số theo thứ tự đúng.",
        "match": "Chọn chữ cái phù hợp cho mỗi dòng.",
        "spots": "Tìm trong hình, rồi đánh dấu.",
        "essay": "Viết câu trả lời, rồi so với các ý chính.",
        "gap": "Chỗ trống",
        "place": "Thứ tự",
        "pair": "Chữ cái phù hợp",
        "show": "Xem đáp án",
        "right": "Đúng",
    },
    "zh": {
        "title": "自测",
        "one": "选一项。",
        "many": "选出所有正确的选项。",
        "number": "输入一个数。",
        "text": "输入答案。",
        "gaps": "填空。",
        "order": "按正确的顺序编号。",
        "match": "为每一行选出对应的字母。",
        "spots": "在图中找出，然后勾选。",
        "essay": "写下答案，再与要点对照。",
        "gap": "空",
        "place": "顺序",
        "pair": "对应的字母",
        "show": "看答案",
        "right": "正确",
    },
    "en": {
        "title": "Check yourself",
        "one": "Choose one.",
        "many": "Choose all that are right.",
        "number": "Type a number.",
        "text": "Type the answer.",
        "gaps": "Fill the gaps.",
        "order": "Number the lines in the right order.",
        "match": "Choose the letter that belongs to each line.",
        "spots": "Find them in the picture, then tick them.",
        "essay": "Write your answer, then compare it with the main points.",
        "gap": "Gap",
        "place": "Place",
        "pair": "Letter that belongs to it",
        "show": "Show the answer",
        "right": "Right",
    },
}
FOOTNOTES_BACK: Mapping[str, str] = {"vi": "Về chỗ đang đọc", "zh": "返回正文", "en": "Back to the text"}
