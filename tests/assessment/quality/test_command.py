"""`lms items`: one line a question with its place, or a file; what should be looked at first."""

import csv
import io
import json
from pathlib import Path

import pytest

from lms.cli import main
from lms.people.models import Person
from lms.platform.db import Database
from tests.assessment.conftest import Shelf
from tests.assessment.quality.conftest import KEYS


@pytest.fixture()
def run(database_url: str, tmp_path: Path, crowd: list[Person], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> object:
    """Runs the command on the test's database; gives exit status and output."""
    monkeypatch.setenv("LMS_DATABASE_URL", database_url)
    capsys.readouterr()

    def _run(*arguments: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            main(["--instance", str(tmp_path), "items", *arguments])
        said = capsys.readouterr()
        return ended.value.code, said.out + said.err

    return _run


def test_text_csv_and_json_say_the_same(db: Database, shelf: Shelf, run: object) -> None:
    status, text = run("--lang", "en")  # type: ignore[operator]
    assert status == 0
    lines = text.splitlines()
    assert len(lines) == len(KEYS)
    assert all(line.startswith("quizzes/quiz/bank.vi.md:1: item") and " n=40 " in line for line in lines)
    assert "[a wrong choice that nobody takes]" in lines[0]
    made = json.loads(run("--format", "json", "--quiz", "quiz")[1])  # type: ignore[operator]
    assert [one["id"] for one in made] == [line.split()[1] for line in lines]
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv")[1].removeprefix("\ufeff"))))  # type: ignore[operator]
    assert [float(row["facility"]) for row in rows] == [one["figures"]["facility"] / 10_000 for one in made]


def test_a_quiz_that_nobody_sat(db: Database, shelf: Shelf, run: object) -> None:
    status, said = run("--quiz", "other")  # type: ignore[operator]
    assert status == 1
    assert "other" in said
