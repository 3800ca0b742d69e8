"""The cache of statuses: kept with every change of a record, with every day that comes, and with every revision of a scheme."""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from lms.certification.events import RecordsChanged
from lms.certification.models import CachedStatus, Evidence, Period, StatusBuild, TrainingTrigger
from lms.certification.rules.status import NOTHING, StatusReckoner
from lms.certification.scheme_terms import terms_of
from lms.certification.service.records import ALL_WE_KNOW, read_records
from lms.clock import Clock, local_date
from lms.content.catalogue import Catalogue
from lms.platform.db import Database, insert_into

BATCH = 1000
"""People whose statuses are computed in one transaction: about a second for a site that writes meanwhile."""
BATCHES_A_TICK = 20
DUE_AT_ONCE = 20_000
DONE = -1
"""`at_person` of a build that has reached the last person."""
JOB = "certification.statuses"


@dataclass(frozen=True)
class StatusKeeper:
    """Keeps the cache: called with each change in its transaction, and as a job for days that have come and schemes that were published."""

    db: Database
    clock: Clock
    zone: ZoneInfo
    catalogue: Callable[[], Catalogue]

    def on_changed(self, session: Session, event: RecordsChanged) -> None:
        """Compute what changed, in the transaction of the change; a scheme that is not published has no status."""
        now, catalogue = self.clock.now(), self.catalogue()
        if event.scheme in catalogue.schemes:
            refresh(session, catalogue, scheme=event.scheme, person_ids=event.person_ids, today=local_date(now, self.zone), now=now)

    def run(self, now: datetime) -> int:
        """One tick: the statuses whose day has come, then a part of those whose scheme is new; gives how many."""
        catalogue, today = self.catalogue(), local_date(now, self.zone)
        with self.db.writing() as session:
            done = refresh_due(session, catalogue, today=today, now=now)
        for count, _ in zip(build(self.db, catalogue, today=today, now=now), range(BATCHES_A_TICK), strict=False):
            done += count
        return done


def refresh(session: Session, catalogue: Catalogue, *, scheme: str, person_ids: Collection[int], today: date, now: datetime) -> None:
    """Compute the statuses of people under a scheme anew: six statements however many people.

    The rows are taken first, so that of two transactions about one person the later computes with what both have written.
    """
    wanted = sorted(set(person_ids))
    if not wanted:
        return
    fresh = [_row(person_id, scheme, NOTHING, now) for person_id in wanted]
    put = insert_into(session, CachedStatus)
    session.connection().execute(put.on_conflict_do_update(index_elements=["person_id", "scheme"], set_={"computed_at": put.excluded.computed_at}), fresh)
    _store(session, catalogue, [scheme], wanted, today, now)


def _store(session: Session, catalogue: Catalogue, schemes: Collection[str], person_ids: Collection[int], today: date, now: datetime) -> int:
    records = read_records(session, people=person_ids, schemes=schemes, evidence=True)
    reckoner = StatusReckoner({slug: terms_of(catalogue.schemes[slug]) for slug in schemes}, as_of=today, known_at=ALL_WE_KNOW)
    rows = [_row(person_id, slug, reckoner.status(slug, records[person_id, slug]), now) for person_id, slug in sorted(records)]
    put = insert_into(session, CachedStatus)
    kept = {name: put.excluded[name] for name in ("standing", "training", "until_on", "next_change_on", "computed_at")}
    if rows:
        session.connection().execute(put.on_conflict_do_update(index_elements=["person_id", "scheme"], set_=kept), rows)
    return len(rows)


def _row(person_id: int, scheme: str, status: object, now: datetime) -> dict[str, object]:
    values = {name: getattr(status, name) for name in ("standing", "training", "until_on", "next_change_on")}
    return {"person_id": person_id, "scheme": scheme, "computed_at": now} | values


def refresh_due(session: Session, catalogue: Catalogue, *, today: date, now: datetime) -> int:
    """Compute the statuses whose day of change has come; gives how many."""
    due = (
        select(CachedStatus.scheme, CachedStatus.person_id)
        .where(CachedStatus.next_change_on <= today, CachedStatus.scheme.in_(list(catalogue.schemes)))
        .limit(DUE_AT_ONCE)
    )
    by_scheme: dict[str, list[int]] = {}
    for scheme, person_id in session.execute(due):
        by_scheme.setdefault(scheme, []).append(person_id)
    for scheme, people in sorted(by_scheme.items()):
        for at in range(0, len(people), BATCH):
            refresh(session, catalogue, scheme=scheme, person_ids=people[at : at + BATCH], today=today, now=now)
    return sum(len(people) for people in by_scheme.values())


def speaks(session: Session, schemes: Mapping[str, str], today: date) -> bool:
    """Whether the cache holds of these schemes (slug: digest) today; where it does not, only the function knows.

    All have to be computed from these revisions, and no day may have come on which a status changes that is not computed anew yet.
    """
    built = select(StatusBuild.scheme, StatusBuild.digest).where(StatusBuild.scheme.in_(schemes), StatusBuild.at_person == DONE)
    if {row.scheme: row.digest for row in session.execute(built)} != dict(schemes):
        return False
    due = select(CachedStatus.person_id).where(CachedStatus.next_change_on <= today, CachedStatus.scheme.in_(schemes)).limit(1)
    return session.execute(due).first() is None


def begin_build(session: Session, catalogue: Catalogue, *, again: bool = False) -> list[str]:
    """Note which schemes are to be computed: those of a new revision, or all of them; gives all that are not done."""
    known = {build.scheme: build for build in session.execute(select(StatusBuild)).scalars()}
    for slug in known.keys() - catalogue.schemes.keys():
        session.delete(known[slug])
        session.execute(delete(CachedStatus).where(CachedStatus.scheme == slug))
    waiting = []
    for slug, scheme in catalogue.schemes.items():
        build = known.get(slug)
        if build is None:
            session.add(StatusBuild(scheme=slug, digest=scheme.digest, at_person=0, ready_at=None))
        elif again or build.digest != scheme.digest:
            build.digest, build.at_person = scheme.digest, 0
        elif build.at_person == DONE:
            continue
        waiting.append(slug)
    session.flush()
    return waiting


def build(db: Database, catalogue: Catalogue, *, today: date, now: datetime, again: bool = False) -> Generator[int, None, None]:
    """Compute the statuses of the schemes that need it, a batch of people at a time, each in its own transaction; gives how many each time.

    What a dead process left is taken up where it stopped.
    """
    with db.writing() as session:
        waiting = begin_build(session, catalogue, again=again)
    while waiting:
        with db.writing() as session:
            _lock(session)
            builds = list(session.execute(select(StatusBuild).where(StatusBuild.scheme.in_(waiting), StatusBuild.at_person != DONE)).scalars())
            if not builds:
                return
            at = min(build.at_person for build in builds)
            schemes = [build.scheme for build in builds if build.at_person == at]
            people = _next_people(session, schemes, at)
            done = _store(session, catalogue, schemes, people, today, now) if people else 0
            for one in builds:
                if one.scheme in schemes:
                    one.at_person = people[-1] if people else DONE
                    one.ready_at = one.ready_at if people else now
        yield done


def _lock(session: Session) -> None:
    """Let no change of a record in while a batch is computed; on SQLite the transaction itself does."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE cached_status IN SHARE ROW EXCLUSIVE MODE"))


def _next_people(session: Session, schemes: Collection[str], after: int) -> list[int]:
    """The next people with a record under one of the schemes, by id."""
    parts = [
        select(table.person_id).where(table.person_id > after, table.scheme.in_(schemes)).order_by(table.person_id).distinct().limit(BATCH).subquery()
        for table in (Evidence, Period, TrainingTrigger)
    ]
    found = {person_id for part in parts for person_id in session.scalars(select(part.c.person_id))}
    return sorted(found)[:BATCH]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the cache says something else than the function, as (standing, training, until, next change); None: no row."""

    person_id: int
    scheme: str
    cached: tuple[object, ...] | None
    computed: tuple[object, ...]


def check(session: Session, catalogue: Catalogue, *, today: date) -> Iterator[Difference | int]:
    """Compare the cache with the function, a batch of people at a time: gives each difference, and after each batch how many people were compared."""
    schemes, at = list(catalogue.schemes), 0
    terms = {slug: terms_of(catalogue.schemes[slug]) for slug in schemes}
    reckoner = StatusReckoner(terms, as_of=today, known_at=ALL_WE_KNOW)
    c = CachedStatus
    while people := sorted({*_next_people(session, schemes, at), *_next_cached(session, at)})[:BATCH]:
        records = read_records(session, people=people, schemes=schemes, evidence=True)
        rows = session.execute(select(c.person_id, c.scheme, c.standing, c.training, c.until_on, c.next_change_on).where(c.person_id.in_(people)))
        cached = {(row[0], row[1]): tuple(row[2:]) for row in rows if row[1] in terms}
        for key in sorted({*records, *cached}):
            status = reckoner.status(key[1], records[key]) if key in records else NOTHING
            computed = (status.standing, status.training, status.until_on, status.next_change_on)
            if cached.get(key) != computed:
                yield Difference(*key, cached.get(key), computed)
        at = people[-1]
        yield len(people)


def _next_cached(session: Session, after: int) -> list[int]:
    asked = select(CachedStatus.person_id).where(CachedStatus.person_id > after).order_by(CachedStatus.person_id).distinct().limit(BATCH)
    return list(session.scalars(asked))
