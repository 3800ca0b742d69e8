"""Regions of a picture to find."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from lms.content.catalogue import Region
from lms.content.items.drafts import ChoiceDraft, ItemDraft
from lms.content.items.kinds.form import Form, Made, check_count, check_texts, choice_of, letter, text_of
from lms.content.items.kinds.ticks import check_brackets, check_right
from lms.content.items.regions import looks_like_region, overlap, read_region, split_region
from lms.content.items.written import PICTURE, ByLang, Texts, Written, lines_asked
from lms.content.source.problems import Findings
from lms.platform.rules import phrase

MAX_REGIONS = 20
SAME = 0.5


def check(item: ItemDraft, found: Findings) -> None:
    """One picture, regions that lie in it, and a key that can be found."""
    pictures = [match for line in lines_asked(item) for match in PICTURE.finditer(line)]
    if len(pictures) != 1:
        message = phrase("A hotspot has one picture between its header and its regions; this one has %(n)s.", n=len(pictures))
        found.error(item.place, "hotspot-picture", message, phrase("Write `![what is seen](img/name.svg)` below the header."))
    check_brackets(item.choices, found)
    if len(item.choices) > 1:
        check_right(item, found)
    check_count(item, item.choices, found, MAX_REGIONS)
    for choice in item.choices:
        if choice.percent is not None:
            message = phrase("The regions of a hotspot are right or wrong; they have no percents.")
            hint = phrase("Write [x] or [ ]; `.partial` in the braces gives a share of the points for a share of the regions.")
            found.error(choice.place, "percent-mixed", message, hint)
    check_texts([_named(choice) for choice in item.choices], found)
    _check_overlap(item, found)


def _check_overlap(item: ItemDraft, found: Findings) -> None:
    regions = [(choice, region) for choice in item.choices[:MAX_REGIONS] if (region := _region(choice, found))]
    for (first, one), (second, other) in combinations(regions, 2):
        if overlap(one, other) > SAME:
            message = phrase("This region lies mostly in that of line %(line)s: who taps there taps both.", line=first.place.line)
            found.warning(second.place, "region-overlap", message, phrase("Make them smaller, or one region of both."))


def alike(item: ItemDraft) -> Sequence[object]:
    """The brackets."""
    return [choice.kind for choice in item.choices]


def make(written: ByLang, source_lang: str, texts: Texts) -> Made:
    """Regions lettered in the order of the file; the picture is taken out of the prompt and stands by itself."""
    source = written[source_lang].draft
    named = {lang: replace(one, draft=replace(one.draft, choices=[_named(choice) for choice in one.draft.choices])) for lang, one in written.items()}
    regions = [_region(choice, Findings()) for choice in source.choices]
    choices = tuple(choice_of(letter(n), n, named, source_lang, texts, region=region) for n, region in enumerate(regions))
    seen = {lang: picture for lang, one in written.items() if (picture := _picture(one, texts))}
    for lang, one in written.items():
        if lang != source_lang and lang not in seen:
            message = phrase("The translation has no picture, so its readers have the description in the source language.")
            texts.found.warning(one.draft.place, "translation-picture", message, phrase("Repeat the picture with its description in this language."))
        _check_regions(source, one, texts.found)
    fields = {
        "choices": choices,
        "picture": {lang: address for lang, (address, _, _) in seen.items()},
        "picture_alt": {lang: alt for lang, (_, alt, _) in seen.items()},
        "picture_size": seen[source_lang][2] if source_lang in seen else None,
        "prompt": {lang: texts.prompt(one.text, [PICTURE.sub("", line) for line in lines_asked(one.draft)]) for lang, one in written.items()},
    }
    places = [(region.x, region.y, region.width, region.height) for region in regions if region]
    shown: dict[str, list[object]] = {lang: [[text_of(choice) for choice in one.draft.choices], places] for lang, one in named.items()}
    return Made(fields, [sorted(choice.letter for choice in choices if choice.correct)], shown)


def _picture(one: Written, texts: Texts) -> tuple[str, str, tuple[int, int] | None] | None:
    """Address, description and size of the picture."""
    lines = lines_asked(one.draft)
    match = next((match for line in lines for match in PICTURE.finditer(line)), None)
    if match is None:
        return None
    texts.html(one.text, [match[0]])
    found = texts.media.find(one.text.folder, match["source"])
    if found is None:
        return None
    address, width, height = found
    return address, match["alt"].strip(), (width, height) if width and height else None


def _named(choice: ChoiceDraft) -> ChoiceDraft:
    """The choice without its region."""
    name, inside = split_region(choice.text[-1])
    return replace(choice, text=[*choice.text[:-1], name]) if inside is not None and looks_like_region(inside) else choice


def _region(choice: ChoiceDraft, found: Findings) -> Region | None:
    return read_region(split_region(choice.text[-1])[1], choice.place, found)


def _check_regions(source: ItemDraft, one: Written, found: Findings) -> None:
    """A translation that repeats the regions repeats the same ones."""
    for mine, theirs in zip(one.draft.choices, source.choices, strict=True):
        inside = split_region(mine.text[-1])[1]
        if inside is not None and looks_like_region(inside) and _region(mine, Findings()) != _region(theirs, Findings()):
            message = phrase("The translation has another region than the source; that of the source holds.")
            found.warning(mine.place, "translation-key", message, phrase("Leave the region out here."))


FORM = Form(check, alike, make)
