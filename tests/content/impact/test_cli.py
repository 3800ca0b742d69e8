"""`lms impact` as an author and a pull request run it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from dulwich import porcelain

from lms.content.catalogue import Change
from lms.content.impact.comparing import Comparison, CourseChange, ItemChange, Stamp
from lms.content.impact.forms import LONGEST, as_markdown, as_text
from lms.content.impact.rooms import Flips, Learners, Open, Resting, Sittings
from lms.content.impact.wording import SHOWN
from lms.content.service.impact import Impact
from lms.content.service.publishing import publish
from lms.content.source.tree import read_tree
from lms.platform import migrate
from lms.platform.db import Database
from lms.platform.rules import phrase
from tests.assessment.kinds import SINGLE
from tests.content.impact.acts import FIRE, FLIPPED, RETRAIN
from tests.content.publishing.moments import NOW
from tests.content.sample import SAMPLE
from tests.content.test_cli import run


def commit_all(root: Path) -> None:
    porcelain.add(str(root), paths=[str(path) for path in root.rglob("*") if path.is_file() and ".git" not in path.parts])
    porcelain.commit(str(root), message=b"x", author=b"T <t@example.org>", committer=b"T <t@example.org>")


@pytest.fixture()
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample without its contest, committed; then a key is flipped and a retrain change added, not committed."""
    root = tmp_path / "kho"
    content = Path(shutil.copytree(SAMPLE, root / "content"))
    shutil.rmtree(content / "contests")
    porcelain.init(str(root)).close()
    commit_all(root)
    for name, old, new in (FLIPPED, RETRAIN):
        (content / name).write_text((content / name).read_text("utf-8").replace(old, new, 1), "utf-8")
    monkeypatch.setenv("LMS_CONTENT_SOURCES", str(content))
    return root


def test_without_a_database_the_content_is_compared_with_the_last_commit(capsys: pytest.CaptureFixture[str], repository: Path, tmp_path: Path) -> None:
    status, out, err = run(capsys, "--instance", str(tmp_path / "none"), "impact", "--working-tree", "--lang", "en")
    assert (status, err) == (0, "")
    assert "There is no database here: sittings, certificates and learners were not looked at." in out
    assert f"quizzes/de-mau/cau-hoi.vi.md #{FIRE}: what is right" in out
    assert "version 2 sends people back to learn: Luật mới" in out
    assert not (tmp_path / "none").exists()
    assert repository.is_dir()


@pytest.mark.parametrize("named", [True, False], ids=["a folder", "the sources"])
def test_the_last_commit_itself_changes_nothing(capsys: pytest.CaptureFixture[str], repository: Path, tmp_path: Path, named: bool) -> None:
    what = [str(repository / "content")] if named else []
    status, out, _ = run(capsys, "--instance", str(tmp_path / "none"), "impact", *what, "--lang", "en")
    assert (status, out.splitlines()[-1]) == (0, "Nothing would change.")


def test_markdown_is_made_for_a_pull_request(capsys: pytest.CaptureFixture[str], repository: Path, tmp_path: Path) -> None:
    folder = str(repository / "content")
    status, out, _ = run(capsys, "--instance", str(tmp_path / "none"), "impact", folder, "--working-tree", "--format", "markdown", "--lang", "en")
    assert status == 0
    assert out.startswith("## What publishing this would change\n")
    assert "\n### Items\n\n- Items: 0 added, 0 removed, 1 changed; keys changed: 1.\n" in out


def test_json_holds_everything_and_a_database_is_asked(capsys: pytest.CaptureFixture[str], repository: Path, tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'vean.db'}")
    migrate.upgrade(db)
    with db.writing() as session:
        publish(session, read_tree(repository / "content"), now=NOW)
    db.dispose()
    asked = ("--instance", str(tmp_path), "impact", "--working-tree", "--format", "json")
    made = json.loads(run(capsys, *asked)[1])
    assert (made["rooms_asked"], made["against"], made["learners"]) == (True, "1", [{"course": "khoa-mau", "finished": 0, "begun": 0}])
    based = json.loads(run(capsys, *asked, "--base", "")[1])
    assert (based["rooms_asked"], [one["id"] for one in based["items"]["changed"]], based["items"]["changed"][0]["what"]) == (False, [FIRE], ["key"])


def test_a_database_without_tables_is_none(capsys: pytest.CaptureFixture[str], repository: Path, tmp_path: Path) -> None:
    (tmp_path / "vean.db").touch()
    assert "There is no database here" in run(capsys, "--instance", str(tmp_path), "impact", "--lang", "en")[1]
    assert repository.is_dir()


def test_two_states_are_named_as_git_names_them(capsys: pytest.CaptureFixture[str], repository: Path, tmp_path: Path) -> None:
    commit_all(repository)
    none = ("--instance", str(tmp_path / "none"))
    status, out, _ = run(capsys, *none, "impact", "HEAD", "--base", "HEAD~1", "--lang", "en")
    assert (status, f"#{FIRE}: what is right" in out) == (0, True)
    assert run(capsys, *none, "impact", "@~1", "--base", "HEAD^", "--lang", "en")[1].splitlines()[-1] == "Nothing would change."
    assert run(capsys, *none, "impact", "HEAD", "--base", "HEAD~7", "--lang", "en")[2] == "lms: There is no commit HEAD~7.\n"


def test_an_unknown_state_is_one_line(capsys: pytest.CaptureFixture[str], repository: Path, tmp_path: Path) -> None:
    assert repository.is_dir()
    status, out, err = run(capsys, "--instance", str(tmp_path), "impact", "nowhere")
    assert (status, out, err.count("\n")) == (1, "", 1)


def made_of(**given: Any) -> Impact:
    """An impact with something of everything."""
    change = ItemChange("quizzes/q", SINGLE, SINGLE, ("wording",))
    course = CourseChange("khoa", ("a",), ("b",), ("c",), (Change(2, "retrain", "why"),))
    plain: dict[str, Any] = {
        "added": ("courses/new",),
        "updated": ("quizzes/q",),
        "removed": ("schemes/old",),
        "held": {"contests/x": phrase("It is open.")},
        "items_added": (),
        "items_removed": (Stamp("gone0001", "d", "quizzes/q"),),
        "items": (change,),
        "courses": (course, CourseChange("bare", (), (), (), ())),
    }
    sittings = Sittings(
        (Open("course:khoa", 2, (1, 2)),), (Flips("course:khoa", 9, 1, 1, 1, (7,), (8,)), Flips("round:x/1", 1, 0, 0, 0, (), ())), frozenset({7})
    )
    rest = (Resting("vn", 1, 2, 3, 4, 5, 6),)
    return Impact("rev", given.pop("against", "3"), Comparison(**plain | given), True, sittings, rest, (Learners("khoa", 4, 5),))


def test_every_section_has_its_words() -> None:
    text = as_text(made_of(), "en")
    for words in (
        "compared with publication 3.",
        "Added: courses/new",
        "contests/x: It is open.",
        "quizzes/q #gone0001: removed",
        "khoa: lessons added: a, lessons removed: b, lessons changed: c",
        "bare: settings",
        "course:khoa: judged again 9; passed and would fail 1; failed and would pass 1; for a person to judge 1",
        "vn: people 1; periods 2, in force 3, of these without another passed test 4; documents 5; proofs not used yet, people 6",
        "khoa: finished 4, begun 5",
        "course:khoa: attempts that would fail, for example 7",
        "course:khoa: attempts that would pass, for example 8",
    ):
        assert words in text
    assert "compared with an empty site." in as_text(made_of(against=""), "en")


def test_markdown_names_no_attempt_and_content_cannot_write_markdown_of_its_own() -> None:
    evil = "[x](javascript:1) <img src=x> @everyone &#64;all ![y](https://evil.example) `a`\n# Heading | *b* www.evil.example"
    text = as_markdown(made_of(courses=(CourseChange("khoa", (), (), (), (Change(2, "retrain", evil),)),)), "en")
    (line,) = [line for line in text.splitlines() if "evil" in line]
    assert "for example" not in text
    for sign in ("@everyone", "&#64;", "[x](", "<img", "https://evil", " www.evil", "\n# Heading"):
        assert sign not in text
    assert line.startswith("- khoa: version 2 sends people back to learn: \\[x\\](javascript:1) &lt;img src=x&gt;")


def test_long_reports_are_cut_and_counted() -> None:
    gone = tuple(Stamp(f"gone{n:04}", "d", "quizzes/q") for n in range(500))
    text = as_text(made_of(items_removed=gone), "en")
    assert text.count(": removed") == SHOWN - 2
    assert "and 452 more" in text
    long = as_markdown(made_of(courses=(CourseChange("khoa", (), (), (), (Change(2, "retrain", "x" * 2 * LONGEST),)),)), "en")
    assert len(long) < LONGEST + 10
    assert long.endswith("- …")
