"""Names of revisions, read as git reads them: branches, tags, what was fetched, numbers of commits, and the way back from one of these."""

import re
from collections.abc import Iterable, Iterator

from dulwich.objects import Commit, ObjectID, ShaFile, Tag
from dulwich.refs import HEADREF, Ref
from dulwich.repo import Repo

from lms.errors import Conflict, NotFound

NUMBER = re.compile(r"[0-9a-f]{4,40}")
DESCRIBED = re.compile(r".+-\d+-g([0-9a-f]{4,40})")
"""What `git describe` gives: the nearest tag, the commits since it, and the number after -g."""
STEPS = re.compile(r"(?:~\d*|\^\d*|\^\{(?:commit)?\})*")
STEP = re.compile(r"([~^])(\{(?:commit)?\}|\d*)")
STEPS_MOST = 10_000
LISTED = 4


def find_commit(repo: Repo, rev: str) -> Commit:
    """The commit that a name stands for; an empty name is the repository's own branch.

    HEAD or @; a branch, a tag, `origin/main`, `heads/x`, `refs/heads/x`; the beginning of a commit's number, 4 places or more;
    what `git describe` gave; and behind any of these `~2`, `^`, `^2`. A branch comes before a tag of the same name, both before a number.
    Raises NotFound; Conflict where several commits begin so.
    """
    start = re.split(r"[~^]", rev, maxsplit=1)[0]
    steps = rev[len(start) :]
    if not STEPS.fullmatch(steps) or (steps and not start):
        raise NotFound("%(rev)s names no commit: give a branch, a tag, a commit, or one of these with ~1 or ^ behind it.", rev=rev)
    commit = _start(repo, start, rev)
    for sign, count in STEP.findall(steps):
        if not count.startswith("{"):
            commit = _back(repo, commit, sign, int(count[:9]) if count else 1, rev)
    return commit


def _start(repo: Repo, name: str, rev: str) -> Commit:
    refs = repo.get_refs()
    for ref in _refs_named(name, refs):
        if ref in refs:
            return _as_commit(repo, refs[ref], rev)
    number = DESCRIBED.fullmatch(name)
    begins = number[1] if number else name.lower()
    if not NUMBER.fullmatch(begins):
        raise _unknown(repo, rev)
    found = sorted({sha for sha in repo.object_store.iter_prefix(begins.encode()) if _leads_to_commit(repo, repo[sha])})
    if len(found) > 1:
        some = tuple(sha.decode()[:12] for sha in found[:LISTED])
        raise Conflict("Several commits begin with %(rev)s: %(list)s. Give more of the number.", rev=name, list=some)
    if not found:
        raise _unknown(repo, rev)
    return _as_commit(repo, found[0], rev)


def _refs_named(name: str, refs: Iterable[Ref]) -> Iterator[Ref]:
    """The pointers that a name can mean, the nearest first. In the site's own clone, which keeps no other's branches apart, `origin/main` is `main`."""
    if name in ("", "@", "HEAD"):
        yield HEADREF
        return
    raw = name.encode("utf-8", "surrogateescape")
    yield from (Ref(before + raw) for before in (b"refs/heads/", b"refs/tags/", b"refs/remotes/", b"refs/", b"") if (before + raw).startswith(b"refs/"))
    yield Ref(b"refs/remotes/" + raw + b"/HEAD")
    first, _, rest = raw.partition(b"/")
    if first == b"origin" and not any(ref.startswith(b"refs/remotes/") for ref in refs):
        yield Ref(b"refs/heads/" + rest) if rest not in (b"", b"HEAD") else HEADREF


def _leads_to_commit(repo: Repo, found: ShaFile) -> bool:
    while isinstance(found, Tag):
        found = repo[found.object[1]]
    return isinstance(found, Commit)


def _as_commit(repo: Repo, sha: ObjectID, rev: str) -> Commit:
    found = repo[sha]
    while isinstance(found, Tag):
        found = repo[found.object[1]]
    if not isinstance(found, Commit):
        raise NotFound("%(rev)s is no commit.", rev=rev)
    return found


def _back(repo: Repo, commit: Commit, sign: str, count: int, rev: str) -> Commit:
    """`~3`: three times to the first parent; `^2`: to the second parent; `^0` and `~0` stay."""
    if sign == "^":
        return commit if count == 0 else _parent(repo, commit, count, rev)
    if count > STEPS_MOST:
        raise _unknown(repo, rev)
    for _ in range(count):
        commit = _parent(repo, commit, 1, rev)
    return commit


def _parent(repo: Repo, commit: Commit, number: int, rev: str) -> Commit:
    if number > len(commit.parents) or commit.parents[number - 1] not in repo.object_store:
        raise _unknown(repo, rev)
    return _as_commit(repo, commit.parents[number - 1], rev)


def _unknown(repo: Repo, rev: str) -> NotFound:
    if repo.get_shallow():
        return NotFound("There is no commit %(rev)s here. The clone is a shallow one; `git fetch --unshallow` brings the rest.", rev=rev)
    return NotFound("There is no commit %(rev)s.", rev=rev or "HEAD")
