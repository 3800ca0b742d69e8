"""Self-checks: how an item stands in a lesson, usable without JavaScript."""

from collections.abc import Mapping

from lms.content.catalogue import Choice, Item
from lms.content.markup.words import SELF_CHECK


def self_check(item: Item, lang: str, source_lang: str) -> str:
    """A self-check of a lesson: practice, with the answer folded away in the page. What is not translated stands in the source language."""

    def said(text: Mapping[str, str]) -> str:
        return text.get(lang) or text.get(source_lang, "")

    def row(choice: Choice) -> str:
        name = f"check-{item.id}-{choice.letter}"
        control = f'<input type="{kind}" name="check-{item.id}" value="{choice.letter}" id="{name}" autocomplete="off">'
        return f'<div class="answer">{control}<label for="{name}"><span class="answer-text">{said(choice.html)}</span></label></div>'

    word = SELF_CHECK[lang]
    kind, how = ("radio", word["one"]) if item.kind == "single" else ("checkbox", word["many"])
    right = "".join(f"<li>{said(choice.html)}</li>" for choice in item.choices if choice.correct)
    why = "".join(f"<dt>{said(choice.html)}</dt><dd>{said(choice.feedback)}</dd>" for choice in item.choices if said(choice.feedback))
    return (
        f'<section class="self-check" id="item-{item.id}" data-self-check="{" ".join(sorted(item.key))}">'
        f'<p class="self-check-title">{word["title"]}</p><div class="self-check-prompt" id="check-{item.id}">{said(item.prompt)}</div>'
        f'<p class="self-check-how">{how}</p>'
        f'<div class="answers" role="group" aria-labelledby="check-{item.id}">{"".join(row(choice) for choice in item.choices)}</div>'
        f'<details class="self-check-answer"><summary>{word["show"]}</summary><p class="self-check-right">{word["right"]}</p><ul>{right}</ul>'
        f"{said(item.explanation)}{f'<dl>{why}</dl>' if why else ''}</details></section>"
    )
