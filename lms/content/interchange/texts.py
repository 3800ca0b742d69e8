"""Texts from outside as header, body and answers of ours; and words that an import has to add in the bank's language."""

import re

from lms.content.markup.rendering import FENCE

TODO = {"vi": "CẦN SỬA", "zh": "待修改", "en": "TO DO"}
SEE = {"vi": "Xem hình và trả lời.", "zh": "看图回答。", "en": "Look at the picture and answer."}
TRUE_FALSE = {"vi": ("Đúng", "Sai"), "zh": ("对", "错"), "en": ("True", "False")}
BLOCK = re.compile(r"\s*(?:!\[[^\]]*\]\([^)]*\)\s*$|[-+*>|]\s|\||\d{1,3}[.)]\s|:\s|-{3,}$)")
MAX_HEADER = 2000


def split_text(whole: str, lang: str, name: str = "") -> tuple[str, str]:
    """Header and body of a text: the first paragraph is the header where it is one; else the name, else a few words of ours."""
    paragraphs = re.split(r"\n\s*\n", whole.strip(), maxsplit=1)
    lines = paragraphs[0].split("\n")
    if lines[0].strip() and not any(BLOCK.match(line) or FENCE.match(line) for line in lines) and len(paragraphs[0]) <= MAX_HEADER:
        return " ".join(line.strip() for line in lines), (paragraphs[1].strip("\n") if len(paragraphs) > 1 else "")
    return name or SEE[lang], whole.strip("\n")


def short_name(plain: str, size: int = 80) -> str:
    """The beginning of a text on one line, for lists of questions."""
    line = " ".join(plain.split())
    return line if len(line) <= size else line[: size - 1].rstrip() + "…"
