"""The benchmark of the main path: sign-in, lesson page, answer save, beside the bare limits of this machine in the same run.

    .venv/bin/python -m bench.main [--postgres URL] [--people 24] [--requests 150]

Every figure is of a production server in its own process, driven over HTTP from a second process on keep-alive connections; the site
and the bare limit take turns in short rounds.
CPU is that of the whole server side, the database's processes included; the generator's stands apart. The ratios are the figures
to watch: the machine's own speed falls out of them. Without --postgres only SQLite is measured.
"""

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import create_engine, make_url, text

from bench.measure import Asked, Load, drive, memory_mb
from bench.site import COURSE, PIN, Browser, prepare, save_request, served, server_command
from lms.people.secrets import HASHER

PORT, BARE_PORT = 8931, 8932
SECTIONS = 34
"""So many sections make the bare page as long as the lesson page."""
SIGN_INS = 22
"""Of each of four browsers: more in a minute would be refused."""
TARGETS = {"lesson page": 2.5, "answer save": 2.0, "sign-in": 1.5}


def measure(kind: str, url: str, folder: Path, people: int, requests: int, roots: list[int]) -> None:
    """Measure one database kind and print its table."""
    course = prepare(folder / kind, url, people)
    with served(server_command(folder / kind, PORT), PORT, {}) as pid, served(*bare_server(kind, url, folder)) as bare_pid:
        site_roots, bare_roots = [pid, *roots], [bare_pid, *roots]
        browsers = [Browser(PORT) for _ in range(people)]
        for browser in browsers:
            browser.send("GET", "/sign-in")
        hashes = Hashes()
        [sign_in] = drive(Asked("sign-in", PORT, _sign_ins(browsers), site_roots), warm=2, between=hashes.measure)
        for number, browser in enumerate(browsers, 1):
            browser.sign_in(f"B{number}")
        path = f"/courses/{COURSE}/{course.lessons[0].slug}"
        pages = [[{"method": "GET", "path": path, "headers": browser.headers()}] * requests for browser in browsers[:8]]
        bare_pages, bare_saves = bare_plans(requests)
        pairs = [drive(Asked("lesson page", PORT, pages, site_roots), Asked("bare page", BARE_PORT, bare_pages, bare_roots))]
        saves = [_saves(browser, requests) for browser in browsers[:8]]
        pairs.append(drive(Asked("answer save", PORT, saves, site_roots), Asked("bare save", BARE_PORT, bare_saves, bare_roots)))
        memory = memory_mb([pid])
    _show(kind, pairs, sign_in, hashes.ms, memory)


def _sign_ins(browsers: list[Browser]) -> list[list[dict[str, object]]]:
    plan = []
    for number, browser in enumerate(browsers[:4], 1):
        headers = browser.headers() | {"Content-Type": "application/x-www-form-urlencoded"}
        body = f"name=B{number}&secret={PIN}&csrf_token={browser.token}"
        plan.append([{"method": "POST", "path": "/sign-in", "headers": headers, "body": body, "expect": 302}] * SIGN_INS)
    return plan


def _saves(browser: Browser, requests: int) -> list[dict[str, object]]:
    attempt, items = browser.start()
    seen = dict.fromkeys(items, 0)
    plan = []
    for number in range(requests):
        item = items[number % len(items)]
        plan.append(save_request(browser, attempt, item, "ab"[number // len(items) % 2], seen[item]))
        seen[item] += 1
    return plan


def bare_server(kind: str, url: str, folder: Path) -> tuple[list[str], int, dict[str, str]]:
    """The bare limits as a server: command, port, environment."""
    environ = {"BENCH_SECTIONS": str(SECTIONS)}
    environ |= {"BENCH_SQLITE": str(folder / "bare.db")} if kind == "sqlite" else {"BENCH_POSTGRES": driver_address(url)}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(BARE_PORT), "--workers", "1" if kind == "sqlite" else str(os.cpu_count())]
    return [*command, "--blocking-threads", "8", "--no-ws", "--log-level", "warning", "bench.bare:app"], BARE_PORT, environ


def bare_plans(requests: int) -> tuple[list[list[dict[str, object]]], list[list[dict[str, object]]]]:
    """Bare pages and bare saves of eight connections."""
    browser = Browser(BARE_PORT)
    browser.send("GET", "/sign-in")
    headers = browser.headers()
    sender = headers | {"Content-Type": "application/json", "X-CSRFToken": "token"}
    saves: list[list[dict[str, object]]] = [
        [
            {"method": "POST", "path": "/save", "headers": sender, "body": f'{{"attempt": {attempt}, "item": "i{n % 20}", "letters": "a"}}'}
            for n in range(requests)
        ]
        for attempt in range(1, 9)
    ]
    return [[{"method": "GET", "path": "/page", "headers": headers}] * requests] * 8, saves


def driver_address(url: str) -> str:
    """An address of SQLAlchemy as the driver takes it."""
    parts = make_url(url)
    said = {"user": parts.username, "dbname": parts.database, "host": parts.query.get("host", parts.host), "password": parts.password, "port": parts.port}
    return " ".join(f"{name}={value}" for name, value in said.items() if value)


class Hashes:
    """What one check of the argon2 hash costs on this machine, measured between the rounds of sign-ins; two at once, as the measured site does them."""

    def __init__(self) -> None:
        self.kept = HASHER.hash(PIN)
        self.used_s = 0.0
        self.count = 0

    def measure(self) -> None:
        """Check it some more times."""
        begun = time.process_time()
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda _: PasswordHasher().verify(self.kept, PIN), range(10)))
        self.used_s += time.process_time() - begun
        self.count += 10

    @property
    def ms(self) -> float:
        """CPU of one check."""
        return self.used_s * 1000 / self.count


def _show(kind: str, pairs: list[list[Load]], sign_in: Load, hashed: float, memory: float) -> None:
    print(f"\n{kind}: server memory {memory:.0f} MB")
    print(f"{'':14}{'requests/s':>11}{'CPU ms':>8}{'gen. ms':>8}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}{'bytes':>8}{'errors':>7}{'ratio':>7}  target")
    for load, bare in pairs:
        _line(load, load.server_ms / bare.server_ms)
        _line(bare, None)
    _line(sign_in, sign_in.server_ms / hashed)
    print(f"{'argon2 hash':14}{'':11}{hashed:8.2f}")


def _line(load: Load, ratio: float | None) -> None:
    figures = f"{load.per_s:11.0f}{load.server_ms:8.2f}{load.generator_ms:8.2f}{load.p50:8.1f}{load.p95:8.1f}{load.p99:8.1f}{load.size:8}{load.errors:7}"
    print(f"{load.name:14}{figures}" + (f"{ratio:7.2f}  <= {TARGETS[load.name]}" if ratio else ""))


def main() -> None:
    """Measure SQLite, and PostgreSQL where an address is given (a database of its own is made there)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", default=os.environ.get("LMS_TEST_POSTGRES", ""), help="address of a PostgreSQL server where databases may be made")
    parser.add_argument("--people", type=int, default=24)
    parser.add_argument("--requests", type=int, default=240)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vean-bench") as name:
        folder = Path(name)
        measure("sqlite", f"sqlite:///{folder / 'vean.db'}", folder, asked.people, asked.requests, [])
        if asked.postgres:
            server = make_url(asked.postgres)
            admin = create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text("DROP DATABASE IF EXISTS vean_bench WITH (FORCE)"))
                connection.execute(text("CREATE DATABASE vean_bench"))
                data = Path(connection.execute(text("SHOW data_directory")).scalar_one())
            postmaster = int((data / "postmaster.pid").read_text().split()[0])
            url = server.set(database="vean_bench").render_as_string(hide_password=False)
            measure("postgresql", url, folder, asked.people, asked.requests, [postmaster])
            admin.dispose()


if __name__ == "__main__":
    main()
