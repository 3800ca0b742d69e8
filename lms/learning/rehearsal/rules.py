"""What a practice asks: keys of offerings, the choice of items, weak topics first."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

PRACTICE, MOCK = "practice", "mock"
COUNTS = (5, 10, 20)
ALL, WEAK = "all", "weak"
KEY = re.compile(r"practice:([a-z0-9-]+)/([^/]{1,60})/(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A practice as its key names it: of which course, on which topic (all, weak, or the slug of one), how many items."""

    course: str
    topic: str
    count: int

    @property
    def key(self) -> str:
        """The key of the offering."""
        return f"{PRACTICE}:{self.course}/{self.topic}/{self.count}"


def read_key(key: str) -> Wanted | None:
    """What a key asks for; None for one that is none, or that asks for another number than is offered."""
    found = KEY.fullmatch(key)
    wanted = Wanted(found[1], found[2], int(found[3])) if found else None
    return wanted if wanted and wanted.count in COUNTS else None


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be drawn: an item, or a case with all its items. head: the digest that stands for it."""

    head: str
    items: tuple[str, ...]
    topics: frozenset[str]


def weak_topics(rows: Iterable[tuple[str, bool]], known: Iterable[str]) -> list[str]:
    """The topics in which something was wrong, the largest share of wrong items first, then by name. rows: topic, and whether it was right."""
    topics = set(known)
    counts: dict[str, list[int]] = {}
    for topic, right in rows:
        if topic in topics:
            wrong, of = counts.setdefault(topic, [0, 0])
            counts[topic] = [wrong + (not right), of + 1]
    return sorted((topic for topic, (wrong, _) in counts.items() if wrong), key=lambda topic: (-counts[topic][0] / counts[topic][1], topic))


def choose(entries: Sequence[Entry], topic: str, weak: Sequence[str], count: int) -> list[tuple[int, list[Entry]]]:
    """The lines of a practice as (how many, from which): one topic, everything, or weak topics first and others where these do not suffice."""
    if topic != WEAK or not weak:
        fitting = [entry for entry in entries if topic in (ALL, WEAK) or topic in entry.topics]
        return [(min(count, len(fitting)), fitting)] if fitting else []
    first = [entry for entry in entries if not entry.topics.isdisjoint(weak)]
    others = [entry for entry in entries if entry.topics.isdisjoint(weak)]
    picked = min(count, len(first))
    return [(n, some) for n, some in ((picked, first), (min(count - picked, len(others)), others)) if n]


def count_topics(entries: Iterable[Entry]) -> Mapping[str, int]:
    """How many entries each topic has, in the order in which the banks have them."""
    counts: dict[str, int] = {}
    for entry in entries:
        for topic in sorted(entry.topics):
            counts[topic] = counts.get(topic, 0) + 1
    return counts
