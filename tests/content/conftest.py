"""Sites of the content room: they publish from a copy of the sample, which a test may spoil."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lms.app import create_app
from lms.clock import MovableClock
from lms.settings import load_settings
from tests.conftest import KEYS
from tests.content.sample import SAMPLE


@pytest.fixture()
def sources(tmp_path: Path) -> Path:
    """The content folder of the site, as files without a repository."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


@pytest.fixture()
def app(database_url: str, tmp_path: Path, clock: MovableClock, sources: Path) -> Iterator[Flask]:
    """A whole site whose only content source is `sources`, on an empty database of each kind."""
    made = create_app(load_settings(tmp_path, {}, database_url=database_url, content_sources=str(sources), **KEYS), clock=clock)
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    made.extensions["site"].db.dispose()


@pytest.fixture()
def repository(tmp_path: Path) -> Path:
    """A repository with content that has two errors and a warning, one of them in a file with blanks, accents and signs of addresses in its name."""
    root = tmp_path / "kho nội dung"
    shutil.copytree(SAMPLE, root / "content")
    (root / ".git").mkdir()
    path = root / "content/courses/khoa-mau/course.yml"
    path.write_text(path.read_text("utf-8").replace("quiz: de-mau", "quis: 50% a:b, c"), "utf-8")
    path = root / "content/quizzes/de-mau/cau-hoi.vi.md"
    path.write_text(path.read_text("utf-8").replace("- (x) Báo cho", "- ( ) Báo cho"), "utf-8")
    (root / "content/courses/khoa-mau/Ghi chú [1] #2?.md").write_text("x\n", "utf-8")
    return root
