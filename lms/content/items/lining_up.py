"""Whether a translation of an item lines up with its source."""

from collections.abc import Sequence

from lms.content.items.drafts import ItemDraft
from lms.content.items.heads import TRANSLATED
from lms.content.items.kinds.form import check_texts
from lms.content.items.kinds.registry import FORMS
from lms.content.source.problems import Findings
from lms.platform.rules import phrase

HOW = {
    "ordering": phrase("Same number of numbered lines, in the same order."),
    "matching": phrase("Same number of rows in the same order; the left cell is empty where that of the source is."),
    "gaps": phrase("Same number of gaps. Where they stand in another order, number them as the source has them: [[#2 answer]]."),
    "essay": phrase("Same number of lines in the rubric, with the same percents."),
}


def lines_up(item: ItemDraft, source: ItemDraft, found: Findings) -> bool:
    """Whether a translation has the same structure; what it says that only the source may say is noted."""
    for choice in item.choices:
        if choice.right or choice.percent is not None:
            message = phrase("The translation marks an answer; only the file of the source language does that.")
            found.warning(choice.place, "translation-key", message, phrase("Leave the bracket empty."))
    check_texts(item.choices, found)
    for key, (_, place) in item.attributes.items():
        if key not in TRANSLATED:
            message = phrase("%(key)s is read from the source language only.", key=key)
            found.warning(place, "translation-attribute", message, phrase("Leave it out here."))
    if (item.case.id if item.case else "") != (source.case.id if source.case else ""):
        message = phrase("The item belongs to another case than in the source: %(case)s there.", case=source.case.id if source.case else "–")
        hint = phrase("Repeat the case with its id and mark, `## Title {#id .case}`, and its items below it with ###.")
        found.error(item.place, "translation-case", message, hint)
        return False
    form = FORMS[source.kind]
    mine, theirs = form.alike(item), form.alike(source)
    if item.kind == source.kind and list(mine) == list(theirs):
        return True
    message = phrase(
        "The choices do not line up with the source: %(mine)s here, %(theirs)s in line %(line)s of the source.",
        mine=_count(mine),
        theirs=_count(theirs),
        line=source.place.line,
    )
    found.error(item.place, "translation-choices", message, HOW.get(source.kind, phrase("Same number, same order, same kind of brackets.")))
    return False


def _count(parts: Sequence[object]) -> str:
    brackets = {"single": " × ( )", "multiple": " × [ ]"}
    return f"{len(parts)}{next((brackets[str(part)] for part in parts if str(part) in brackets), '')}"
