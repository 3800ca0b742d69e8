"""The wheel: built from the tree, installed elsewhere, it serves the site with all that belongs to it."""

import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.operations.processes import ROOT, Browser, environment, free_port, serving

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "instance", "__pycache__", ".*_cache", ".hypothesis", "dist", "*.mo")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree without anything made by running it."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "tree", ignore=NOT_COPIED, symlinks=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist"), str(folder / "tree")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = (folder / "dist").glob("vean-*.whl")
    return made


@pytest.fixture(scope="module")
def lms(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `lms` command of a fresh environment that has the wheel, and sees the libraries of this one."""
    venv = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True, timeout=120)
    packages = next((venv / "lib").glob("python*")) / "site-packages"
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    done = subprocess.run(install, capture_output=True, text=True, env=environment(PYTHONPATH=""), timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return venv / "bin" / "lms"


def test_the_wheel_has_what_the_tree_has_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tree = {path.relative_to(ROOT).as_posix() for path in (ROOT / "lms").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {name for name in tree if not name.endswith(".mo")} <= names
    assert {"lms/translations/vi/LC_MESSAGES/messages.mo", "lms/translations/zh_Hans/LC_MESSAGES/messages.mo"} <= names
    content = {f"lms/sample_content/{path.relative_to(ROOT / 'content').as_posix()}" for path in (ROOT / "content").rglob("*") if path.is_file()}
    assert content <= names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "scripts/", "instance/")) or name.endswith((".key", ".db"))]


def test_the_installed_site_serves_pages_files_languages_and_content(lms: Path, tmp_path: Path) -> None:
    port = free_port()
    command: list[str | Path] = [lms, "--instance", tmp_path / "site", "demo", "--port", str(port)]
    with serving(*command, port=port, log=tmp_path / "log", cwd=tmp_path, PYTHONPATH="") as server:
        browser = Browser(server.url)
        assert browser.sign_in("CN01", "246813").status == 302
        home = browser.get("/?lang=zh")
        assert home.status == 200
        assert '<html lang="zh-Hans"' in home.text
        assert re.search(r">\s*[\u4e00-\u9fff]{2,}", home.text), "there is a Chinese translation"
        for address in set(re.findall(r'(?:href|src)="(/static/[^"#]+)"', home.text)):
            assert browser.get(address.replace("&amp;", "&")).status == 200, address
        courses = browser.get("/courses?lang=vi")
        assert "an-toan-nguoi-lao-dong" in courses.text
        assert browser.get("/courses/an-toan-nguoi-lao-dong").status == 200
    assert "Traceback" not in (tmp_path / "log").read_text()
    made = subprocess.run([lms, "migrate", "--help"], capture_output=True, text=True, env=environment(PYTHONPATH=""), cwd=tmp_path, check=False)
    assert made.returncode == 0
    python, ask = lms.parent / "python", "import lms; print(lms.__file__)"
    where = subprocess.run([python, "-c", ask], capture_output=True, text=True, env=environment(PYTHONPATH=""), cwd=tmp_path, check=True)
    assert str(lms.parent.parent) in where.stdout, "the program is the installed one, not the tree's"
