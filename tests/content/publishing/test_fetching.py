"""Fetching: from a real server of git's smart protocol and from file addresses; whatever fails leaves the clone as it was."""

import io
import json
import os
import random
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from dulwich.client import SSHGitClient
from dulwich.errors import GitProtocolError

from lms.content.source import fetching
from lms.content.source.fetching import Order, outcome
from lms.content.source.mirrors import WORDS, Mirrors, Unfetched
from lms.content.source.tree import read_commit
from lms.errors import Conflict, NotFound
from lms.settings import ContentSource, load_settings
from tests.content.publishing.repositories import make_remote, served
from tests.content.trees import FILES, SCHEME

TINY = {SCHEME: FILES[SCHEME]}


def order_of(tmp_path: Path, url: str, **given: object) -> Order:
    return replace(Order(str(tmp_path / "clones" / "kho.git"), url, "git", "", 5, 50, 0), **given)  # type: ignore[arg-type]


def tips(order: Order) -> str:
    return read_commit(Path(order.mirror)).rev


@contextmanager
def silent_server() -> Iterator[str]:
    """A server that takes calls and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/kho.git"


def test_a_repository_is_fetched_over_http_and_again_only_what_is_new(tmp_path: Path) -> None:
    remote = make_remote(tmp_path / "kho.git")
    with served(remote) as url:
        order = order_of(tmp_path, url)
        assert outcome(order) == {"branch": "main"}
        assert dict(read_commit(Path(order.mirror)).files) == FILES
        second = remote.commit(FILES | {"README.md": "x"})
        assert outcome(order) == {"branch": "main"}
        assert outcome(order) == {"branch": "main"}
    assert tips(order) == second
    assert len(list(Path(order.mirror, "objects", "pack").glob("*.pack"))) == 2


def test_a_force_push_is_only_a_new_pointer_and_a_branch_that_left_leaves(tmp_path: Path) -> None:
    remote = make_remote(tmp_path / "kho.git", TINY)
    remote.commit(TINY | {"a": "1"}, branch="nhap")
    order = order_of(tmp_path, remote.url)
    outcome(order)
    first, draft = remote.commits
    rewritten = remote.commit(TINY | {"b": "2"}, parents=[])
    Path(remote.path, "refs/heads/nhap").unlink()
    assert outcome(order) == {"branch": "main"}
    assert tips(order) == rewritten
    assert read_commit(Path(order.mirror), first).rev == first
    assert read_commit(Path(order.mirror), draft[:9]).rev == draft
    with pytest.raises(NotFound):
        read_commit(Path(order.mirror), "nhap")


def test_a_private_repository_wants_its_token(tmp_path: Path) -> None:
    remote = make_remote(tmp_path / "kho.git", TINY)
    with served(remote, token="tuyet-mat") as url:
        assert outcome(order_of(tmp_path, url)) == {"error": "refused"}
        assert outcome(order_of(tmp_path, url, token="sai")) == {"error": "refused"}
        assert outcome(order_of(tmp_path, url, token="tuyet-mat")) == {"branch": "main"}
        assert "tuyet" not in "".join(path.read_text("utf-8", "replace") for path in Path(tmp_path, "clones").rglob("*") if path.is_file())


def test_what_is_not_there_or_says_nothing_is_told(tmp_path: Path) -> None:
    with served(make_remote(tmp_path / "kho.git", TINY)) as url:
        assert outcome(order_of(tmp_path, url.replace("kho", "khac"))) == {"error": "none"}
    assert outcome(order_of(tmp_path, url)) == {"error": "unreachable"}
    assert outcome(order_of(tmp_path, f"file://{tmp_path}/none.git")) == {"error": "none"}
    with silent_server() as silent:
        assert outcome(order_of(tmp_path, silent, seconds=0.05)) == {"error": "unreachable"}
    assert not Path(tmp_path, "clones", "kho.git").exists()


def test_more_than_the_limit_is_refused_and_leaves_the_former_clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remote = make_remote(tmp_path / "kho.git", TINY)
    order = order_of(tmp_path, remote.url)
    outcome(order)
    remote.commit(TINY | {"a.bin": random.Random(1).randbytes(1_200_000)})
    assert outcome(replace(order, megabytes=1)) == {"error": "too_large"}
    monkeypatch.setattr(fetching, "OBJECT_MB", 1)
    assert outcome(order) == {"error": "too_large"}
    assert tips(order) == remote.commits[0]
    assert len(list(Path(order.mirror, "objects", "pack").iterdir())) == 2
    monkeypatch.undo()
    assert outcome(order) == {"branch": "main"}
    assert tips(order) == remote.commits[1]


def test_a_broken_clone_is_made_anew_and_a_broken_repository_leaves_the_clone(tmp_path: Path) -> None:
    remote = make_remote(tmp_path / "kho.git", TINY)
    order = order_of(tmp_path, remote.url)
    outcome(order)
    Path(order.mirror, "HEAD").unlink()
    assert outcome(order) == {"branch": "main"}
    for pack in Path(order.mirror, "objects", "pack").glob("*.pack"):
        pack.chmod(0o600)
        pack.write_bytes(b"PACK" + b"\0" * 40)
    assert outcome(order) == {"branch": "main"}
    assert tips(order) == remote.commits[0]
    remote.commit(TINY | {"b": "2"})
    for loose in Path(remote.path, "objects").glob("??/*"):
        loose.chmod(0o600)
        loose.write_bytes(b"not zlib")
    assert outcome(order)["error"] in ("broken", "none")
    assert tips(order) == remote.commits[0]


def test_errors_have_words(tmp_path: Path) -> None:
    assert fetching._word_of(OSError(28, "No space left on device")) == "full"
    assert fetching._word_of(GitProtocolError("unexpected http resp 403 for x")) == "refused"
    assert fetching._word_of(MemoryError()) == "too_large"
    assert {"full", "refused", "too_large", "broken", "none", "unreachable"} <= set(WORDS)


def test_ssh_asks_nobody(tmp_path: Path) -> None:
    client, path = fetching._client(order_of(tmp_path, "ssh://git@git.example.org/kho.git"))
    assert isinstance(client, SSHGitClient)
    assert isinstance(client.ssh_vendor, fetching._Ssh)
    assert path == "/kho.git"
    os.environ["PATH"], before = "", os.environ["PATH"]
    try:
        assert outcome(order_of(tmp_path, "ssh://git@git.example.org/kho.git")) == {"error": "unreachable"}
    finally:
        os.environ["PATH"] = before


@pytest.mark.parametrize(("head", "expected"), [({b"HEAD": b"1", b"refs/heads/x": b"1", b"refs/heads/master": b"1"}, b"refs/heads/master"), ({}, None)])
def test_the_own_branch_where_the_server_does_not_name_it(head: dict[bytes, bytes], expected: bytes | None) -> None:
    assert fetching._branch_of(head) == expected  # type: ignore[arg-type]


def test_an_empty_repository_has_no_branch(tmp_path: Path) -> None:
    remote = make_remote(tmp_path / "kho.git", TINY)
    Path(remote.path, "refs/heads/main").unlink()
    order = order_of(tmp_path, remote.url)
    assert outcome(order) == {"branch": "main"}
    with pytest.raises(NotFound):
        read_commit(Path(order.mirror))


def test_the_process_reads_an_order_and_says_what_came_of_it(tmp_path: Path) -> None:
    said = io.StringIO()
    fetching.main(io.StringIO(order_of(tmp_path, make_remote(tmp_path / "kho.git", TINY).url).to_json()), said)
    assert json.loads(said.getvalue()) == {"branch": "main"}


def source_of(url: str) -> ContentSource:
    return ContentSource(at=url, name="kho")


def test_a_site_fetches_in_a_process_of_its_own_without_its_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SECRET_KEY", "secret")
    settings = load_settings(tmp_path, {})
    mirrors = Mirrors.of(settings, {"VEAN_TOKEN_KHO": "t0ken"})
    assert "t0ken" not in repr(mirrors)
    with served(make_remote(tmp_path / "kho.git", TINY), token="t0ken") as url:
        assert mirrors.fetch(source_of(url)) == "main"
        with pytest.raises(Unfetched, match="token"):
            replace(mirrors, environ={}).fetch(source_of(url))
    assert read_commit(mirrors.path(source_of(url))).files == TINY


def test_a_fetch_that_never_ends_is_stopped(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_drip, args=(server,), daemon=True).start()
        mirrors = Mirrors(tmp_path / "clones", seconds=0.5)  # type: ignore[arg-type]
        with pytest.raises(Unfetched, match="too long"):
            mirrors.fetch(source_of(f"http://127.0.0.1:{server.getsockname()[1]}/kho.git"))


def _drip(server: socket.socket) -> None:
    """One letter of an answer every now and then, so that no single wait is long."""
    call, _ = server.accept()
    stop = threading.Event()
    with call:
        call.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n\r\n0")
        for _ in range(200):
            try:
                call.sendall(b"f")
            except OSError:
                return
            stop.wait(0.05)


def test_a_process_that_dies_without_a_word_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.content.source.mirrors.sys.executable", shutil.which("false"))
    with pytest.raises(Unfetched, match="without a word"):
        Mirrors(tmp_path).fetch(source_of("file:///none.git"))


def test_a_broken_repository_of_this_machine_is_a_conflict(tmp_path: Path) -> None:
    remote = make_remote(tmp_path / "kho.git", TINY)
    for loose in Path(remote.path, "objects").glob("??/*"):
        loose.chmod(0o600)
        loose.write_bytes(b"not zlib")
    with pytest.raises(Conflict):
        read_commit(remote.path)
    with pytest.raises(NotFound):
        read_commit(tmp_path / "none")
