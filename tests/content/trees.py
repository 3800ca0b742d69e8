"""Content trees for tests: the sample with something changed."""

from lms.content.packages.compiler import Compiled, compile_tree
from lms.content.source.problems import Problem
from lms.content.source.tree import ContentTree, read_tree
from tests.content.sample import SAMPLE

FILES = dict(read_tree(SAMPLE, working=True).files)
COURSE = "courses/khoa-mau/course.yml"
LESSON = "courses/khoa-mau/10-mo-dau.vi.md"
LESSON_ZH = "courses/khoa-mau/10-mo-dau.zh.md"
QUIZ = "quizzes/de-mau/quiz.yml"
BANK = "quizzes/de-mau/cau-hoi.vi.md"
BANK_ZH = "quizzes/de-mau/cau-hoi.zh.md"
CONTEST = "contests/hoi-thi-mau.yml"
SCHEME = "schemes/vn-nd44-nhom-4.yml"


def tree_with(*edits: tuple[str, str, str], **files: bytes | str | None) -> ContentTree:
    """The sample after edits (path, old, new); the old text must be there once. `files`: paths with new bytes."""
    changed = dict(FILES)
    for path, old, new in edits:
        text = changed.get(path, b"").decode()
        assert text.count(old) >= 1 or not old, (path, old)
        changed[path] = (text.replace(old, new, 1) if old else text + new).encode()
    return ContentTree(changed, "test")


def with_files(files: dict[str, bytes | str]) -> ContentTree:
    """The sample with these files added or replaced."""
    return ContentTree(FILES | {path: data.encode() if isinstance(data, str) else data for path, data in files.items()}, "test")


def without(*paths: str) -> ContentTree:
    """The sample without some files."""
    return ContentTree({path: data for path, data in FILES.items() if path not in paths}, "test")


def found(tree: ContentTree) -> list[Problem]:
    """The problems of a tree."""
    return list(compiled(tree).problems)


def compiled(tree: ContentTree) -> Compiled:
    """A tree, compiled."""
    return compile_tree(tree)


def line_of(tree: ContentTree, path: str, text: str) -> int:
    """The line of a file in which a text first stands."""
    return tree.files[path].decode().split(text)[0].count("\n") + 1
