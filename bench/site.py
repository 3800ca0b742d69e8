"""A site to measure: its own instance and database, the sample content, learners with one known PIN, the production server."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from lms.app import create_app
from lms.clock import SystemClock
from lms.content.catalogue import Course
from lms.content.service.loading import load_catalogue
from lms.content.service.publishing import publish_sources
from lms.people.models import Account, Person
from lms.people.secrets import hash_secret
from lms.platform import migrate
from lms.platform.keys import make_keys
from lms.settings import load_settings

PIN = "246813"
COURSE = "an-toan-nguoi-lao-dong"


def prepare(instance: Path, database_url: str, learners: int) -> Course:
    """Make the instance, publish the sample content, add learners B1, B2, ...; gives the course that is measured."""
    instance.mkdir(parents=True)
    make_keys(instance)
    (instance / "settings.toml").write_text(f'database_url = "{database_url}"\nsign_in_hashes = 2\nlog_format = "json"\n')
    app = create_app(load_settings(instance, {}))
    site = app.extensions["site"]
    migrate.upgrade(site.db)
    now = SystemClock().now()
    with site.db.writing() as session:
        publish_sources(session, site.settings.sources, now=now, actor_id=None, zone=site.settings.zone)
        people = [
            {"staff_code": f"B{n}", "full_name": f"Bench {n}", "sort_key": f"{n:06}", "lang": "vi", "demo": True, "created_at": now}
            for n in range(1, learners + 1)
        ]
        ids = session.execute(insert(Person).returning(Person.id), people).scalars().all()
        kept = hash_secret(PIN)
        accounts = [{"person_id": one, "secret_hash": kept, "secret_kind": "pin", "must_change": False, "active": True, "epoch": 1} for one in ids]
        session.execute(insert(Account), accounts)
    with site.db.reading() as session:
        course = load_catalogue(session).courses[COURSE]
    site.db.dispose()
    return course


@contextmanager
def served(command: list[str], port: int, environ: dict[str, str]) -> Iterator[int]:
    """A server in its own process, ready to answer; gives its process id."""
    process = subprocess.Popen(command, env=os.environ | environ, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1)
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError(f"no server at port {port}")
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


class Browser:
    """A signed-in learner: cookies and CSRF token, for making plans of requests."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""

    def send(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Send one request without following redirects; gives status, location and body."""
        body = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, self.headers(), method=method)
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=60) as answer:
                status, headers, content = answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as answer:
            status, headers, content = answer.code, answer.headers, answer.read().decode()
        for cookie in headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', content) or re.search(r'data-csrf="([^"]+)"', content)
        self.token = found[1] if found else self.token
        return status, headers.get("Location", ""), content

    def headers(self) -> dict[str, str]:
        """Cookies as the browser sends them."""
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def sign_in(self, staff_code: str) -> None:
        """Sign in with the shared PIN."""
        self.send("GET", "/sign-in")
        status, _, content = self.send("POST", "/sign-in", {"name": staff_code, "secret": PIN, "csrf_token": self.token})
        if status not in (302, 303):
            raise RuntimeError(f"sign-in refused: {status} {content[:300]}")

    def start(self) -> tuple[int, list[str]]:
        """Start the course's test; gives the attempt and the ids of its items."""
        self.send("GET", f"/offerings/course:{COURSE}")
        status, location, content = self.send("POST", f"/offerings/course:{COURSE}", {"csrf_token": self.token})
        if status not in (302, 303):
            raise RuntimeError(f"no attempt: {status} {content[:300]}")
        _, _, page = self.send("GET", location)
        attempt = int(re.search(r"/sittings/(\d+)", location)[1])  # type: ignore[index]
        return attempt, re.findall(r'data-item="([a-z2-7]+)"', page)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Do not follow."""


def save_request(browser: Browser, attempt: int, item: str, letter: str, seen: int) -> dict[str, Any]:
    """One save of the protocol, as the page's script sends it."""
    body = f'{{"item":"{item}","answer":"{letter}","save_id":"{uuid4()}","seen":{seen},"client_at":{int(datetime.now(UTC).timestamp() * 1000)}}}'
    headers = browser.headers() | {"Content-Type": "application/json", "X-CSRFToken": browser.token}
    return {"method": "POST", "path": f"/sittings/{attempt}/answers", "headers": headers, "body": body}


def server_command(instance: Path, port: int) -> list[str]:
    """`lms serve` of an instance."""
    return [sys.executable, "-m", "lms", "--instance", str(instance), "serve", "--port", str(port)]
