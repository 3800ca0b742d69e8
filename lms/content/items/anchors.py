"""Choices that speak of the other choices: they stay last when choices are mixed, and name none of them by its letter."""

import re
from collections.abc import Iterable

from lms.content.items.drafts import ItemDraft
from lms.content.source.problems import Findings
from lms.platform.rules import phrase

ABOUT_ALL = re.compile(
    r"(tất cả|cả (hai|ba|bốn|năm|\d)|mọi|không có|không) (các |những )?(đáp án|phương án|ý|câu|lựa chọn)\b.*\b(trên|đúng|sai|nào)\b"
    r"|^(tất cả|cả (hai|ba|bốn|năm|\d)) (đều|điều) (đúng|sai)\b"
    r"|\b(all|none|both|any|neither) of (the|these)( above| answers| choices| options)?\.?$"
    r"|(以上|上述)(都|皆|均|全)?(是|对|正确|不对|不是|错误|说法)|(以上|上述)(都|皆|均)?(不|没)",
    re.IGNORECASE,
)
"""'All of the above', 'none of these' and the like in the three languages."""

LETTERS = re.compile(
    r"^(cả|chỉ|gồm|both|only|choices?|answers?|options?|đáp án|phương án|ý|câu)?\s*\(?[a-h]\)?"
    r"(\s*(,|;|/|\+|&|、|，|và|hoặc|and|or|和|与|或)\s*\(?[a-h]\)?)+"
    r"(\s+(đều )?(đúng|sai|are (right|correct|wrong))|都对|都是|正确)?\s*\.?$",
    re.IGNORECASE,
)
"""'Both A and B', 'cả A và B đều đúng', 'A和B'."""


def check_anchors(items: Iterable[ItemDraft], found: Findings) -> None:
    """Note choices to tick that make no sense wherever chance puts them."""
    for choice in (choice for item in items for choice in item.choices if choice.kind != "part"):
        text = " ".join(" ".join(choice.text).split())
        if LETTERS.search(text):
            message = phrase("“%(text)s” names choices by letters, and papers show them mixed and without letters.", text=text[:60])
            found.warning(choice.place, "choice-letters", message, phrase("Write what is meant in words, or let several choices be ticked: [x]."))
        elif ABOUT_ALL.search(text) and not choice.fixed:
            message = phrase("“%(text)s” speaks of the other choices, but may be shown above them.", text=text[:60])
            found.warning(choice.place, "choice-not-fixed", message, phrase("Write {.fixed} behind it: it then stays last."))
