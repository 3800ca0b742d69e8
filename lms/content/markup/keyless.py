"""Lessons for people who must not see keys: every self-check is drawn anew as the question alone, and some do not stand there at all.

Works on the clean HTML of a lesson. `<section` and `<details` come from `self_checks` alone: the cleaner lets no author write them.
"""

import re
from collections.abc import Collection, Mapping

from lms.content.catalogue import Item
from lms.content.markup.self_checks import self_check
from lms.content.markup.words import LANGS

SECTION = '<section class="self-check" id="item-'
CHECK = re.compile(
    r'(?P<case><div class="self-check-case">(?:(?!<section class="self-check").)*</div>)?'
    r'<section class="self-check" id="item-(?P<id>[^"]*)"(?:(?!<section class="self-check").)*?</section>',
    re.DOTALL,
)


def without_keys(html: str, lang: str, items: Mapping[str, Item], left_out: Collection[str]) -> str:
    """A lesson's HTML in which no self-check tells what is right. items: those of the lesson by id; left_out: ids that are not shown at all.

    A self-check whose item is not known is left out, so that nothing is shown whose key cannot be taken away.
    """
    return _drawn(html, lang, items, left_out, keyed=False)


def without_items(html: str, lang: str, items: Mapping[str, Item], left_out: Collection[str]) -> str:
    """A lesson's HTML with keys, but without the self-checks that are not shown at all."""
    return _drawn(html, lang, items, left_out, keyed=True)


def _drawn(html: str, lang: str, items: Mapping[str, Item], left_out: Collection[str], *, keyed: bool) -> str:
    def draw(found: re.Match[str]) -> str:
        item = items.get(found["id"])
        return "" if item is None or item.id in left_out else self_check(item, lang, _source_lang(item), keyed=keyed)

    return CHECK.sub(draw, html)


def _source_lang(item: Item) -> str:
    """The language of the file that an item stands in: 'courses/x/10-mo-dau.vi.md'."""
    lang = item.place.removesuffix(".md").rpartition(".")[2]
    return lang if lang in LANGS else "vi"
