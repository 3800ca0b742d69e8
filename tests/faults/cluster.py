"""A PostgreSQL server of a test's own, with fsync on, that can be killed."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from tests.operations.processes import children_of, is_alive, wait_until

OWNER = "postgres"
"""PostgreSQL refuses to run as root."""


class Cluster:
    """Started and killed again and again on the same data."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._user = OWNER if os.geteuid() == 0 else None
        arguments = ("-D", str(folder / "data"), "-U", "vean", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        subprocess.run([str(programs / "initdb"), *arguments], user=self._user, cwd="/", check=True, capture_output=True, timeout=180)

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql+psycopg://vean@/{database}?host={self._folder}"

    def start(self) -> None:
        """Start it, as a child of ours, and wait until it answers; after a kill it first recovers what was committed."""
        options = ("fsync=on", "listen_addresses=", f"unix_socket_directories={self._folder}", "max_connections=100")
        command = [str(self._programs / "postgres"), "-D", str(self._folder / "data"), *(part for option in options for part in ("-c", option))]
        with (self._folder / "said").open("a") as said:
            self._process = subprocess.Popen(command, user=self._user, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", start_new_session=True)
        wait_until(self._answers, seconds=120, what="the database answers")

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self._folder / "said").read_text()[-3000:]
        try:
            psycopg.connect(host=str(self._folder), user="vean", dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """Kill the server and every process of it with -9."""
        self._process.send_signal(signal.SIGSTOP)  # or it would fork another while they are counted
        pids = (self._process.pid, *children_of(self._process.pid))
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(30)
        wait_until(lambda: not any(is_alive(pid) for pid in pids), seconds=30, what="the database's processes are gone")


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A running cluster in a folder of its own, removed afterwards. Skips where PostgreSQL is not installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not programs:
        pytest.skip("no PostgreSQL: ./test as root installs it")
    folder = Path(tempfile.mkdtemp(prefix="vean-pg", dir="/tmp"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam(OWNER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    folder.chmod(0o755)
    cluster = None
    try:
        cluster = Cluster(programs[-1], folder)
        cluster.start()
        yield cluster
    finally:
        if cluster is not None:
            cluster.kill()
        shutil.rmtree(folder, ignore_errors=True)
