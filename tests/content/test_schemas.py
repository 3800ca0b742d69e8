"""The JSON Schemas are current, take what authors really write, and mark what the check marks."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lms.cli import main
from lms.content.cli.schema import text_of
from lms.content.packages.schemas import schemas
from lms.content.source.plain import read_lines
from lms.content.source.problems import Findings, Place
from lms.content.source.tree import read_tree
from lms.content.source.yamlish import load
from tests.content.sample import REAL, SAMPLE
from tests.content.validating import faults

FOLDER = Path(__file__).parents[2] / "docs" / "schemas"
MADE = schemas()


def schema_of(path: str) -> str:
    if path.endswith(".yml"):
        return {"courses": "course", "quizzes": "quiz", "contests": "contest", "schemes": "scheme", "glossary": "glossary"}[path.split("/", maxsplit=1)[0]]
    return "lesson" if path.startswith("courses/") else "bank"


def written(path: str, data: bytes) -> Any:
    """The settings or front matter of a file, every value a text."""
    lines = read_lines(data, Place(path), Findings())
    if path.endswith(".md"):
        lines = lines[1 : lines.index("---", 1)] if lines[0] == "---" else []
    return load(lines, Place(path), Findings()).plain()


def as_editors_read(value: Any) -> Any:
    """As YAML's core schema reads the same: whole numbers, numbers, true and false."""
    if isinstance(value, dict):
        return {key: as_editors_read(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_editors_read(inner) for inner in value]
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"-?\d*\.\d+", value):
        return float(value)
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


FILES = {
    f"{root.name}/{path}": (path, data)
    for root in (SAMPLE, REAL)
    for path, data in read_tree(root, working=True).files.items()
    if path.endswith((".yml", ".md"))
}


@pytest.mark.parametrize("name", FILES)
def test_a_sound_file_fits_its_schema_however_it_is_read(name: str) -> None:
    path, data = FILES[name]
    schema = MADE[schema_of(path)]
    value = written(path, data)
    assert faults(value, schema, schema) == []
    assert faults(as_editors_read(value), schema, schema) == []


QUIZ: dict[str, Any] = {
    "id": "x",
    "title": {"vi": "Đề"},
    "source_lang": "vi",
    "pass_percent": 60,
    "time_limit_s": 600,
    "draw": [{"pick": 1}],
}


@pytest.mark.parametrize(
    ("key", "value", "fits"),
    [
        ("practice", "có", True),
        ("practice", "Yes", True),
        ("practice", True, True),
        ("practice", "maybe", False),
        ("practice", 3, False),
        ("pass_percent", "60", True),
        ("pass_percent", "sixty", False),
        ("opens", "2027-05-03T08:00", True),
        ("opens", "03/05/2027", False),
        ("attempts", "unlimited", True),
        ("attempts", 3, True),
        ("attempts", 0, False),
        ("title", {"vi": 2027}, True),
        ("title", {"fr": "x"}, False),
        ("id", 2027, True),
        ("id", "Đề", False),
        ("pas_percent", 60, False),
        ("draw", [], False),
        ("draw", [{"pick": 1, "tags": "loto"}], True),
        ("draw", [{"pick": 1, "tags": ["loto", 5]}], True),
        ("draw", [{"pik": 1}], False),
        ("review", "after_lunch", False),
    ],
)
def test_what_authors_write_fits_and_what_the_check_refuses_does_not(key: str, value: object, *, fits: bool) -> None:
    assert (faults(QUIZ | {key: value}, MADE["quiz"], MADE["quiz"]) == []) is fits


def test_the_head_of_a_contest_may_stand_at_the_top_or_below_its_key() -> None:
    schema = MADE["contest"]
    path = "contests/hoi-thi-mau.yml"
    top = written(path, read_tree(SAMPLE, working=True).files[path])
    head = {key: top.pop(key) for key in ("id", "title", "season", "source_lang", "rules_note") if key in top}
    assert faults(head | top, schema, schema) == []
    assert faults({"contest": head} | top, schema, schema) == []
    assert faults(top, schema, schema) != []


def test_the_committed_schemas_are_current(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")} == {f"{name}.schema.json": text_of(schema) for name, schema in MADE.items()}
    for arguments in (["schema", "--out", str(tmp_path)], ["schema", "quiz"], ["schema"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0].endswith("course.schema.json")
    assert json.loads((tmp_path / "quiz.schema.json").read_text("utf-8")) == MADE["quiz"]
