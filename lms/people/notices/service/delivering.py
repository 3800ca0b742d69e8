"""What goes out: ways planned for each notice, due ones taken by one process at a time, and what became of them."""

import json
import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lms.people.models import Account, Person
from lms.people.notices.channels.outcome import Outcome, Result
from lms.people.notices.models import Notice, NoticeDelivery, PushSubscription
from lms.people.notices.rules import Choice, Quiet, Topic, due_at, next_try_at
from lms.people.notices.service.choosing import choices_of
from lms.platform.db import insert_into
from lms.platform.phrases import from_stored
from lms.platform.rules import Phrase

PLANNED_AT_ONCE = 500
TAKEN_AT_ONCE = 200
LEASE = timedelta(minutes=10)
TOO_LATE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Ways:
    """Which ways out the site has, its quiet hours, and the minute of the day at which gathered letters go."""

    channels: frozenset[str]
    quiet: Quiet
    gather_at: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Due:
    """A notice that is to go out now, and to whom."""

    delivery_id: int
    notice_id: int
    topic: Topic
    words: Phrase
    address: str
    made_at: datetime
    person_id: int
    name: str
    lang: str
    email: str | None
    phone: str | None
    staff_code: str | None
    tries: int


def plan(session: Session, ways: Ways, *, now: datetime) -> int:
    """Decide for the oldest notices that have not been planned which ways they go out, and when; gives how many. Five statements."""
    locked = select(Notice.id).where(Notice.planned_at.is_(None)).order_by(Notice.id).limit(PLANNED_AT_ONCE).with_for_update(skip_locked=True)
    ids = list(session.scalars(locked))
    if not ids:
        return 0
    rows = session.execute(
        select(Notice.id, Notice.topic, Person.id, Person.email, Person.phone, Person.staff_code)
        .join(Person, Person.id == Notice.person_id)
        .join(Account, Account.person_id == Person.id)
        .where(Notice.id.in_(ids), Account.active)
        .order_by(Notice.id)
    ).all()
    people = {row[2] for row in rows}
    chosen = choices_of(session, people, ways.quiet)
    pushed = set(session.scalars(select(PushSubscription.person_id).where(PushSubscription.person_id.in_(people)).distinct()))
    planned = []
    for notice_id, topic, person_id, email, phone, staff_code in rows:
        reached = {"mail": email, "push": person_id in pushed, "hook": phone or staff_code}
        choice = chosen.get(person_id) or Choice(ways.quiet)
        for channel in sorted(ways.channels):
            if reached[channel] and choice.wants(channel, Topic(topic)):
                due = due_at(choice, channel, Topic(topic), gather_at=ways.gather_at, now=now, zone=ways.zone)
                planned.append({"notice_id": notice_id, "person_id": person_id, "channel": channel, "due_at": due})
    for at in range(0, len(planned), PLANNED_AT_ONCE):
        session.execute(insert_into(session, NoticeDelivery).values(planned[at : at + PLANNED_AT_ONCE]).on_conflict_do_nothing())
    session.execute(update(Notice).where(Notice.id.in_(ids)).values(planned_at=now))
    return len(ids)


def give_up_late(session: Session, *, now: datetime) -> None:
    """What could not go out for days, like after a restored backup, goes out no more: it stands in the site."""
    late = update(NoticeDelivery).where(NoticeDelivery.state == "waiting", NoticeDelivery.due_at < now - TOO_LATE)
    session.execute(late.values(state="failed", why="too late", done_at=now, claim="", lease_until=None))


def take(session: Session, channel: str, *, now: datetime) -> tuple[str, list[Due]]:
    """Take what is due on a way, the people one after another, so that nobody else sends it; gives the claim and what was taken."""
    free = or_(NoticeDelivery.lease_until.is_(None), NoticeDelivery.lease_until < now)
    due = (NoticeDelivery.channel == channel, NoticeDelivery.state == "waiting", NoticeDelivery.due_at <= now, free)
    order = (NoticeDelivery.person_id, NoticeDelivery.id)
    ids = list(session.scalars(select(NoticeDelivery.id).where(*due).order_by(*order).limit(TAKEN_AT_ONCE).with_for_update(skip_locked=True)))
    claim = secrets.token_hex(16)
    if not ids:
        return claim, []
    taken = update(NoticeDelivery).where(NoticeDelivery.id.in_(ids))
    session.execute(taken.values(claim=claim, lease_until=now + LEASE, tries=NoticeDelivery.tries + 1))
    return claim, _read(session, ids)


def _read(session: Session, ids: Collection[int]) -> list[Due]:
    rows = session.execute(
        select(
            NoticeDelivery.id,
            Notice.id,
            Notice.topic,
            Notice.words,
            Notice.address,
            Notice.made_at,
            Person.id,
            Person.full_name,
            Person.lang,
            Person.email,
            Person.phone,
            Person.staff_code,
            NoticeDelivery.tries,
        )
        .join(Notice, Notice.id == NoticeDelivery.notice_id)
        .join(Person, Person.id == NoticeDelivery.person_id)
        .where(NoticeDelivery.id.in_(ids))
        .order_by(NoticeDelivery.person_id, NoticeDelivery.id)
    )
    return [Due(one, notice, Topic(topic), from_stored(json.loads(words)), *rest) for one, notice, topic, words, *rest in rows]


def by_person(due: Sequence[Due]) -> list[list[Due]]:
    """What each person gets."""
    found: defaultdict[int, list[Due]] = defaultdict(list)
    for one in due:
        found[one.person_id].append(one)
    return list(found.values())


def note(session: Session, claim: str, outcomes: Mapping[int, tuple[int, Outcome]], *, now: datetime) -> None:
    """Note what became of what was taken: by delivery, its tries and the outcome. What another process has taken over since is left alone."""
    groups: defaultdict[tuple[Result, datetime | None, str], list[int]] = defaultdict(list)
    for delivery_id, (tries, outcome) in outcomes.items():
        again = next_try_at(tries, now) if outcome.result is Result.LATER else None
        groups[outcome.result, again, outcome.said[:200]].append(delivery_id)
    for (result, again, said), ids in groups.items():
        values: dict[str, object] = {"claim": "", "lease_until": None}
        if result is Result.UNTRIED:
            values["tries"] = NoticeDelivery.tries - 1
        elif again is not None:
            values |= {"due_at": again, "why": said}
        else:
            values |= {"state": "sent" if result is Result.SENT else "failed", "done_at": now, "why": said}
        session.execute(update(NoticeDelivery).where(NoticeDelivery.id.in_(ids), NoticeDelivery.claim == claim).values(values))


def waits(session: Session, *, now: datetime) -> bool:
    """Whether there is anything to plan or to send."""
    due = select(NoticeDelivery.id).where(NoticeDelivery.state == "waiting", NoticeDelivery.due_at <= now).limit(1)
    return session.scalar(select(Notice.id).where(Notice.planned_at.is_(None)).limit(1)) is not None or session.scalar(due) is not None
