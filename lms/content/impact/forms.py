"""The report as text, as Markdown for a comment in a pull request, and as JSON."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from html import escape

from lms.content.impact.wording import first_of, sections_of
from lms.content.service.impact import Impact
from lms.content.speaking import say_in
from lms.platform.rules import phrase

SIGNS = re.compile(r"([\\`*_\[\]|~#!$])")
LONGEST = 60_000
"""Characters that fit into a comment of a pull request, with room to spare."""


def as_text(impact: Impact, lang: str) -> str:
    """Lines for a terminal, with ids of some attempts."""
    lines = [say_in(lang, words) for words in first_of(impact)]
    for section in sections_of(impact):
        lines += ["", say_in(lang, section.title), *(f"  {say_in(lang, line)}" for line in section.lines)]
    if examples := list(_examples(impact, lang)):
        lines += ["", *examples]
    return "\n".join(lines)


def _examples(impact: Impact, lang: str) -> Iterator[str]:
    for one in impact.sittings.flips:
        if one.fail_examples:
            yield say_in(lang, phrase("%(offering)s: attempts that would fail, for example %(ids)s", offering=one.offering, ids=one.fail_examples))
        if one.pass_examples:
            yield say_in(lang, phrase("%(offering)s: attempts that would pass, for example %(ids)s", offering=one.offering, ids=one.pass_examples))


def as_markdown(impact: Impact, lang: str) -> str:
    """Counts only, since a pull request may be read by anybody. What the content says cannot become Markdown of its own, nor mention anybody."""
    lines = [f"## {_plain(say_in(lang, phrase('What publishing this would change')))}", ""]
    lines += [f"{_plain(say_in(lang, words))}\n" for words in first_of(impact)]
    for section in sections_of(impact):
        lines += [f"### {_plain(say_in(lang, section.title))}", "", *(f"- {_plain(say_in(lang, line))}" for line in section.lines), ""]
    text = "\n".join(lines).rstrip()
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0] + "\n- …"


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is: one line, signs escaped, no mention and no bare address."""
    return SIGNS.sub(r"\\\1", escape(" ".join(text.split()), quote=False)).replace("@", "@\u200b").replace("://", ":\u200b//").replace("www.", "www\u200b.")


def as_json(impact: Impact, lang: str) -> str:
    """Everything that is known, without a limit; attempts by id."""
    made = impact.comparison
    items = [
        {"id": one.new.id, "package": one.package, "place": one.new.place, "what": one.what, "old": one.old.digest, "new": one.new.digest} for one in made.items
    ]
    whole = {
        "rev": impact.rev,
        "against": impact.against,
        "rooms_asked": impact.rooms_asked,
        "packages": {"added": made.added, "updated": made.updated, "removed": made.removed},
        "held": {name: say_in(lang, why) for name, why in made.held.items()},
        "items": {"added": [asdict(one) for one in made.items_added], "removed": [asdict(one) for one in made.items_removed], "changed": items},
        "courses": [asdict(one) for one in made.courses],
        "open": [asdict(one) for one in impact.sittings.open],
        "flips": [asdict(one) for one in impact.sittings.flips],
        "certification": [asdict(one) for one in impact.resting],
        "learners": [asdict(one) for one in impact.learners],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


FORMS = {"text": as_text, "json": as_json, "markdown": as_markdown}
