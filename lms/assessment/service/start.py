"""Starting an attempt: the limits are checked, a paper is drawn and stored, the clock runs."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from random import Random

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.assessment.offerings import Offering
from lms.assessment.rules.paper import Line, Place, PoolTooSmall, Sides, arrange, draw_lines, ordered
from lms.assessment.rules.sections import SectionTerms
from lms.assessment.rules.terms import Terms, deadline_of
from lms.assessment.service.close import lapse_overdue
from lms.assessment.service.papers import Row, dump_paper
from lms.assessment.service.retaking import check_retake
from lms.assessment.supervision.service.granted import granted
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


def start_attempt(
    session: Session,
    *,
    person_id: int,
    offering: Offering,
    lang: str,
    now: datetime,
    today: date | None = None,
    zone: tzinfo = UTC,
    device: str | None = None,
) -> Attempt:
    """Open an attempt with a paper of its own; a person has at most one open attempt at an offering.

    The deadline is the limit and the personal extra time after now, at the latest the close. device: the browser that asks; the attempt is bound
    to it where the offering says so. It counts in the main unit of today (the site's date; that of UTC if none
    is given). zone: the site's, in which days of a wait are counted. Raises NotAllowed before the opening, from the close on, in a language that the
    offering refuses, during the wait between two tries and before the lessons have been read that a failed try sends back to (TooEarly, LessonsFirst),
    AttemptOpen if there is an open attempt (also when another window was faster), NoAttemptsLeft past the limit.
    """
    check_open(offering, now)
    if offering.barred is not None:
        raise Conflict(offering.barred.message, **offering.barred.params)
    if offering.refuses(lang):
        raise NotAllowed("The questions of this round are being brought up to date in this language. Choose another language at the top of the page.")
    lapse_overdue(session, person_id=person_id, offering=offering.key, now=now)
    n = next_n(session, person_id, offering)
    check_retake(session, person_id=person_id, offering=offering, now=now, zone=zone)
    seed = secrets.randbits(SEED_BITS)
    drawn = draw_sections(offering.quiz, seed, partial(load_items, session))
    unit_id, extra_s = _of_person(session, person_id, offering.key, today or now.date())
    attempt = Attempt(
        person_id=person_id,
        unit_id=unit_id,
        offering=offering.key,
        period=offering.period,
        n=n,
        quiz=offering.quiz.slug,
        quiz_digest=offering.quiz.digest,
        seed=seed,
        lang=lang,
        paper=dump_paper([row for rows in drawn for row in rows]),
        rules=terms_of(offering, drawn).to_json(),
        practice=offering.practice,
        started_at=now,
        deadline_at=deadline_of(now, offering.quiz.time_limit_s + extra_s, offering.closes_at),
        grace_s=offering.grace_s,
        extra_s=extra_s,
        device=device if offering.one_device else None,
    )
    session.add(attempt)
    try:
        session.flush()
    except IntegrityError as lost:
        raise AttemptOpen("You have just started this in another window. Go on there, or reload this page.") from lost
    return attempt


def _of_person(session: Session, person_id: int, key: str, on: date) -> tuple[int | None, int]:
    """The main unit of the day, and the extra time that was granted before the start, in one query."""
    unit = select(Membership.unit_id).where(Membership.person_id == person_id, Membership.main, works_on(on)).limit(1)
    row = session.execute(select(unit.scalar_subquery(), granted(person_id, key).scalar_subquery())).one()
    return row[0], int(row[1])


def check_open(offering: Offering, now: datetime) -> None:
    """Raises NotAllowed before the opening and from the close on."""
    if offering.opens_at is not None and now < offering.opens_at:
        raise NotAllowed("This is not open yet: it opens at %(at)s.", at=offering.opens_at)
    if offering.closes_at is not None and now >= offering.closes_at:
        raise NotAllowed("This has been closed since %(at)s.", at=offering.closes_at)


def terms_of(offering: Offering, drawn: Sequence[Sequence[Row]] = ()) -> Terms:
    """What of an offering stays with the attempt. drawn: the paper by sections; without one nothing is said of sections."""
    policy = offering.quiz.policy
    return Terms(
        title=dict(offering.title),
        limit_s=offering.quiz.time_limit_s,
        attempts_max=offering.attempts_max,
        opens_ms=to_ms(offering.opens_at) if offering.opens_at else None,
        closes_ms=to_ms(offering.closes_at) if offering.closes_at else None,
        review=offering.review,
        review_keys=offering.quiz.review_keys,
        pass_percent=offering.pass_percent,
        marks=offering.scored_by,
        back_url=offering.back_url,
        navigation=policy.navigation,
        sections=sections_of(offering.quiz, drawn) if drawn else (),
        below_zero=policy.below_zero,
        show=policy.show,
        practice=offering.practice,
        markers=offering.quiz.markers,
    )


def sections_of(quiz: Quiz, drawn: Sequence[Sequence[Row]]) -> tuple[SectionTerms, ...]:
    """The sections of a drawn paper with the ids of their items; none where the quiz has none."""
    pairs = zip(quiz.policy.sections, drawn, strict=True) if quiz.policy.sections else ()
    return tuple(SectionTerms(one.id, dict(one.title), tuple(row[1] for row in rows), one.pass_percent, one.sequential) for one, rows in pairs)


def next_n(session: Session, person_id: int, offering: Offering) -> int:
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


def draw_paper(quiz: Quiz, seed: int, load: Callable[[Sequence[str]], Mapping[str, Item]]) -> list[Row]:
    """The paper that a seed draws. load: items by digest. Raises Conflict if the banks hold too few."""
    return [row for rows in draw_sections(quiz, seed, load) for row in rows]


def draw_sections(quiz: Quiz, seed: int, load: Callable[[Sequence[str]], Mapping[str, Item]]) -> list[list[Row]]:
    """The paper that a seed draws, section by section: one list where the quiz has no sections. Raises Conflict if the banks hold too few."""
    rng = Random(seed)  # noqa: S311  (fairness, not secrecy: the seed itself is secret and random)
    try:
        drawn = draw_lines([Line(line.pick, line.pool) for line in quiz.draws], rng)
    except PoolTooSmall as small:
        raise Conflict("The question bank of this test is too small at the moment. Your safety officer must look into it; no try was used.") from small
    nowhere: Place = ""
    places = quiz.policy.places or (nowhere,) * len(drawn)
    lines = [(place, [line.expand(digest) for digest in mine]) for line, mine, place in zip(quiz.draws, drawn, places, strict=True)]
    items = load([digest for _, entries in lines for entry in entries for digest in entry])
    sides = {digest: _sides(item) for digest, item in items.items()}
    made, begin = [], 0
    for length in [section.lines for section in quiz.policy.sections] or [len(lines)]:
        entries = ordered(lines[begin : begin + length], rng, items=quiz.shuffle_items)
        made.append([_row(items, *one) for one in arrange(entries, sides, rng, items=False, choices=quiz.shuffle_choices)])
        begin += length
    return made


def _row(items: Mapping[str, Item], digest: str, shown: str, targets: str) -> Row:
    return (digest, items[digest].id, shown, targets) if targets else (digest, items[digest].id, shown)


def _sides(item: Item) -> Sides:
    letters, targets = ("".join(choice.letter for choice in side) for side in (item.choices, item.targets))
    fixed = "".join(choice.letter for choice in item.choices if choice.fixed)
    return Sides(letters, fixed, targets, always=item.kind in ("ordering", "hotspot"), never=item.order)
