"""Parts to put in order: a numbered list, written as it is right."""

from collections.abc import Sequence

from lms.content.items.drafts import ItemDraft
from lms.content.items.kinds.form import Form, Made, check_count, check_texts, choice_of, hidden_letters, ranks_of, text_of
from lms.content.items.written import ByLang, Texts
from lms.content.source.problems import Findings


def check(item: ItemDraft, found: Findings) -> None:
    """Two parts at least, each with a text of its own."""
    check_count(item, item.choices, found)
    check_texts(item.choices, found)


def alike(item: ItemDraft) -> Sequence[object]:
    """As many parts."""
    return [choice.kind for choice in item.choices]


def make(written: ByLang, source_lang: str, texts: Texts) -> Made:
    """Parts with letters that tell nothing, in the order of the letters; `order` has them as is right.

    The key is the order of the parts' places in the alphabet, by their names where they have any: rewording keeps it, exchanging two changes it.
    """
    source = written[source_lang].draft
    words = [text_of(choice) for choice in source.choices]
    letters = hidden_letters(source.id, words)
    choices = (choice_of(one, n, written, source_lang, texts) for n, one in enumerate(letters))
    shown: dict[str, list[object]] = {lang: [[text_of(choice) for choice in one.draft.choices]] for lang, one in written.items()}
    names = [choice.name or text for choice, text in zip(source.choices, words, strict=True)]
    fields = {"choices": tuple(sorted(choices, key=lambda choice: choice.letter)), "order": "".join(letters)}
    return Made(fields, [ranks_of(names)], shown)


FORM = Form(check, alike, make)
