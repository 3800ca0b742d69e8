"""The direction of imports, held by reading the program's syntax."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "lms"
ORDER = [
    "ground",
    "platform",
    "web",
    "people",
    "content",
    "assessment",
    "learning",
    "contests|certification|library|preview|drafts",
    "campaigns",
    "home",
    "app",
]
GROUND = {"settings", "setting_errors", "clock", "errors", "__init__"}
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms.split("|")}
FILES = sorted(path for path in ROOT.rglob("*.py") if "migrations/versions" not in path.as_posix())
PURE = [path for path in FILES if path.name == "rules.py" or path.parent.name == "rules"]
SERVICES = [path for path in FILES if path.name in {"service.py", "models.py"} or path.parent.name == "service"]


def room_of(module: str) -> str:
    parts = module.split(".")
    if len(parts) == 1:
        return "ground"
    return parts[1] if parts[1] in RANK else "ground" if parts[1] in GROUND else "app"


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str, bool]]:
    tree = ast.parse(path.read_text("utf-8"))
    inner = {id(node) for function in ast.walk(tree) if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, id(node) in inner) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                is_module = (ROOT.parent / full.replace(".", "/")).with_suffix(".py").exists() or (ROOT.parent / full.replace(".", "/")).is_dir()
                yield node.lineno, full if is_module else str(node.module), id(node) in inner


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    own = room_of(module_of(path))
    for line, module, inside in imports(path):
        assert not inside, f"{path}:{line}: import inside a function"
        if module.split(".")[0] != "lms":
            continue
        other = room_of(module)
        same_level = other != own and RANK[other] == RANK[own]
        assert RANK[other] <= RANK[own], f"{path}:{line}: {own} imports {other}, which stands above it"
        assert not same_level, f"{path}:{line}: {own} imports its neighbour {other}"


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_rules_import_the_standard_library_and_other_rules_only(path: Path) -> None:
    for line, module, _ in imports(path):
        top = module.split(".")[0]
        is_rules = top == "lms" and "rules" in module.split(".")
        assert top in sys.stdlib_module_names or is_rules, f"{path}:{line}: rules import {module}"


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_services_and_models_never_import_flask(path: Path) -> None:
    for line, module, _ in imports(path):
        assert not module.startswith("flask"), f"{path}:{line}: imports {module}"


def test_no_cycle_among_modules() -> None:
    graph = {module_of(path): {name for _, name, _ in imports(path) if name.startswith("lms")} for path in FILES}
    seen: dict[str, int] = {}

    def visit(module: str, trail: tuple[str, ...]) -> None:
        if seen.get(module) == 2:
            return
        assert seen.get(module) != 1, f"cycle: {' -> '.join((*trail, module))}"
        seen[module] = 1
        for other in sorted(graph.get(module, set()) - {module}):
            if other in graph and not graph[other] <= {other} and not (ROOT.parent / other.replace(".", "/")).is_dir():
                visit(other, (*trail, module))
        seen[module] = 2

    for module in graph:
        visit(module, ())


def test_files_stay_small() -> None:
    lengths = sorted(len(path.read_text("utf-8").splitlines()) for path in FILES)
    too_long = [path.relative_to(ROOT).as_posix() for path in FILES if len(path.read_text("utf-8").splitlines()) > 450]
    assert not too_long
    assert lengths[len(lengths) // 2] < 120
    assert lengths[int(len(lengths) * 0.9)] <= 250
