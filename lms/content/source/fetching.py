"""Fetching a repository into a bare mirror: `python -m lms.content.source.fetching`, a process of its own with a limit of memory.

It reads one JSON object from standard input (so that a token stands on no command line) and answers with one on standard output.
Nothing is merged: a branch that was rewritten is only another pointer. The pointers move last, so that whatever fails leaves the mirror as it was.
"""

import errno
import json
import resource
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TextIO

from dulwich.client import FetchPackResult, GitClient, HTTPUnauthorized, SSHGitClient, SubprocessSSHVendor, get_transport_and_path_from_url
from dulwich.errors import GitProtocolError, HangupException, NotGitRepository
from dulwich.objects import ObjectID
from dulwich.refs import HEADREF, Ref
from dulwich.repo import Repo

from lms.content.source.tree import BROKEN

MB = 1024 * 1024
OBJECT_MB = 64
"""The largest object of a repository that is taken."""
KEPT = (b"refs/heads/", b"refs/tags/")


@dataclass(frozen=True)
class Order:
    """What to fetch. seconds: the longest wait for a word from the server; megabytes: the most that is taken at once; memory_mb: of the process."""

    mirror: str
    url: str
    username: str
    token: str
    seconds: int
    megabytes: int
    memory_mb: int

    def to_json(self) -> str:
        """As the process reads it."""
        return json.dumps(asdict(self))


class TooLarge(Exception):
    """More than the order allows."""


class _Ssh(SubprocessSSHVendor):
    """Never asks anything: there is nobody to answer."""

    def run_command(self, host: str, command: bytes, **given: Any) -> Any:  # type: ignore[override]
        """Run git's own command at the other end."""
        return super().run_command(host, command, **{**given, "ssh_command": "ssh -o BatchMode=yes -o ConnectTimeout=20"})


def fetch(order: Order) -> str:
    """Bring the mirror up to date and give the name of the repository's own branch. Raises what `outcome` has words for."""
    mirror = Path(order.mirror)
    mirror.parent.mkdir(parents=True, exist_ok=True)
    with _alone(mirror):
        if _is_sound(mirror):
            return _into(mirror, order)
        fresh = mirror.with_name(mirror.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            Repo.init_bare(str(fresh), mkdir=True).close()
            branch = _into(fresh, order)
            shutil.rmtree(mirror, ignore_errors=True)
            fresh.rename(mirror)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return branch


@contextmanager
def _alone(mirror: Path) -> Iterator[None]:
    """One process at a time writes a mirror; the lock goes with the process."""
    with mirror.with_name(mirror.name + ".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


def _is_sound(mirror: Path) -> bool:
    """Whether the mirror is there and has what its pointers point to."""
    if not mirror.is_dir():
        return False
    try:
        with Repo(str(mirror)) as repo:
            return all(repo[sha] is not None for name, sha in repo.get_refs().items() if name.startswith(KEPT))
    except (NotGitRepository, *BROKEN):
        return False


def _into(mirror: Path, order: Order) -> str:
    with Repo(str(mirror)) as repo:
        client, path = _client(order)
        result = _take(client, path, repo, order.megabytes * MB)
        wanted = _heads(result.refs)
        for name in set(repo.refs.allkeys()) - set(wanted):
            if name.startswith(KEPT):
                repo.refs.remove_if_equals(name, None)
        for name, sha in wanted.items():
            repo.refs.set_if_equals(name, None, sha)
        head = (result.symrefs or {}).get(HEADREF) or _branch_of(result.refs)
        if head:
            repo.refs.set_symbolic_ref(HEADREF, Ref(head))
        return head.decode("utf-8", "replace").removeprefix("refs/heads/") if head else ""


def _client(order: Order) -> tuple[GitClient, str]:
    given = {"username": order.username, "password": order.token} if order.token and order.url.startswith("http") else {}
    client, path = get_transport_and_path_from_url(order.url, quiet=True, **given)  # type: ignore[arg-type]
    if isinstance(client, SSHGitClient):
        client.ssh_vendor = _Ssh()
    if hasattr(client, "_timeout"):
        client._timeout = float(order.seconds)  # noqa: SLF001  (the library has no other way in)
    return client, path


def _heads(refs: Mapping[Ref, ObjectID | None]) -> dict[Ref, ObjectID]:
    """Branches and tags; the rest (pull requests, notes) is not ours."""
    return {name: sha for name, sha in refs.items() if sha is not None and name.startswith(KEPT) and not name.endswith(b"^{}")}


def _branch_of(refs: Mapping[Ref, ObjectID | None]) -> bytes | None:
    """The repository's own branch where the server does not name it."""
    tip = refs.get(HEADREF)
    same = [name for name in sorted(refs) if name.startswith(b"refs/heads/") and refs[name] == tip]
    usual = [name for name in (b"refs/heads/main", b"refs/heads/master") if name in same]
    return next(iter([*usual, *same]), None)


def _take(client: GitClient, path: str, repo: Repo, limit: int) -> FetchPackResult:
    """Get the objects that are missing; a pack that is broken or too large leaves nothing behind."""
    taken = 0

    def write(data: bytes) -> int:
        nonlocal taken
        taken += len(data)
        if taken > limit:
            raise TooLarge
        return file.write(data)

    def wants(refs: Mapping[Ref, ObjectID], depth: int | None = None) -> list[ObjectID]:  # noqa: ARG001
        return [sha for sha in dict.fromkeys(_heads(refs).values()) if sha not in repo.object_store]

    with TemporaryFile(dir=repo.controldir()) as file:
        result = client.fetch_pack(path, wants, repo.get_graph_walker(), write)
        if taken:
            file.seek(0)
            _check_sizes(repo.object_store.add_thin_pack(file.read, None))
    return result


def _check_sizes(pack: Any) -> None:
    """Every object is read once, whole, within the memory of this process."""
    for sha, _, _ in pack.index.iterentries():
        if len(pack.get_raw(sha)[1]) > OBJECT_MB * MB:
            files = [pack.data.path, pack.index.path]
            pack.close()
            for name in files:
                with suppress(OSError):
                    Path(name).unlink()
            raise TooLarge


def outcome(order: Order) -> dict[str, str]:
    """`{"branch": ...}`, or `{"error": ...}` with a word that `mirrors.WORDS` knows. Details of the address or the token are not in it."""
    try:
        return {"branch": fetch(order)}
    except (TooLarge, MemoryError, HTTPUnauthorized, NotGitRepository, GitProtocolError, HangupException, *BROKEN) as failed:
        return {"error": _word_of(failed)}


def _word_of(failed: BaseException) -> str:
    if isinstance(failed, HTTPUnauthorized) or (isinstance(failed, GitProtocolError) and " 403 " in str(failed)):
        return "refused"
    if isinstance(failed, OSError) and failed.errno in (errno.ENOSPC, errno.EDQUOT):
        return "full"
    kinds = (((TooLarge, MemoryError), "too_large"), ((NotGitRepository,), "none"), ((GitProtocolError, HangupException, OSError), "unreachable"))
    return next((word for these, word in kinds if isinstance(failed, these)), "broken")


def main(given: TextIO, said: TextIO) -> None:
    """Read an order, do it, say what came of it."""
    order = Order(**json.loads(given.read()))
    if order.memory_mb:
        limit = order.memory_mb * MB
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    json.dump(outcome(order), said)


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
