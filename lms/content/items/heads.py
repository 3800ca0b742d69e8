"""What stands in the braces of an item: its attributes, marks and sources."""

import re
from collections.abc import Mapping

from lms.content.catalogue import Basis
from lms.content.items.drafts import ItemDraft
from lms.content.items.kinds.registry import FLAGS
from lms.content.items.written import Written
from lms.content.markup.basis import read_bases
from lms.content.source.problems import Findings, Place, did_you_mean
from lms.platform.rules import phrase

ATTRIBUTES = ("points", "difficulty", "topic", "tags", "basis", "source")
TRANSLATED = ("basis", "source")
ONE_KIND = ("order", "match", "hotspot", "essay")


def read_about(item: ItemDraft, defaults: Mapping[str, str], found: Findings) -> dict[str, object]:
    """Points, difficulty, topic and the like; what is not known or out of range is noted."""
    values: dict[str, object] = {}
    for key, (value, place) in item.attributes.items():
        if key not in ATTRIBUTES:
            found.error(place, "key-unknown", phrase("The key %(key)s is not known here.", key=key), did_you_mean(key, ATTRIBUTES))
        elif key in ("points", "difficulty"):
            limit = 100 if key == "points" else 3
            if value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= limit:
                values[key] = int(value)
            else:
                message = phrase("%(key)s is a whole number from 1 to %(max)s, not %(value)s.", key=key, max=limit, value=value[:20])
                found.error(place, "value-wrong", message)
        else:
            values[key] = value
    return {
        "points": values.get("points", 1),
        "critical": "critical" in item.flags,
        "difficulty": values.get("difficulty", 1),
        "topic": str(values.get("topic") or defaults.get("topic", "")),
        "tags": tags_of(item),
    }


def check_flags(item: ItemDraft, found: Findings) -> None:
    """Every mark is known, means something for this kind of item, and only one says what kind it is."""
    for flag, place in item.flags.items():
        if flag not in FLAGS:
            found.error(place, "key-unknown", phrase("The key %(key)s is not known here.", key="." + flag), did_you_mean(flag, FLAGS))
        elif item.kind not in FLAGS[flag] and flag not in ONE_KIND:
            message = phrase("The mark %(flag)s means nothing for this kind of item.", flag="." + flag)
            found.error(place, "item-flag", message, phrase("Leave it out; docs/content-format.md says which marks go with which kind."))
    kinds = [flag for flag in item.flags if flag in ONE_KIND]
    if len(kinds) > 1:
        message = phrase("An item is of one kind, and its braces say %(kinds)s.", kinds=", ".join("." + flag for flag in kinds))
        found.error(item.flags[kinds[1]], "item-mixed", message, phrase("Make two items of it."))


def read_basis_of(one: Written, found: Findings) -> tuple[Basis, ...]:
    """The bases of an item in one language."""
    value, place = one.draft.attributes.get("basis", ("", one.draft.place))
    bases = read_bases(value, place, found)
    source = one.draft.attributes.get("source", ("", place))[0]
    if "critical" in one.draft.flags and any(basis.certainty == "K" for basis in bases) and len(re.split("[;；]", source)) < 2:  # noqa: PLR2004
        message = phrase("Good practice on which a life may hang needs two sources.")
        found.warning(place, "basis-sources", message, phrase('Name them: source="First; second".'))
    return bases


def tags_of(item: ItemDraft) -> tuple[str, ...]:
    """The tags of an item."""
    value = item.attributes.get("tags", ("", Place("")))[0]
    return tuple(tag.strip() for tag in re.split("[,，、;]", value) if tag.strip())
