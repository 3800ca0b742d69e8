"""Every usual way of naming a revision, and a clear word where there is none."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.objects import Blob, Commit, ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo

from lms.content.source.revisions import find_commit
from lms.content.source.tree import read_commit
from lms.errors import Conflict, NotFound, SiteError
from tests.content.test_tree import SCHEME, write


@dataclass(frozen=True)
class History:
    """first - second - merge (main), whose second parent is `side`, which comes from first; nobody has `loose`."""

    repo: Repo
    first: ObjectID
    second: ObjectID
    side: ObjectID
    merge: ObjectID

    def named(self, rev: str) -> str:
        """Which of the four a name stands for."""
        sha = find_commit(self.repo, rev).id
        return next(name for name in ("first", "second", "side", "merge") if getattr(self, name) == sha)


@pytest.fixture()
def history(tmp_path: Path) -> Iterator[History]:
    repo = porcelain.init(str(tmp_path / "kho"))
    path = write(tmp_path / "kho", SCHEME, "id: x")
    shas: list[ObjectID] = []
    for text, parents in (("one", ()), ("two", (0,)), ("side", (0,)), ("merge", (1, 2))):
        path.write_text(f"id: {text}", "utf-8")
        porcelain.add(repo, [str(path)])
        tree = repo.open_index().commit(repo.object_store)
        made = Commit()
        made.tree, made.parents, made.message = tree, [shas[number] for number in parents], text.encode()
        made.author = made.committer = b"a <a@example.org>"
        made.author_time = made.commit_time = made.author_timezone = made.commit_timezone = 0
        repo.object_store.add_object(made)
        shas.append(made.id)
    first, second, side, merge = shas
    repo.refs.set_symbolic_ref(Ref(b"HEAD"), Ref(b"refs/heads/main"))
    for name, sha in (
        (b"refs/heads/main", merge),
        (b"refs/heads/nh\xc3\xa1p/bi\xc3\xaan", side),
        (b"refs/heads/both", second),
        (b"refs/tags/both", first),
        (b"refs/remotes/origin/main", second),
        (b"refs/remotes/origin/only-there", side),
        (b"refs/notes/x", first),
    ):
        repo.refs[Ref(name)] = sha
    repo.refs.set_symbolic_ref(Ref(b"refs/remotes/origin/HEAD"), Ref(b"refs/remotes/origin/main"))
    porcelain.tag_create(repo, b"v1", author=b"a <a@example.org>", message=b"x", annotated=True, objectish=first)
    porcelain.tag_create(repo, b"v1-again", author=b"a <a@example.org>", message=b"x", annotated=True, objectish=repo.refs[Ref(b"refs/tags/v1")])
    yield History(repo, first, second, side, merge)
    repo.close()


NAMES = {
    "HEAD": "merge",
    "@": "merge",
    "main": "merge",
    "heads/main": "merge",
    "refs/heads/main": "merge",
    "nháp/biên": "side",
    "v1": "first",
    "tags/v1": "first",
    "refs/tags/v1": "first",
    "v1-again": "first",
    "origin/main": "second",
    "remotes/origin/main": "second",
    "refs/remotes/origin/main": "second",
    "origin/only-there": "side",
    "origin": "second",
    "origin/HEAD": "second",
    "refs/notes/x": "first",
    "HEAD~1": "second",
    "HEAD~": "second",
    "HEAD^": "second",
    "@^": "second",
    "HEAD^1": "second",
    "HEAD^2": "side",
    "HEAD~2": "first",
    "HEAD^^": "first",
    "HEAD^2^": "first",
    "HEAD^2~1": "first",
    "HEAD~0": "merge",
    "HEAD^0": "merge",
    "v1^{}": "first",
    "v1^{commit}": "first",
    "origin/main~1": "first",
    "main^{commit}~1^0": "second",
}


@pytest.mark.parametrize(("rev", "expected"), NAMES.items(), ids=str)
def test_a_name_is_read_as_git_reads_it(history: History, rev: str, expected: str) -> None:
    assert history.named(rev) == expected


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git beside to compare with")
def test_git_itself_says_the_same(history: History) -> None:
    numbers = [history.side.decode()[:7], history.side.decode(), f"v1-3-g{history.side.decode()[:7]}"]
    for rev in [*NAMES, *numbers]:
        said = subprocess.run(["git", "-C", history.repo.path, "rev-parse", "--verify", f"{rev}^{{commit}}"], capture_output=True, check=True).stdout.strip()
        assert (rev, said) == (rev, find_commit(history.repo, rev).id)


def test_the_empty_name_is_the_own_branch_and_numbers_may_be_shortened_or_come_from_git_describe(history: History) -> None:
    side = history.side.decode()
    assert history.named("") == "merge"
    assert {history.named(rev) for rev in (side, side[:7], side[:9].upper(), f"v1-3-g{side[:8]}")} == {"side"}
    assert history.named(f"{side[:10]}^") == "first"
    assert history.named(history.repo.refs[Ref(b"refs/tags/v1")].decode()) == "first"


def test_a_branch_comes_before_a_tag_of_its_name_and_each_can_be_named(history: History) -> None:
    assert [history.named(rev) for rev in ("both", "heads/both", "tags/both")] == ["second", "second", "first"]


@pytest.mark.parametrize(
    "rev",
    [
        "khong", "origin/khong", "refs/heads/khong", "HEAD~3", "HEAD^3", "v1~1", "HEAD~99999999999999999999", "0000000", "~1", "^", "HEAD^{tree}", "HEAD~x",
        "main..both", "HEAD:schemes", "@{1}", ":/two", "../../etc/passwd", "\udcff", "a b",
    ],
)  # fmt: skip
def test_what_names_no_commit_is_not_found_and_named(history: History, rev: str) -> None:
    with pytest.raises(NotFound) as refused:
        find_commit(history.repo, rev)
    assert refused.value.params["rev"] == rev


def test_a_blob_is_no_commit_by_number_or_by_name(history: History) -> None:
    blob = Blob.from_string(b"x")
    history.repo.object_store.add_object(blob)
    history.repo.refs[Ref(b"refs/tags/datei")] = blob.id
    for rev in (blob.id.decode(), "datei", "datei~1"):
        with pytest.raises(NotFound):
            find_commit(history.repo, rev)


def test_a_number_that_begins_several_commits_names_them(history: History) -> None:
    made: dict[str, list[str]] = {}
    sample = history.repo[history.first]
    assert isinstance(sample, Commit)
    for number in range(2000):
        other = sample.copy()
        assert isinstance(other, Commit)
        other.message = str(number).encode()
        history.repo.object_store.add_object(other)
        made.setdefault(other.id.decode()[:4], []).append(other.id.decode())
        if len(made[other.id.decode()[:4]]) == 2:
            break
    begin, two = next((begin, found) for begin, found in made.items() if len(found) == 2)
    with pytest.raises(Conflict) as refused:
        find_commit(history.repo, begin)
    assert set(refused.value.params["list"]) >= {sha[:12] for sha in two}  # type: ignore[call-overload]


def test_the_sites_own_clone_takes_origin_for_where_it_came_from(history: History, tmp_path: Path) -> None:
    bare = Repo.init_bare(str(tmp_path / "clone.git"), mkdir=True)
    history.repo.fetch(bare)
    bare.refs[Ref(b"refs/heads/main")], bare.refs[Ref(b"refs/heads/side")] = history.merge, history.side
    bare.refs.set_symbolic_ref(Ref(b"HEAD"), Ref(b"refs/heads/main"))
    found = {rev: find_commit(bare, rev).id for rev in ("origin/main", "origin/side", "origin", "origin/HEAD", "HEAD~1")}
    bare.close()
    assert found == {
        "origin/main": history.merge,
        "origin/side": history.side,
        "origin": history.merge,
        "origin/HEAD": history.merge,
        "HEAD~1": history.second,
    }


def test_a_shallow_clone_says_that_it_is_one(history: History) -> None:
    history.repo.update_shallow({history.merge}, None)
    (Path(history.repo.object_store.path) / history.second.decode()[:2] / history.second.decode()[2:]).unlink()
    for rev in ("HEAD~1", "khong"):
        with pytest.raises(NotFound, match="shallow"):
            find_commit(history.repo, rev)


def test_reading_content_takes_these_names(history: History) -> None:
    assert read_commit(Path(history.repo.path), "origin/main").files == {SCHEME: b"id: two"}
    assert read_commit(Path(history.repo.path), "HEAD^2").files == {SCHEME: b"id: side"}
    with pytest.raises(SiteError, match="There is no commit HEAD~9"):
        read_commit(Path(history.repo.path), "HEAD~9")
