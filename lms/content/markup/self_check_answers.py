"""What unfolds in a self-check: the right answer of each kind of item."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from lms.content.catalogue import Item, Kind, Words


@dataclass(frozen=True)
class Saying:
    """A language, the one that stands in where a text is not translated, and the fixed words."""

    lang: str
    source_lang: str
    words: Mapping[str, str]

    def html(self, text: Words) -> str:
        """A text that is HTML."""
        return text.get(self.lang) or text.get(self.source_lang, "")

    def plain(self, text: Words) -> str:
        """A plain text as HTML."""
        return escape(self.html(text))


def answer_of(item: Item, say: Saying) -> str:
    """The right answer as HTML."""
    return ANSWERS[item.kind](item, say)


def _ordered(item: Item, say: Saying) -> str:
    texts = {choice.letter: say.html(choice.html) for choice in item.choices}
    return f"<ol>{''.join(f'<li>{texts[letter]}</li>' for letter in item.order)}</ol>"


def _matched(item: Item, say: Saying) -> str:
    texts = {target.letter: say.html(target.html) for target in item.targets}
    return f"<ul>{''.join(f'<li>{say.html(choice.html)} → {texts[item.pairs[choice.letter]]}</li>' for choice in item.choices)}</ul>"


def _spots(item: Item, say: Saying) -> str:
    return _right(item, say) + picture(item, say, marked=True)


def _rubric(item: Item, say: Saying) -> str:
    return f"<ul>{''.join(f'<li>{line.percent}% {say.plain(line.text)}</li>' for line in item.rubric)}</ul>"


def _right(item: Item, say: Saying) -> str:
    shares = len({choice.percent for choice in item.choices if choice.correct} - {0, 100}) > 0
    rows = (f"<li>{say.html(choice.html)}{f' ({choice.percent}%)' if shares else ''}</li>" for choice in item.choices if choice.correct)
    halves = (f"<li>{say.html(choice.html)} ({choice.percent}%)</li>" for choice in item.choices if choice.percent > 0 and not choice.correct)
    return f"<ul>{''.join(rows)}{''.join(halves)}</ul>"


def _number(item: Item, say: Saying) -> str:
    assert item.number is not None
    off = f" ± {item.number.tolerance}{'%' if item.number.relative else ''}" if item.number.tolerance != "0" else ""
    return f"<p>{item.number.value}{off} {say.plain(item.number.unit)}</p>"


def _blanks(item: Item, say: Saying) -> str:
    rows = [" / ".join(escape(text) for text in (blank.accepted.get(say.lang) or blank.accepted.get(say.source_lang, ()))) for blank in item.blanks]
    return f"<ol>{''.join(f'<li>{row}</li>' for row in rows)}</ol>" if item.kind == "gaps" else f"<p>{rows[0]}</p>"


def picture(item: Item, say: Saying, *, marked: bool) -> str:
    """The picture of a hotspot, with its right regions outlined if `marked`."""
    width, height = item.picture_size or (None, None)
    size = f' width="{width}" height="{height}"' if width else ""
    alt = "" if marked else say.plain(item.picture_alt)
    shapes = "".join(
        f'<rect x="{c.region.x}" y="{c.region.y}" width="{c.region.width}" height="{c.region.height}" rx="120"/>'
        for c in item.choices
        if c.correct and c.region
    )
    over = f'<svg viewBox="0 0 10000 10000" preserveAspectRatio="none" aria-hidden="true">{shapes}</svg>' if marked else ""
    return f'<div class="self-check-picture"><img src="{escape(say.html(item.picture))}" alt="{alt}"{size} loading="lazy" decoding="async">{over}</div>'


ANSWERS: Mapping[Kind, Callable[[Item, Saying], str]] = {
    "single": _right,
    "multiple": _right,
    "numeric": _number,
    "short": _blanks,
    "gaps": _blanks,
    "ordering": _ordered,
    "matching": _matched,
    "hotspot": _spots,
    "essay": _rubric,
}
