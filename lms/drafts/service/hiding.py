"""What a draft link never shows, to nobody: items of sealed banks, and items that an open round may draw."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.assessment.guarding import GuardedItems
from lms.content.catalogue import Catalogue, Item
from lms.content.interchange.exporting import sealed_in
from lms.content.models import ItemLife
from lms.content.sealing import sealed_banks
from lms.drafts.draft import Draft


def find_hidden(
    session: Session, draft: Draft, catalogue: Catalogue, guarded: GuardedItems, *, now: datetime, zone: ZoneInfo, beside: Iterable[Item] = ()
) -> frozenset[str]:
    """The ids of the draft's items, and of those shown beside it, that must not be shown.

    A seal holds whether the draft's own files or what is published says so, and it follows the item: a branch that lifts a seal, or moves an item
    out of its bank, shows it no earlier. catalogue: what is published.
    """
    banks = {item.bank for item in draft.items if item.bank.partition("/")[0] in draft.speaking_of_seals}
    sealed = {bank for bank in banks if sealed_in(draft.texts, bank, now, zone) or _is_unreadable(draft, bank)}
    sealed |= sealed_banks(draft.catalogue, now) | sealed_banks(catalogue, now)
    items = [*draft.items, *beside]
    own = {item.id for item in items if item.bank in sealed}
    ids = sorted({item.id for item in items})
    return frozenset(own | _published_in(session, sealed) | guarded.guarded_ids(session, catalogue, ids, now))


def _is_unreadable(draft: Draft, bank: str) -> bool:
    """Whether the settings of a quiz that speaks of a seal are too broken to say how long it holds."""
    return draft.quiz(bank.partition("/")[0]) is None


def _published_in(session: Session, banks: Iterable[str]) -> set[str]:
    """The ids of all items that ever were published in these banks and stood there last."""
    places = [ItemLife.place.startswith(f"quizzes/{bank}.", autoescape=True) for bank in sorted(banks)]
    return set(session.scalars(select(ItemLife.item_id).where(or_(*places)))) if places else set()
