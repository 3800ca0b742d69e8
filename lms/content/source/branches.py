"""What a repository can show besides what is published: its branches, and which commit a name stands for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dulwich.errors import NotGitRepository
from dulwich.object_store import iter_tree_contents
from dulwich.refs import Ref
from dulwich.repo import Repo

from lms.content.source.revisions import find_commit
from lms.content.source.tree import BROKEN, KINDS
from lms.errors import Conflict, NotFound

HEADS = b"refs/heads/"


@dataclass(frozen=True, slots=True)
class Revision:
    """branch: the name, where the revision was asked for by a branch, which goes on; '' for a tag or a commit, which stay. commit: all 40 places."""

    branch: str
    commit: str


def find_revision(repository: Path, rev: str) -> Revision:
    """What a branch, a tag or the beginning of a commit's number stands for now. Raises NotFound, or Conflict if the repository is broken."""
    with _opened(repository) as repo:
        commit = find_commit(repo, rev).id.decode("ascii")
        return Revision(rev if Ref(HEADS + rev.encode()) in repo.get_refs() else "", commit)


def get_tip(repository: Path, branch: str) -> str:
    """The commit that a branch has now. Raises NotFound where the repository has no such branch (any more), else as `find_revision`."""
    with _opened(repository) as repo:
        tip = repo.get_refs().get(Ref(HEADS + branch.encode()))
    if tip is None:
        raise NotFound("The branch %(name)s is no longer there: it was merged, deleted or given another name.", name=branch)
    return tip.decode("ascii")


def list_branches(repository: Path) -> list[str]:
    """The names of all branches, sorted; none where there is no repository that can be read."""
    try:
        with _opened(repository) as repo:
            return sorted(name.decode("utf-8", "replace").removeprefix("refs/heads/") for name in repo.get_refs() if name.startswith(HEADS))
    except (NotFound, Conflict):
        return []


def list_packages(repository: Path, rev: str = "", folder: str = "") -> frozenset[str]:
    """The packages ('courses/x') below a folder at a revision, by the names of their files alone. Raises NotFound or Conflict as `find_revision`."""
    with _opened(repository) as repo:
        inside = repository.resolve().relative_to(Path(repo.path).resolve()) if not repo.bare else Path()
        below = (inside / folder).as_posix()
        prefix = "" if below == "." else below + "/"
        paths = ((entry.path or b"").decode("utf-8", "replace") for entry in iter_tree_contents(repo.object_store, find_commit(repo, rev).tree))
        parts = (path.removeprefix(prefix).split("/") for path in paths if path.startswith(prefix))
        return frozenset(f"{kind}/{rest[0].removesuffix('.yml')}" for kind, *rest in parts if kind in KINDS and rest and not rest[0].startswith((".", "~")))


@contextmanager
def _opened(repository: Path) -> Iterator[Repo]:
    try:
        with Repo.discover(str(repository.resolve())) as repo:
            yield repo
    except NotGitRepository as none:
        raise NotFound("There is no repository at %(path)s.", path=repository.name) from none
    except BROKEN as broken:
        raise Conflict("The repository %(path)s is broken.", path=repository.name) from broken
