"""A synchronised start: N signed-in learners start within 10 s, save an answer each 15 s for 5 minutes, and hand in.

    .venv/bin/python -m bench.storm [--postgres URL] [--people 2000] [--minutes 5] [--every 15] [--raise] [--only sqlite]

The production server (`lms serve`) runs on each kind of database; the crowd is one process of its own on 127.0.0.1, its CPU stands apart.
Sessions are signed here, so that signing in is not what is measured. What the crowd logged as acknowledged is compared with the database.
A save's time counts from the moment it was due. The bare save (bench.bare) is measured before and after in the same run: the ratios are the
figures to watch where other work shares the machine. --raise: the same crowd saves faster and faster until p95 of a save passes a second.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import create_engine, make_url, select, text

from bench.main import BARE_PORT, PORT, bare_plans, bare_server
from bench.measure import Asked, cpu_ms, drive, memory_mb
from bench.site import COURSE, prepare, served, server_command
from lms.app import create_app
from lms.assessment.models import Attempt, Response, Result
from lms.people.models import Account, Person
from lms.people.signing.service.sessions import begin
from lms.platform.db import Database
from lms.settings import load_settings

TARGETS = {"save p95 ms": 300.0, "memory MB": 400.0, "save in bare saves": 1.7, "attempt in bare saves": 40.0}
SLOW_MS = 1000.0
STEP = 1.5
LANG = "vi"


@dataclass(frozen=True)
class Part:
    """What one part gave: the crowd's word and the server side's CPU."""

    said: dict[str, Any]
    server_ms: float

    def count(self, what: str) -> int:
        """How many answers of a kind."""
        return len(self.said["ms"].get(what, ()))

    def at(self, what: str, share: float) -> float:
        """The latency in ms below which that share of the answers came."""
        times = sorted(self.said["ms"].get(what, [0.0]))
        return float(times[min(len(times) - 1, int(len(times) * share))])


class Crowd:
    """The crowd's process, part by part."""

    def __init__(self, plan: dict[str, Any], roots: list[int]) -> None:
        command = [sys.executable, "-m", "bench.crowd"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._roots = roots
        self._used = 0.0
        self._write(json.dumps(plan))
        self.next("")

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def next(self, order: str = "go") -> Part:
        """The next part, after an order where the crowd waits for one."""
        assert self._process.stdout is not None
        if order:
            self._write(order)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the crowd's process ended")
        used = cpu_ms(self._roots)
        part = Part(json.loads(line), used - self._used)
        self._used = used
        return part

    def end(self) -> None:
        """Let it go home."""
        self._write("end")
        self._process.wait(30)


def sign_cookies(instance: Path) -> list[tuple[str, str]]:
    """For every learner the cookies of a signed-in browser and its token against forgery."""
    app = create_app(load_settings(instance, {}))
    db: Database = app.extensions["site"].db
    with db.reading() as reader:
        accounts = reader.execute(select(Account.person_id, Account.epoch).join(Person, Person.id == Account.person_id).order_by(Person.id)).all()
    now = datetime.now(UTC)
    with db.writing() as writer:
        kept = [begin(writer, person_id=person_id, epoch=epoch, agent="chrome-android", how="secret", now=now) for person_id, epoch in accounts]
    db.dispose()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    made = []
    for (person_id, epoch), session_id in zip(accounts, kept, strict=True):
        with app.test_request_context():
            token = generate_csrf()
            values = dict(session) | {"_user_id": f"{person_id}.{epoch}.{session_id}", "_fresh": True, "_permanent": True}
            made.append((f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(values)}; lang={LANG}", token))
    return made


def lost(url: str, acks: dict[str, Any]) -> list[str]:
    """What was acknowledged and is not there: an answer, or its place in the result of an attempt handed in. Nothing is the proof."""
    db = Database(url)
    with db.reading() as reader:
        stored = {(row[0], row[1]): (row[2], row[3]) for row in reader.execute(select(Response.attempt_id, Response.item_id, Response.answer, Response.seq))}
        scored = {row[0]: {line[0]: line[3] for line in json.loads(row[1])} for row in reader.execute(select(Result.attempt_id, Result.items))}
        states = {row[0]: row[1] for row in reader.execute(select(Attempt.id, Attempt.state))}
    db.dispose()
    closed = set(acks["closed"])
    missing = [f"attempt {attempt} is {states.get(attempt)}, its hand-in was acknowledged" for attempt in closed if states.get(attempt) != "submitted"]
    for attempt, item, answer, seq in acks["answers"]:
        kept = stored.get((attempt, item))
        if kept is None or kept[1] < seq or (kept[1] == seq and kept[0] != answer):
            missing.append(f"attempt {attempt} {item}: {answer} acknowledged as {seq}, stored is {kept}")
        elif attempt in closed and scored.get(attempt, {}).get(item) != kept[0]:
            missing.append(f"attempt {attempt} {item}: {kept[0]} stored, scored as {scored.get(attempt, {}).get(item)}")
    return missing


def measure(kind: str, url: str, folder: Path, asked: argparse.Namespace, roots: list[int]) -> bool:
    """One kind of database; whether nothing was lost and nothing refused."""
    prepare(folder / kind, url, asked.people)
    acks = folder / f"{kind}.json"
    plan = {"port": PORT, "offering": f"course:{COURSE}", "people": sign_cookies(folder / kind), "within_s": asked.within, "minutes": asked.minutes}
    plan |= {"every_s": asked.every, "step_s": asked.step, "acks": str(acks)}
    with served(server_command(folder / kind, PORT), PORT, {}) as pid, served(*bare_server(kind, url, folder)) as bare_pid:
        bare = [_bare([bare_pid, *roots])]
        crowd = Crowd(plan, [pid, *roots])
        parts = {"start": crowd.next(), "save": crowd.next()}
        memory = memory_mb([pid])
        highest = _raise(crowd, asked) if asked.faster else None
        parts["submit"] = crowd.next("on")
        crowd.end()
        bare.append(_bare([bare_pid, *roots]))
    missing = lost(url, json.loads(acks.read_text("utf-8")))
    _show(kind, asked, parts, sum(bare) / len(bare), memory, highest)
    answers = len(json.loads(acks.read_text("utf-8"))["answers"])
    print(f"acknowledged answers: {answers}, lost: {len(missing)}" + "".join(f"\n  {line}" for line in missing[:5]))
    return not missing and not any(part.said["errors"] for part in parts.values())


def _bare(roots: list[int]) -> float:
    _, saves = bare_plans(160)
    [load] = drive(Asked("bare save", BARE_PORT, saves, roots))
    return load.server_ms


def _raise(crowd: Crowd, asked: argparse.Namespace) -> tuple[int, float] | None:
    """The same people faster and faster; the greatest crowd of `every` seconds that this equals with p95 within a second and no error, and its p95."""
    every, good = asked.every / STEP, None
    while True:
        part = crowd.next(f"faster {every}")
        p95, equals = part.at("save", 0.95), round(asked.people * asked.every / every)
        rate, each_ms = part.count("save") / part.said["seconds"], part.server_ms / max(1, part.count("save"))
        print(f"  as {equals} people: {rate:.0f} saves/s, p95 {p95:.0f} ms, {each_ms:.2f} ms CPU, errors {part.said['errors']}")
        if p95 > SLOW_MS or part.said["errors"]:
            return good
        good, every = (equals, p95), every / STEP


def _show(kind: str, asked: argparse.Namespace, parts: dict[str, Part], bare: float, memory: float, highest: tuple[int, float] | None) -> None:
    print(
        f"\n{kind}: {asked.people} learners start, and hand in, within {asked.within:g} s; between they save each {asked.every:g} s for {asked.minutes:g} min"
    )
    print(f"{'':9}{'answers':>8}{'errors':>7}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU ms':>8}{'crowd ms':>9}")
    for name, part in parts.items():
        kinds = list(part.said["ms"]) or [name]
        for what in kinds:
            n = max(1, part.count(kinds[0]))
            times = "".join(f"{part.at(what, share):9.0f}" for share in (0.5, 0.95, 0.99))
            costs = f"{part.server_ms / n:8.2f}{part.said['cpu_ms'] / n:9.2f}" if what == kinds[0] else ""
            print(f"{what:9}{part.count(what):8}{part.said['errors'] if what == kinds[0] else '':>7}{times}{costs}")
        for words in part.said["words"]:
            print(f"  {words}")
    save = parts["save"].server_ms / max(1, parts["save"].count("save"))
    people = max(1, parts["start"].count("start"))
    ends = (parts["start"].server_ms + parts["submit"].server_ms) / people
    figures = {"save p95 ms": parts["save"].at("save", 0.95), "memory MB": memory, "save in bare saves": save / bare}
    figures["attempt in bare saves"] = (ends + 20 * save) / bare
    print(f"bare save {bare:.2f} ms CPU; an attempt of 20 saves {ends + 20 * save:.1f} ms CPU (start, hand-in and their pages {ends:.1f})")
    for name, value in figures.items():
        print(f"{name:22}{value:9.2f}  <= {TARGETS[name]:g}")
    if asked.faster:
        print(
            f"p95 of a save within a second up to {highest[0]} people (p95 {highest[1]:.0f} ms)"
            if highest
            else "p95 of a save passed a second at the first step"
        )


@contextmanager
def postgres_database(server: str) -> Iterator[tuple[str, list[int]]]:
    """A database of its own on a PostgreSQL server, and the server's process."""
    place = make_url(server)
    admin = create_engine(place.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS vean_storm WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE vean_storm"))
        data = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        print(f"PostgreSQL: fsync {connection.execute(text('SHOW fsync')).scalar_one()}")
    yield place.set(database="vean_storm").render_as_string(hide_password=False), [int((data / "postmaster.pid").read_text().split()[0])]
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS vean_storm WITH (FORCE)"))
    admin.dispose()


def main() -> None:
    """Exit status 1 if an answer was lost or refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", default=os.environ.get("LMS_TEST_POSTGRES", ""), help="address of a PostgreSQL server where databases may be made")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--every", type=float, default=15, help="seconds between two saves of a learner")
    parser.add_argument("--within", type=float, default=10, help="seconds in which all start, and hand in")
    parser.add_argument("--raise", dest="faster", action="store_true", help="go on, faster and faster, until p95 of a save passes a second")
    parser.add_argument("--step", type=float, default=20, help="seconds of each step of --raise")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    asked = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory(prefix="vean-storm") as name:
        folder = Path(name)
        if asked.only != "postgresql":
            good &= measure("sqlite", f"sqlite:///{folder / 'vean.db'}", folder, asked, [])
        if asked.postgres and asked.only != "sqlite":
            with postgres_database(asked.postgres) as (url, roots):
                good &= measure("postgresql", url, folder, asked, roots)
    sys.exit(not good)


if __name__ == "__main__":
    main()
