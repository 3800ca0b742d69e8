"""A number to type: `= 85 ± 1 dBA`."""

from collections.abc import Sequence

from lms.content.catalogue import Number
from lms.content.items.drafts import ItemDraft, LineDraft
from lms.content.items.kinds.form import Form, Made
from lms.content.items.numbers import Written, has_tolerance, read_number, read_unit
from lms.content.items.written import ByLang, Texts
from lms.content.source.problems import Findings
from lms.platform.rules import phrase


def check(item: ItemDraft, found: Findings) -> None:
    """One number that can be read."""
    if len(item.answers) > 1:
        message = phrase("An item has one right number; the first is in line %(line)s.", line=item.answers[0].place.line)
        found.error(item.answers[1].place, "number-several", message, phrase("Ask for one number, or write .text in the braces and accept several texts."))
    read_number(item.answers[0].text, item.answers[0].place, found)


def alike(_item: ItemDraft) -> Sequence[object]:
    """A translation need not repeat the number."""
    return []


def make(written: ByLang, source_lang: str, texts: Texts) -> Made:
    """The number of the source with the unit of each language; where a translation has none, the source's holds."""
    source = written[source_lang].draft.answers[0]
    number = read_number(source.text, source.place, Findings())
    assert number is not None
    units = {source_lang: number.unit} if number.unit else {}
    for lang, one in written.items():
        if lang == source_lang:
            continue
        answer = one.draft.answers[0] if one.draft.answers else None
        unit = read_unit(answer.text) if answer else ""
        if unit:
            units[lang] = unit
        elif number.unit:
            message = phrase("The translation has no unit; readers see that of the source: %(unit)s.", unit=number.unit)
            texts.found.warning(one.draft.place, "translation-unit", message, phrase("Write `= %(unit)s` with the unit in this language.", unit=number.unit))
        if answer:
            _compare(answer, number, texts.found)
    fields = {"number": Number(number.value, number.tolerance, number.relative, units)}
    return Made(fields, [number.value, number.tolerance, number.relative], {lang: [units.get(lang, "")] for lang in written})


def _compare(answer: LineDraft, number: Written, found: Findings) -> None:
    """A translation that repeats the number repeats the same one."""
    other = read_number(answer.text, answer.place, Findings())
    if other is None:
        return
    near = not has_tolerance(answer.text) or (other.tolerance, other.relative) == (number.tolerance, number.relative)
    if other.value != number.value or not near:
        message = phrase("The translation has another number; only the file of the source language says what is right.")
        found.warning(answer.place, "translation-key", message, phrase("Leave the number out and write the unit only."))


FORM = Form(check, alike, make)
