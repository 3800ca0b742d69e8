"""`lms import` and `lms export` as a trainer runs them."""

import json
import shutil
from pathlib import Path

import pytest

from lms.cli import main
from tests.content.interchange.docx_maker import docx, par, picture, run
from tests.content.interchange.test_word import A, B, C, Q
from tests.content.sample import SAMPLE


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "instance"))


@pytest.fixture()
def content(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


def lms(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_word_becomes_a_bank_that_the_check_takes(capsys: pytest.CaptureFixture[str], content: Path, tmp_path: Path) -> None:
    file = tmp_path / "de.docx"
    file.write_bytes(docx(par(Q, picture(alt="Tủ điện")), A, par(run(B, "b")), C))
    into = content / "quizzes/de-mau/tu-word.vi.md"
    assert lms(capsys, "import", file, "--into", into, "--dry-run")[0] == 0
    assert not into.exists()
    status, out, err = lms(capsys, "import", file, "--into", into, "--strict")
    assert (status, err) == (0, "")
    assert out == f"1 items from Word written to {into}; 1 pictures beside it.\n"
    assert (content / "quizzes/de-mau/img/image1.png").exists()
    assert lms(capsys, "check", into, "--lang", "en")[1].splitlines()[-1].startswith("Errors: 0,")


def test_a_bank_is_added_to_and_never_written_over(capsys: pytest.CaptureFixture[str], content: Path, tmp_path: Path) -> None:
    into, file = content / "quizzes/de-mau/cau-hoi.vi.md", tmp_path / "x.aiken.txt"
    file.write_text("Hỏi?\nA. a\nB. b\nANSWER: B\n", "utf-8")
    before = into.read_text("utf-8")
    assert lms(capsys, "import", file, "--into", into)[0] == 0
    after = into.read_text("utf-8")
    assert after.startswith(before.rstrip())
    assert after.endswith("- ( ) a\n- (x) b\n")
    assert lms(capsys, "import", file, "--into", into, "--force")[0] == 0
    assert into.read_text("utf-8").startswith("## Hỏi? {#")


def test_losses_and_the_exit_status(capsys: pytest.CaptureFixture[str], content: Path, tmp_path: Path) -> None:
    file, into = tmp_path / "de.docx", content / "quizzes/de-mau/b.vi.md"
    file.write_bytes(docx(Q, A, B, C))
    status, out, err = lms(capsys, "import", file, "--into", into, "--strict")
    assert (status, into.exists()) == (1, False)
    assert err.splitlines()[0] == "paragraph 1: No right answer was found: Câu 1: Ai được tháo khóa?"
    status, out, _ = lms(capsys, "import", file, "--into", into, "--report", "json")
    report = json.loads(out)
    assert (status, report["items"], report["written"], report["format"]) == (0, 1, True, "docx")
    assert [sorted(loss) for loss in report["losses"]] == [["what", "where"]] * 2
    assert "**CẦN SỬA: chưa rõ đáp án đúng.**" in into.read_text("utf-8")
    file.write_bytes(b"%PDF-1.7")
    assert lms(capsys, "import", file, "--into", into)[0] == 2
    assert lms(capsys, "import", tmp_path / "none", "--into", into)[0] == 2
    assert lms(capsys, "import", file, "--into", content / "quizzes/de-mau/Đề.vi.md")[0] == 1
    assert lms(capsys, "import", file, "--into", into, "--lang", "zh")[0] == 1


def test_out_and_in_keeps_ids_that_are_free(capsys: pytest.CaptureFixture[str], content: Path, tmp_path: Path) -> None:
    out, into = tmp_path / "out.xml", tmp_path / "new/quizzes/thu/cau-hoi.vi.md"
    assert lms(capsys, "export", "de-mau/cau-hoi", "--from", content, "--format", "moodle", "--out", out)[0] == 0
    assert lms(capsys, "export", "de-mau/cau-hoi", "--from", content, "--format", "moodle", "--out", out)[0] == 1
    assert lms(capsys, "import", out, "--into", into)[0] == 0
    assert into.read_text("utf-8") == (content / "quizzes/de-mau/cau-hoi.vi.md").read_text("utf-8")
    status, _, err = lms(capsys, "import", out, "--into", content / "quizzes/de-mau/lai.vi.md")
    assert status == 0
    assert "it is taken" in err
    assert lms(capsys, "check", content, "--lang", "en")[0] == 0


def test_a_translation_is_exported_with_the_keys_of_its_source(capsys: pytest.CaptureFixture[str], content: Path, tmp_path: Path) -> None:
    out = tmp_path / "zh.gift.txt"
    assert lms(capsys, "export", "de-mau/cau-hoi", "--from", content, "--format", "gift", "--lang", "zh", "--out", out)[0] == 0
    assert "=上锁的人" in out.read_text("utf-8")
    assert lms(capsys, "export", "de-mau/none", "--from", content, "--format", "gift", "--out", out, "--force")[0] == 1
    assert lms(capsys, "export", "--template", "--lang", "zh", "--out", tmp_path / "t.xlsx")[0] == 0


def test_a_sealed_bank_is_exported_only_on_purpose(capsys: pytest.CaptureFixture[str], content: Path, tmp_path: Path) -> None:
    quiz, out = content / "quizzes/de-mau/quiz.yml", tmp_path / "x.gift"
    quiz.write_text(quiz.read_text("utf-8") + "\nsealed_until: 2099-01-01T08:00\n", "utf-8")
    asked = ("export", "de-mau/cau-hoi", "--from", content, "--format", "gift", "--out", out)
    status, _, err = lms(capsys, *asked)
    assert (status, out.exists()) == (1, False)
    assert "sealed until" in err
    assert lms(capsys, *asked, "--sealed")[0] == 0
