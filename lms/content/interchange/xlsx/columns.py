"""The columns of the sheet: their keys, their headers in three languages, and what people call them otherwise."""

import re
from collections.abc import Mapping

from lms.content.items.folding import folded
from lms.platform.rules import Phrase, phrase

LETTERS = "ABCDEFGHIJ"
HEADERS: Mapping[str, Mapping[str, str]] = {
    "id": {"vi": "Mã", "zh": "编号", "en": "Id"},
    "kind": {"vi": "Loại", "zh": "题型", "en": "Kind"},
    "question": {"vi": "Câu hỏi", "zh": "题目", "en": "Question"},
    "body": {"vi": "Nội dung thêm", "zh": "补充内容", "en": "More text"},
    "answer": {"vi": "Đáp án đúng", "zh": "正确答案", "en": "Right answer"},
    "explanation": {"vi": "Giải thích", "zh": "解析", "en": "Explanation"},
    "points": {"vi": "Điểm", "zh": "分值", "en": "Points"},
    "difficulty": {"vi": "Độ khó", "zh": "难度", "en": "Difficulty"},
    "topic": {"vi": "Chủ đề", "zh": "主题", "en": "Topic"},
    "tags": {"vi": "Nhãn", "zh": "标签", "en": "Tags"},
    "basis": {"vi": "Căn cứ", "zh": "依据", "en": "Basis"},
    "source": {"vi": "Nguồn", "zh": "来源", "en": "Source"},
    "marks": {"vi": "Dấu", "zh": "标记", "en": "Marks"},
    "case": {"vi": "Tình huống", "zh": "案例", "en": "Case"},
}
FEEDBACK = {"vi": "Phản hồi", "zh": "反馈", "en": "Feedback"}
OTHER: Mapping[str, tuple[str, ...]] = {
    "id": ("ID", "Mã câu hỏi", "idnumber"),
    "kind": ("Loại câu hỏi", "Dạng", "类型", "Type", "Question type"),
    "question": ("Nội dung", "Nội dung câu hỏi", "Câu hỏi trắc nghiệm", "问题", "题干", "试题", "Question text", "Text"),
    "answer": ("Đáp án", "Trả lời", "Câu trả lời đúng", "ĐA", "答案", "Answer", "Correct", "Correct answer", "Key"),
    "explanation": ("Lời giải", "Hướng dẫn giải", "说明", "Rationale"),
    "points": ("Thang điểm", "分数", "Score"),
    "difficulty": ("Mức độ", "Level"),
    "tags": ("Từ khóa", "Thẻ", "关键词", "Keywords"),
    "basis": ("Căn cứ pháp lý", "法律依据", "Legal basis"),
}
LETTERED = re.compile(r"(?:phuongan|dapan|luachon|cautraloi|选项|答案|option|choice|answer)?(?P<letter>[a-j])$")
TOLD = re.compile(r"(?:phanhoi|反馈|feedback)(?P<letter>[a-j])$")
KINDS: Mapping[str, Mapping[str, str]] = {
    "single": {"vi": "một đáp án", "zh": "单选", "en": "single"},
    "multiple": {"vi": "nhiều đáp án", "zh": "多选", "en": "multiple"},
    "numeric": {"vi": "số", "zh": "数值", "en": "numeric"},
    "short": {"vi": "trả lời ngắn", "zh": "简答", "en": "short"},
    "ordering": {"vi": "sắp xếp", "zh": "排序", "en": "ordering"},
    "matching": {"vi": "ghép đôi", "zh": "配对", "en": "matching"},
    "gaps": {"vi": "điền chỗ trống", "zh": "填空", "en": "gaps"},
    "hotspot": {"vi": "tìm trong hình", "zh": "图中找点", "en": "hotspot"},
    "essay": {"vi": "tự luận", "zh": "论述", "en": "essay"},
    "case": {"vi": "tình huống", "zh": "案例", "en": "case"},
}
OTHER_KINDS = {
    "trac nghiem": "single",
    "mot lua chon": "single",
    "单选题": "single",
    "nhieu lua chon": "multiple",
    "多选题": "multiple",
    "填空题": "gaps",
    "单项选择题": "single",
    "多项选择题": "multiple",
}
EXAMPLES = {"vi": "Ví dụ", "zh": "示例", "en": "Examples"}
GUIDE = {"vi": "Hướng dẫn", "zh": "说明", "en": "Guide"}
SHEET = {"vi": "Câu hỏi", "zh": "题目", "en": "Questions"}
_names = {folded(name): key for key, words in HEADERS.items() for name in (key, *words.values(), *OTHER.get(key, ()))}
_kinds = {folded(name): kind for kind, words in KINDS.items() for name in (kind, *words.values())} | {folded(name): kind for name, kind in OTHER_KINDS.items()}
MEANING: Mapping[str, Phrase] = {
    "id": phrase("Leave it empty: the import gives each question an id."),
    "kind": phrase("One of the kinds below. Empty: told by the answer."),
    "question": phrase("The question in one line. Markdown may be used; gaps are written [[right|also right]]."),
    "body": phrase("What stands below the question: more lines, a table, a picture ![what is seen](img/name.png)."),
    "A": phrase("A to J: the choices; steps in order; pairs left => right; accepted texts; regions name (10,20 30x15); rubric lines 40% text."),
    "answer": phrase("The letters of what is right: B, or A, C; with shares A=50%, C=50%. A number: 85 ± 1 dBA."),
    "explanation": phrase("Why it is right."),
    "points": phrase("A whole number from 1 to 100; empty is 1."),
    "difficulty": phrase("1, 2 or 3; empty is 1."),
    "topic": phrase("One word; empty: the name of the bank."),
    "tags": phrase("Words for drawing papers, parted by commas."),
    "basis": phrase("The law or rule it rests on, ending in [S], [D], [S2], [K] or [site]."),
    "source": phrase("Sources of good practice, parted by semicolons."),
    "marks": phrase("critical, partial, void, accept, accents, capitals, text: one or more, parted by blanks."),
    "case": phrase("The id of the row with the case that this question belongs to."),
    "feedback": phrase("Shown to those who chose A, B and so on."),
}


def key_of(header: str) -> str:
    """The key of a column by its header: 'question', 'A', 'feedback A'; empty for a column that is not known."""
    name = folded(header)
    told, lettered = TOLD.match(name), LETTERED.match(name)
    if name in _names:
        return _names[name]
    if told:
        return f"feedback {told['letter'].upper()}"
    return lettered["letter"].upper() if lettered else ""


def kind_of(word: str) -> str:
    """A kind by its name in any of the languages; empty for one that is not known."""
    return _kinds.get(folded(word), "")


def header_of(key: str, lang: str) -> str:
    """The header of a column."""
    if key.startswith("feedback "):
        return f"{FEEDBACK[lang]} {key[-1]}"
    return HEADERS[key][lang] if key in HEADERS else key
