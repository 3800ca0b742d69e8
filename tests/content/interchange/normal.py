"""Banks made comparable: what is written differently and means the same."""

from dataclasses import replace

from lms.content.interchange.model import Bank, BankItem
from lms.content.interchange.to_html import to_plain


def normalised(bank: Bank) -> Bank:
    """Without title and pictures; points of 1 are not written; a body is what it shows, because a line that looks like an answer is written with a code."""
    return Bank(bank.lang, tuple(_item(item) for item in bank.items))


def _item(item: BankItem) -> BankItem:
    attributes = {key: value for key, value in item.attributes.items() if not (key == "points" and value == "1")}
    return replace(item, attributes=attributes, body=to_plain(item.body, "vi"), parts=tuple(_item(part) for part in item.parts))
