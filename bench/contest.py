"""The benchmark of a contest round: entries of 200,000 people from 2,500 units counted anew, its pages, its result published and computed from the log.

    .venv/bin/python -m bench.contest [--people 200000] [--units 2500] [--postgres URL]

The round of the sample content; every third person has two tries. Pages are asked for in process beside the own page, as CPU, at the full size and at
1,000 entrants; the auditor's tool runs in a process of its own, so its memory is its own.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, delete, insert, make_url, text

from bench import people as bench_people
from bench.people import PASSWORD, fill, make_site, timed
from lms.assessment.models import Attempt, Result
from lms.clock import MovableClock
from lms.content.service.loading import load_catalogue
from lms.content.service.publishing import publish_sources
from lms.contests.models import Entry
from lms.contests.rules.values import ContestRules, RoundRules
from lms.contests.service.entries import recount
from lms.contests.service.publishing import draw, get_result, iter_text, publish
from lms.contests.terms import key_of, rules_of
from lms.people.rules import Role
from lms.people.service import grant_role
from lms.platform.site import Site

CONTEST, ROUND = "atvsv-gioi", "vong-lam-quen"
FIRST = 1_000_000
AT_ONCE = 5000
SMALL = 1000
TARGETS = {"page": 3.0, "close and rank": 30, "recompute": 60, "MB": 1000}
ADDRESSES = ("/ranking", "/ranking?from=me", "/ranking?by=unit", "/results")


def enter(site: Site, begun: datetime, first: int, last: int) -> None:
    """Tries and results of some people, without the pages."""
    with site.db.writing() as session:
        for at in range(first, last, AT_ONCE):
            tries, results = [], []
            for n in range(at, min(last, at + AT_ONCE)):
                for k in range(2 if n % 3 == 0 else 1):
                    id_, started = FIRST + n * 2 + k, begun + timedelta(seconds=n % 100_000 + k * 7200)
                    took = 60_000 + n * 7919 % 800_000
                    times = {"started_at": started, "deadline_at": started + timedelta(minutes=15), "closed_at": started + timedelta(milliseconds=took)}
                    plain = {"quiz": "q", "quiz_digest": "d", "seed": n, "lang": "vi", "paper": "[]", "rules": "{}", "grace_s": 5, "state": "submitted"}
                    who = {"id": id_, "person_id": FIRST + n, "unit_id": n % bench_people.UNITS + 2, "offering": key_of(CONTEST, ROUND), "n": k + 1}
                    tries.append(who | plain | times)
                    correct = n * 31 % 11
                    score = {"points": correct * 100, "max_points": 1000, "correct": correct, "item_count": 10, "critical_wrong": 0, "passed": None}
                    results.append({"attempt_id": id_, "version": 1, "elapsed_ms": took, "items": "[]", "scored_at": times["closed_at"]} | score)
            session.execute(insert(Attempt), tries)
            session.execute(insert(Result), results)


def count(site: Site, rules: RoundRules, now: datetime) -> None:
    """Every entry of the round from its tries."""
    with site.db.writing() as session:
        session.execute(delete(Entry))
        print(f"  {recount(session, contest=CONTEST, rules=rules, now=now)} entries")


def pages(app: Flask, n: int) -> dict[str, float]:
    """What the pages cost beside the own page."""
    client = app.test_client()
    assert client.post("/sign-in", data={"name": "QT", "secret": PASSWORD}).status_code == 302
    bare = bench_people._cpu(client, "/me/")  # noqa: SLF001  (another benchmark's)
    found = {}
    for address in ADDRESSES:
        cost = bench_people._cpu(client, f"/contests/{CONTEST}/{ROUND}{address}")  # noqa: SLF001
        found[address] = cost
        print(f"  {n:7} entrants {address:24}{cost * 1000:8.2f} ms CPU{cost / bare:8.2f} times the own page (target {TARGETS['page']})")
    return found


def measure(kind: str, folder: Path, url: str, people: int) -> None:
    """Everything on one kind of database."""
    print(f"\n{kind}")
    app, site = make_site(folder, url)
    now = datetime.now(UTC)
    with site.db.writing() as session:
        publish_sources(session, site.settings.sources, now=now, actor_id=None, zone=site.settings.zone)
        grant_role(session, person_id=1, role=Role.ORGANISER, unit_id=None, now=now)
    with site.db.reading() as session:
        catalogue = load_catalogue(session)
    contest = rules_of(catalogue.contests[CONTEST], catalogue.quizzes_of(CONTEST))
    rules = next(one for one in contest.rounds if one.slug == ROUND)
    clock = MovableClock(rules.closes_at + timedelta(minutes=1))
    site.clock = clock
    fill(site, people)
    enter(site, rules.opens_at, 0, SMALL)
    count(site, rules, clock.now())
    publish_now(site, contest, rules, clock.now(), 0)
    clock.move(minutes=10)
    small = pages(app, SMALL)
    timed(f"enter tries of {people}", lambda: enter(site, rules.opens_at, SMALL, people))
    if not site.db.on_sqlite:
        with site.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    took = timed("close and rank", lambda: count(site, rules, clock.now()))
    print(f"  (target {TARGETS['close and rank']} s)")
    timed("publish", lambda: publish_now(site, contest, rules, clock.now(), 1))
    clock.move(minutes=10)
    for address, cost in pages(app, people).items():
        print(f"  {address}: {cost / small[address]:.2f} times the cost at {SMALL} entrants")
    audit(site, folder)
    site.db.dispose()
    assert took > 0


def publish_now(site: Site, contest: ContestRules, rules: RoundRules, now: datetime, base: int) -> None:
    """Draw and publish as the page does."""
    today = now.date()
    with site.db.reading() as session:
        drawn = draw(session, contest, rules, on=today)
    given = {
        "state": "provisional",
        "appeals_until_on": today,
        "reason": "bench",
        "base_version": base,
        "appeals_days": 0,
        "actor_id": 1,
        "today": today,
        "now": now,
    }
    with site.db.writing() as session:
        publish(session, drawn, contest=CONTEST, round_slug=ROUND, **given)  # type: ignore[arg-type]


def audit(site: Site, folder: Path) -> None:
    """The result from the log alone, in a process of its own."""
    with site.db.reading() as session:
        row = get_result(session, contest=CONTEST, round_slug=ROUND, version=2)
    with (folder / "log.txt").open("wb") as target:
        target.writelines(iter_text(site.db, row, "log"))
    print(f"  log {(folder / 'log.txt').stat().st_size / 1e6:.1f} MB")
    words = [sys.executable, "-m", "lms", "contest", "recompute", str(folder / "log.txt"), "--sha256", row.result_digest]
    timed("recompute", lambda: subprocess.run(words, check=True))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  at most {memory:.0f} MB (targets {TARGETS['recompute']} s, {TARGETS['MB']} MB)")


def main() -> None:
    """Measure SQLite, and PostgreSQL where an address is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", default=os.environ.get("LMS_TEST_POSTGRES", ""), help="address of a PostgreSQL server where databases may be made")
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--units", type=int, default=2500)
    asked = parser.parse_args()
    bench_people.UNITS = asked.units
    with tempfile.TemporaryDirectory(prefix="vean-bench") as name:
        folder = Path(name)
        measure("sqlite", folder / "sqlite", f"sqlite:///{folder / 'vean.db'}", asked.people)
        if asked.postgres:
            server = make_url(asked.postgres)
            admin = create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text("DROP DATABASE IF EXISTS vean_contest WITH (FORCE)"))
                connection.execute(text("CREATE DATABASE vean_contest"))
            measure("postgresql", folder / "postgresql", server.set(database="vean_contest").render_as_string(hide_password=False), asked.people)
            admin.dispose()


if __name__ == "__main__":
    main()
