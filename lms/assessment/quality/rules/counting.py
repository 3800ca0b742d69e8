"""What is counted of every sitting, one after the other: whole numbers only, so that the order in which they come changes nothing.

A share of the points of an item or of a paper is kept in ten-thousandths, rounded towards zero; it may be negative where wrong answers cost.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

SHARE = 10_000


def share_of(points: int, most: int) -> int:
    """Points out of the most there are, in ten-thousandths; 0 where there is nothing to reach."""
    return int(SHARE * points / most) if most > 0 else 0


@dataclass(slots=True)
class Level:
    """Those who reached one and the same total: how many, the sum of their shares of the item, and how many chose each letter."""

    n: int = 0
    shares: int = 0
    letters: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Pairs:
    """Sums of two measures x and y of the same people, from which their correlation follows."""

    n: int = 0
    x: int = 0
    y: int = 0
    xx: int = 0
    yy: int = 0
    xy: int = 0

    def add(self, x: int, y: int) -> None:
        """One person more."""
        self.n += 1
        self.x += x
        self.y += y
        self.xx += x * x
        self.yy += y * y
        self.xy += x * y


@dataclass(slots=True)
class ItemSums:
    """All that is counted of one item, or of one revision of it.

    n: who had it in the paper; blank: left it empty; shares: sum of their shares; pairs: share of the item against the share of the rest of the
    paper; levels: by the share of the whole paper, for the upper and the lower group.
    """

    n: int = 0
    blank: int = 0
    shares: int = 0
    pairs: Pairs = field(default_factory=Pairs)
    levels: dict[int, Level] = field(default_factory=dict)

    def add(self, share: int, rest: int | None, total: int, letters: str, *, blank: bool) -> None:
        """One sitting more. rest: None where the paper holds nothing else that brings points; letters: what was ticked."""
        self.n += 1
        self.blank += blank
        self.shares += share
        if rest is not None:
            self.pairs.add(share, rest)
        level = self.levels.get(total)
        if level is None:
            level = self.levels[total] = Level()
        level.n += 1
        level.shares += share
        for letter in letters:
            level.letters[letter] = level.letters.get(letter, 0) + 1


def joined(parts: Iterable[ItemSums]) -> ItemSums:
    """The sums of several revisions of an item together; letters are left out, for they may name other choices in each."""
    whole = ItemSums()
    for part in parts:
        whole.n += part.n
        whole.blank += part.blank
        whole.shares += part.shares
        for name in ("n", "x", "y", "xx", "yy", "xy"):
            setattr(whole.pairs, name, getattr(whole.pairs, name) + getattr(part.pairs, name))
        for total, level in part.levels.items():
            mine = whole.levels.setdefault(total, Level())
            mine.n += level.n
            mine.shares += level.shares
    return whole
