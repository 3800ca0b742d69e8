"""What a command prints is said in the reader's language: no English sentence goes straight into a `print`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "lms"
COMMANDS = sorted({*ROOT.rglob("cli.py"), *ROOT.rglob("cli/*.py"), ROOT / "commands.py", ROOT / "server.py", ROOT / "platform/speaking.py"})
SAID = {"say_in", "phrase", "line_of", "as_github", "dumps"}
"""What these are given is translated, or is for programs."""
PLAIN = {"lms: ", "Vệ An  ·  "}
WORD = re.compile(r"[A-Za-zÀ-ỹ]{2,}")


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


def raw_texts(node: ast.AST) -> Iterator[ast.Constant]:
    """Texts below a node that no translating call takes."""
    if isinstance(node, ast.Call) and name_of(node) in SAID:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Subscript | ast.Compare) or (isinstance(child, ast.keyword) and child.arg == "file")):
            yield from raw_texts(child)


def untranslated(source: str) -> list[str]:
    """What is printed or asked as it stands in the program."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and name_of(node) in {"print", "write", "getpass", "input"}]
    texts = [one for call in calls for argument in [*call.args, *call.keywords] for one in raw_texts(argument)]
    return [str(one.value) for one in texts if WORD.search(str(one.value)) and one.value not in PLAIN and not re.fullmatch(r"utf-8|%\w", str(one.value))]


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_command_prints_no_sentence_of_its_own(path: Path) -> None:
    assert untranslated(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('print("The site is ready.")', ["The site is ready."]),
        ('print(f"{file}: {n} rows")', [" rows"]),
        ('getpass.getpass("Password: ")', ["Password: "]),
        ('print("\\n".join(["Done", x]))', ["Done"]),
        ('print(say_in(lang, phrase("Done")))', []),
        ('print(f"{name} {secret.text}", file=sys.stderr)', []),
        ("print(f\"{manifest['revision']}\")", []),
    ],
)
def test_a_sentence_in_a_print_is_seen(source: str, found: list[str]) -> None:
    assert untranslated(source) == found
