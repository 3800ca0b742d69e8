"""Lessons and items as lines of plain text, to be compared by people."""

import re
from html import unescape

from lms.content.catalogue import Choice, Item, Lesson, Words

BLOCK = re.compile(r"</?(?:p|div|section|h[1-6]|li|ul|ol|tr|table|blockquote|pre|dt|dd|dl|details|summary|figure|figcaption|hr|br)\b[^>]*>")
PICTURE = re.compile(r'<img\b[^>]*?\bsrc="(?P<src>[^"]*)"[^>]*>')
ALT = re.compile(r'\balt="(?P<alt>[^"]*)"')
GAP = re.compile(r'<span data-gap="(?P<n>[0-9]+)">\s*</span>')
TAG = re.compile(r"<[^>]*>")


def text_lines(html: str) -> list[str]:
    """Clean HTML as lines, one a block. A picture is its text with the beginning of its digest, so that another picture shows."""
    text = PICTURE.sub(lambda found: _picture(found[0], found["src"]), html)
    text = GAP.sub(lambda found: f"[[{int(found['n']) + 1}]]", text)
    text = TAG.sub("", BLOCK.sub("\n", text))
    return [line for raw in unescape(text).split("\n") if (line := " ".join(raw.split()))]


def _picture(tag: str, src: str) -> str:
    alt = ALT.search(tag)
    return f"\n[{alt['alt'] if alt else ''} · {src.rpartition('/')[2][:8]}]\n"


def lesson_lines(lesson: Lesson, lang: str) -> list[str]:
    """A lesson in one language; none where it is not translated."""
    if lang not in lesson.html:
        return []
    bases = [f"{basis.text} ({basis.certainty})" for basis in lesson.basis.get(lang, ())]
    return [lesson.title.get(lang, ""), f"{lesson.minutes} min · {lesson.part} · {lesson.topic}", *text_lines(lesson.html[lang]), *bases]


def item_lines(item: Item, lang: str) -> list[str]:
    """An item in one language with its key, as an author would write it; none where it is not translated."""
    if lang not in item.prompt:
        return []
    lines = _asked(item, lang)
    flags = [flag for flag in ("critical", "partial", "practical", "accept", "void") if getattr(item, flag)]
    about = " ".join([item.kind, *flags, f"points={item.points}", f"difficulty={item.difficulty}", f"topic={item.topic}", *item.tags])
    lines += [line for letter in item.order or "".join(choice.letter for choice in item.choices) for line in _choice(item, letter, lang)]
    if item.number:
        sign = " %" if item.number.relative else ""
        lines.append(f"= {item.number.value} ± {item.number.tolerance}{sign} {item.number.unit.get(lang, '')}".rstrip())
    lines += [f"{n}. = {' / '.join(blank.accepted.get(lang, ()))}" for n, blank in enumerate(item.blanks, 1)]
    lines += [f"{one.percent} % {one.text.get(lang, '')}" for one in item.rubric]
    return [about, *lines, *(f"> {line}" for line in text_lines(item.explanation.get(lang, "")))]


def question_lines(item: Item, lang: str) -> list[str]:
    """An item in one language without anything that tells its key; none where it is not translated."""
    if lang not in item.prompt:
        return []
    flags = ["critical"] if item.critical else []
    about = " ".join([item.kind, *flags, f"points={item.points}", f"topic={item.topic}"])
    options = [f"- {_inline(choice.html, lang)}" for choice in (*item.choices, *item.targets)]
    unit = [f"= … {item.number.unit.get(lang, '')}".rstrip()] if item.number else []
    return [about, *_asked(item, lang), *options, *unit]


def _asked(item: Item, lang: str) -> list[str]:
    """The case, the question and its picture."""
    lines = [*text_lines(item.case.prompt.get(lang, "")), *text_lines(item.prompt[lang])] if item.case else text_lines(item.prompt[lang])
    if item.picture:
        lines.append(f"[{item.picture_alt.get(lang, '')} · {item.picture.get(lang, '').rpartition('/')[2][:8]}]")
    return lines


def _choice(item: Item, letter: str, lang: str) -> list[str]:
    choice = next(one for one in item.choices if one.letter == letter)
    text = _inline(choice.html, lang)
    if item.kind == "ordering":
        return [f"{item.order.index(letter) + 1}. {text}"]
    if item.kind == "matching":
        target: Choice = next(one for one in item.targets if one.letter == item.pairs[letter])
        return [f"{text} → {_inline(target.html, lang)}"]
    percent = f" ({choice.percent} %)" if choice.percent not in (0, 100) else ""
    region = f" [{choice.region.x} {choice.region.y} {choice.region.width} {choice.region.height}]" if choice.region else ""
    told = _inline(choice.feedback, lang)
    return [f"({'x' if choice.correct else ' '}) {text}{percent}{region}", *([f"   > {told}"] if told else [])]


def _inline(words: Words, lang: str) -> str:
    return " ".join(text_lines(words.get(lang, "")))
