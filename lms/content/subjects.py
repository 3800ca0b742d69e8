"""Names of what is translated, and whether the catalogue shows a stale translation of it."""

from collections.abc import Iterable

from lms.content.catalogue import Catalogue


def item_subject(item_id: str) -> str:
    """The name of an item."""
    return f"item:{item_id}"


def lesson_subject(course: str, lesson: str) -> str:
    """The name of a lesson."""
    return f"lesson:{course}/{lesson}"


def is_stale(catalogue: Catalogue, subject: str, lang: str) -> bool:
    """Whether what a reader of this language sees is a translation older than its source."""
    return lang in catalogue.stale.get(subject, ())


def stale_langs(catalogue: Catalogue, item_ids: Iterable[str], contest: str = "") -> frozenset[str]:
    """The languages in which at least one of these items is stale. contest: whose revisions are asked for, which may be older than what is published."""
    stale = {**catalogue.stale, **catalogue.pins[contest].stale} if contest in catalogue.pins else catalogue.stale
    return frozenset(lang for id_ in item_ids for lang in stale.get(item_subject(id_), ())) if stale else frozenset()
