"""The benchmark of certification: the statuses of 100,000 people under six schemes computed anew, compared, and asked for a past day.

    .venv/bin/python -m bench.certification [--people 100000] [--postgres URL]

Six schemes made of those of the sample content; two confirmed periods in three, each of lessons on days of one's own, a class day shared by
25 people, and a test; every fifth person has begun the next training. The figures are of this one process.
"""

import argparse
import json
import os
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, insert, make_url, text, update

from bench.people import fill, make_site, timed
from lms.certification.matrix_keeper import MatrixKeeper
from lms.certification.models import Assignment, Evidence, Period, TrainingRequirement
from lms.certification.rules.dates import end_of_term
from lms.certification.service.desk import read_desk
from lms.certification.service.overview import Overview, open_desk
from lms.certification.service.statuses import Difference, build, check
from lms.content.catalogue import Catalogue, Scheme
from lms.content.service.loading import load_catalogue
from lms.content.service.publishing import publish_sources
from lms.people.models import Person, Unit
from lms.platform.site import Site

SCHEMES = 6
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
AT_ONCE = 5000
FIRST = 1_000_000
TARGETS = {"rebuild": 60, "as of": 10}


def make_catalogue(site: Site) -> Catalogue:
    """The sample content with six schemes: its own, and copies under other names."""
    with site.db.writing() as session:
        publish_sources(session, site.settings.sources, now=NOW, actor_id=None, zone=site.settings.zone)
    with site.db.reading() as session:
        catalogue = load_catalogue(session)
    own = list(catalogue.schemes.values())
    schemes: dict[str, Scheme] = {}
    for n in range(SCHEMES):
        slug = f"bench-{n}"
        schemes[slug] = replace(own[n % len(own)], slug=slug, digest=f"bench-{n}")
    return replace(catalogue, schemes=schemes)


def enter(site: Site, people: int) -> None:
    """Assignments, evidence and periods, without the pages."""
    with site.db.writing() as session:
        actor = session.query(Person.id).filter_by(staff_code="QT").scalar()
        evidence_id = 0
        for at in range(0, people, AT_ONCE):
            needs, proofs, periods = [], [], []
            for n in range(at, min(people, at + AT_ONCE)):
                for k in range(SCHEMES):
                    needs.append({"person_id": FIRST + n, "scheme": f"bench-{k}", "from_on": date(2024, 1, 1), "reason": ""})
                    for turn in range((n + k) % 3):
                        held = TODAY - timedelta(days=((n // 25) * 7 + k * 61) % 420 + 5 + turn * 500)
                        ids = list(range(evidence_id + 1, evidence_id + 5))
                        evidence_id += 4
                        proofs += _proofs(FIRST + n, k, ids, held)
                        periods.append(_period(FIRST + n, k, 2 - turn, held, ids, actor))
                    if n % 5 == 0:
                        evidence_id += 1
                        proofs.append(_proof(FIRST + n, k, evidence_id, "lesson", {"law": 3600}, TODAY - timedelta(days=n % 60)))
            for table, rows in ((Assignment, needs), (Evidence, proofs), (Period, periods)):
                session.connection().execute(insert(table), rows)


def _proofs(person_id: int, scheme: int, ids: list[int], held: date) -> list[dict[str, object]]:
    own = held - timedelta(days=person_id % 20 + 1)
    return [
        _proof(person_id, scheme, ids[0], "lesson", {"law": 14400}, own),
        _proof(person_id, scheme, ids[1], "lesson", {"law": 14400}, own + timedelta(days=1)),
        _proof(person_id, scheme, ids[2], "class", {"management": 25200, "test": 3600}, held),
        _proof(person_id, scheme, ids[3], "test", {}, held),
    ]


def _proof(person_id: int, scheme: int, evidence_id: int, kind: str, seconds: dict[str, int], on: date) -> dict[str, object]:
    ref = {"id": evidence_id, "person_id": person_id, "scheme": f"bench-{scheme}", "kind": kind, "source_ref": f"bench:{evidence_id}", "digest": "d"}
    return ref | {"seconds": json.dumps(seconds), "on": on, "detail": "{}", "recorded_at": _instant(on)}


def _period(person_id: int, scheme: int, n: int, first: date, ids: list[int], actor: int) -> dict[str, object]:
    until = end_of_term(first, 24 if scheme % 2 else 12, "corresponding_day")
    dates = {"scheme_version": date(2016, 7, 1), "from_on": first, "until_on": until, "confirmed_at": _instant(first)}
    plain = {"scheme_digest": "d", "basis": "initial", "hours": "{}", "external_issuer": "", "external_number": "", "confirmed_by": actor}
    return {"person_id": person_id, "scheme": f"bench-{scheme}", "n": n, "evidence_ids": json.dumps(ids)} | dates | plain


def _instant(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 8, tzinfo=UTC)


def _apply_matrix(site: Site) -> None:
    """A line of the matrix that speaks of half of the units, and one of everybody, who have it by hand."""
    with site.db.writing() as session:
        actor = session.query(Person.id).filter_by(staff_code="QT").scalar()
        session.execute(update(Unit).where(Unit.id % 2 == 0, Unit.parent_id.is_not(None)).values(tags=",high_risk,"))
        plain = {"from_on": date(2026, 1, 1), "reason": "bench", "made_by": actor, "made_at": NOW, "position": "", "kind": "", "role": ""}
        session.add_all([TrainingRequirement(scheme="extra", tag="high_risk", **plain), TrainingRequirement(scheme="bench-1", tag="", **plain)])
    print(f"  {MatrixKeeper(site.db, site.settings.zone).run(NOW)} assignments made")


def measure(kind: str, folder: Path, url: str, people: int) -> None:
    """Everything on one kind of database."""
    print(f"\n{kind}")
    _, site = make_site(folder, url)
    fill(site, people)
    catalogue = make_catalogue(site)
    timed(f"enter records of {people}", lambda: enter(site, people))
    if not site.db.on_sqlite:
        with site.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    timed("matrix applied to all", lambda: _apply_matrix(site))
    done = [0]

    def rebuild() -> None:
        done[0] = sum(build(site.db, catalogue, today=TODAY, now=NOW, again=True))

    took = timed("rebuild", rebuild)
    print(f"  {done[0]} statuses in {took:.1f} s (target {TARGETS['rebuild']} s)")

    def compare() -> None:
        with site.db.reading() as session:
            assert not [one for one in check(session, catalogue, today=TODAY) if isinstance(one, Difference)]

    timed("check", compare)

    def desk() -> None:
        with site.db.reading() as session:
            opened = open_desk(session, catalogue=catalogue, paths=("/",), scheme=None, as_of=TODAY, today=TODAY)
            assert isinstance(opened, Overview)
            opened.page(("bad", "never", "expiring"), 1, 50)

    quick = timed("desk of today, from the cache", desk)

    def reckoned() -> None:
        with site.db.reading() as session:
            read_desk(session, catalogue=catalogue, paths=("/",), scheme=None, as_of=TODAY).page(("bad", "never", "expiring"), 1, 50)

    slow = timed("desk of today, by the rules", reckoned)
    print(f"  the cache is {slow / quick:.1f} times as quick")

    def as_of() -> None:
        with site.db.reading() as session:
            print(f"  {read_desk(session, catalogue=catalogue, paths=('/',), scheme=None, as_of=date(2026, 3, 1)).counts}")

    took = timed("as of a past day", as_of)
    print(f"  target {TARGETS['as of']} s")
    site.db.dispose()


def main() -> None:
    """Measure SQLite, and PostgreSQL where an address is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", default=os.environ.get("LMS_TEST_POSTGRES", ""), help="address of a PostgreSQL server where databases may be made")
    parser.add_argument("--people", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vean-bench") as name:
        folder = Path(name)
        measure("sqlite", folder / "sqlite", f"sqlite:///{folder / 'vean.db'}", asked.people)
        if asked.postgres:
            server = make_url(asked.postgres)
            admin = create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text("DROP DATABASE IF EXISTS vean_certification WITH (FORCE)"))
                connection.execute(text("CREATE DATABASE vean_certification"))
            url = server.set(database="vean_certification").render_as_string(hide_password=False)
            measure("postgresql", folder / "postgresql", url, asked.people)
            admin.dispose()


if __name__ == "__main__":
    main()
