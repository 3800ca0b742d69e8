"""From what was gathered to the rows that are kept: figures of items by revision, and of the papers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from lms.assessment.quality.rules.classical import alpha, error_of_measurement
from lms.assessment.quality.rules.counting import ItemSums, joined
from lms.assessment.quality.rules.figures import figures_of
from lms.assessment.quality.rules.looking import MIN_N, ChoiceUse, Figures, Flag, flags_of, urgency
from lms.assessment.quality.service.gathering import Gathered, Revision, gather
from lms.content.catalogue import Item
from lms.content.service.loading import load_items

TICKED_KINDS = frozenset({"single", "multiple", "hotspot"})
COVERED = 5_000
CHUNK = 500


@dataclass(frozen=True, slots=True)
class PaperLine:
    """The papers of an offering. papers: first sittings that were counted; items: revisions in them; same: everybody had the same items.

    length: items of a paper, in hundredths; mean: of the shares of the points, in ten-thousandths; alpha in thousandths and error in hundredths
    of a percent of the points, None where there is nothing to say; covered: see `service.gathering.Gathered`.
    """

    papers: int
    items: int
    same: bool
    length: int
    mean: int | None
    alpha: int | None
    error: int | None
    covered: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """The figures of an item: of one revision, or (digest '') of all that were sat together. path: the file in which it was published."""

    item_id: str
    digest: str
    bank: str
    path: str
    listed: bool
    last_attempt: int
    figures: Figures
    flags: tuple[Flag, ...]

    @property
    def look(self) -> int:
        """How urgently it should be looked at."""
        return urgency(self.flags)


def compute(session: Session, offering: str) -> tuple[PaperLine, list[ItemLine]]:
    """The figures of an offering ('' all together), from the results as they stand."""
    found = gather(session, offering)
    items: dict[str, Item] = {}
    digests = sorted({digest for _, digest in found.sums})
    for start in range(0, len(digests), CHUNK):
        items |= load_items(session, digests[start : start + CHUNK])
    return _paper(found), list(_lines(found, items))


def _paper(found: Gathered) -> PaperLine:
    reliability = found.reliability
    told = reliability.papers >= MIN_N and found.covered >= COVERED
    value = alpha(reliability) if told else None
    error = error_of_measurement(reliability, value)
    return PaperLine(
        papers=found.papers,
        items=len(found.sums),
        same=found.same,
        length=round(100 * reliability.items / reliability.papers) if reliability.papers else 0,
        mean=round(reliability.total / reliability.papers) if reliability.papers >= MIN_N else None,
        alpha=None if value is None else round(1000 * value),
        error=None if error is None else round(100 * error),
        covered=found.covered,
    )


def _lines(found: Gathered, items: Mapping[str, Item]) -> Iterator[ItemLine]:
    for item_id, those in groupby(sorted(found.sums), key=lambda revision: revision[0]):
        revisions = list(those)
        last = max(revisions, key=lambda revision: (found.last[revision], revision))
        for revision in revisions:
            yield _line(found, revision, items[revision[1]], listed=revision == last)
        if len(revisions) > 1:
            whole: ItemSums = joined(found.sums[revision] for revision in revisions)
            figures = figures_of(whole, (), found.seconds.get(item_id))
            yield ItemLine(item_id, "", items[last[1]].bank, items[last[1]].place, listed=False, last_attempt=found.last[last], figures=figures, flags=())


def _line(found: Gathered, revision: Revision, item: Item, *, listed: bool) -> ItemLine:
    letters = [choice.letter for choice in item.choices] if item.kind in TICKED_KINDS else []
    figures = figures_of(found.sums[revision], letters, found.seconds.get(revision[0]))
    right = item.key if letters and not item.accept else frozenset[str]()
    return ItemLine(revision[0], revision[1], item.bank, item.place, listed, found.last[revision], figures, flags_of(figures, right))


def body_of(line: ItemLine) -> str:
    """The figures and flags as they are kept."""
    return json.dumps(asdict(line.figures) | {"flags": line.flags}, separators=(",", ":"))


def read_body(body: str) -> tuple[Figures, tuple[Flag, ...]]:
    """What `body_of` wrote."""
    values: dict[str, Any] = json.loads(body)
    flags: Sequence[str] = values.pop("flags")
    choices = tuple(ChoiceUse(**use) for use in values.pop("choices"))
    return Figures(**values, choices=choices), tuple(Flag(flag) for flag in flags)
