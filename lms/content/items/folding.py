"""Texts folded to what is left of them without case, accents, signs and blanks: to find what was written twice."""

import hashlib
import unicodedata

from lms.content.items.drafts import ItemDraft

FOLDED = str.maketrans({"đ": "d", "Đ": "d", "ß": "ss"})


def folded(text: str) -> str:
    """Letters and digits only, without case, width and accents; Vietnamese đ is d."""
    parts = unicodedata.normalize("NFKD", text.translate(FOLDED).casefold())
    return "".join(sign for sign in parts if sign.isalnum())


def likeness(item: ItemDraft) -> str:
    """What two items have alike that ask the same with the same choices, in whatever order, case or spelling of accents."""
    choices = [" ".join(choice.text) for choice in item.choices] + [f"{row.left}{row.right}" for row in item.rows]
    asked = folded(item.text + "".join(item.body))
    texts = [asked, *sorted(folded(text) for text in choices)] if item.kind != "ordering" else [asked, *(folded(text) for text in choices)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
