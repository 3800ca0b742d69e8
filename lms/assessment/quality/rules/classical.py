"""Classical test theory: facility, discrimination, use of choices, reliability. Each formula with where it comes from.

What whole numbers allow is exact (`Fraction`); roots are floating-point numbers; rounding is a matter of who shows them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import sqrt

from lms.assessment.quality.rules.counting import SHARE, ItemSums, Level, Pairs

GROUP = Fraction(27, 100)


def facility(sums: ItemSums) -> Fraction | None:
    """The share of the item's points that was reached, of all who had it; blank answers count as they were scored.

    With one point for right and none for wrong it is the item's difficulty index p (Crocker and Algina, Introduction to Classical and
    Modern Test Theory, 1986, ch. 14).
    """
    return Fraction(sums.shares, sums.n * SHARE) if sums.n else None


def correlation(pairs: Pairs) -> float | None:
    """Pearson's product-moment correlation, from sums that are exact; None where one of the two does not vary.

    Of an item's share and the share of the rest of the paper it is the corrected item-total correlation, which for items that are right or
    wrong is the point-biserial one (Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28, 1963).
    """
    of_x = pairs.n * pairs.xx - pairs.x * pairs.x
    of_y = pairs.n * pairs.yy - pairs.y * pairs.y
    if of_x <= 0 or of_y <= 0:
        return None
    return (pairs.n * pairs.xy - pairs.x * pairs.y) / (sqrt(of_x) * sqrt(of_y))


@dataclass(frozen=True, slots=True)
class Group:
    """A part of those who had the item: how many, the sum of their shares, how many chose each letter."""

    n: Fraction
    shares: Fraction
    letters: Mapping[str, Fraction] = field(default_factory=dict)


def groups(levels: Mapping[int, Level]) -> tuple[Group, Group]:
    """The upper and the lower 27 percent by the share of the whole paper.

    27 percent at each end serve best to tell items apart (Kelley, The selection of upper and lower groups for the validation of test items,
    Journal of Educational Psychology 30, 1939). Where more people than fit share the score at the edge, all of them count for the part that
    fits, which is what chance would choose on average.
    """
    wanted = GROUP * sum(level.n for level in levels.values())
    return _first(levels, sorted(levels, reverse=True), wanted), _first(levels, sorted(levels), wanted)


def _first(levels: Mapping[int, Level], order: Sequence[int], wanted: Fraction) -> Group:
    left, shares, letters = wanted, Fraction(0), dict[str, Fraction]()
    for total in order:
        if not left:
            break
        level = levels[total]
        part = min(Fraction(1), left / level.n)
        left -= part * level.n
        shares += part * level.shares
        for letter, count in level.letters.items():
            letters[letter] = letters.get(letter, Fraction(0)) + part * count
    return Group(wanted - left, shares, letters)


def index(upper: Group, lower: Group) -> Fraction | None:
    """The discrimination index D: what the upper group reached of the item less what the lower group did.

    Ebel (Essentials of Educational Measurement, 1972, ch. 14) calls 0.40 and more very good, under 0.20 poor.
    """
    return (upper.shares / upper.n - lower.shares / lower.n) / SHARE if upper.n and lower.n else None


@dataclass(slots=True)
class Reliability:
    """What the reliability of papers rests on.

    papers: how many; items: of all papers together; squares: sum of squared deviations of every
    item from its mean; cross: sum of the products of the deviations of every two items of a paper; total, total_squares: of the papers' shares.
    """

    papers: int = 0
    items: int = 0
    squares: float = 0.0
    cross: float = 0.0
    pairs: int = 0
    total: int = 0
    total_squares: int = 0

    def add(self, deviations: Sequence[float], share: int) -> None:
        """One paper more: how far each item was from its mean over all who had it, and the share of the whole."""
        own = sum(deviation * deviation for deviation in deviations)
        summed = sum(deviations)
        count = len(deviations)
        self.papers += 1
        self.items += count
        self.squares += own
        self.cross += (summed * summed - own) / 2
        self.pairs += count * (count - 1) // 2
        self.total += share
        self.total_squares += share * share


def alpha(found: Reliability) -> float | None:
    """Cronbach's alpha of a paper of average length: k c / (v + (k - 1) c), v the mean variance of an item and c the mean covariance of two.

    Where everybody had the same items this is k / (k - 1) (1 - sum of the items' variances / variance of the total) (Cronbach, Coefficient
    alpha and the internal structure of tests, Psychometrika 16, 1951). Where papers are drawn, v and c are means over all items and pairs that
    came up together, each as often as it came up: the expected correlation of two papers drawn from the pool, which is how Cronbach reads
    alpha. None where nothing varies or a paper has one item.
    """
    if not found.papers or not found.pairs:
        return None
    length = found.items / found.papers
    variance, covariance = found.squares / found.items, found.cross / found.pairs
    below = variance + (length - 1) * covariance
    return length * covariance / below if variance > 0 and below > 0 else None


def error_of_measurement(found: Reliability, reliability: float | None) -> float | None:
    """The standard error of measurement in percent of the points.

    It is the standard deviation of the papers' shares times the root of 1 - reliability (Lord and Novick, Statistical
    Theories of Mental Test Scores, 1968, ch. 3). None where reliability is unknown or negative.
    """
    if reliability is None or reliability < 0 or not found.papers:
        return None
    variance = Fraction(found.papers * found.total_squares - found.total * found.total, found.papers * found.papers)
    return sqrt(variance) * sqrt(max(0.0, 1 - reliability)) * 100 / SHARE


def median(counts: Mapping[int, int]) -> Fraction | None:
    """The middle value of a count of values; between two, their mean."""
    n = sum(counts.values())
    if not n:
        return None
    low = high = None
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if low is None and 2 * passed >= n:
            low = value
        if 2 * passed > n:
            high = value
            break
    assert low is not None
    assert high is not None
    return Fraction(low + high, 2)
