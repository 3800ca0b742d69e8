"""The benchmark of people: a sheet of 50,000 rows read, checked, applied and undone; a page of 50 in a site of 100,000, beside the bare page.

    .venv/bin/python -m bench.people [--rows 50000] [--people 100000] [--postgres URL]

The import runs in this process, so its memory is its own; the page is asked for in process, as CPU and number of statements.
"""

import argparse
import io
import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, insert, make_url, text

from lms.app import create_app
from lms.clock import SystemClock
from lms.people.importing.service.reading import read_file
from lms.people.importing.service.runs import ImportRunner
from lms.people.importing.service.sheets import ask, get_sheet, map_columns, store_sheet
from lms.people.models import Membership, Person
from lms.people.rules import Role, search_text, sort_key
from lms.people.secrets import make_secret
from lms.people.service import create_person, create_unit, grant_role
from lms.platform import migrate
from lms.platform.db import Database
from lms.platform.keys import make_keys
from lms.platform.site import Site
from lms.settings import load_settings

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ")
MIDDLES = ("Văn", "Thị", "Đức", "Minh", "Ngọc")
GIVEN = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Quân", "Sơn", "Tâm", "Uyên", "Vinh", "Yến")
HEADERS = ("STT", "Mã NV", "Họ và tên", "Ngày sinh", "Điện thoại", "CCCD", "Đơn vị", "Chức danh")
PASSWORD = "nam muoi nghin dong"  # noqa: S105  (of a site that lives as long as the benchmark)
UNITS = 250
ASKED = 40
ADDRESSES = ("", "?page=1000", "?q=nguyen+van+an", "?q=P012345", "?sort=code", "?unit=5", "?sort=unit&page=500")
TARGETS = {"seconds": 60, "MB": 500, "page": 4.0}


def name_of(n: int) -> str:
    """An invented name."""
    return f"{FAMILIES[n % 10]} {MIDDLES[n // 10 % 5]} {GIVEN[n // 50 % len(GIVEN)]}"


def sheet_of(rows: int) -> bytes:
    """A workbook with so many rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_row(0, 0, HEADERS)
        for n in range(rows):
            born = f"{n % 28 + 1}/{n % 12 + 1}/{1965 + n % 40}"
            sheet.write_row(n + 1, 0, (n + 1, f"I{n:06}", name_of(n).upper(), born, f"09{n:08}", f"001{n:09}", f"Tổ {n % UNITS}", "công nhân"))
    return out.getvalue()


def make_site(folder: Path, url: str) -> tuple[Flask, Site]:
    """An empty site with units and an administrator."""
    folder.mkdir(exist_ok=True)
    make_keys(folder)
    db = Database(url)
    migrate.upgrade(db)
    now = datetime.now(UTC)
    with db.writing() as session:
        root = create_unit(session, name="Công ty", code="CT", now=now)
        for n in range(UNITS):
            create_unit(session, name=f"Tổ {n}", code=f"T{n}", kind="team", parent_id=root.id, now=now)
        boss = create_person(
            session, full_name="Quản Trị", staff_code="QT", unit_id=root.id, secret=make_secret(PASSWORD, "password"), must_change=False, now=now
        )
        grant_role(session, person_id=boss.id, role=Role.ADMINISTRATOR, unit_id=None, now=now)
    db.dispose()
    app = create_app(load_settings(folder, {}, database_url=url))
    app.config["WTF_CSRF_ENABLED"] = False
    return app, app.extensions["site"]


def timed(name: str, act: Callable[[], object]) -> float:
    """Do something and print what it took: seconds on the clock, and of this process's CPU."""
    begun, cpu = time.perf_counter(), time.process_time()
    act()
    took = time.perf_counter() - begun
    print(f"  {name:28}{took:8.1f} s{time.process_time() - cpu:8.1f} s CPU")
    return took


def import_rows(site: Site, rows: int) -> None:
    """Read, check, apply, check the same again, undo."""
    data = sheet_of(rows)
    print(f"  a workbook of {rows} rows, {len(data) / 1e6:.1f} MB")
    runner = ImportRunner(site.db, SystemClock(), site.settings.zone, site.settings.identity_key)
    kept: list[int] = []

    def store() -> None:
        table = read_file(data, "bench.xlsx")
        values = {"file_name": "bench.xlsx", "unit_id": None, "effect_on": date(2026, 1, 5), "leavers": False}
        sheet_id = store_sheet(site.db, table, **values, made_by=None, paths=("/",), now=datetime.now(UTC))  # type: ignore[arg-type]
        kept.append(sheet_id)
        with site.db.writing() as session:
            keys = ["", "staff_code", "full_name", "birth_on", "phone", "national_id", "unit", "position"]
            sheet = get_sheet(session, sheet_id=sheet_id, person_id=None, paths=("/",))
            map_columns(session, sheet, keys, paths=("/",), actor_id=None, now=datetime.now(UTC))

    def run(state: str = "") -> None:
        if state:
            with site.db.writing() as session:
                ask(get_sheet(session, sheet_id=kept[0], person_id=None, paths=("/",)), state, paths=("/",))
        runner.run(datetime.now(UTC))

    took = timed("read and store", store) + timed("check", run) + timed("apply", lambda: run("applying"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {'together':28}{took:8.1f} s (target {TARGETS['seconds']} s), at most {memory:.0f} MB (target {TARGETS['MB']} MB)")

    def again() -> None:
        store()
        run()

    timed("the same sheet again", again)
    timed("undo", lambda: run("undoing"))


def fill(site: Site, people: int) -> None:
    """Enter people without the pages."""
    now = datetime.now(UTC)
    with site.db.writing() as session:
        begin = 1_000_000
        for at in range(0, people, 5000):
            rows, works = [], []
            for n in range(at, min(people, at + 5000)):
                name, code = name_of(n), f"P{n:06}"
                values = {"id": begin + n, "full_name": name, "staff_code": code, "phone": f"08{n:08}", "lang": "vi", "demo": False, "created_at": now}
                rows.append(values | {"sort_key": sort_key(name), "search_text": search_text(name, code, f"08{n:08}")})
                works.append({"person_id": begin + n, "unit_id": n % UNITS + 2, "position": "công nhân", "main": True, "from_on": date(2026, 1, 1)})
            session.execute(insert(Person), rows)
            session.execute(insert(Membership), works)
    if not site.db.on_sqlite:
        with site.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def pages(app: Flask) -> None:
    """What the list of people costs beside the bare page of the site (help of the design, no query of its own)."""
    client = app.test_client()
    assert client.post("/sign-in", data={"name": "QT", "secret": PASSWORD}).status_code == 302
    bare = _cpu(client, "/me/")
    print(f"  {'own page':36}{bare * 1000:8.2f} ms CPU")
    for address in ADDRESSES:
        cost = _cpu(client, f"/people{address}")
        print(f"  {'/people' + address:36}{cost * 1000:8.2f} ms CPU{cost / bare:8.2f} times the own page (target {TARGETS['page']})")
    begun, cpu = time.perf_counter(), time.process_time()
    size = len(client.get("/people/import/people.csv").get_data())
    print(f"  everybody as CSV: {size / 1e6:.1f} MB, {time.perf_counter() - begun:.1f} s, {time.process_time() - cpu:.1f} s CPU")


def _cpu(client: FlaskClient, address: str) -> float:
    """CPU seconds of this process for one page, the best of three rounds."""
    assert client.get(address).status_code == 200
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        for _ in range(ASKED // 4):
            client.get(address)
        best = min(best, (time.process_time() - begun) / (ASKED // 4))
    return best


def measure(kind: str, folder: Path, url: str, rows: int, people: int) -> None:
    """Everything on one kind of database."""
    print(f"\n{kind}")
    app, site = make_site(folder, url)
    import_rows(site, rows)
    timed(f"enter {people} people", lambda: fill(site, people))
    pages(app)
    site.db.dispose()


def main() -> None:
    """Measure SQLite, and PostgreSQL where an address is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", default=os.environ.get("LMS_TEST_POSTGRES", ""), help="address of a PostgreSQL server where databases may be made")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--people", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vean-bench") as name:
        folder = Path(name)
        measure("sqlite", folder / "sqlite", f"sqlite:///{folder / 'vean.db'}", asked.rows, asked.people)
        if asked.postgres:
            server = make_url(asked.postgres)
            admin = create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text("DROP DATABASE IF EXISTS vean_people WITH (FORCE)"))
                connection.execute(text("CREATE DATABASE vean_people"))
            measure("postgresql", folder / "postgresql", server.set(database="vean_people").render_as_string(hide_password=False), asked.rows, asked.people)
            admin.dispose()


if __name__ == "__main__":
    main()
