"""Sealed banks: kept out of practice, search, preview links and exports until their hour; contests and exams draw from them all the same."""

from datetime import datetime

from lms.content.catalogue import Catalogue, Item, Quiz

EVERY_BANK = "*"


def is_sealed(quiz: Quiz, now: datetime) -> bool:
    """Whether a quiz must not be practised, found, previewed or exported yet: its own hour, or that of a bank it draws from, lies ahead."""
    return quiz.sealed_until is not None and now < quiz.sealed_until


def sealed_banks(catalogue: Catalogue, now: datetime) -> frozenset[str]:
    """The banks ('quiz/bank') whose items nobody may see yet outside of a contest or an exam."""
    return frozenset(bank for quiz in catalogue.quizzes.values() for bank, until in quiz.sealed_banks.items() if now < until)


def is_item_sealed(item: Item, catalogue: Catalogue, now: datetime) -> bool:
    """Whether an item stands in a sealed bank."""
    return item.bank in sealed_banks(catalogue, now)


def draws_sealed(quiz: Quiz, catalogue: Catalogue, now: datetime) -> bool:
    """Whether a quiz, also that of a contest's round, draws from a sealed bank: such a round may be sat but not previewed."""
    sealed = sealed_banks(catalogue, now)
    owners = {bank.partition("/")[0] for bank in sealed}
    return is_sealed(quiz, now) or any(
        draw.bank in sealed or (draw.bank.endswith(f"/{EVERY_BANK}") and draw.bank.partition("/")[0] in owners) for draw in quiz.draws
    )
