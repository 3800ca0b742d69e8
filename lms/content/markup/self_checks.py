"""Self-checks: how an item stands in a lesson, usable without JavaScript: it is answered on the page, and the right answer unfolds."""

import re
from collections.abc import Mapping

from lms.content.catalogue import Choice, Item, Kind
from lms.content.markup.self_check_answers import Saying, answer_of, picture
from lms.content.markup.words import SELF_CHECK

GAP = re.compile(r'<span data-gap="([0-9]+)"></span>')
HOW: Mapping[Kind, str] = {
    "single": "one",
    "multiple": "many",
    "numeric": "number",
    "short": "text",
    "ordering": "order",
    "matching": "match",
    "gaps": "gaps",
    "hotspot": "spots",
    "essay": "essay",
}


def self_check(item: Item, lang: str, source_lang: str, *, keyed: bool = True) -> str:
    """A self-check of a lesson: practice, with the answer folded away in the page. What is not translated stands in the source language.

    keyed: whether it carries what is right and why; without, it is the question alone.
    """
    word = SELF_CHECK[lang]
    say = Saying(lang, source_lang, word)
    key = f' data-self-check="{" ".join(sorted(item.key))}"' if item.key and keyed else ""
    case = f'<div class="self-check-case">{say.html(item.case.prompt)}</div>' if item.case and item.case.place == 1 else ""
    return (
        f'{case}<section class="self-check" id="item-{item.id}"{key}>'
        f'<p class="self-check-title">{word["title"]}</p><div class="self-check-prompt" id="check-{item.id}">{_prompt(item, say)}</div>'
        f'<p class="self-check-how">{word[HOW[item.kind]]}</p>{_form(item, say)}{_answer(item, say) if keyed else ""}</section>'
    )


def _answer(item: Item, say: Saying) -> str:
    """What unfolds: what is right, and why."""
    why = "".join(_note(item, choice, say) for choice in item.choices if say.html(choice.feedback))
    return (
        f'<details class="self-check-answer"><summary>{say.words["show"]}</summary><p class="self-check-right">{say.words["right"]}</p>{answer_of(item, say)}'
        f"{say.html(item.explanation)}{f'<dl>{why}</dl>' if why else ''}</details>"
    )


def _note(item: Item, choice: Choice, say: Saying) -> str:
    """What is said of a choice; one that is wrong is struck through."""
    right = ' class="is-right"' if choice.correct or item.kind == "ordering" else ""
    return f"<dt{right}>{say.html(choice.html)}</dt><dd>{say.html(choice.feedback)}</dd>"


def _prompt(item: Item, say: Saying) -> str:
    """What is asked, with a field in each gap."""

    def gap(found: re.Match[str]) -> str:
        number = int(found[1]) + 1
        return f'<input class="input self-check-gap" type="text" autocomplete="off" autocapitalize="off" aria-label="{say.words["gap"]} {number}">'

    return GAP.sub(gap, say.html(item.prompt)) if item.kind == "gaps" else say.html(item.prompt)


def _form(item: Item, say: Saying) -> str:
    """The fields below the question."""
    match item.kind:
        case "gaps":
            return ""
        case "numeric" | "short" | "essay":
            return _typed(item, say)
        case "ordering":
            rows = "".join(_numbered(item, choice, say) for choice in item.choices)
            return f'<ul class="self-check-rows">{rows}</ul>'
        case "matching":
            return _matched(item, say)
        case "hotspot":
            return picture(item, say, marked=False) + _ticked(item, say)
        case _:
            return _ticked(item, say)


def _ticked(item: Item, say: Saying) -> str:
    kind = "radio" if item.kind == "single" else "checkbox"
    rows = []
    for choice in item.choices:
        name = f"check-{item.id}-{choice.letter}"
        control = f'<input type="{kind}" name="check-{item.id}" value="{choice.letter}" id="{name}" autocomplete="off">'
        rows.append(f'<div class="answer">{control}<label for="{name}"><span class="answer-text">{say.html(choice.html)}</span></label></div>')
    return f'<div class="answers" role="group" aria-labelledby="check-{item.id}">{"".join(rows)}</div>'


def _typed(item: Item, say: Saying) -> str:
    if item.kind == "essay":
        return f'<textarea class="input" rows="6" aria-labelledby="check-{item.id}"></textarea>'
    mode = ' inputmode="decimal"' if item.kind == "numeric" else ""
    unit = f" <span>{say.plain(item.number.unit)}</span>" if item.number and item.number.unit else ""
    return f'<p class="self-check-typed"><input class="input" type="text"{mode} autocomplete="off" aria-labelledby="check-{item.id}">{unit}</p>'


def _numbered(item: Item, choice: Choice, say: Saying) -> str:
    name = f"check-{item.id}-{choice.letter}"
    options = "".join(f"<option>{number}</option>" for number in range(1, len(item.choices) + 1))
    field = f'<select class="input" aria-label="{say.words["place"]}" aria-describedby="{name}" autocomplete="off"><option></option>{options}</select>'
    return f'<li>{field}<span id="{name}">{say.html(choice.html)}</span></li>'


def _matched(item: Item, say: Saying) -> str:
    options = "".join(f"<option>{target.letter.upper()}</option>" for target in item.targets)
    rows = []
    for choice in item.choices:
        name = f"check-{item.id}-{choice.letter}"
        field = f'<select class="input" aria-label="{say.words["pair"]}" aria-describedby="{name}" autocomplete="off"><option></option>{options}</select>'
        rows.append(f'<li>{field}<span id="{name}">{say.html(choice.html)}</span></li>')
    targets = "".join(f"<li><strong>{target.letter.upper()}</strong> <span>{say.html(target.html)}</span></li>" for target in item.targets)
    heads = [f'<p class="self-check-how">{say.html(column)}</p>' if say.html(column) else "" for column in item.columns] or ["", ""]
    return f'{heads[1]}<ul class="self-check-rows">{targets}</ul>{heads[0]}<ul class="self-check-rows">{"".join(rows)}</ul>'
