"""A scored paper judged again by other keys, without storing anything: what would come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.assessment.rules.answers.parts import pairs_of
from lms.assessment.rules.scoring import ItemScore, total
from lms.assessment.rules.sections import SectionTerms


@dataclass(frozen=True, slots=True)
class Letters:
    """The new letter of each former choice, and of each former right side of a matching; one that is gone is not in it."""

    choices: Mapping[str, str]
    targets: Mapping[str, str]


class Unclear(ValueError):
    """An answer that says nothing under the new key."""


def carried(kind: str, answer: str, letters: Letters, *, to: int) -> str:
    """A canonical answer with the letters of another revision. to: how many choices that has.

    Raises Unclear where a choice that was named is gone, or where an ordering has more or fewer places.
    """
    try:
        if kind in ("single", "multiple", "hotspot"):
            return "".join(sorted(letters.choices[letter] for letter in answer))
        if kind == "ordering" and answer:
            moved = "".join(letters.choices[letter] for letter in answer)
            if len(moved) != to:
                raise Unclear
            return moved
        if kind == "matching":
            return " ".join(sorted(f"{letters.choices[left]}:{letters.targets[right]}" for left, right in pairs_of(answer).items()))
    except KeyError:
        raise Unclear from None
    return answer


def outcome(
    items: Sequence[ItemScore], *, pass_percent: int | None, critical_wrong: int, sections: Sequence[SectionTerms] = (), below_zero: bool = False
) -> bool | None:
    """Whether a paper would have passed. critical_wrong: critical items that are wrong beside those whose `critical` is known of `items`.

    Where every item has left the paper, nothing can be said: None.
    """
    if not items:
        return None
    passed = total(items, pass_percent, sections, below_zero=below_zero).passed
    return passed and not critical_wrong
