"""`lms check` and `lms publish` as an author runs them."""

import json
import shutil
from pathlib import Path

import pytest

from lms.cli import main
from lms.content.service.loading import load_catalogue
from lms.platform.db import Base, Database
from tests.content.sample import SAMPLE


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.fixture()
def content(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


@pytest.fixture()
def broken(content: Path) -> Path:
    path = content / "courses/khoa-mau/course.yml"
    path.write_text(path.read_text("utf-8").replace("quiz: de-mau", "quis: de-mau"), "utf-8")
    path = content / "schemes/vn-nd44-nhom-1.yml"
    path.write_text(path.read_text("utf-8").replace("country: VN", "country: Việt Nam"), "utf-8")
    return content


def test_a_sound_tree_is_exit_0(capsys: pytest.CaptureFixture[str], content: Path) -> None:
    assert run(capsys, "check", str(content), "--lang", "en") == (0, "Errors: 0, warnings: 0\n", "")


def test_every_problem_is_one_line_with_its_place(capsys: pytest.CaptureFixture[str], broken: Path) -> None:
    status, out, _ = run(capsys, "check", str(broken), "--lang", "en")
    assert status == 1
    line = next(line for line in out.splitlines() if "key-unknown" in line)
    assert line == f"{broken}/courses/khoa-mau/course.yml:14:1: error key-unknown The key quis is not known here. — Did you mean quiz?"
    assert out.splitlines()[-1] == "Errors: 2, warnings: 0"


def test_json_is_a_list_of_problems(capsys: pytest.CaptureFixture[str], broken: Path) -> None:
    status, out, _ = run(capsys, "check", str(broken), "--format", "json", "--lang", "en")
    assert status == 1
    first = json.loads(out)[0]
    assert list(first) == ["file", "line", "column", "severity", "code", "message", "hint"]
    assert (first["line"], first["column"], first["hint"]) == (14, 1, "Did you mean quiz?")


def test_a_path_inside_shows_only_what_lies_below(capsys: pytest.CaptureFixture[str], broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Errors: 2" not in run(capsys, "check", str(broken / "courses"), "--lang", "en")[1]
    assert "Errors: 1," in run(capsys, "check", str(broken / "courses/khoa-mau/course.yml"), "--lang", "en")[1]
    assert run(capsys, "check", str(broken / "quizzes"), "--lang", "en")[0] == 0
    monkeypatch.chdir(broken / "courses" / "khoa-mau")
    assert "Errors: 1," in run(capsys, "check", ".", "--lang", "en")[1]


def test_a_path_that_is_no_content_is_one_clear_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    for path in ("nowhere", "none"):
        status, out, err = run(capsys, "check", str(tmp_path / path))
        assert (status, out) == (2, "")
        assert err.count("\n") == 1


def test_publishing_what_is_sound_and_going_back(
    capsys: pytest.CaptureFixture[str], content: Path, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_DATABASE_URL", database_url)
    monkeypatch.setenv("LMS_CONTENT_SOURCES", str(content))
    assert run(capsys, "publish", "--lang", "en")[:2] == (0, "Content: 5 added, 0 updated, 0 unchanged, 0 removed.\n")
    path = content / "courses/khoa-mau/10-mo-dau.vi.md"
    path.write_text(path.read_text("utf-8").replace("minutes: 1\n", ""), "utf-8")
    (content / "contests/hoi-thi-mau.yml").unlink()
    status, out, _ = run(capsys, "publish", str(content), "--working-tree", "--lang", "en")
    assert status == 1
    assert "Held back: courses/khoa-mau. Errors: 1; the first is in courses/khoa-mau/10-mo-dau.vi.md, line 2. It stays as it was." in out
    assert run(capsys, "publish", "--go-back", "1", "--lang", "en")[0] == 0
    assert run(capsys, "publish", "--go-back", "9", "--lang", "en")[0] == 1
    db = Database(database_url)
    with db.reading() as session:
        assert set(load_catalogue(session).contests) == {"hoi-thi-mau"}
    db.dispose()
    assert "content_blob" in Base.metadata.tables
