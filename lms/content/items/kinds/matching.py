"""Pairs to find: a table of two columns; a row without a left side is a right side that belongs to nothing."""

from collections.abc import Sequence

from lms.content.catalogue import Choice
from lms.content.items.drafts import ItemDraft, RowDraft
from lms.content.items.kinds.form import MAX_CHOICES, Form, Made, check_count, hidden_letters, letter, ranks_of
from lms.content.items.written import ByLang, Texts, Written
from lms.content.source.plain import digest_text
from lms.content.source.problems import Findings
from lms.platform.rules import phrase

MAX_TARGETS = 14


def check(item: ItemDraft, found: Findings) -> None:
    """Two left sides at least; every side stands once."""
    check_count(item, _lefts(item), found, MAX_CHOICES)
    if len(item.rows) > MAX_TARGETS:
        found.error(item.rows[MAX_TARGETS].place, "item-many-choices", phrase("An item has at most %(n)s choices.", n=MAX_TARGETS))
    lefts: dict[str, int] = {}
    rights: dict[str, int] = {}
    for row in item.rows:
        left, right = digest_text([row.left]), digest_text([row.right])
        if left in lefts:
            found.error(row.place, "item-same-choice", phrase("The same choice stands in line %(line)s.", line=lefts[left]))
        if right and right in rights:
            message = phrase("The right side of this row stands also in line %(line)s: nobody could tell them apart.", line=rights[right])
            found.error(row.place, "match-same-right", message, phrase("Word the two differently, or ask for one of them only."))
        if left:
            lefts.setdefault(left, row.place.line)
        rights.setdefault(right, row.place.line)


def alike(item: ItemDraft) -> Sequence[object]:
    """As many rows, with the spare ones in the same places."""
    return [bool(row.left) for row in item.rows]


def make(written: ByLang, source_lang: str, texts: Texts) -> Made:
    """Left sides lettered in the order of the file, right sides with letters that tell nothing; `pairs` is the key.

    The key digest rests on the right sides' places in the alphabet, so that rewording keeps it and exchanging two changes it.
    """
    source = written[source_lang].draft
    rights = [digest_text([row.right]) for row in source.rows]
    letters, ranks = hidden_letters(source.id, rights), ranks_of(rights)
    places = [n for n, row in enumerate(source.rows) if row.left]
    choices = tuple(_side(letter(n), {lang: one.draft.rows[at].left for lang, one in written.items()}, written, texts) for n, at in enumerate(places))
    targets = (_side(one, {lang: w.draft.rows[at].right for lang, w in written.items()}, written, texts) for at, one in enumerate(letters))
    heads = [_heads(written, texts, side) for side in ("left", "right")] if source.columns else []
    return Made(
        {
            "choices": choices,
            "targets": tuple(sorted(targets, key=lambda choice: choice.letter)),
            "pairs": {letter(n): letters[at] for n, at in enumerate(places)},
            "columns": tuple(heads),
        },
        [[ranks[at] for at in places]],
        {lang: _shown(one, texts) for lang, one in written.items()},
    )


def _lefts(item: ItemDraft) -> list[RowDraft]:
    return [row for row in item.rows if row.left]


def _side(name: str, words: dict[str, str], written: ByLang, texts: Texts) -> Choice:
    return Choice(name, {lang: texts.html(written[lang].text, [text], inline=True) for lang, text in words.items()}, {}, correct=False)


def _heads(written: ByLang, texts: Texts, side: str) -> dict[str, str]:
    return {lang: texts.html(one.text, [getattr(one.draft.columns, side)], inline=True) for lang, one in written.items() if one.draft.columns}


def _shown(one: Written, texts: Texts) -> list[object]:
    rows = [*([one.draft.columns] if one.draft.columns else []), *one.draft.rows]
    cells = [cell for row in rows for cell in (row.left, row.right)]
    return [[digest_text([cell]) for cell in cells], bool(one.draft.columns), texts.pictures(one.text, cells)]


FORM = Form(check, alike, make)
