"""A quiz with every kind of item, in Vietnamese and Chinese: `moi-loai`, beside the sample."""

from pathlib import Path

from lms.content.catalogue import Item
from lms.content.packages.compiler import compile_tree
from lms.content.source.problems import Problem
from lms.content.source.tree import ContentTree
from tests.content.trees import FILES

HERE = Path(__file__).parent / "kinds"
PACKAGE = "quizzes/moi-loai"
VI, ZH, QUIZ = f"{PACKAGE}/moi-loai.vi.md", f"{PACKAGE}/moi-loai.zh.md", f"{PACKAGE}/quiz.yml"
PICTURE = {f"{PACKAGE}/img/khoa.svg": FILES["quizzes/de-mau/img/khoa.svg"]}
KINDS = {path: (HERE / path.rpartition("/")[2]).read_bytes() for path in (VI, ZH, QUIZ)} | PICTURE


def kinds_with(*edits: tuple[str, str, str]) -> ContentTree:
    """The quiz alone after edits (path, old, new); the old text must be there."""
    changed = dict(KINDS)
    for path, old, new in edits:
        text = changed[path].decode()
        assert old in text, (path, old)
        changed[path] = text.replace(old, new, 1).encode()
    return ContentTree(changed, "test")


def bank(text: str, zh: str | None = None) -> ContentTree:
    """The quiz with other items in its bank, drawn one at a time."""
    files = {VI: text.encode(), **({ZH: zh.encode()} if zh is not None else {}), QUIZ: KINDS[QUIZ].replace(b"pick: 9", b"pick: 1")}
    return ContentTree(files | PICTURE, "test")


def items_of(tree: ContentTree) -> dict[str, Item]:
    """The items of the quiz by id."""
    return {item.id: item for item in compile_tree(tree).packages[PACKAGE].items}


def problems_of(tree: ContentTree) -> list[Problem]:
    """What is wrong with a tree."""
    return list(compile_tree(tree).problems)


def codes_of(tree: ContentTree) -> set[str]:
    """The codes of what is wrong, but for missing translations."""
    return {problem.code for problem in problems_of(tree)} - {"translation-missing"}
