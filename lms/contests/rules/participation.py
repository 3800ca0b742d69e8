"""Taking part, by unit: distinct persons with a counted attempt out of the members, at each level of the tree."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """How many persons of how many members. The unit of a person is that of the first start, the members are today's."""

    persons: int
    members: int

    @property
    def rate(self) -> Fraction | None:
        """Persons out of members, at most 1 (people may have moved away since); None where there are no members."""
        return min(Fraction(1), Fraction(self.persons, self.members)) if self.members else None

    @property
    def percent(self) -> int | None:
        """The rate in whole percent, rounded half up, for display only."""
        rate = self.rate
        return None if rate is None else int(rate * 100 + Fraction(1, 2))


def sum_up(paths: Mapping[int, str], counts: Mapping[int, int]) -> dict[int, int]:
    """The counts of each unit with everything below it. paths: '/1/4/9/', the ids from the root down to the unit itself."""
    sums = dict.fromkeys(paths, 0)
    for unit_id, count in counts.items():
        for above in paths[unit_id].strip("/").split("/"):
            sums[int(above)] = sums.get(int(above), 0) + count
    return sums


def order_of(share: Share, name: str) -> tuple[Fraction, int, str]:
    """The order of units in a list: the higher rate, then more persons, then the name; without members last."""
    rate = share.rate
    return (Fraction(1) if rate is None else -rate, -share.persons, name)
