"""Reading a tree: from a folder, from the last commit, from several sources."""

from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.object_store import iter_tree_contents
from dulwich.repo import Repo

from lms.content.packages.compiler import check
from lms.content.source.tree import read_commit, read_tree, read_trees
from lms.errors import NotFound

SCHEME = "schemes/x.yml"


def write(root: Path, path: str, text: str) -> Path:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")
    return root / path


def commit(root: Path) -> str:
    porcelain.add(str(root), [str(path) for path in root.rglob("*") if path.is_file() and ".git" not in path.parts])
    return porcelain.commit(str(root), message=b"x", author=b"a <a@example.org>", committer=b"a <a@example.org>").decode()


@pytest.mark.parametrize("below", [".", "content"])
def test_the_last_commit_is_read_not_the_files(tmp_path: Path, below: str) -> None:
    porcelain.init(str(tmp_path))
    content = tmp_path / below
    path = write(content, SCHEME, "id: x")
    rev = commit(tmp_path)
    path.write_text("id: y", "utf-8")
    assert (read_tree(content).files, read_tree(content).rev) == ({SCHEME: b"id: x"}, rev)
    assert read_tree(content, working=True).files == {SCHEME: b"id: y"}


def test_files_are_read_where_no_commit_tracks_them(tmp_path: Path) -> None:
    write(tmp_path, SCHEME, "id: x")
    assert read_tree(tmp_path).rev.startswith("files:")
    porcelain.init(str(tmp_path))
    assert read_tree(tmp_path).files == {SCHEME: b"id: x"}
    write(tmp_path, "README", "x")
    porcelain.add(str(tmp_path), [str(tmp_path / "README")])
    porcelain.commit(str(tmp_path), message=b"x", author=b"a <a@example.org>", committer=b"a <a@example.org>")
    assert read_tree(tmp_path).files == {SCHEME: b"id: x"}


def test_hidden_files_and_links_out_of_the_folder_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, SCHEME, "id: x")
    write(tmp_path, "schemes/.x.yml.swp", "x")
    (tmp_path / "schemes" / "y.yml").symlink_to("/etc/passwd")
    assert set(read_tree(tmp_path).files) == {SCHEME}
    porcelain.init(str(tmp_path))
    commit(tmp_path)
    assert set(read_tree(tmp_path).files) == {SCHEME}


def test_no_folder_or_no_content_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_tree(tmp_path / "none")
    with pytest.raises(NotFound):
        read_tree(tmp_path)


def test_two_sources_are_one_tree_and_a_package_in_both_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "a", SCHEME, "id: x")
    write(tmp_path / "b", SCHEME, "id: other")
    write(tmp_path / "b", "schemes/y.yml", "id: y")
    tree = read_trees([tmp_path / "a", tmp_path / "b"])
    assert tree.files == {SCHEME: b"id: x", "schemes/y.yml": b"id: y"}
    assert tree.twice == {"schemes/x": ((tmp_path / "a").as_posix(), (tmp_path / "b").as_posix())}
    assert tree.rev_of("schemes/x") != tree.rev_of("schemes/y")
    twice = next(problem for problem in check(tree) if problem.code == "package-twice")
    assert all((tmp_path / name).as_posix() in str(twice.message) for name in "ab")


def test_a_branch_a_tag_and_the_beginning_of_a_commit_name_a_commit(tmp_path: Path) -> None:
    porcelain.init(str(tmp_path))
    path = write(tmp_path / "content", SCHEME, "id: x")
    first = commit(tmp_path)
    porcelain.tag_create(str(tmp_path), b"v1", annotated=True, message=b"x", author=b"a <a@example.org>")
    porcelain.branch_create(str(tmp_path), b"nhap")
    path.write_text("id: y", "utf-8")
    second = commit(tmp_path)
    for rev, expected in (("", second), ("v1", first), ("nhap", first), (first, first), (second[:7], second)):
        assert read_commit(tmp_path / "content", rev).rev == expected
        assert read_commit(tmp_path, rev, "content").rev == expected
    for unknown in ("khong", first[:3], "refs/heads/khong", "0" * 40, read_blob(tmp_path)):
        with pytest.raises(NotFound):
            read_commit(tmp_path / "content", unknown)
    with pytest.raises(NotFound):
        read_commit(tmp_path, "v1", "courses")


def read_blob(root: Path) -> str:
    """The number of a file's bytes, which is no commit's."""
    with Repo(str(root)) as repo:
        return next(entry.sha.decode() for entry in iter_tree_contents(repo.object_store, repo[repo.head()].tree))  # type: ignore[attr-defined]


def test_a_file_that_is_too_large_is_an_error_of_its_package_only(tmp_path: Path) -> None:
    write(tmp_path, SCHEME, "id: x")
    (tmp_path / "courses" / "y").mkdir(parents=True)
    with (tmp_path / "courses" / "y" / "phim.mp4").open("wb") as film:
        film.truncate(8 * 1024 * 1024 + 1)
    tree = read_tree(tmp_path)
    assert (set(tree.files), tree.oversize) == ({SCHEME}, ("courses/y/phim.mp4",))
    assert ("file-too-large", "courses/y/phim.mp4") in {(problem.code, problem.file) for problem in check(tree)}
    porcelain.init(str(tmp_path))
    commit(tmp_path)
    assert read_tree(tmp_path).oversize == ("courses/y/phim.mp4",)
