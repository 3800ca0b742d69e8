"""`lms preview` as a command: on this machine only, and one clear line where it cannot be."""

import signal
import socket
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path

import pytest

from lms.cli import main
from lms.errors import Conflict, Invalid
from lms.preview.app import create_preview
from lms.preview.desk import Desk
from lms.preview.serving import make_preview_server
from lms.settings import load_settings


def test_it_serves_until_it_is_interrupted_and_makes_nothing(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lms", "preview", str(folder / "courses"), "--port", "0", "--lang", "en", "--instance", str(tmp_path / "none")]
    before = sorted(tmp_path.rglob("*"))
    # A test run that a shell has put into the background ignores the interrupt, and its children with it: this child listens again.
    listening = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=listening) as running:  # noqa: PLW1509
        assert running.stdout
        said = running.stdout.readline()
        address = next(word for word in said.split() if word.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert "courses/khoa-mau" in answer.read().decode()
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_without_content_is_said_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--instance", str(tmp_path), "preview", str(tmp_path), "--lang", "en"])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("lms: ")


def test_a_taken_port_is_said(desk: Desk, tmp_path: Path) -> None:
    app = create_preview(desk, load_settings(tmp_path, {}))
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Conflict):
        make_preview_server(app, taken.getsockname()[1])


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_is_said(desk: Desk, tmp_path: Path, port: int) -> None:
    with pytest.raises(Invalid):
        make_preview_server(create_preview(desk, load_settings(tmp_path, {})), port)
