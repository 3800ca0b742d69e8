"""The commands as an administrator types them: real processes on real instances."""

import json
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from tests.operations.conftest import PASSWORD, init
from tests.operations.processes import ROOT, run_lms


def rows(instance: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(instance / "vean.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def people(instance: Path) -> list[tuple[object, ...]]:
    return rows(instance, "SELECT staff_code, full_name, demo FROM person ORDER BY id")


def test_init_makes_an_empty_real_site_with_its_administrator(real_site: Path) -> None:
    assert people(real_site) == [("QT1", "Trần Văn Quản", 0)]
    assert rows(real_site, "SELECT role, unit_id, until_on FROM role_grant") == [("administrator", None, None)]
    assert rows(real_site, "SELECT name, path, demo FROM unit") == [("Nhà máy X", "/1/", 0)]
    assert rows(real_site, "SELECT secret_kind, must_change FROM account") == [("password", 0)]
    assert rows(real_site, "SELECT count(*) FROM publication_current") == [(1,)]
    for key in (real_site / "keys").iterdir():
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert len(key.read_text()) > 40
    assert {key.name for key in (real_site / "keys").iterdir()} == {"secret.key", "identity.key"}
    assert stat.S_IMODE((real_site / "keys").stat().st_mode) == 0o700


def test_init_a_second_time_refuses_and_changes_nothing(real_site: Path) -> None:
    keys = {key.name: key.read_text() for key in (real_site / "keys").iterdir()}
    again = init(real_site)
    assert again.returncode == 1
    assert again.stderr.strip() == "lms: This site has people already; `lms init` makes empty sites only."
    assert people(real_site) == [("QT1", "Trần Văn Quản", 0)]
    assert {key.name: key.read_text() for key in (real_site / "keys").iterdir()} == keys


def test_init_refuses_a_weak_password_and_can_be_repeated(tmp_path: Path) -> None:
    refused = init(tmp_path / "site", "matkhau123")
    assert refused.returncode == 1
    assert "password" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert people(tmp_path / "site") == []
    assert init(tmp_path / "site", PASSWORD).returncode == 0


def test_the_demonstration_is_made_once_and_printed_every_time(demo_site: Path) -> None:
    before, publications = people(demo_site), rows(demo_site, "SELECT * FROM publication")
    again = run_lms("demo", "--no-serve", "--port", "8123", instance=demo_site)
    assert again.returncode == 0, again.stderr
    assert people(demo_site) == before
    assert rows(demo_site, "SELECT * FROM publication") == publications
    assert "http://127.0.0.1:8123" in again.stdout
    for code, name, demo in before:
        assert demo == 1
        line = next(line for line in again.stdout.splitlines() if line.startswith(f"{code} "))
        assert str(name) in line
    assert len(before) == 12
    held = {role for (role,) in rows(demo_site, "SELECT DISTINCT role FROM role_grant")}
    assert len(held) == 11
    assert max(str(path).count("/") - 1 for (path,) in rows(demo_site, "SELECT path FROM unit")) == 3


@pytest.mark.parametrize(("locale", "word"), [("vi_VN.UTF-8", "Mã"), ("zh_CN.UTF-8", "工号"), ("en_GB.UTF-8", "Staff code"), ("fr_FR", "Staff code")])
def test_the_table_of_people_speaks_the_terminal_s_language(demo_site: Path, locale: str, word: str) -> None:
    assert word in run_lms("demo", "--no-serve", instance=demo_site, LANG=locale).stdout


def test_the_demonstration_is_refused_where_there_are_real_people(real_site: Path) -> None:
    refused = run_lms("demo", "--no-serve", instance=real_site)
    assert refused.returncode == 1
    assert "holds real people" in refused.stderr
    assert people(real_site) == [("QT1", "Trần Văn Quản", 0)]


def test_a_site_of_demonstration_people_refuses_to_listen_to_the_world(demo_site: Path) -> None:
    refused = run_lms("serve", "--host", "0.0.0.0", instance=demo_site)  # noqa: S104  (that is refused)
    assert refused.returncode == 1
    assert "127.0.0.1 only" in refused.stderr


def test_serving_nothing_says_how_to_begin(tmp_path: Path) -> None:
    refused = run_lms("serve", instance=tmp_path / "none")
    assert (refused.returncode, "lms init" in refused.stderr, "Traceback" in refused.stderr) == (1, True, False)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [("colour = 'red'", "colour"), ("port = 99999", "port"), ("port", "settings.toml")],
    ids=["unknown key", "wrong value", "no TOML"],
)
def test_a_mistake_in_the_settings_is_one_clear_line(real_site: Path, text: str, named: str) -> None:
    (real_site / "settings.toml").write_text(text)
    refused = run_lms("serve", instance=real_site)
    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1
    assert named in refused.stderr
    assert "settings.toml" in refused.stderr


def test_an_instance_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    refused = run_lms("demo", "--no-serve", instance=tmp_path / "file" / "site")
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)


def test_migrate_twice_is_migrate_once(tmp_path: Path) -> None:
    first = run_lms("migrate", instance=tmp_path / "site")
    assert first.returncode == 0, first.stderr
    assert "was made" in first.stdout
    assert "already." in run_lms("migrate", instance=tmp_path / "site").stdout


def test_backup_and_restore_bring_a_site_back_elsewhere(demo_site: Path, tmp_path: Path) -> None:
    done = run_lms("backup", tmp_path / "b.tar.gz", instance=demo_site)
    assert done.returncode == 0, done.stderr
    assert "keys are not in it" in done.stdout
    assert stat.S_IMODE((tmp_path / "b.tar.gz").stat().st_mode) == 0o600
    again = run_lms("backup", tmp_path / "b.tar.gz", instance=demo_site)
    assert (again.returncode, "never overwritten" in again.stderr) == (1, True)
    restored = run_lms("restore", tmp_path / "b.tar.gz", instance=tmp_path / "new")
    assert restored.returncode == 0, restored.stderr
    assert people(tmp_path / "new") == people(demo_site)
    refused = run_lms("restore", tmp_path / "b.tar.gz", instance=tmp_path / "new")
    assert (refused.returncode, "not empty" in refused.stderr) == (1, True)
    no_place = run_lms("backup", tmp_path / "none" / "b.tar.gz", instance=demo_site)
    assert (no_place.returncode, "Traceback" in no_place.stderr) == (1, False)


def test_the_sample_content_has_no_error(tmp_path: Path) -> None:
    done = run_lms("check", ROOT / "content", "--format", "json", instance=tmp_path / "none")
    assert done.returncode == 0, done.stdout
    assert [problem for problem in json.loads(done.stdout) if problem["severity"] == "error"] == []


def test_a_broken_course_is_told_with_its_place_and_held_back(real_site: Path, tmp_path: Path) -> None:
    course = tmp_path / "content" / "courses" / "hong"
    course.mkdir(parents=True)
    (course / "course.yml").write_text("id: hong\ncolour: red\n", "utf-8")
    checked = run_lms("check", tmp_path / "content", "--format", "json", instance=real_site)
    assert checked.returncode == 1
    assert {"file", "line", "column", "severity", "code", "message", "hint"} == set(json.loads(checked.stdout)[0])
    published = run_lms("publish", tmp_path / "content", "--working-tree", instance=real_site)
    assert published.returncode == 1
    assert "hong" in published.stdout
    assert "Traceback" not in published.stderr


def test_publish_twice_is_publish_once(real_site: Path) -> None:
    assert run_lms("publish", instance=real_site).returncode == 0
    assert rows(real_site, "SELECT count(*) FROM publication") == [(1,)]


def test_the_version_and_the_help_need_no_site(tmp_path: Path) -> None:
    assert run_lms("--version", instance=tmp_path / "none").returncode == 0
    assert "restore" in run_lms("--help", instance=tmp_path / "none").stdout
    assert sys.version_info >= (3, 11)
