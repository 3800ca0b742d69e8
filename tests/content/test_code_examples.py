"""The list of codes: its page is current, its examples are true."""

from pathlib import Path

import pytest

from lms.content.codes import CODES, GROUPS
from lms.content.codes.page import page
from tests.content.trees import FILES, found, with_files

PAGE = Path(__file__).parents[2] / "docs" / "check-codes.md"


def test_the_page_of_codes_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: .venv/bin/python -m lms.content.codes.page > docs/check-codes.md"


def test_every_code_stands_once_and_says_what_to_do() -> None:
    assert sum(len(group) for group in GROUPS.values()) == len(CODES)
    for code in CODES.values():
        assert str(code.says).endswith(".")
        assert str(code.todo).endswith("."), code.code
        assert bool(code.bad) == bool(code.good) or code.code == "item-many-choices"
        assert code.bad != code.good or not code.bad


TRIED = {
    name: [path for path, data in FILES.items() if not path.endswith((".zh.md", ".en.md")) and code.good and f"\n{code.good}\n" in f"\n{data.decode()}\n"]
    for name, code in CODES.items()
}


@pytest.mark.parametrize("name", [name for name, paths in TRIED.items() if paths])
def test_the_bad_example_in_the_place_of_the_good_one_gives_the_code(name: str) -> None:
    """Where the good example is a piece of the sample."""
    code = CODES[name]
    path = TRIED[name][0]
    spoilt = f"\n{FILES[path].decode()}\n".replace(f"\n{code.good}\n", f"\n{code.bad}\n", 1)[1:-1]
    assert name in {problem.code for problem in found(with_files({path: spoilt}))}


def test_many_examples_are_tried() -> None:
    assert sum(bool(paths) for paths in TRIED.values()) > 10, [name for name, paths in TRIED.items() if not paths]
