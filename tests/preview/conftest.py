"""A content folder of its own for a test, and the preview of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lms.preview.app import create_preview
from lms.preview.desk import Desk
from lms.settings import load_settings
from tests.content.every_kind import KINDS
from tests.content.trees import FILES

Edit = Callable[[str, str, str], None]


@pytest.fixture()
def folder(tmp_path: Path) -> Path:
    """The sample and the quiz with every kind of item, as files."""
    root = tmp_path / "content"
    for path, data in (FILES | KINDS).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.fixture()
def edit(folder: Path) -> Edit:
    """Replaces a text of a file that must be there."""

    def _edit(path: str, old: str, new: str) -> None:
        text = (folder / path).read_text("utf-8")
        assert old in text, (path, old)
        (folder / path).write_text(text.replace(old, new, 1), "utf-8")

    return _edit


@pytest.fixture()
def desk(folder: Path, tmp_path: Path) -> Desk:
    """The desk of the folder."""
    return Desk(folder, load_settings(tmp_path, {}).zone)


@pytest.fixture()
def preview(desk: Desk, tmp_path: Path) -> FlaskClient:
    """A browser without JavaScript at the preview."""
    return create_preview(desk, load_settings(tmp_path, {})).test_client()
