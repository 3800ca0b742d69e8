"""Sites for tests of operation: instance folders with the sample content, made once and copied."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.operations.processes import run_lms

PASSWORD = "bốn từ chẳng ai đoán"


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration site as ./run prepares it."""
    instance = tmp_path_factory.mktemp("demo") / "site"
    done = run_lms("demo", "--no-serve", instance=instance)
    assert done.returncode == 0, done.stderr
    return instance


@pytest.fixture(scope="session")
def real_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real site as `lms init` makes it: administrator QT1."""
    instance = tmp_path_factory.mktemp("real") / "site"
    done = init(instance)
    assert done.returncode == 0, done.stderr
    return instance


def init(instance: Path, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    """`lms init` with usual answers."""
    answers = ("--organisation", "Nhà máy X", "--name", "Trần Văn Quản", "--staff-code", "QT1", "--password-stdin")
    return run_lms("init", *answers, instance=instance, stdin=f"{password}\n")


@pytest.fixture()
def demo_site(demo_template: Path, tmp_path: Path) -> Path:
    """A demonstration site of its own for one test."""
    return Path(shutil.copytree(demo_template, tmp_path / "site"))


@pytest.fixture()
def real_site(real_template: Path, tmp_path: Path) -> Path:
    """A real site of its own for one test."""
    return Path(shutil.copytree(real_template, tmp_path / "site"))
