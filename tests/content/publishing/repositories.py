"""Repositories for tests: bare ones that are committed to without a working tree, and a server of git's smart protocol over HTTP."""

import base64
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from dulwich.index import commit_tree
from dulwich.objects import Blob, Commit
from dulwich.refs import HEADREF, Ref
from dulwich.repo import Repo
from dulwich.server import DictBackend
from dulwich.web import HTTPGitApplication

from tests.content.trees import FILES

WHEN = 1_700_000_000


@dataclass
class Remote:
    """A bare repository that tests commit to."""

    path: Path
    commits: list[str] = field(default_factory=list)

    def commit(self, files: Mapping[str, bytes | str], *, branch: str = "main", parents: list[str] | None = None) -> str:
        """Make a commit of exactly these files the tip of a branch; `parents` other than the tip is a force-push."""
        ref = Ref(b"refs/heads/" + branch.encode())
        with Repo(str(self.path)) as repo:
            blobs = {path: Blob.from_string(data if isinstance(data, bytes) else data.encode()) for path, data in files.items()}
            for blob in blobs.values():
                repo.object_store.add_object(blob)
            tree = commit_tree(repo.object_store, [(path.encode(), blob.id, 0o100644) for path, blob in sorted(blobs.items())])
            made = Commit()
            made.tree = tree
            tip = [repo.refs[ref]] if ref in repo.refs else []
            made.parents = tip if parents is None else [parent.encode() for parent in parents]  # type: ignore[misc]
            made.author = made.committer = b"Tran <tran@example.org>"
            made.author_time = made.commit_time = WHEN + len(self.commits)
            made.author_timezone = made.commit_timezone = 0
            made.message = b"x"
            repo.object_store.add_object(made)
            repo.refs[ref] = made.id
        self.commits.append(made.id.decode())
        return self.commits[-1]

    @property
    def url(self) -> str:
        """Its file address."""
        return f"file://{self.path}"


def make_remote(path: Path, files: Mapping[str, bytes | str] = FILES) -> Remote:
    """A bare repository with one commit on main."""
    repo = Repo.init_bare(str(path), mkdir=True)
    repo.refs.set_symbolic_ref(HEADREF, Ref(b"refs/heads/main"))
    repo.close()
    remote = Remote(path)
    remote.commit(files)
    return remote


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_given: Any) -> None:
        pass


@contextmanager
def served(remote: Remote, *, token: str = "") -> Iterator[str]:
    """The address at which dulwich's own server serves the repository, for those who know the token if there is one."""
    with Repo(str(remote.path)) as repo:
        app = HTTPGitApplication(DictBackend({"/kho.git": repo}))  # type: ignore[arg-type]

        def guarded(environ: dict[str, Any], start: Any) -> Any:
            given = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Basic ")
            if token and base64.b64decode(given).decode().partition(":")[2] != token:
                start("401 Unauthorized", [("WWW-Authenticate", "Basic"), ("Content-Length", "0")])
                return []
            return app(environ, start)

        server = make_server("127.0.0.1", 0, guarded, handler_class=_Quiet)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/kho.git"
        finally:
            server.shutdown()
            server.server_close()
