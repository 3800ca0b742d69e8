"""Starting an attempt: the limits are checked, a paper is drawn and stored, the clock runs."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from random import Random

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.assessment.offerings import Offering
from lms.assessment.rules.paper import Line, PoolTooSmall, Sides, arrange, draw
from lms.assessment.rules.terms import Terms, deadline_of
from lms.assessment.service.close import lapse_overdue
from lms.assessment.service.papers import Row, dump_paper
from lms.clock import to_ms
from lms.content.catalogue import Item, Quiz
from lms.content.service.loading import load_items
from lms.errors import Conflict, NotAllowed
from lms.people.models import Membership
from lms.people.service.scope import works_on

SEED_BITS = 62


class AttemptOpen(Conflict):
    """The person has an open attempt at this offering: go on with that one."""


class NoAttemptsLeft(NotAllowed):
    """Every attempt that the offering allows has been used."""


def start_attempt(session: Session, *, person_id: int, offering: Offering, lang: str, now: datetime, today: date | None = None) -> Attempt:
    """Open an attempt with a paper of its own; a person has at most one open attempt at an offering.

    The deadline is the limit after now, at the latest the close. It counts in the main unit of today (the site's date; that of UTC if none
    is given). Raises NotAllowed before the opening, from the close on, and in a language that the offering refuses,
    AttemptOpen if there is an open attempt (also when another window was faster), NoAttemptsLeft past the limit.
    """
    check_open(offering, now)
    if offering.refuses(lang):
        raise NotAllowed("The questions of this round are being brought up to date in this language. Choose another language at the top of the page.")
    lapse_overdue(session, person_id=person_id, offering=offering.key, now=now)
    n = _next_n(session, person_id, offering)
    seed = secrets.randbits(SEED_BITS)
    attempt = Attempt(
        person_id=person_id,
        unit_id=session.scalar(select(Membership.unit_id).where(Membership.person_id == person_id, Membership.main, works_on(today or now.date()))),
        offering=offering.key,
        period=offering.period,
        n=n,
        quiz=offering.quiz.slug,
        quiz_digest=offering.quiz.digest,
        seed=seed,
        lang=lang,
        paper=dump_paper(_draw(session, offering.quiz, seed)),
        rules=terms_of(offering).to_json(),
        started_at=now,
        deadline_at=deadline_of(now, offering.quiz.time_limit_s, offering.closes_at),
        grace_s=offering.grace_s,
    )
    session.add(attempt)
    try:
        session.flush()
    except IntegrityError as lost:
        raise AttemptOpen("You have just started this in another window. Go on there, or reload this page.") from lost
    return attempt


def check_open(offering: Offering, now: datetime) -> None:
    """Raises NotAllowed before the opening and from the close on."""
    if offering.opens_at is not None and now < offering.opens_at:
        raise NotAllowed("This is not open yet: it opens at %(at)s.", at=offering.opens_at)
    if offering.closes_at is not None and now >= offering.closes_at:
        raise NotAllowed("This has been closed since %(at)s.", at=offering.closes_at)


def terms_of(offering: Offering) -> Terms:
    """What of an offering stays with the attempt."""
    return Terms(
        title=dict(offering.title),
        limit_s=offering.quiz.time_limit_s,
        attempts_max=offering.attempts_max,
        opens_ms=to_ms(offering.opens_at) if offering.opens_at else None,
        closes_ms=to_ms(offering.closes_at) if offering.closes_at else None,
        review=offering.review,
        review_keys=offering.quiz.review_keys,
        pass_percent=offering.pass_percent,
        marks=offering.marks,
        back_url=offering.back_url,
        markers=offering.quiz.markers,
    )


def _next_n(session: Session, person_id: int, offering: Offering) -> int:
    """The number of the next attempt of the period; attempts made void do not use up a try, but keep their number.

    One statement, so that it sees one moment: an attempt that another window has just started is open, not used up.
    """
    state = Attempt.state
    counts = (func.count().filter(state == "open"), func.count().filter(state != "void", Attempt.period == offering.period))
    highest = func.coalesce(func.max(Attempt.n).filter(Attempt.period == offering.period), 0)
    mine = select(*counts, highest).where(Attempt.person_id == person_id, Attempt.offering == offering.key)
    opened, used, last = session.execute(mine).one()
    if opened:
        raise AttemptOpen("You have an open try. Go on with that one.")
    if offering.attempts_max is not None and used >= offering.attempts_max:
        raise NoAttemptsLeft("No try is left: at most %(max)s are allowed.", max=offering.attempts_max)
    return int(last) + 1


def _draw(session: Session, quiz: Quiz, seed: int) -> list[Row]:
    return draw_paper(quiz, seed, partial(load_items, session))


def draw_paper(quiz: Quiz, seed: int, load: Callable[[Sequence[str]], Mapping[str, Item]]) -> list[Row]:
    """The paper that a seed draws. load: items by digest. Raises Conflict if the banks hold too few."""
    rng = Random(seed)  # noqa: S311  (fairness, not secrecy: the seed itself is secret and random)
    try:
        drawn = draw([Line(line.pick, line.pool) for line in quiz.draws], rng)
    except PoolTooSmall as small:
        raise Conflict("The question bank of this test is too small at the moment. Your safety officer must look into it; no try was used.") from small
    cases = {head: case for line in quiz.draws for head, case in line.cases.items()}
    entries = [cases.get(digest, (digest,)) for digest in drawn]
    items = load([digest for entry in entries for digest in entry])
    sides = {digest: _sides(item) for digest, item in items.items()}
    arranged = arrange(entries, sides, rng, items=quiz.shuffle_items, choices=quiz.shuffle_choices)
    return [(digest, items[digest].id, shown, targets) if targets else (digest, items[digest].id, shown) for digest, shown, targets in arranged]


def _sides(item: Item) -> Sides:
    letters, targets = ("".join(choice.letter for choice in side) for side in (item.choices, item.targets))
    fixed = "".join(choice.letter for choice in item.choices if choice.fixed)
    return Sides(letters, fixed, targets, always=item.kind in ("ordering", "hotspot"), never=item.order)
