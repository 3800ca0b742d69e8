"""What each step of an attempt costs this process's CPU, without a server between: start, page, save, hand in, result; for profiling.

    .venv/bin/python -m bench.steps [--people 40] [--profile page] [--postgres URL]

The figures are of the fastest of several rounds, in milliseconds and in saves; --profile prints where the time of one step goes.
"""

import argparse
import cProfile
import os
import pstats
import re
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

from bench.site import COURSE, PIN, prepare
from lms.app import create_app
from lms.settings import load_settings

STEPS = ("before", "start", "page", "save", "look over", "hand in", "result")


class Learner:
    """One person's way through one attempt, a request a step."""

    def __init__(self, client: FlaskClient, n: int) -> None:
        self.client = client
        client.get("/sign-in")
        assert client.post("/sign-in", data={"name": f"B{n}", "secret": PIN}).status_code == 302
        self.attempt = ""
        self.items: list[str] = []
        self.saves = 0

    def before(self) -> None:
        """The page before the start."""
        assert self.client.get(f"/offerings/course:{COURSE}").status_code == 200

    def start(self) -> None:
        """Start."""
        self.attempt = self.client.post(f"/offerings/course:{COURSE}").headers["Location"]

    def page(self) -> None:
        """The paper."""
        page = self.client.get(self.attempt)
        assert page.status_code == 200
        self.items = self.items or re.findall(r'data-item="([a-z2-7]+)"', page.get_data(as_text=True))

    def save(self) -> None:
        """One answer."""
        n = self.saves
        self.saves += 1
        values = {"item": self.items[n % len(self.items)], "answer": "ab"[n // len(self.items) % 2], "save_id": str(uuid4()), "seen": n // len(self.items)}
        answer = self.client.post(f"{self.attempt}/answers", json=values | {"client_at": int(datetime.now(UTC).timestamp() * 1000)})
        assert answer.status_code == 200, answer.text

    def look_over(self) -> None:
        """The page before handing in."""
        assert self.client.get(f"{self.attempt}/submit").status_code == 200

    def hand_in(self) -> None:
        """Hand in."""
        assert self.client.post(f"{self.attempt}/submit").status_code == 303

    def result(self) -> None:
        """The result."""
        assert self.client.get(f"{self.attempt}/result").status_code == 200


def measure(folder: Path, url: str, people: int, profiled: str) -> None:
    """Let people go through their attempts together, step by step, and print what each step cost."""
    prepare(folder, url, people)
    app = create_app(load_settings(folder, {}))
    app.config["WTF_CSRF_ENABLED"] = False
    learners = [Learner(app.test_client(), n) for n in range(1, people + 1)]
    costs: dict[str, float] = {}
    for step in STEPS:
        acts: list[Callable[[], None]] = [getattr(learner, step.replace(" ", "_")) for learner in learners]
        profile = cProfile.Profile() if step == profiled else nullcontext()
        rounds = 20 if step == "save" else 3 if step in ("before", "page", "look over", "result") else 1
        with profile:
            costs[step] = _fastest(acts, rounds)
        if isinstance(profile, cProfile.Profile):
            pstats.Stats(profile).sort_stats("tottime").print_stats(30)
    print(f"\n{'step':12}{'ms':>8}{'saves':>8}")
    for step, cost in costs.items():
        print(f"{step:12}{cost * 1000:8.2f}{cost / costs['save']:8.1f}")
    whole = sum(cost for step, cost in costs.items() if step != "save") + 20 * costs["save"]
    print(f"{'an attempt':12}{whole * 1000:8.2f}{whole / costs['save']:8.1f}   (20 answers)")
    app.extensions["site"].db.dispose()


def _fastest(acts: list[Callable[[], None]], rounds: int) -> float:
    """CPU seconds of one act: the fastest quarter of the people, each in the fastest of the rounds."""
    best = [float("inf")] * len(acts)
    for _ in range(rounds):
        for n, act in enumerate(acts):
            begun = time.process_time()
            act()
            best[n] = min(best[n], time.process_time() - begun)
    quarter = sorted(best)[: max(1, len(best) // 4)]
    return sum(quarter) / len(quarter)


def main() -> None:
    """Measure SQLite, and PostgreSQL where an address is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--profile", choices=STEPS, default="")
    parser.add_argument("--postgres", default=os.environ.get("LMS_TEST_POSTGRES", ""), help="address of a PostgreSQL server where databases may be made")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vean-bench") as name:
        folder = Path(name)
        print("sqlite")
        measure(folder / "sqlite", f"sqlite:///{folder / 'vean.db'}", asked.people, asked.profile)
        if asked.postgres:
            server = make_url(asked.postgres)
            admin = create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text("DROP DATABASE IF EXISTS vean_steps WITH (FORCE)"))
                connection.execute(text("CREATE DATABASE vean_steps"))
            print("\npostgresql")
            measure(folder / "postgresql", server.set(database="vean_steps").render_as_string(hide_password=False), asked.people, asked.profile)
            admin.dispose()


if __name__ == "__main__":
    main()
