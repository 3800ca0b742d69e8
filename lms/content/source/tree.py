"""A content tree: the bytes of every file below a content folder, from the folder itself or from the last commit of its repository."""

import hashlib
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from dulwich.errors import NotGitRepository
from dulwich.object_store import iter_tree_contents
from dulwich.objects import Commit
from dulwich.repo import Repo

from lms.errors import NotFound

KINDS = ("courses", "quizzes", "contests", "schemes")
MAX_FILE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class ContentTree:
    """Path (posix, below the content folder) -> bytes. `revs` says for a path's first two parts where it was read: a commit, or 'files:' and a digest."""

    files: Mapping[str, bytes]
    rev: str
    revs: Mapping[str, str] = field(default_factory=dict)
    twice: tuple[str, ...] = ()

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
    """Several sources as one tree; a package that stands in two of them is named in `twice` and read from the first."""
    files: dict[str, bytes] = {}
    revs: dict[str, str] = {}
    twice: list[str] = []
    for folder in folders:
        tree = read_tree(folder, working=working)
        mine = {_package(path) for path in tree.files}
        twice += sorted(mine & set(revs))
        files |= {path: data for path, data in tree.files.items() if _package(path) not in revs}
        revs |= dict.fromkeys(mine - set(revs), tree.rev)
    return ContentTree(files, "+".join(dict.fromkeys(revs.values())), revs, tuple(twice))


def _package(path: str) -> str:
    """The package of a path: a folder, or a settings file without its ending."""
    return "/".join(PurePosixPath(path).parts[:2]).removesuffix(".yml")


def _wanted(path: str) -> bool:
    parts = path.split("/")
    return parts[0] in KINDS and len(parts) > 1 and not any(part.startswith((".", "~")) for part in parts)


def _from_folder(folder: Path) -> ContentTree:
    root = folder.resolve()
    files: dict[str, bytes] = {}
    for kind in KINDS:
        for path in sorted((root / kind).rglob("*")):
            name = path.relative_to(root).as_posix()
            if _wanted(name) and path.is_file() and path.resolve().is_relative_to(root):
                files[name] = path.read_bytes()
    return ContentTree(files, f"files:{digest_of(files)[:12]}")


def _from_git(folder: Path) -> ContentTree | None:
    """The blobs of HEAD below the folder; None where no commit tracks it."""
    try:
        repo = Repo.discover(str(folder.resolve()))
    except NotGitRepository:
        return None
    with repo:
        try:
            head = repo.head()
        except KeyError:
            return None
        below = folder.resolve().relative_to(Path(repo.path).resolve()).as_posix()
        prefix = "" if below == "." else below + "/"
        commit = repo[head]
        if not isinstance(commit, Commit):
            return None
        files = {
            path.removeprefix(prefix): repo[entry.sha].as_raw_string()
            for entry in iter_tree_contents(repo.object_store, commit.tree)
            if (path := (entry.path or b"").decode("utf-8", "replace")).startswith(prefix) and _wanted(path.removeprefix(prefix)) and _is_file(entry.mode)
        }
    return ContentTree(files, head.decode("ascii")) if files else None


def _is_file(mode: int | None) -> bool:
    """A plain file: neither a link nor another repository."""
    return mode is not None and stat.S_ISREG(mode)
