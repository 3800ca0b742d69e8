"""`lms check` in its forms, `--explain`, `lms fix` and `lms new` as an author runs them."""

import json
import re
import stat
from pathlib import Path
from urllib.parse import unquote

import pytest

from lms.content.cli import COMMANDS
from lms.content.cli.forms import as_github
from lms.content.codes import CODES
from lms.content.source.problems import Problem
from lms.platform.rules import phrase
from lms.platform.speaking import lang_of
from tests.content.test_cli import run

WORKFLOW = re.compile(r"^::(error|warning) file=([^,:]+),line=(\d+),col=(\d+),title=([a-z0-9-]+)::(.+)$")


def test_sarif_has_rules_with_help_and_regions_from_the_root_of_the_repository(capsys: pytest.CaptureFixture[str], repository: Path) -> None:
    status, out, _ = run(capsys, "check", str(repository / "content"), "--format", "sarif", "--lang", "zh")
    assert status == 1
    log = json.loads(out)
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    (made,) = log["runs"]
    rules = made["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == set(CODES)
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule) == {"id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration"}
        assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning")
    found = set()
    for result in made["results"]:
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert place["artifactLocation"]["uriBaseId"] in made["originalUriBaseIds"]
        assert re.fullmatch(r"[A-Za-z0-9%/._-]+", place["artifactLocation"]["uri"])
        assert (repository / unquote(place["artifactLocation"]["uri"])).is_file()
        found.add((result["ruleId"], result["level"], place["region"]["startLine"], place["region"]["startColumn"]))
    assert {("key-unknown", "error", 14, 1), ("item-no-right", "error", 16, 1), ("file-name", "warning", 1, 1)} <= found
    assert made["originalUriBaseIds"]["%SRCROOT%"]["uri"].endswith("/")


def test_github_lines_name_the_file_from_the_root_and_cannot_be_broken_out_of(
    capsys: pytest.CaptureFixture[str], repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "content" / "quizzes")
    (repository / "content/courses/khoa-mau/10-mo-dau.vi.md").write_text("---\nmi%0A::error::nutes: 1\n", "utf-8")
    status, out, _ = run(capsys, "check", "../courses", "de-mau", "--format", "github", "--lang", "en")
    assert status == 1
    *lines, last = out.splitlines()
    assert re.fullmatch(r"Errors: \d+, warnings: \d+", last)
    read = [WORKFLOW.match(line) for line in lines]
    assert all(read)
    assert ("error", "content/courses/khoa-mau/course.yml", "14", "1", "key-unknown") in {match.groups()[:5] for match in read if match}
    assert not any("%0A::" in line for line in lines)


def test_what_an_author_wrote_cannot_end_a_github_line_early() -> None:
    problem = Problem("a:b,c%0A.md", 3, 4, "error", "key-unknown", phrase("The key %(key)s is not known here.", key="50%0A\n::error::x\r"))
    assert as_github(problem, "en") == "::error file=a%3Ab%2Cc%250A.md,line=3,col=4,title=key-unknown::The key 50%250A%0A::error::x%0D is not known here."


def test_several_paths_are_checked_once_each(capsys: pytest.CaptureFixture[str], repository: Path) -> None:
    whole = run(capsys, "check", str(repository), "--lang", "en")[1]
    twice = run(capsys, "check", str(repository), str(repository), "--lang", "en")[1]
    assert whole == twice


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_a_code_is_explained_with_both_examples(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    status, out, err = run(capsys, "check", "--explain", "item-no-right", "--lang", lang)
    assert (status, err) == (0, "")
    assert "✗ - ( ) Báo cho" in out
    assert "✓ - (x) Báo cho" in out


def test_wrong_use_is_exit_2_and_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for arguments in (
        ["check", "--explain", "item-no-rihgt"],
        ["fix", str(tmp_path / "none")],
        ["new", "course", "../x"],
        ["new", "quiz", "Đề 1", "--lang", "vi"],
    ):
        status, out, err = run(capsys, *arguments)
        assert (status, out, err.count("\n")) == (2, "", 1)
    assert run(capsys, "check", "--format", "xml")[0] == 2


@pytest.mark.parametrize(
    ("given", "environ", "lang"),
    [
        ("zh", {"LANG": "en_US.UTF-8"}, "zh"),
        (None, {"LANG": "en_US.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LC_ALL": "vi_VN", "LANG": "en_US.UTF-8"}, "vi"),
        (None, {"LANG": "C.UTF-8"}, "vi"),
        (None, {"LANG": "fr_FR.UTF-8"}, "vi"),
        (None, {}, "vi"),
    ],
)
def test_the_language_is_as_asked_else_the_terminals_else_the_sites(given: str | None, environ: dict[str, str], lang: str) -> None:
    assert lang_of(given, "vi", environ) == lang


def test_a_dry_run_shows_a_diff_and_writes_nothing_then_fixing_writes_and_keeps_the_mode(capsys: pytest.CaptureFixture[str], repository: Path) -> None:
    path = repository / "content/quizzes/de-mau/cau-hoi.vi.md"
    messy = path.read_text("utf-8").replace("- ( ) Báo", "-（　）Báo").replace("\n", "\r\n").encode()
    path.write_bytes(messy)
    path.chmod(0o640)
    status, out, _ = run(capsys, "fix", str(repository), "--dry-run", "--lang", "en")
    assert status == 1
    assert "\n+- ( ) Báo cho" in out
    assert path.read_bytes() == messy
    status, out, _ = run(capsys, "fix", str(path), "--lang", "en")
    assert status == 0
    assert f"{path}:1: line ends made plain" in out
    assert f"{path}:18: signs made plain" in out
    assert out.endswith("Files changed: 1\n")
    assert b"\r" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert run(capsys, "fix", str(repository), "--dry-run", "--lang", "en")[:2] == (0, "Files that would change: 0\n")
    assert not [other for other in path.parent.iterdir() if other.name.endswith("~")]


def test_a_file_that_is_not_utf8_is_refused_and_the_others_are_fixed(capsys: pytest.CaptureFixture[str], repository: Path) -> None:
    path, other = repository / "content/quizzes/de-mau/cau-hoi.vi.md", repository / "content/quizzes/de-mau/cau-hoi.zh.md"
    data = path.read_bytes() + b"\nM\xe1y\n"
    path.write_bytes(data)
    other.write_bytes(other.read_bytes() + b"\n\n")
    status, out, err = run(capsys, "fix", str(repository), "--lang", "en")
    assert status == 1
    line = data.count(b"\n")
    assert err.startswith(f"{path}:{line}: ")
    assert err.count("\n") == 1
    assert path.read_bytes() == data
    assert out.endswith("Files changed: 1\n")


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_what_is_new_is_sound_at_once_and_in_plain_form(capsys: pytest.CaptureFixture[str], tmp_path: Path, lang: str) -> None:
    root = tmp_path / "kho"
    assert run(capsys, "new", "repository", str(root), "--lang", lang)[0] == 0
    for kind in ("course", "quiz", "contest", "scheme"):
        assert run(capsys, "new", kind, f"thu-{kind}", "--lang", lang, "--path", str(root / "content"))[0] == 0
        assert run(capsys, "new", kind, f"rieng-{kind}", "--lang", lang, "--path", str(tmp_path / kind))[0] == 0
        assert run(capsys, "check", str(tmp_path / kind), "--lang", "en")[0] == 0
    status, out, _ = run(capsys, "check", str(root), "--format", "json")
    assert status == 0
    assert {problem["code"] for problem in json.loads(out)} <= {"translation-missing", "item-similar"}
    assert run(capsys, "fix", str(root), "--dry-run", "--lang", "en")[0] == 0
    for name in (".github/workflows/content.yml", ".pre-commit-config.yaml", ".gitlab-ci.yml", ".gitattributes", ".vscode/settings.json", "README.md"):
        assert (root / name).is_file()
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert run(capsys, "new", "repository", str(root), "--lang", lang)[0] == 2
    assert run(capsys, "new", "quiz", "thu-quiz", "--lang", lang, "--path", str(root / "content"))[0] == 2
    assert before == {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_bad_name_says_the_rules_and_a_good_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _, _, err = run(capsys, "new", "course", "Khóa Đào tạo 1", "--path", str(tmp_path), "--lang", "en")
    assert "small letters a-z, digits and hyphens" in err
    assert "khoa-dao-tao-1" in err
    assert run(capsys, "new", "course", "x\n", "--path", str(tmp_path))[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_the_hooks_name_commands_that_there_are() -> None:
    text = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text("utf-8")
    for entry in re.findall(r"entry: lms (\w+)", text):
        assert entry in {command.__name__.rpartition(".")[2] for command in COMMANDS}
    assert re.findall(r"- id: (\S+)", text) == ["lms-fix", "lms-check"]
