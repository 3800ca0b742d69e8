"""Who is told what of their certificates: set by set from the cache of statuses, each person once of each reminder."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, not_, or_, select
from sqlalchemy.orm import Session

from lms.certification.models import Assignment, CachedStatus, ReminderState
from lms.certification.rules.reminders import BEFORE, LATEST, step_of
from lms.certification.rules.waivers import WAIVABLE
from lms.certification.service.assign import needed_on
from lms.certification.service.waivers import is_waived
from lms.content.catalogue import Catalogue
from lms.people.models import Account, Membership, RoleGrant, Unit
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import Told, tell
from lms.people.rules import TABLE, Permission
from lms.people.service.scope import works_on
from lms.platform.db import insert_into
from lms.platform.rules import Phrase, phrase

ONE = 1
BATCH = 1000
SOON = 30
OWN_PAGE = "/certificates/"
DESK = "/certification/"


def state_of(session: Session) -> ReminderState:
    """How far reminders have come, locked; a site that gets them does not tell of assignments of before."""
    latest = select(func.coalesce(func.max(Assignment.id), 0)).scalar_subquery()
    session.execute(insert_into(session, ReminderState).values(id=ONE, on=None, at_person=0, at_assignment=latest, week=None).on_conflict_do_nothing())
    return session.scalars(select(ReminderState).where(ReminderState.id == ONE).with_for_update()).one()


def remind(session: Session, catalogue: Catalogue, *, after: int, today: date, now: datetime) -> int | None:
    """Remind the next people after a person; gives the last whose rows were all there, None where there is nobody left. Two statements."""
    first, last = today - timedelta(days=LATEST), today + timedelta(days=BEFORE[0])
    needed = (Assignment.person_id == CachedStatus.person_id, Assignment.scheme == CachedStatus.scheme, *needed_on(today))
    waived = and_(CachedStatus.standing.in_(WAIVABLE), is_waived(CachedStatus.person_id, CachedStatus.scheme, today))
    asked = (
        select(CachedStatus.person_id, CachedStatus.scheme, CachedStatus.standing, CachedStatus.until_on)
        .join(Assignment, and_(*needed))
        .join(Account, Account.person_id == CachedStatus.person_id)
        .where(CachedStatus.person_id > after, CachedStatus.until_on.between(first, last), Account.active, not_(waived))
        .where(CachedStatus.standing.in_(("valid", "expiring", "expired")))
        .distinct()
    )
    rows = session.execute(asked.order_by(CachedStatus.person_id).limit(BATCH)).all()
    found = [_reminder(catalogue, one, scheme, standing, until_on, today) for one, scheme, standing, until_on in rows if until_on]
    tell(session, [one for one in found if one is not None], now=now)
    if not rows:
        return None
    first_one, last_one = rows[0][0], rows[-1][0]
    whole = len(rows) < BATCH or first_one == last_one
    return int(last_one if whole else last_one - 1)


def _reminder(catalogue: Catalogue, person_id: int, scheme: str, standing: str, until_on: date, today: date) -> Told | None:
    step = step_of(until_on, today)
    if step is None or scheme not in catalogue.schemes or (step > 0) != (standing != "expired"):
        return None
    told = words_of(catalogue.schemes[scheme].title, standing, until_on)
    return Told(person_id, Topic.CERTIFICATE, f"remind:{scheme}:{until_on}:{step}", told, OWN_PAGE)


def words_of(title: Mapping[str, str], standing: str, until_on: date) -> Phrase:
    """What is told of a certificate that runs out or has run out."""
    words = phrase("%(scheme)s: your certificate is valid until %(day)s. Do the refresher training before then.")
    if standing == "expired":
        words = phrase("%(scheme)s: your certificate expired on %(day)s. Ask your safety officer for the refresher training.")
    return Phrase(words.message, {"scheme": title, "day": until_on})


def tell_assigned(session: Session, catalogue: Catalogue, *, after: int, today: date, now: datetime) -> int | None:
    """Tell the next people what was newly assigned to them and is not valid yet; gives the last assignment, None where there is none."""
    valid = and_(CachedStatus.person_id == Assignment.person_id, CachedStatus.scheme == Assignment.scheme)
    asked = (
        select(Assignment.id, Assignment.person_id, Assignment.scheme, Assignment.from_on, Assignment.reason, CachedStatus.standing)
        .outerjoin(CachedStatus, valid)
        .where(Assignment.id > after, or_(Assignment.until_on.is_(None), Assignment.until_on >= today))
        .order_by(Assignment.id)
        .limit(BATCH)
    )
    rows = session.execute(asked).all()
    told = []
    for _, person_id, scheme, from_on, reason, standing in rows:
        if scheme in catalogue.schemes and standing not in ("valid", "expiring"):
            title = catalogue.schemes[scheme].title
            words = phrase("You need %(scheme)s from %(day)s.", scheme=title, day=from_on)
            if reason:
                words = phrase("You need %(scheme)s from %(day)s: %(reason)s", scheme=title, day=from_on, reason=reason)
            told.append(Told(person_id, Topic.TRAINING, f"need:{scheme}:{from_on}", words, OWN_PAGE))
    tell(session, told, now=now)
    return rows[-1][0] if rows else None


def tell_desks(session: Session, schemes: Sequence[str], *, monday: date, today: date, now: datetime) -> int:
    """Tell whoever may see standings how it stands in their units, once a week; gives how many. Two statements and those that write."""
    counted = _by_subtree(_counts(session, schemes, today))
    roles = [role.value for role, allowed in TABLE.items() if Permission.SEE_STANDING in allowed]
    holds = (or_(RoleGrant.from_on.is_(None), RoleGrant.from_on <= today), or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= today))
    held = select(RoleGrant.person_id, Unit.path).join(Account, Account.person_id == RoleGrant.person_id).outerjoin(Unit, Unit.id == RoleGrant.unit_id)
    paths: defaultdict[int, set[str]] = defaultdict(set)
    for person_id, path in session.execute(held.where(RoleGrant.role.in_(roles), Account.active, *holds)):
        paths[person_id].add(path or "/")
    told = []
    for person_id, mine in sorted(paths.items()):
        outer = [path for path in mine if not any(path != other and path.startswith(other) for other in mine)]
        sums = sum((counted[path] for path in outer), Counter[str]())
        if sums.total():
            words = phrase(
                "In your units %(soon)s certificates run out within %(days)s days, %(expired)s have run out, %(missing)s are missing.",
                soon=sums["soon"],
                days=SOON,
                expired=sums["expired"],
                missing=sums["missing"],
            )
            told.append(Told(person_id, Topic.DESK, f"desk:{monday}", words, DESK))
    return tell(session, told, now=now)


def _counts(session: Session, schemes: Sequence[str], today: date) -> list[tuple[str, str, int]]:
    """By unit: certificates that are needed and run out soon, have run out, or are missing. A person of several units counts in each."""
    cached = and_(CachedStatus.person_id == Assignment.person_id, CachedStatus.scheme == Assignment.scheme)
    lacking = or_(CachedStatus.standing.is_(None), CachedStatus.standing.in_(WAIVABLE))
    soon = and_(CachedStatus.standing.in_(("valid", "expiring")), CachedStatus.until_on.between(today, today + timedelta(days=SOON)))
    kind: Any = case((soon, "soon"), (CachedStatus.standing == "expired", "expired"), (lacking, "missing"), else_="")
    asked = (
        select(Unit.path, kind.label("kind"), func.count())
        .select_from(Assignment)
        .join(Membership, and_(Membership.person_id == Assignment.person_id, works_on(today)))
        .join(Unit, Unit.id == Membership.unit_id)
        .outerjoin(CachedStatus, cached)
        .where(Assignment.scheme.in_(schemes), *needed_on(today), not_(and_(lacking, is_waived(Assignment.person_id, Assignment.scheme, today))))
        .group_by(Unit.path, kind)
    )
    return [(path, found, n) for path, found, n in session.execute(asked) if found]


def _by_subtree(counts: Sequence[tuple[str, str, int]]) -> Mapping[str, Counter[str]]:
    """What stands in a unit and everything below it, by its path."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for path, kind, n in counts:
        at = 0
        while at != -1:
            found[path[: at + 1]][kind] += n
            at = path.find("/", at + 1)
    return found
