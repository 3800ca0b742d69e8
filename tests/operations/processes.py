"""Real processes for tests: commands, servers on free ports, and what is left of them."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, ProxyHandler, Request, build_opener

ROOT = Path(__file__).parents[2]
LMS = (sys.executable, "-m", "lms")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def environment(**given: str) -> dict[str, str]:
    """The environment of a command: this one without settings of ours, and what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "VEAN_", "COV_"))}
    return kept | {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"} | given


def run_lms(*arguments: str | Path, instance: Path, stdin: str = "", timeout: float = 90, **env: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    command = [*LMS, "--instance", str(instance), *(str(argument) for argument in arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=timeout, env=environment(**env), cwd=tempfile.gettempdir(), check=False)


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether something accepts connections on that port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(done: Any, *, seconds: float, what: str) -> None:
    """Wait for something that happens soon."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"after {seconds} s still not: {what}"
        time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    """The processes whose parent this is."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parts[1]) == pid and parts[0] != "Z":
            found.append(int(status.parent.name))
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs (a dead one that nobody has waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


@dataclass
class Server:
    """A server process of a site, with the processes below it."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def url(self) -> str:
        """The site's address."""
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return children_of(self.process.pid)

    def kill_all(self) -> None:
        """Kill the whole group with -9, as a loss of power would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)
        wait_until(lambda: not listens(self.port), seconds=60, what="port free")

    def stop(self, seconds: float = 10) -> int:
        """Ask it to stop, and give its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@contextmanager
def serving(*command: str | Path, port: int, log: Path, seconds: float = 120, cwd: Path = ROOT, **env: str) -> Iterator[Server]:
    """Start a command that serves, in a process group of its own; wait for its health; leave nothing behind."""
    with log.open("a") as target:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=target,
            stderr=target,
            env=environment(**env),
            cwd=cwd,
            start_new_session=True,
            text=True,
        )
    try:
        end = time.monotonic() + seconds
        while not is_healthy(port):
            assert process.poll() is None, f"it ended with {process.returncode}:\n{log.read_text()}"
            assert time.monotonic() < end, f"no answer after {seconds} s:\n{log.read_text()}"
            time.sleep(0.05)
        yield Server(process, port, log)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def is_healthy(port: int) -> bool:
    """Whether the site's /health answers 200."""
    try:
        return Browser(f"http://127.0.0.1:{port}", timeout=10).get("/health").status == 200
    except OSError:
        return False


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Message


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        """A redirect is an answer, not an errand."""


@dataclass
class Browser:
    """A browser without JavaScript, over the network, with its own cookies. Raises OSError where the server is gone."""

    url: str
    timeout: float = 30
    jar: CookieJar = field(default_factory=CookieJar)

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        return self._send(Request(self.url + path, headers={name.replace("_", "-"): value for name, value in headers.items()}))

    def post(self, path: str, data: Mapping[str, str] | None = None, *, body: bytes | None = None, **headers: str) -> Answer:
        """Send a form, or a body of another kind."""
        sent = body if body is not None else urlencode(data or {}).encode()
        return self._send(Request(self.url + path, data=sent, headers={name.replace("_", "-"): value for name, value in headers.items()}))

    def submit(self, path: str, data: Mapping[str, str]) -> Answer:
        """Open the page of a form and send it back with its token."""
        page = self.get(path)
        found = TOKEN.search(page.text)
        assert found, page.text
        return self.post(path, {**data, "csrf_token": found[1]})

    def sign_in(self, name: str, secret: str) -> Answer:
        """Sign in; 302 if it worked."""
        return self.submit("/sign-in", {"name": name, "secret": secret})

    def _send(self, request: Request) -> Answer:
        opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.jar), _Stay)
        try:
            with opener.open(request, timeout=self.timeout) as answer:
                return Answer(answer.status, answer.read().decode(errors="replace"), answer.headers)
        except HTTPError as answer:
            with answer:
                return Answer(answer.code, answer.read().decode(errors="replace"), answer.headers)
        except (URLError, HTTPException) as gone:
            raise OSError(str(gone)) from gone
