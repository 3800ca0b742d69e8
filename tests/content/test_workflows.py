"""The workflows that `lms new repository` writes, run step by step as the hosts run them; only the installing step is left out."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from dulwich import porcelain

from tests.content.test_cli import run
from tests.content.test_sarif import PUBLISHED
from tests.content.validating import faults

INSTALL = 'pip install "$VEAN_PACKAGE"'
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Runner:
    """A fresh clone on a machine that has the program and nothing else of ours."""

    folder: Path
    tools: Path

    def step(self, script: str, variables: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        """Run a step as GitHub and GitLab do: bash that stops at the first error."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "VEAN_", "COV_"))}
        given = clean | {"LANG": "C.UTF-8", "PATH": f"{self.tools}{os.pathsep}{os.environ['PATH']}"} | {key: str(value) for key, value in variables.items()}
        return subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=self.folder, env=given, capture_output=True, text=True, check=False)


@pytest.fixture()
def runner(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Runner:
    origin, tools = tmp_path / "kho", tmp_path / "bin"
    assert run(capsys, "new", "repository", str(origin), "--lang", "zh")[0] == 0
    porcelain.init(str(origin))
    porcelain.add(str(origin), [str(path) for path in origin.rglob("*") if path.is_file() and ".git" not in path.parts])
    porcelain.commit(str(origin), message=b"x", author=b"a <a@example.org>", committer=b"a <a@example.org>")
    porcelain.clone(str(origin), str(tmp_path / "clone"), errstream=porcelain.NoneStream()).close()
    tools.mkdir()
    (tools / "lms").write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m lms "$@"\n', "utf-8")
    (tools / "lms").chmod(0o755)
    return Runner(tmp_path / "clone", tools)


def spoil(folder: Path) -> None:
    """Take the right answers out of the bank."""
    bank = next(folder.glob("content/quizzes/*/*.md"))
    bank.write_text(bank.read_text("utf-8").replace("- (x)", "- ( )"), "utf-8")


@pytest.mark.parametrize("broken", [False, True], ids=["sound", "broken"])
def test_the_workflow_of_github_marks_the_lines_and_leaves_a_report(runner: Runner, broken: bool) -> None:
    flow = yaml.safe_load((runner.folder / ".github/workflows/content.yml").read_text("utf-8"))
    job = flow["jobs"]["check"]
    steps = [step for step in job["steps"] if "run" in step]
    assert steps[0]["run"] == INSTALL
    if broken:
        spoil(runner.folder)
    stands, done = True, {}
    for step in steps[1:]:
        if stands or step.get("if") == "always()":
            done[step["name"]] = runner.step(step["run"], flow["env"])
            stands = stands and done[step["name"]].returncode == 0
    assert stands is not broken
    lines = done["Check"].stdout.splitlines()
    assert any(line.startswith("::error file=content/quizzes/") and "item-no-right" in line for line in lines) is broken
    assert lines[-1].startswith("错误2个" if broken else "错误0个")
    (upload,) = [step for step in job["steps"] if step.get("uses", "").startswith("github/codeql-action/upload-sarif")]
    log = json.loads((runner.folder / upload["with"]["sarif_file"]).read_text("utf-8"))
    assert faults(log, PUBLISHED, PUBLISHED) == []
    assert ("item-no-right" in {result["ruleId"] for result in log["runs"][0]["results"]}) is broken
    assert flow["permissions"]["security-events"] == "write"


@pytest.mark.parametrize("broken", [False, True], ids=["sound", "broken"])
def test_the_workflow_of_gitlab_fails_where_content_is_broken(runner: Runner, broken: bool) -> None:
    flow = yaml.safe_load((runner.folder / ".gitlab-ci.yml").read_text("utf-8"))
    install, *script = flow["content"]["script"]
    assert install == INSTALL
    if broken:
        spoil(runner.folder)
    done = runner.step("\n".join(script), flow["variables"])
    assert (done.returncode, "item-no-right" in done.stdout, done.stderr) == (int(broken), broken, "")


def test_the_hooks_run_what_the_workflows_run(runner: Runner) -> None:
    config = yaml.safe_load((runner.folder / ".pre-commit-config.yaml").read_text("utf-8"))
    hooks = {hook["id"]: hook for repository in config["repos"] for hook in repository["hooks"]}
    ours = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    assert hooks.keys() == ours.keys()
    for name, hook in ours.items():
        entry = " ".join([hook["entry"], *hook["args"]])
        assert entry == hooks[name]["entry"]
        assert runner.step(entry, {}).returncode == 0
    spoil(runner.folder)
    assert runner.step(hooks["lms-check"]["entry"], {}).returncode == 1
