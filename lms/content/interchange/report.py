"""What did not come through, said in words for each item."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lms.content.interchange.model import BankItem
from lms.platform.rules import Phrase

MAX_LOSSES = 5000


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that could not be carried: where (an item's id, or a place in the file), and what."""

    where: str | Phrase
    what: Phrase


@dataclass
class Losses:
    """Collects losses while a bank is read or written; the same one is kept once."""

    found: list[Loss] = field(default_factory=list)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def add(self, where: "str | Phrase | BankItem", what: Phrase) -> None:
        """Note a loss that is a phrase already."""
        name = where.id or where.text[:60] if isinstance(where, BankItem) else where
        key = (str(name), str(what))
        if key not in self._seen and len(self.found) < MAX_LOSSES:
            self._seen.add(key)
            self.found.append(Loss(name, what))

    def extend(self, losses: Iterable[Loss]) -> None:
        """Take over the losses of a step before."""
        for loss in losses:
            self.add(loss.where, loss.what)
