"""A text to write, marked by a person with a rubric: `- 40% what is looked for`."""

from collections.abc import Sequence

from lms.content.catalogue import Criterion
from lms.content.items.drafts import ItemDraft
from lms.content.items.kinds.form import MAX_CHOICES, Form, Made
from lms.content.items.written import ByLang, Texts
from lms.content.source.problems import Findings
from lms.platform.rules import phrase

WHOLE = 100


def check(item: ItemDraft, found: Findings) -> None:
    """Lines with a text and a share, together 100 percent."""
    for line in item.rubric:
        if not line.text or not 1 <= line.percent <= WHOLE:
            message = phrase("A line of the rubric has a share from 1 to 100 percent and says what is looked for.")
            found.error(line.place, "rubric-line", message, phrase("Write `- 40% names the hazards`."))
    total = sum(line.percent for line in item.rubric)
    if total != WHOLE:
        message = phrase("The rubric adds up to %(n)s percent, not 100.", n=total)
        hint = phrase("Below `.essay` stand lines like `- 40% names the hazards`, together 100%.")
        found.error(item.rubric[0].place if item.rubric else item.place, "rubric-sum", message, hint)
    if len(item.rubric) > MAX_CHOICES:
        found.error(item.rubric[MAX_CHOICES].place, "item-many-choices", phrase("An item has at most %(n)s choices.", n=MAX_CHOICES))


def alike(item: ItemDraft) -> Sequence[object]:
    """As many lines in the rubric."""
    return ["criterion"] * len(item.rubric)


def make(written: ByLang, source_lang: str, texts: Texts) -> Made:
    """The rubric with the shares of the source."""
    source = written[source_lang].draft.rubric
    for lang, one in written.items():
        for mine, theirs in zip(one.draft.rubric, source, strict=True):
            if lang != source_lang and mine.percent != theirs.percent:
                message = phrase("The translation gives another share than the source, %(n)s%%; that of the source holds.", n=theirs.percent)
                texts.found.warning(mine.place, "translation-key", message, phrase("Write the share of the source here."))
    words = [{lang: " ".join(one.draft.rubric[n].text.split()) for lang, one in written.items()} for n in range(len(source))]
    rubric = tuple(Criterion(text, line.percent) for text, line in zip(words, source, strict=True))
    return Made({"rubric": rubric}, [[line.percent for line in source]], {lang: [] for lang in written}, more=[words])


FORM = Form(check, alike, make)
