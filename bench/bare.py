"""The bare limits: what a page and a durable save cost at the least with Flask and the driver on this machine.

Served by the same server as the site. BENCH_SQLITE is a file, or BENCH_POSTGRES a driver address.
/page  signed session, one SELECT by primary key, a template of the size of a lesson page.
/save  signed session, CSRF compare, one SELECT, one durable upsert, each its own transaction (a race, fit for a limit only).
"""

import hmac
import os
import sqlite3
import threading
import time
from typing import Any

import psycopg
from flask import Flask, Response, jsonify, render_template, request, session

app = Flask(__name__, template_folder="templates")
app.secret_key = "bench-only"  # noqa: S105
SQLITE = os.environ.get("BENCH_SQLITE", "")
POSTGRES = os.environ.get("BENCH_POSTGRES", "")
PLACE = "?" if SQLITE else "%s"
TABLES = (
    "CREATE TABLE IF NOT EXISTS bare_attempt (id bigint PRIMARY KEY, person_id bigint NOT NULL, deadline double precision NOT NULL)",
    """CREATE TABLE IF NOT EXISTS bare_response (attempt_id bigint, item_id text, letters text NOT NULL, saved_at double precision NOT NULL,
    PRIMARY KEY (attempt_id, item_id))""",
)
SELECT = f"SELECT person_id, deadline FROM bare_attempt WHERE id = {PLACE}"
UPSERT = (
    f"INSERT INTO bare_response (attempt_id, item_id, letters, saved_at) VALUES ({PLACE}, {PLACE}, {PLACE}, {PLACE})"
    " ON CONFLICT (attempt_id, item_id) DO UPDATE SET letters = excluded.letters, saved_at = excluded.saved_at"
)
TEXT = "Người lao động kiểm tra dây đai an toàn trước mỗi lần leo và báo ngay cho người phụ trách khi thấy hỏng. "
_local = threading.local()
_writer = threading.Lock()


def _lite() -> sqlite3.Connection:
    connection: sqlite3.Connection | None = getattr(_local, "connection", None)
    if connection is None:
        connection = _local.connection = sqlite3.connect(SQLITE, isolation_level=None, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    return connection


def _postgres() -> psycopg.Connection[Any]:
    connection: psycopg.Connection[Any] | None = getattr(_local, "connection", None)
    if connection is None:
        connection = _local.connection = psycopg.connect(POSTGRES, autocommit=True)
    return connection


def _find(attempt_id: int) -> Any:
    return (_lite() if SQLITE else _postgres()).execute(SELECT, (attempt_id,)).fetchone()


def make_tables(attempts: int) -> None:
    """Make the tables and some open attempts."""
    far = time.time() + 1e8
    rows = [(number, 1, far) for number in range(1, attempts + 1)]
    cursor = _lite().cursor() if SQLITE else _postgres().cursor()
    if POSTGRES:  # every server process makes them; two at once would fail
        cursor.execute("SELECT pg_advisory_lock(8931)")
    for statement in TABLES:
        cursor.execute(statement)
    cursor.executemany(f"INSERT INTO bare_attempt VALUES ({PLACE}, {PLACE}, {PLACE}) ON CONFLICT DO NOTHING", rows)
    if POSTGRES:
        cursor.execute("SELECT pg_advisory_unlock(8931)")


@app.get("/sign-in")
def sign_in() -> str:
    """Set the signed session."""
    session["uid"], session["csrf"] = 1, "token"
    return "ok"


@app.get("/page")
def page() -> str:
    """The bare page."""
    row = _find(session["uid"])
    return render_template("bare.html", uid=session["uid"], row=row, texts=[TEXT * 4] * int(os.environ.get("BENCH_SECTIONS", "14")), entries=[TEXT[:30]] * 8)


@app.post("/save")
def save() -> tuple[Response, int]:
    """The bare save."""
    if not hmac.compare_digest(session.get("csrf", ""), request.headers.get("X-CSRFToken", "")):
        return jsonify(error="csrf"), 403
    said = request.get_json()
    row = _find(said["attempt"])
    if row is None or row[1] < time.time():
        return jsonify(error="closed"), 409
    values = (said["attempt"], said["item"], said["letters"], time.time())
    if SQLITE:
        with _writer:
            _lite().execute(UPSERT, values)
    else:
        _postgres().execute(UPSERT, values)
    return jsonify(ok=True, left=row[1] - time.time()), 200


make_tables(200)
