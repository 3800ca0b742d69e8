"""Variants: several papers of one test made at once, kept with their seeds and codes; nothing about them changes afterwards."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.assessment.offerings import Offering
from lms.assessment.on_paper.models import PaperBatch, PaperEntry, PaperVariant
from lms.assessment.on_paper.rules.marks import Spot
from lms.assessment.service.papers import Placed, Row, dump_paper, list_placed
from lms.assessment.service.start import SEED_BITS, draw_paper, terms_of
from lms.content.catalogue import Draw, Quiz
from lms.content.service.loading import load_items
from lms.errors import Conflict, Invalid, NotFound
from lms.platform.audit import record

MOST = 24
CODES = 100
"""Codes of batch 1 begin at 101, of batch 2 at 201."""
TRIES = 20
Mixed = Literal["order", "draw"]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in the list of its test: how many variants it has and how many sheets were entered."""

    batch: PaperBatch
    variants: int
    entered: int


def make_batch(
    session: Session, *, offering: Offering, lang: str, count: int, mixed: Mixed, place: str, held_on: date | None, actor_id: int, now: datetime
) -> PaperBatch:
    """Draw the variants of a new batch. mixed: 'order' the same items in other orders, 'draw' each drawn for itself.

    Raises Invalid for another count than 1 to `MOST`, Conflict where the banks hold too few or somebody made a batch at the same moment.
    """
    if not 1 <= count <= MOST:
        raise Invalid("Make 1 to %(most)s variants at once.", most=MOST)
    last = session.scalar(select(func.max(PaperBatch.n)).where(PaperBatch.offering == offering.key))
    batch = PaperBatch(
        offering=offering.key,
        n=(last or 0) + 1,
        quiz=offering.quiz.slug,
        quiz_digest=offering.quiz.digest,
        lang=lang,
        mixed=mixed,
        rules=terms_of(offering).to_json(),
        place=place.strip(),
        held_on=held_on,
        made_by=actor_id,
        made_at=now,
    )
    session.add(batch)
    try:
        session.flush()
    except IntegrityError as faster:
        raise Conflict("Somebody made variants of this test at the same moment. Look at the list, then try again.") from faster
    for place_, (seed, rows) in enumerate(_draw(session, offering.quiz, count, mixed), 1):
        session.add(PaperVariant(batch_id=batch.id, code=batch.n * CODES + place_, seed=seed, paper=dump_paper(rows)))
    session.flush()
    detail = {"offering": offering.key, "variants": count, "lang": lang}
    record(session, now=now, actor_id=actor_id, action="variants_made", subject_kind="paper_batch", subject_id=batch.id, detail=detail)
    return batch


def _draw(session: Session, quiz: Quiz, count: int, mixed: Mixed) -> list[tuple[int, list[Row]]]:
    """Seeds and papers, no two papers the same as long as chance finds others."""
    load = partial(load_items, session)
    shuffled = replace(quiz, shuffle_items=True)
    source = narrowed(shuffled, draw_paper(shuffled, secrets.randbits(SEED_BITS), load)) if mixed == "order" else shuffled
    made: dict[str, tuple[int, list[Row]]] = {}
    alike: list[tuple[int, list[Row]]] = []
    for _ in range(count * TRIES):
        seed = secrets.randbits(SEED_BITS)
        rows = draw_paper(source, seed, load)
        text = dump_paper(rows)
        if text in made:
            alike.append((seed, rows))
        made.setdefault(text, (seed, rows))
        if len(made) == count:
            break
    return [*made.values(), *alike][:count]


def narrowed(quiz: Quiz, rows: Sequence[Row]) -> Quiz:
    """The quiz that draws exactly the items of a paper: cases stay together."""
    cases = {head: case for line in quiz.draws for head, case in line.cases.items()}
    digests = {row[0] for row in rows}
    within = {digest for head, case in cases.items() if head in digests for digest in case if digest != head}
    heads = tuple(row[0] for row in rows if row[0] not in within)
    return replace(quiz, draws=(Draw("", len(heads), (), None, heads, {head: case for head, case in cases.items() if head in digests}),))


def list_batches(session: Session, *, offering: str) -> list[BatchLine]:
    """The batches of a test, the latest first, in one query."""
    variants = select(func.count()).where(PaperVariant.batch_id == PaperBatch.id).scalar_subquery()
    entered = select(func.count()).where(PaperEntry.batch_id == PaperBatch.id).scalar_subquery()
    rows = session.execute(select(PaperBatch, variants, entered).where(PaperBatch.offering == offering).order_by(PaperBatch.n.desc()))
    return [BatchLine(*row) for row in rows]


def get_batch(session: Session, *, batch_id: int) -> tuple[PaperBatch, list[PaperVariant]]:
    """A batch and its variants in the order of their codes. Raises NotFound."""
    batch = session.get(PaperBatch, batch_id)
    if batch is None:
        raise NotFound("There are no such variants.")
    return batch, list(session.scalars(select(PaperVariant).where(PaperVariant.batch_id == batch_id).order_by(PaperVariant.code)))


def list_spots(session: Session, paper: str) -> list[Spot]:
    """What a stored paper asks, in its order."""
    return [spot_of(placed) for placed in list_placed(session, paper)]


def spot_of(placed: Placed) -> Spot:
    """An item in its place, as a sheet of answers sees it."""
    item = placed.item
    return Spot(placed.n, item.id, item.shown_kind, placed.letters, placed.targets, len(item.blanks) if item.kind == "gaps" else 0)
