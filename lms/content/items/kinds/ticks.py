"""Choices to tick: one, or all that are right."""

from collections.abc import Sequence

from lms.content.items.drafts import ChoiceDraft, ItemDraft
from lms.content.items.kinds.form import Form, Made, check_count, check_texts, choice_of, letter, text_of
from lms.content.items.written import ByLang, Texts
from lms.content.source.problems import Findings
from lms.platform.rules import phrase

WHOLE = 100


def check(item: ItemDraft, found: Findings) -> None:
    """Brackets of one kind, a key that can be found, and percents that add up."""
    if len({choice.kind for choice in item.choices}) > 1:
        check_brackets(item.choices, found)
    elif len(item.choices) >= 2 and check_right(item, found):  # noqa: PLR2004
        _check_percents(item, found)
    check_count(item, item.choices, found)
    check_texts(item.choices, found)


def check_brackets(choices: Sequence[ChoiceDraft], found: Findings) -> None:
    """Note the first bracket that is of the other kind."""
    other = next((choice for choice in choices if choice.kind != choices[0].kind), None)
    if other:
        message = phrase("Round and square brackets are mixed in one item.")
        found.error(other.place, "item-brackets", message, phrase("( ) is for one right answer, [ ] for several."))


def check_right(item: ItemDraft, found: Findings) -> bool:
    """At least one choice is right and not all of them, only one in round brackets."""
    right = [choice for choice in item.choices if choice.right]
    if not right:
        hint = phrase("Put an x into the bracket of the right one: (x) or [x].")
        found.error(item.place, "item-no-right", phrase("No choice is marked as right."), hint)
    elif item.choices[0].kind == "single" and len(right) > 1:
        message = phrase(
            "%(n)s choices are marked as right, but round brackets ask for one; the first is in line %(line)s.", n=len(right), line=right[0].place.line
        )
        found.error(right[1].place, "item-several-right", message, phrase("Leave one (x), or write all brackets square: [ ] and [x]."))
    elif len(right) == len(item.choices):
        message = phrase("Every choice is marked as right, so ticking all is enough.")
        found.error(item.place, "item-all-right", message, phrase("Add a choice that is wrong."))
    else:
        return True
    return False


def _check_percents(item: ItemDraft, found: Findings) -> None:
    given = [choice for choice in item.choices if choice.percent is not None]
    if not given:
        return
    if item.kind == "single":
        for choice in given:
            if choice.percent == WHOLE:
                message = phrase("Only the right choice brings 100 percent.")
                found.error(choice.place, "percent-mixed", message, phrase("Write an x for the right one, and less than 100% for one that is half right."))
        return
    crossed = [choice for choice in item.choices if choice.right and choice.percent is None]
    if crossed:
        message = phrase("Crosses and percents are mixed in square brackets.")
        found.error(crossed[0].place, "percent-mixed", message, phrase("Write a percentage for each right choice; together they are 100."))
        return
    percents = [choice.percent or 0 for choice in item.choices]
    right = sum(percent for percent in percents if percent > 0)
    if right != WHOLE:
        message = phrase("The right choices bring %(n)s percent together, not 100.", n=right)
        found.error(given[0].place, "percent-sum", message, phrase("Let the percents above 0 add up to 100."))
    elif sum(percents) > 0:
        message = phrase("Ticking everything would earn %(n)s percent.", n=sum(percents))
        found.error(given[0].place, "percent-all", message, phrase("Let wrong choices cost as much as the right ones bring: [-50%]."))


def alike(item: ItemDraft) -> Sequence[object]:
    """The brackets."""
    return [choice.kind for choice in item.choices]


def make(written: ByLang, source_lang: str, texts: Texts) -> Made:
    """Choices lettered in the order of the file."""
    drafts = written[source_lang].draft.choices
    given = any(draft.percent is not None for draft in drafts)
    single = drafts[0].kind == "single"
    percents = [WHOLE if single and draft.right else draft.percent or 0 for draft in drafts]
    choices = tuple(choice_of(letter(n), n, written, source_lang, texts, percent=percents[n]) for n in range(len(drafts)))
    key: list[object] = [sorted(choice.letter for choice in choices if choice.correct)]
    shown: dict[str, list[object]] = {lang: [[text_of(choice) for choice in one.draft.choices]] for lang, one in written.items()}
    return Made({"choices": choices}, key + ([percents] if given else []), shown)


FORM = Form(check, alike, make)
