"""A content tree: the bytes of every file below a content folder, from the folder itself or from the last commit of its repository."""

import hashlib
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from dulwich.errors import ApplyDeltaError, ChecksumMismatch, NotGitRepository, ObjectFormatException
from dulwich.object_store import iter_tree_contents
from dulwich.objects import Commit
from dulwich.repo import Repo

from lms.content.source.revisions import find_commit
from lms.errors import Conflict, NotFound

KINDS = ("courses", "quizzes", "contests", "schemes", "glossary")
MAX_FILE_BYTES = 8 * 1024 * 1024
BROKEN = (ApplyDeltaError, ChecksumMismatch, ObjectFormatException, zlib.error, KeyError, AssertionError, ValueError, OSError)
"""What reading a damaged repository raises."""


@dataclass(frozen=True)
class ContentTree:
    """Path (posix, below the content folder) -> bytes. `revs` says for a path's first two parts where it was read: a commit, or 'files:' and a digest.

    twice: packages that stand in several sources, with the names of these; oversize: files that are too large, which are not read;
    sources: where each source was read, by name.
    """

    files: Mapping[str, bytes]
    rev: str
    revs: Mapping[str, str] = field(default_factory=dict)
    twice: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    oversize: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The digest of all paths and bytes."""
        return digest_of(self.files)

    def rev_of(self, package: str) -> str:
        """Where a package ('courses/x') was read from."""
        return self.revs.get(package, self.rev)

    def below(self, folder: str) -> Iterator[str]:
        """The paths below a folder, sorted."""
        return iter(sorted(path for path in self.files if path.startswith(folder + "/")))

    def names(self, kind: str) -> list[str]:
        """The first names below one of the four folders: slugs of folders, or names of .yml files."""
        return sorted({path.split("/")[1] for path in self.files if path.startswith(kind + "/")})


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over sorted paths and the digests of their bytes."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return total.hexdigest()


def read_tree(folder: Path, *, working: bool = False) -> ContentTree:
    """Read a content folder: the last commit where a repository tracks it, the files as they stand if `working` or where there is none.

    Raises NotFound if the folder holds none of courses/, quizzes/, contests/, schemes/.
    """
    if not folder.is_dir():
        raise NotFound("There is no content folder at %(path)s.", path=str(folder))
    tree = None if working else _from_git(folder)
    tree = tree or _from_folder(folder)
    if not tree.files:
        raise NotFound("%(path)s holds none of the folders courses, quizzes, contests, schemes.", path=str(folder))
    return tree


def read_trees(folders: Iterable[Path], *, working: bool = False) -> ContentTree:
    """Several folders as one tree; see `join`."""
    return join((folder.as_posix(), read_tree(folder, working=working)) for folder in folders)


def join(trees: Iterable[tuple[str, ContentTree]]) -> ContentTree:
    """Several sources, each with its name, as one tree; a package that stands in two of them is named in `twice` and read from the first."""
    files: dict[str, bytes] = {}
    revs: dict[str, str] = {}
    owners: dict[str, list[str]] = {}
    oversize: list[str] = []
    stands: dict[str, str] = {}
    for name, tree in trees:
        stands[name] = tree.rev
        mine = {_package(path) for path in (*tree.files, *tree.oversize)}
        files |= {path: data for path, data in tree.files.items() if _package(path) not in owners}
        oversize += tree.oversize
        revs |= dict.fromkeys(mine - set(owners), tree.rev)
        for package in mine:
            owners.setdefault(package, []).append(name)
    twice = {package: tuple(names) for package, names in sorted(owners.items()) if len(names) > 1}
    return ContentTree(files, "+".join(dict.fromkeys(revs.values())), revs, twice, tuple(oversize), stands)


def _package(path: str) -> str:
    """The package of a path: a folder, or a settings file without its ending."""
    return "/".join(PurePosixPath(path).parts[:2]).removesuffix(".yml")


def _wanted(path: str) -> bool:
    parts = path.split("/")
    return parts[0] in KINDS and len(parts) > 1 and not any(part.startswith((".", "~")) for part in parts)


def _from_folder(folder: Path) -> ContentTree:
    root = folder.resolve()
    files: dict[str, bytes] = {}
    oversize: list[str] = []
    for kind in KINDS:
        for path in sorted((root / kind).rglob("*")):
            name = path.relative_to(root).as_posix()
            if not (_wanted(name) and path.is_file() and path.resolve().is_relative_to(root)):
                continue
            if path.stat().st_size > MAX_FILE_BYTES:
                oversize.append(name)
            else:
                files[name] = path.read_bytes()
    return ContentTree(files, f"files:{digest_of(files)[:12]}", oversize=tuple(oversize))


def _from_git(folder: Path) -> ContentTree | None:
    """The blobs of HEAD below the folder; None where no commit tracks it."""
    try:
        repo = Repo.discover(str(folder.resolve()))
    except NotGitRepository:
        return None
    with repo:
        try:
            commit = find_commit(repo, "")
        except NotFound:
            return None
        tree = _of_commit(repo, commit, folder.resolve().relative_to(Path(repo.path).resolve()).as_posix())
    return tree if tree.files or tree.oversize else None


def read_commit(repository: Path, rev: str = "", folder: str = "", *, most_bytes: int | None = None) -> ContentTree:
    """The content below a folder of a repository at a revision (see `find_commit`); an empty `rev` is the repository's own branch.

    The folder of a working tree may lie inside its repository. most_bytes: of all files together.
    Raises NotFound if there is no such repository, commit or content, Conflict if it is broken or larger than that.
    """
    try:
        with Repo.discover(str(repository.resolve())) as repo:
            inside = repository.resolve().relative_to(Path(repo.path).resolve()) if not repo.bare else Path()
            tree = _of_commit(repo, find_commit(repo, rev), (inside / folder).as_posix(), most_bytes)
    except NotGitRepository as none:
        raise NotFound("There is no repository at %(path)s.", path=repository.name) from none
    except BROKEN as broken:
        raise Conflict("The repository %(path)s is broken.", path=repository.name) from broken
    if not tree.files:
        raise NotFound("%(path)s holds none of the folders courses, quizzes, contests, schemes.", path=folder or repository.name)
    return tree


def _of_commit(repo: Repo, commit: Commit, below: str, most_bytes: int | None = None) -> ContentTree:
    """The blobs of a commit below a folder."""
    prefix = "" if below == "." else below + "/"
    files: dict[str, bytes] = {}
    oversize: list[str] = []
    total = 0
    for entry in iter_tree_contents(repo.object_store, commit.tree):
        path = (entry.path or b"").decode("utf-8", "replace")
        name = path.removeprefix(prefix)
        if path.startswith(prefix) and _wanted(name) and _is_file(entry.mode) and entry.sha:
            data = repo.object_store.get_raw(entry.sha)[1]
            total += len(data)
            if most_bytes is not None and total > most_bytes:
                raise Conflict("The files are larger than %(mb)s MB together.", mb=most_bytes // 1024**2)
            if len(data) > MAX_FILE_BYTES:
                oversize.append(name)
            else:
                files[name] = data
    return ContentTree(files, commit.id.decode("ascii"), oversize=tuple(oversize))


def _is_file(mode: int | None) -> bool:
    """A plain file: neither a link nor another repository."""
    return mode is not None and stat.S_ISREG(mode)
