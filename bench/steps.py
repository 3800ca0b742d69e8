"""What each step of an attempt costs this process's CPU, without a server between: start, page, save, hand in, result; for profiling.

    .venv/bin/python -m bench.steps [--people 40] [--profile page] [--postgres URL]

Requests are given to the application as a server would, with cookies and tokens signed as the site does. The figures are of the fastest of
several rounds, in milliseconds, in saves, and in bare saves (bench.bare, by turns with the site's); --profile prints where the time of one step goes.
"""

import argparse
import cProfile
import importlib
import io
import json
import os
import pstats
import re
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from bench.main import driver_address
from bench.site import COURSE, prepare
from bench.storm import sign_cookies
from lms.app import create_app
from lms.settings import load_settings

STEPS = ("before", "start", "page", "save", "look over", "hand in", "result")
LOOKED_AT = ("before", "page", "look over", "result")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Caller:
    """Hands requests to an application with no server between and no more of a client than must be."""

    def __init__(self, app: Any, cookie: str, token: str) -> None:
        self._app = app
        self._head = {
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": cookie,
            "HTTP_X_CSRFTOKEN": token,
            "HTTP_ACCEPT": "*/*",
            "SCRIPT_NAME": "",
            "REMOTE_ADDR": "127.0.0.1",
        }
        self._head |= {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "QUERY_STRING": "", "wsgi.url_scheme": "http"}
        self.token = token

    def send(self, method: str, path: str, body: str = "", kind: str = FORM) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and content of the answer."""
        said: list[Any] = []
        data = body.encode()
        environ: dict[str, Any] = {**self._head, "REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": io.BytesIO(data), "wsgi.errors": sys.stderr}
        environ |= {"wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False}
        if method == "POST":
            environ |= {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(data))}
        answer = self._app(environ, lambda status, headers, _info=None: said.extend((status, headers)))
        content = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        return int(said[0][:3]), dict(said[1]), content


class Learner:
    """One person's way through one attempt, a request a step."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.attempt = ""
        self.items: list[str] = []
        self.saves = 0

    def _get(self, path: str) -> str:
        status, _, content = self.caller.send("GET", path)
        assert status == 200, status
        return content.decode()

    def _post(self, path: str) -> str:
        status, headers, _ = self.caller.send("POST", path, urlencode({"csrf_token": self.caller.token}))
        assert status == 303, status
        return headers["Location"]

    def before(self) -> None:
        """The page before the start."""
        self._get(f"/offerings/course:{COURSE}")

    def start(self) -> None:
        """Start."""
        self.attempt = self._post(f"/offerings/course:{COURSE}")

    def page(self) -> None:
        """The paper."""
        page = self._get(self.attempt)
        self.items = self.items or re.findall(r'data-item="([a-z2-7]+)"', page)

    def save(self) -> None:
        """One answer."""
        n = self.saves
        self.saves += 1
        values = {"item": self.items[n % len(self.items)], "answer": "ab"[n // len(self.items) % 2], "save_id": str(uuid4()), "seen": n // len(self.items)}
        values["client_at"] = int(datetime.now(UTC).timestamp() * 1000)
        status, _, content = self.caller.send("POST", f"{self.attempt}/answers", json.dumps(values), JSON)
        assert status == 200, content

    def look_over(self) -> None:
        """The page before handing in."""
        self._get(f"{self.attempt}/submit")

    def hand_in(self) -> None:
        """Hand in."""
        self._post(f"{self.attempt}/submit")

    def result(self) -> None:
        """The result."""
        self._get(f"{self.attempt}/result")


class Bare:
    """The bare save of one attempt."""

    def __init__(self, app: Any, n: int) -> None:
        with app.test_request_context():
            cookie = app.session_interface.get_signing_serializer(app).dumps({"uid": 1, "csrf": "token"})
        self._caller = Caller(app, f"session={cookie}", "token")
        self._n = n
        self._saves = 0

    def save(self) -> None:
        """One more."""
        self._saves += 1
        body = f'{{"attempt": {self._n}, "item": "i{self._saves % 20}", "letters": "a"}}'
        status, _, content = self._caller.send("POST", "/save", body, JSON)
        assert status == 200, content


def bare_app(folder: Path, url: str) -> Any:
    """The bare limits on the same kind of database."""
    os.environ["BENCH_SQLITE"] = str(folder.parent / "bare.db") if url.startswith("sqlite") else ""
    os.environ["BENCH_POSTGRES"] = "" if url.startswith("sqlite") else driver_address(url)
    return importlib.reload(importlib.import_module("bench.bare")).app


def measure(folder: Path, url: str, people: int, profiled: str) -> None:
    """Let people go through their attempts together, step by step, and print what each step cost."""
    prepare(folder, url, people)
    cookies = sign_cookies(folder)
    app = create_app(load_settings(folder, {}))
    learners = [Learner(Caller(app, cookie, token)) for cookie, token in cookies]
    limits = bare_app(folder, url)
    bare = [Bare(limits, n).save for n in range(1, people + 1)]
    costs: dict[str, float] = {}
    for step in STEPS:
        acts: list[Callable[[], None]] = [getattr(learner, step.replace(" ", "_")) for learner in learners]
        profile = cProfile.Profile() if step == profiled else nullcontext()
        rounds = 40 if step == "save" else 3 if step in LOOKED_AT else 1
        with profile:
            costs[step], *others = _fastest(acts, *([bare] if step == "save" and not profiled else []), rounds=rounds)
        costs |= {"bare save": others[0]} if others else {}
        if isinstance(profile, cProfile.Profile):
            pstats.Stats(profile).sort_stats("tottime").print_stats(30)
    _show(costs)
    app.extensions["site"].db.dispose()


def _show(costs: dict[str, float]) -> None:
    bare = costs.pop("bare save", float("nan"))
    print(f"\n{'step':12}{'ms':>8}{'saves':>8}{'bare saves':>12}")
    whole = sum(costs[step] for step in STEPS if step not in ("before", "save")) + 20 * costs["save"]
    for step, cost in (costs | {"an attempt": whole}).items():
        print(f"{step:12}{cost * 1000:8.2f}{cost / costs['save']:8.1f}{cost / bare:12.2f}")
    print(f"(an attempt: from the start to the result, 20 answers; the bare save took {bare * 1000:.3f} ms)")


def _fastest(*sides: list[Callable[[], None]], rounds: int) -> list[float]:
    """CPU seconds of one act of each side: the fastest quarter of its people, each in the fastest of the rounds; the sides take turns."""
    best = [[float("inf")] * len(acts) for acts in sides]
    for _ in range(rounds):
        for acts, mine in zip(sides, best, strict=True):
            for n, act in enumerate(acts):
                begun = time.process_time()
                act()
                mine[n] = min(mine[n], time.process_time() - begun)
    return [sum(quarter) / len(quarter) for quarter in (sorted(mine)[: max(1, len(mine) // 4)] for mine in best)]


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
