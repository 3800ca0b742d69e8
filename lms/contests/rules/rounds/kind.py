"""What a type of round has to know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lms.contests.rules.keys import Tally
from lms.contests.rules.values import RoundRules, Sat
from lms.platform.rules import Phrase


@dataclass(frozen=True, slots=True)
class RoundType:
    """A type of round.

    check: what is wrong with its settings. sit: its rules in words, up to which attempt counts and what it brings.
    review: what is shown of it afterwards. tally: the values of the rank keys for one attempt. choose: the attempt that counts.
    dump: what of its settings ranking needs, as JSON can hold it; load: settings that rank alike (ValueError, KeyError or TypeError for what is none).
    """

    name: str
    check: Callable[[RoundRules], list[Phrase]]
    sit: Callable[[RoundRules], list[Phrase]]
    review: Callable[[RoundRules], list[Phrase]]
    tally: Callable[[RoundRules, Sat], Tally]
    choose: Callable[[RoundRules, Sequence[Sat]], Sat | None]
    dump: Callable[[RoundRules], Mapping[str, object]]
    load: Callable[[Mapping[str, object]], object]
