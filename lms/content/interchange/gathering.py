"""Items that belong to a case, put below it again."""

from collections.abc import Iterable
from dataclasses import replace

from lms.content.interchange.model import BankItem
from lms.content.interchange.report import Losses
from lms.platform.rules import phrase


def gather_cases(read: Iterable[tuple[BankItem, str]], losses: Losses) -> tuple[BankItem, ...]:
    """Items in their order, each with the id of its case or none; an item whose case is not there stands alone."""
    made: list[BankItem] = []
    cases: dict[str, int] = {}
    for item, case in read:
        if item.kind == "case":
            cases[item.id] = len(made)
            made.append(item)
        elif case in cases:
            made[cases[case]] = replace(made[cases[case]], parts=(*made[cases[case]].parts, item))
        else:
            if case:
                losses.add(item, phrase("Its case %(id)s is not in the file, so the item stands alone.", id=case[:40]))
            made.append(item)
    return tuple(made)
