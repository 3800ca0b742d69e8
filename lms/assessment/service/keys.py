"""An item of the catalogue as scoring sees it."""

from lms.assessment.rules.answers.judging import Accepted, Key
from lms.assessment.rules.answers.numbers import Wanted
from lms.assessment.rules.scoring import Keyed
from lms.content.catalogue import Blank, Item, Number


def keyed(item: Item) -> Keyed:
    """What of an item decides what an answer to it brings."""
    rubric = tuple(criterion.percent for criterion in item.rubric)
    return Keyed(item.id, item.digest, item.topic, key_of(item), item.points, item.critical, rubric)


def key_of(item: Item) -> Key:
    """What is right."""
    return Key(
        kind=item.kind,
        letters="".join(choice.letter for choice in item.choices),
        right=item.key,
        percents={choice.letter: choice.percent for choice in item.choices},
        order=item.order,
        pairs=item.pairs,
        number=_wanted(item.number) if item.number else None,
        blanks=tuple(accepted_of(blank) for blank in item.blanks),
        partial=item.partial,
        accept=item.accept,
        performed=item.practical,
    )


def _wanted(number: Number) -> Wanted:
    return Wanted(number.value, number.tolerance, number.relative, tuple(sorted(set(number.unit.values()))))


def accepted_of(blank: Blank) -> Accepted:
    """The texts that fill a blank, of every language."""
    texts = tuple(dict.fromkeys(text for texts in blank.accepted.values() for text in texts))
    return Accepted(texts, blank.keep_accents, blank.keep_case)
