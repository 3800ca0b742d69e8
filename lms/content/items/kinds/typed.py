"""Texts to type: a short answer, `= text`, and gaps in running text, `[[text]]`."""

from collections.abc import Sequence

from lms.content.catalogue import Blank
from lms.content.digests import digest_json
from lms.content.items.drafts import ItemDraft
from lms.content.items.gaps import Gap, check_accepted, find_gaps, put_in, replaced
from lms.content.items.kinds.form import Form, Made
from lms.content.items.numbers import begins_with_number
from lms.content.items.written import ByLang, Texts, Written, lines_asked
from lms.content.source.problems import Findings
from lms.platform.rules import phrase


def check_short(item: ItemDraft, found: Findings) -> None:
    """Answers with a text, and none that was meant as a number."""
    accepted = _accepted(item)
    check_accepted(accepted, item.answers[0].place, found)
    for answer in item.answers:
        if begins_with_number(answer.text) and "text" not in item.flags and len(item.answers) == 1:
            message = phrase("This answer begins with a number, but is compared as a text: %(text)s", text=answer.text[:60])
            hint = phrase("For a number put a blank before its unit: `= 85 dBA`. If a text is meant, write .text in the braces.")
            found.warning(answer.place, "answer-number", message, hint)


def alike_short(_item: ItemDraft) -> Sequence[object]:
    """A translation has its own answers, as many as it likes."""
    return []


def make_short(written: ByLang, source_lang: str, texts: Texts) -> Made:
    """One blank that takes the answers of every language."""
    accepted = {lang: made for lang, one in written.items() if (made := _accepted(one.draft))}
    for lang, one in written.items():
        if lang not in accepted:
            message = phrase("The translation has no answer of its own; only those of the other languages are right.")
            texts.found.warning(one.draft.place, "translation-answer", message, phrase("Write `= answer` in this language, or repeat that of the source."))
        elif lang != source_lang:
            check_accepted(accepted[lang], one.draft.answers[0].place, texts.found)
    blank = _blank(accepted, written[source_lang].draft)
    return Made({"blanks": (blank,)}, _right([blank]), {lang: [] for lang in written})


def check_gaps(item: ItemDraft, found: Findings) -> None:
    """Gaps that are closed and have answers."""
    find_gaps(item.asked, found)


def alike_gaps(item: ItemDraft) -> Sequence[object]:
    """As many gaps."""
    return ["gap"] * len(find_gaps(item.asked, Findings()))


def make_gaps(written: ByLang, source_lang: str, texts: Texts) -> Made:
    """The prompt with an element for each gap, and the blanks in the order of the source."""
    gaps = {lang: find_gaps(one.draft.asked, Findings() if lang == source_lang else texts.found) for lang, one in written.items()}
    count = len(gaps[source_lang])
    blanks = [_blank({lang: gap.accepted for lang, many in gaps.items() for gap in many if gap.number == n}, written[source_lang].draft) for n in range(count)]
    prompt = {lang: made for lang, one in written.items() if (made := _prompt(one, gaps[lang], texts)) is not None}
    asked = {lang: replaced(one.draft.asked, gaps[lang], "gap") for lang, one in written.items()}
    return Made({"blanks": tuple(blanks), "prompt": prompt}, _right(blanks), {lang: [] for lang in written}, asked)


def _prompt(one: Written, gaps: Sequence[Gap], texts: Texts) -> str | None:
    token = "lmsgap" + digest_json(lines_asked(one.draft))[:20]
    made = put_in(texts.prompt(one.text, replaced(one.draft.asked, gaps, token)), token, len(gaps))
    if made is None:
        message = phrase("A gap stands in running text, not in a link, in code or in the text of a picture.")
        texts.found.error(gaps[0].place, "gap-place", message, phrase("Write the sentence with the gap as a paragraph of its own."))
    return made


def _accepted(item: ItemDraft) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(answer.text.split()) for answer in item.answers))


def _blank(accepted: dict[str, tuple[str, ...]], item: ItemDraft) -> Blank:
    return Blank(accepted, keep_accents="accents" in item.flags, keep_case="capitals" in item.flags)


def _right(blanks: Sequence[Blank]) -> list[object]:
    return [[{lang: sorted(many) for lang, many in blank.accepted.items()}, blank.keep_accents, blank.keep_case] for blank in blanks]


SHORT = Form(check_short, alike_short, make_short)
GAPS = Form(check_gaps, alike_gaps, make_gaps)
