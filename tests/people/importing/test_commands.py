"""`lms person import` and `lms person export`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.cli import main
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform import migrate
from lms.platform.db import Database
from lms.platform.keys import make_keys
from tests.make import make_learner, make_unit
from tests.people.importing.conftest import workbook

Run = Callable[..., int]


@pytest.fixture()
def db(tmp_path: Path) -> Database:
    """The database of a site in a folder."""
    (tmp_path / "site").mkdir()
    make_keys(tmp_path / "site")
    made = Database(f"sqlite:///{tmp_path / 'site' / 'vean.db'}")
    migrate.upgrade(made)
    with made.writing() as session:
        company = make_unit(session, name="Công ty", code="CT")
        make_unit(session, parent=company, name="Tổ hàn", code="HAN")
        make_learner(session, unit=company, staff_code="NV9", full_name="Lê Chi", roles=(Role.OFFICER,))
    return made


@pytest.fixture()
def run(db: Database, tmp_path: Path) -> Run:
    """Runs a command on the site; gives its exit status."""

    def command(*words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["--instance", str(tmp_path / "site"), *words])
        return int(ended.value.code or 0)

    return command


def _sheet(tmp_path: Path, *rows: tuple[str, ...]) -> str:
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(workbook([("Số hiệu", "Họ và tên", "Tổ"), *rows]))
    return str(path)


@pytest.mark.parametrize(("lang", "word"), [("vi", "Mới: 1"), ("zh", "新增：1"), ("en", "New: 1")])
def test_a_sheet_is_checked_then_applied(run: Run, db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, word: str) -> None:
    path = _sheet(tmp_path, ("NV1", "Nguyễn Văn An", "Tổ hàn"), ("NV2", "Trần Bé", "Tổ sơn"))
    asked = ("person", "import", path, "--column", "Số hiệu=staff_code", "--lang", lang)
    assert run(*asked) == 1
    told = capsys.readouterr().out
    assert word in told
    assert "Tổ sơn" in told
    with db.reading() as session:
        assert session.scalar(select(Person.id).where(Person.staff_code == "NV1")) is None
    assert run(*asked, "--apply") == 1
    with db.reading() as session:
        assert session.scalar(select(Person.full_name).where(Person.staff_code == "NV1")) == "Nguyễn Văn An"


def test_the_whole_list_of_a_unit(run: Run, db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _sheet(tmp_path, ("NV1", "Nguyễn Văn An", "Tổ hàn"))
    asked = ("person", "import", path, "--column", "Số hiệu=staff_code", "--unit", "ct", "--whole", "--from", "2026-12-01", "--lang", "en")
    assert run(*asked, "--apply") == 0
    assert "Leaving: 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--unit", "NO", "--column", "Số hiệu=staff_code"), "no unit with the code"),
        (("--column", "Mã=staff_code"), "HEADER=FIELD"),
        (("--column", "Số hiệu=nonsense"), "HEADER=FIELD"),
        ((), "staff code or the phone number"),
        (("--whole", "--column", "Số hiệu=staff_code"), "whole list"),
    ],
)
def test_wrong_use_is_told(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str) -> None:
    assert run("person", "import", _sheet(tmp_path, ("NV1", "An", "")), *words, "--lang", "en") == 1
    assert told in capsys.readouterr().err


def test_a_file_that_is_not_there(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("person", "import", str(tmp_path / "none.xlsx"), "--lang", "en") == 2
    assert "cannot be read" in capsys.readouterr().err


def test_what_is_exported_is_unchanged_when_it_comes_back(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "people.csv"
    assert run("person", "export", str(out), "--unit", "CT", "--lang", "en") == 0
    assert "1 people" in capsys.readouterr().err
    assert "Lê Chi" in out.read_text("utf-8-sig")
    assert run("person", "import", str(out), "--lang", "en") == 0
    assert "Unchanged: 1" in capsys.readouterr().out
    assert run("person", "export", str(tmp_path / "no" / "x.csv"), "--lang", "en") == 1
