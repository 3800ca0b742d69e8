"""Serving: two sites side by side, a clean stop, no orphans."""

import os
import signal
import time
from pathlib import Path

from tests.operations.conftest import PASSWORD
from tests.operations.processes import LMS, Browser, free_port, is_alive, listens, run_lms, serving, wait_until


def test_a_second_site_runs_beside_the_first(real_site: Path, tmp_path: Path) -> None:
    first, second = free_port(), free_port()
    with (
        serving(*LMS, "--instance", real_site, "serve", "--port", str(first), port=first, log=tmp_path / "1.log"),
        serving(*LMS, "demo", "--port", str(second), "--instance", tmp_path / "demo", port=second, log=tmp_path / "2.log"),
    ):
        assert Browser(f"http://127.0.0.1:{first}").sign_in("QT1", PASSWORD).status == 302
        assert Browser(f"http://127.0.0.1:{first}").sign_in("CN01", "246813").status == 422
        assert Browser(f"http://127.0.0.1:{second}").sign_in("CN01", "246813").status == 302
        assert Browser(f"http://127.0.0.1:{second}").sign_in("QT1", PASSWORD).status == 422
        table = (tmp_path / "2.log").read_text()
        assert f"http://127.0.0.1:{second}" in table
        assert "CN01" in table


def test_a_port_in_use_is_refused_and_the_first_site_stays(real_site: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(*LMS, "--instance", real_site, "serve", "--port", str(port), port=port, log=tmp_path / "log") as server:
        for command in (("serve", "--port", str(port)), ("demo", "--port", str(port))):
            refused = run_lms(*command, instance=real_site)
            assert refused.returncode == 1
            assert f"127.0.0.1:{port}" in refused.stderr
            assert "Traceback" not in refused.stderr
        assert Browser(server.url).get("/health").status == 200


def test_sigterm_stops_cleanly_and_leaves_nobody(real_site: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(*LMS, "--instance", real_site, "serve", "--port", str(port), port=port, log=tmp_path / "log") as server:
        workers = server.workers()
        assert len(workers) == 1
        browser = Browser(server.url)
        assert browser.sign_in("QT1", PASSWORD).status == 302
        began = time.monotonic()
        assert server.stop(10) == 0
        assert time.monotonic() - began < 10
        assert not any(is_alive(pid) for pid in workers)
        assert not listens(port)
        assert "Traceback" not in (tmp_path / "log").read_text()


def test_kill_9_of_the_parent_leaves_no_orphan_holding_the_port(real_site: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(*LMS, "--instance", real_site, "serve", "--port", str(port), port=port, log=tmp_path / "log") as server:
        workers = server.workers()
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(5)
        wait_until(lambda: not any(is_alive(pid) for pid in workers), seconds=5, what="the worker has ended too")
        wait_until(lambda: not listens(port), seconds=5, what="nothing holds the port")
        with serving(*LMS, "--instance", real_site, "serve", "--port", str(port), port=port, log=tmp_path / "2.log") as again:
            assert Browser(again.url).sign_in("QT1", PASSWORD).status == 302


def test_a_killed_worker_is_replaced(real_site: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(*LMS, "--instance", real_site, "serve", "--port", str(port), port=port, log=tmp_path / "log") as server:
        browser = Browser(server.url)
        assert browser.sign_in("QT1", PASSWORD).status == 302
        (worker,) = server.workers()
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: [pid for pid in server.workers() if pid != worker], seconds=10, what="another worker")
        wait_until(lambda: _answers(browser), seconds=10, what="an answer")
        assert browser.get("/").status == 200


def _answers(browser: Browser) -> bool:
    try:
        return browser.get("/health").status == 200
    except OSError:
        return False
