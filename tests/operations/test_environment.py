"""scripts/environment.sh: an environment that is half made is made again, one that is whole is kept."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.operations.processes import ROOT


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with our script and nothing to install or to compile."""
    for folder in ("scripts", "requirements"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "scripts/environment.sh", tmp_path / "scripts")
    (tmp_path / "scripts/translate.py").write_text("")
    (tmp_path / "requirements/run.txt").write_text("")
    return tmp_path


def _prepare(tree: Path) -> None:
    command = ["bash", "-ec", ". scripts/environment.sh; prepare_environment run"]
    subprocess.run(command, cwd=tree, env={"PATH": "/usr/bin:/bin", "PYTHON": sys.executable}, check=True, timeout=120)


def test_a_half_made_environment_is_made_again_and_a_whole_one_is_kept(tree: Path) -> None:
    (tree / ".venv/compiled").mkdir(parents=True)
    _prepare(tree)
    assert subprocess.run([tree / ".venv/bin/python", "-m", "pip", "--version"], check=True).returncode == 0
    (tree / ".venv/kept").touch()
    _prepare(tree)
    assert (tree / ".venv/kept").exists()


def test_nothing_of_ours_writes_into_the_environment_before_it_is_made() -> None:
    lines = (ROOT / "test").read_text().splitlines()
    made = lines.index("prepare_environment test")
    assert not [line for line in lines[:made] if ".venv" in line]
