"""How trainers number questions and choices, and how they mark what is right: in Vietnamese, Chinese and English."""

import re
from dataclasses import dataclass

from lms.content.interchange.word.rich import Rich

WORDED = re.compile(
    r"\s*(?:Câu(?:\s+hỏi)?(?:\s+số)?|CÂU(?:\s+HỎI)?|Question|QUESTION|Q|Bài|题目?|问题|第)\s*(?P<n>\d{1,4})\s*(?:题)?(?P<end>\s*[:.)、．。：/-]|\s|$)",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"\s*[(（]?(?:\d{1,2}\.)?(?P<n>\d{1,4})\s*(?:[.．、](?!\d)|[)）]|[:：])\s*")
OPTION = re.compile(
    r"(?:^|(?<=[\s;；,，。.?？!:：)）]))(?P<star>[*＊✓✔√☑]\s*)?[(（\[]?(?P<letter>[A-Ha-h])(?:\s*[.．、:：)）\]/](?![A-Za-z]\.)|(?=\s+[-–]\s)|(?=[-–]\s))\s*[-–]?\s*(?=\S|$)"
)
LETTERS = r"[A-Ha-h](?:\s*(?:[,，;；、&+/]|và|and|和|-)?\s*[A-Ha-h])*"
ANSWER = re.compile(
    r"\s*[\[(（【]?\s*(?:=>|→|⇒)?\s*(?:(?:phương\s+án|câu)\s+đúng|đáp\s*án(?:\s*đúng)?|trả\s+lời(?:\s+đúng)?|đ\s*[/.]\s*a\.?|đa|chọn|correct\s+answers?|answers?|ans|key|"
    r"(?:正确|参考|标准)?答案|正确选项)\s*(?:là|is|为|是)?\s*[:：.=]?\s*(?:câu|phương án)?\s*(?P<said>.*?)\s*[\])）】]?\s*$",
    re.IGNORECASE,
)
KEY_WORD = re.compile(r"\s*[\[(（【]?\s*(?:đáp\s*án|đ\s*[/.]\s*a|correct|answer|key|(?:正确|参考|标准)?答案|正确选项)", re.IGNORECASE)
ONLY_LETTERS = re.compile(rf"[(（\[]?\s*(?P<letters>{LETTERS})\s*[)）\]]?\s*[.。]?(?P<rest>\s*[:：.)、-].*)?$")
LETTERS_ALONE = re.compile(rf"\s*[\[(（【]\s*(?P<said>{LETTERS})\s*[\])）】]\s*$")
"""An answer line that is nothing but letters in brackets."""

EXPLAINED = re.compile(
    r"\s*(?:giải\s+thích|lời\s+giải|hướng\s+dẫn(?:\s+giải)?|căn\s+cứ|explanation|rationale|解析|说明|解释)\s*[:：]\s*(?P<said>.*)$", re.IGNORECASE
)
KEY_HEAD = re.compile(
    r"\s*(?:[-–=*•]\s*)?(?:(?:bảng|phần|phiếu)?\s*đáp\s*án(?:\s+(?:trắc\s+nghiệm|và\s+.{0,30}|các\s+câu.{0,20}|đúng|chi\s+tiết|đề.{0,30}))?|answer\s+(?:key|table|sheet)|answers|key|"
    r"(?:参考|标准)?答案(?:表|如下|部分)?)\s*[:：.]?\s*$",
    re.IGNORECASE,
)
PAIR = re.compile(rf"(?:câu|question|第)?\s*(?P<n>\d{{1,4}})\s*(?:题)?\s*[-–—.:：)、/=\s→]?\s*(?P<letters>{LETTERS})(?![\w])", re.IGNORECASE)
BRACKETED = re.compile(r"[(（]\s*(?P<letters>[A-H](?:\s*[,，、]?\s*[A-H])*)\s*[)）]")
BLANK = re.compile(r"[(（]\s*[)）]|_{3,}|…{2,}|\.{5,}")
RIGHT = re.compile(r"\s*(?:[(（\[]\s*(?:đ|đúng|x|✓|✔|√|☑|true|correct|对|正确)\s*[)）\]]|[✓✔√☑])\s*", re.IGNORECASE)
WRONG = re.compile(r"\s*(?:[(（\[]\s*(?:s|sai|✗|×|☒|false|wrong|错|错误)\s*[)）\]]|[✗✘☒☐])\s*", re.IGNORECASE)
STARS = re.compile(r"^\s*[*＊]+\s*|\s*[*＊]+\s*$")
TRUE_WORDS = re.compile(r"\s*(?P<yes>đúng|đ|true|t|对|正确|√|✓)?(?P<no>sai|s|false|f|错|错误|×|✗)?\s*[.。]?\s*$", re.IGNORECASE)
SECTION = re.compile(
    r"\s*(?:(?:phần|chương|mục|nhóm|part|section|chapter)\s+[\dIVXA-H]+\b|[IVX]{1,5}\s*[.．、:)]|第[一二三四五六七八九十\d]+[部章节篇]|[一二三四五六七八九十]+\s*[、.．])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Start:
    """The start of a question: its number, if one is written, and where its text begins."""

    number: int | None
    end: int


def letters_of(text: str) -> str:
    """The letters of an answer, capital, each once: 'a, C' is 'AC'."""
    return "".join(dict.fromkeys(re.sub(r"(?i)và|and|[^A-Ha-h]", "", text).upper()))


def cut_options(rich: Rich, expected: int) -> tuple[Rich, list[tuple[str, Rich, str]]]:
    """A paragraph as what stands before its choices, and the choices (letter, text with its label taken off, star before it).

    Only letters that go on from the one that is expected (0 for A) count; in the middle of a line a choice needs a neighbour.
    """
    found: list[re.Match[str]] = []
    plain, want, case = rich.plain, expected, ""
    for match in OPTION.finditer(plain):
        letter = match["letter"]
        if ord(letter.upper()) - 65 == want and (not case or letter.isupper() == case.isupper()):
            found.append(match)
            want, case = want + 1, letter
    if not found or (
        found[0].start() > 0 and plain[: found[0].start()].strip() and len(found) < 2 and "\n" not in plain[found[0].start() - 1 : found[0].start()]  # noqa: PLR2004
    ):
        return rich, []
    ends = [*(match.start() for match in found[1:]), len(plain)]
    return rich.cut(0, found[0].start()), [(m["letter"].upper(), rich.cut(m.end(), end), m["star"] or "") for m, end in zip(found, ends, strict=True)]
