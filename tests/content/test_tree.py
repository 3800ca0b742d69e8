"""Reading a tree: from a folder, from the last commit, from several sources."""

from pathlib import Path

import pytest
from dulwich import porcelain

from lms.content.packages.compiler import check
from lms.content.source.tree import read_tree, read_trees
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
    assert tree.twice == ("schemes/x",)
    assert tree.rev_of("schemes/x") != tree.rev_of("schemes/y")
    assert "package-twice" in {problem.code for problem in check(tree)}
