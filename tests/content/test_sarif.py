"""`lms check --format sarif` against the published schema of SARIF 2.1.0."""

import copy
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lms.content.cli.sarif import SCHEMA, as_sarif
from lms.content.codes import CODES
from lms.content.source.problems import Problem
from lms.platform.rules import phrase
from tests.content.sample import REAL
from tests.content.test_cli import run
from tests.content.validating import faults

FOLDER = Path(__file__).parent / "published_schemas"
PUBLISHED: dict[str, Any] = json.loads((FOLDER / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))


def test_the_schemas_are_as_they_were_published() -> None:
    noted = dict(re.findall(r"^\| (\S+\.json) \|.*\| ([0-9a-f]{64}) \|$", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE))
    assert noted == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.json")}


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_what_is_found_fits_the_published_schema(capsys: pytest.CaptureFixture[str], repository: Path, lang: str) -> None:
    status, out, _ = run(capsys, "check", str(repository), "--format", "sarif", "--lang", lang)
    log = json.loads(out)
    assert status == 1
    assert len(log["runs"][0]["results"]) > 2
    assert faults(log, PUBLISHED, PUBLISHED) == []


def test_a_sound_tree_and_every_code_fit_it_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, _ = run(capsys, "check", str(REAL), "--format", "sarif")
    assert status == 0
    assert faults(json.loads(out), PUBLISHED, PUBLISHED) == []
    every = [Problem(f"a/{code.code}.md", 3, 4, code.severity, code.code, code.says, code.todo) for code in CODES.values()]
    unknown = Problem("b.md", 1, 1, "warning", "not-documented", phrase("Said."))
    log = as_sarif([*every, unknown], repository=tmp_path, lang="zh")
    assert len(log["runs"][0]["results"]) == len(CODES) + 1
    assert faults(log, PUBLISHED, PUBLISHED) == []


def test_the_log_names_a_schema_of_that_version() -> None:
    assert SCHEMA.startswith("https://json.schemastore.org/sarif-2.1.0")
    assert PUBLISHED["properties"]["version"]["enum"] == ["2.1.0"]


def _result(log: dict[str, Any]) -> Any:
    return log["runs"][0]["results"][0]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda log: log.pop("version"), id="no version"),
        pytest.param(lambda log: log.update(more=1), id="a key of its own"),
        pytest.param(lambda log: _result(log).update(level="fatal"), id="a level that there is not"),
        pytest.param(lambda log: _result(log).pop("message"), id="a result without a message"),
        pytest.param(lambda log: _result(log)["locations"][0]["physicalLocation"]["region"].update(startLine=0), id="line 0"),
        pytest.param(lambda log: _result(log)["locations"][0]["physicalLocation"]["artifactLocation"].update(uri="a b.md"), id="an address with a blank"),
        pytest.param(lambda log: log["runs"][0]["tool"]["driver"]["rules"].append(log["runs"][0]["tool"]["driver"]["rules"][0]), id="a rule twice"),
        pytest.param(lambda log: log["runs"][0]["tool"]["driver"].pop("name"), id="a tool without a name"),
        pytest.param(lambda log: log["runs"][0].update(columnKind="bytes"), id="columns of bytes"),
    ],
)
def test_the_schema_sees_what_is_wrong(spoil: Callable[[dict[str, Any]], object], tmp_path: Path) -> None:
    sound = as_sarif([Problem("a.md", 1, 1, "error", "item-no-right", phrase("Said."))], repository=tmp_path, lang="en")
    spoiled = copy.deepcopy(sound)
    spoil(spoiled)
    assert faults(sound, PUBLISHED, PUBLISHED) == []
    assert faults(spoiled, PUBLISHED, PUBLISHED) != []
