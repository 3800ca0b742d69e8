"""What was read before is not read again, and never shown for something else."""

from lms.content.packages.compiler import compile_tree
from lms.content.packages.keeping import Kept
from lms.content.source.tree import ContentTree
from tests.content.trees import BANK, BANK_ZH, COURSE, FILES, LESSON, QUIZ, tree_with, with_files, without

IMG = "quizzes/de-mau/img/khoa.svg"
EDITS = [
    tree_with((BANK, "Quản đốc ca", "Quản đốc")),
    tree_with((BANK, "- (x) Báo cho", "- ( ) Báo cho")),
    tree_with((BANK_ZH, "- ( ) 拆防护罩", "- (x) 拆防护罩")),
    tree_with((BANK, "#qaaaaaa3", "#qaaaaaa2")),
    tree_with((LESSON, "#kaaaaaa2", "#qaaaaaa3")),
    tree_with((LESSON, "minutes: 1\n", "")),
    tree_with((QUIZ, "source_lang: vi", "source_lang: zh")),
    tree_with((QUIZ, "pick: 4", "pick: 40")),
    tree_with((COURSE, "source_lang: vi", "source_lang: en")),
    with_files({IMG: FILES[IMG] + b"\n"}),
    with_files({IMG: b"<svg"}),
    without(IMG),
    without(BANK_ZH),
    with_files({"courses/khoa-mau/30-them.vi.md": FILES[LESSON].replace(b"#kaaaaaa2", b"#kaaaaab2")}),
    with_files({}),
]


def both(tree: ContentTree, kept: Kept) -> tuple[object, object]:
    made, fresh = compile_tree(tree, kept=kept), compile_tree(tree)
    return (
        ({name: package.made for name, package in made.packages.items()}, dict(made.held), made.problems, made.blobs),
        ({name: package.made for name, package in fresh.packages.items()}, dict(fresh.held), fresh.problems, fresh.blobs),
    )


def test_any_edit_compiles_to_the_same_as_from_cold() -> None:
    kept = Kept()
    for tree in [*EDITS, *EDITS[::7]]:
        made, fresh = both(tree, kept)
        assert made == fresh


def test_only_what_changed_is_read_again() -> None:
    kept = Kept()
    compile_tree(with_files({}), kept=kept)
    before = kept.misses
    compile_tree(with_files({}), kept=kept)
    assert kept.misses == before
    compile_tree(tree_with((BANK, "Quản đốc ca", "Quản đốc")), kept=kept)
    assert kept.misses == before + 1


def test_the_longest_unused_is_dropped() -> None:
    kept = Kept(size=1)
    for tree in (with_files({}), tree_with((BANK, "Quản đốc ca", "Quản đốc")), with_files({})):
        made, fresh = both(tree, kept)
        assert made == fresh
    assert kept.hits == 0
