"""The benchmark of papers: a batch of 1,000 certificates asked for and printed by the job, in this process: seconds, memory, size.

    .venv/bin/python -m bench.papers [--papers 1000] [--layout a5] [--form pdf]

On SQLite: what costs is typst, not the database.
"""

import argparse
import json
import resource
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert, select

from bench.people import fill, make_site, name_of, timed
from lms.certification.models import Document, DocumentBatch, Issuer, Period
from lms.certification.printer import BatchPrinter
from lms.certification.service.batches import FORMS, LAYOUTS, ask, choose
from lms.clock import SystemClock
from lms.people.models import Person
from lms.platform.site import Site

SCHEME, ISSUED = "bench", date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
FIRST = 1_000_000
TARGET = 30


def enter(site: Site, papers: int) -> int:
    """A certificate for each of so many people; gives who confirmed them."""
    with site.db.writing() as session:
        actor = session.scalars(select(Person.id).where(Person.staff_code == "QT")).one()
        issuer = Issuer(code="TT", name="Trung tâm Huấn luyện (dữ liệu thử)", kind="training_org", provider_class="A", demo=True)
        session.add(issuer)
        session.flush()
        periods = [_period(n, actor) for n in range(papers)]
        documents = [_document(n, issuer.id) for n in range(papers)]
        session.connection().execute(insert(Period), periods)
        session.connection().execute(insert(Document), documents)
        return actor


def _period(n: int, actor: int) -> dict[str, object]:
    days = {"scheme_version": date(2016, 7, 1), "from_on": ISSUED, "until_on": date(2028, 11, 22)}
    made = {"id": n + 1, "person_id": FIRST + n, "scheme": SCHEME, "n": 1, "scheme_digest": "bench", "basis": "initial", "confirmed_by": actor}
    return made | days | {"confirmed_at": NOW, "external_issuer": "", "external_number": "", "evidence_ids": "[]", "hours": "{}"}


def _document(n: int, issuer: int) -> dict[str, object]:
    number, code = f"{n + 1:04}/2026/GCN-TT", f"{n:026}"
    printed = {
        "number": number,
        "url": f"https://vean.example/v/{code}",
        "demo": True,
        "self_issued": False,
        "name": name_of(n),
        "birth": "1990-02-28",
        "national_id_last": "1234",
        "position": "công nhân",
        "unit": f"Tổ {n % 250}",
        "scheme": {"vi": "Huấn luyện an toàn, vệ sinh lao động nhóm 3", "zh": "职业安全卫生培训第三组", "en": "OSH training, group 3"},
        "basis": "initial",
        "minutes": 1440,
        "trained_from": "2026-11-01",
        "trained_until": "2026-11-20",
        "test_passed": True,
        "from": ISSUED.isoformat(),
        "until": "2028-11-22",
        "expires": True,
        "issuer": "Trung tâm Huấn luyện (dữ liệu thử)",
        "issuer_class": "A",
        "issued_on": ISSUED.isoformat(),
        "signer": "Quản Trị",
    }
    made = {"period_id": n + 1, "issuer_id": issuer, "kind": "certificate", "year": 2026, "seq": n + 1, "number": number, "code": code, "lang": "zh"}
    return made | {"issued_on": ISSUED, "issued_at": NOW, "payload": json.dumps(printed, ensure_ascii=False)}


def measure(folder: Path, papers: int, layout: str, form: str) -> None:
    """Ask for the batch, and print it."""
    _, site = make_site(folder, f"sqlite:///{folder / 'vean.db'}")
    fill(site, papers)
    actor = enter(site, papers)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def asked() -> None:
        with site.db.writing() as session:
            chosen = choose(session, paths=("/",), scheme=SCHEME, from_on=ISSUED, until_on=ISSUED, today=ISSUED)
            ask(session, chosen, paths=("/",), scheme=SCHEME, layout=layout, lang="own", form=form, actor_id=actor, now=NOW)

    timed(f"ask for {papers}", asked)
    took = timed("print them", lambda: BatchPrinter(site.db, SystemClock()).run(NOW))
    with site.db.reading() as session:
        batch = session.scalars(select(DocumentBatch)).one()
        assert (batch.state, batch.done) == ("ready", papers)
    after, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"  {layout}, {form}: {took:.1f} s (target {TARGET} s for 1,000), {batch.size / 1e6:.1f} MB")
    print(f"  memory: {before >> 10} MB before, {after >> 10} MB at most, {child >> 10} MB in the process that prints")
    site.db.dispose()


def main() -> None:
    """Measure one kind of file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=1000)
    parser.add_argument("--layout", choices=LAYOUTS, default="a5")
    parser.add_argument("--form", choices=FORMS, default="pdf")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vean-bench") as name:
        measure(Path(name), asked.papers, asked.layout, asked.form)


if __name__ == "__main__":
    main()
