"""The command line speaks the language that it is asked for, else the terminal's, else the site's, else English."""

import io
import re
from pathlib import Path

import pytest

from lms.platform.speaking import LOCALES
from tests.content.sample import SAMPLE
from tests.content.test_cli import run

LANGS = ("vi", "zh", "en")
ENGLISH = re.compile(r"\b(the|is|are|of|with|and|this|there|already|stands|wrote|made|Did you)\b")


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that says nothing of its language, and a small site."""
    for name in (*LOCALES, "LMS_DEFAULT_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LMS_CONTENT_SOURCES", str(SAMPLE))


def speaks(text: str, lang: str, *paths: Path) -> bool:
    """Whether a text is in a language, judged by its words, not by paths and commands in it."""
    for path in paths:
        text = text.replace(str(path), "")
    words = re.sub(r"(?a)`[^`]*`|[\w.<>~-]*/[\w.<>/~-]*|\S+\.(?:toml|key)[:\d]*|--\S+", "", text)
    chinese, accents = bool(re.search(r"[一-鿿]", words)), any(letter.isalpha() and not letter.isascii() for letter in words)
    return (chinese, accents and not chinese) == (lang == "zh", lang == "vi") and (lang == "en" or not ENGLISH.search(words))


def init(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, site: Path, lang: str) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.stdin", io.StringIO("bốn từ chẳng ai đoán\n"))
    names = ("--organisation", "Nhà máy", "--name", "Quản", "--staff-code", "QT1", "--password-stdin")
    return run(capsys, "--instance", str(site), "init", *names, "--lang", lang)


@pytest.mark.parametrize("lang", LANGS)
def test_the_life_of_a_site_is_told_in_one_language(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: str) -> None:
    site, other, file = tmp_path / "x", tmp_path / "y", tmp_path / "z.tgz"
    said = ("--lang", lang)
    steps = [
        (init(capsys, monkeypatch, site, lang), 0),
        (init(capsys, monkeypatch, site, lang), 1),
        (run(capsys, "--instance", str(site), "migrate", *said), 0),
        (run(capsys, "--instance", str(tmp_path / "w"), "migrate", *said), 0),
        (run(capsys, "--instance", str(site), "backup", str(file), *said), 0),
        (run(capsys, "--instance", str(site), "backup", str(file), *said), 1),
        (run(capsys, "--instance", str(other), "restore", str(file), *said), 0),
        (run(capsys, "--instance", str(other), "restore", str(file), *said), 1),
        (run(capsys, "--instance", str(tmp_path / "none"), "serve", *said), 1),
        (run(capsys, "--instance", str(site), "demo", "--no-serve", *said), 1),
        (run(capsys, "--instance", str(site), "publish", *said), 0),
        (run(capsys, "--instance", str(site), "publish", "HEAD~x", *said), 1),
        (run(capsys, "--instance", str(site), "rollback", "77", *said), 1),
        (run(capsys, "--instance", str(site), "impact", *said), 0),
        (run(capsys, "check", str(tmp_path / "nowhere"), *said), 2),
        (run(capsys, "check", str(SAMPLE), *said), 0),
        (run(capsys, "fix", str(SAMPLE), "--dry-run", *said), 0),
        (run(capsys, "new", "course", "x_y", *said), 2),
    ]
    for (status, out, err), expected in steps:
        assert (status, out + err) == (expected, out + err)
        for line in (out + err).splitlines():
            assert speaks(line, lang, tmp_path, SAMPLE), line


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_choice_of_its_own_a_command_speaks_as_the_terminal_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: str
) -> None:
    monkeypatch.setenv("LANG", {"vi": "vi_VN.UTF-8", "zh": "zh_CN.UTF-8", "en": "en_GB.UTF-8"}[lang])
    monkeypatch.setenv("LMS_DEFAULT_LANG", "zh" if lang == "vi" else "vi")
    status, out, err = run(capsys, "--instance", str(tmp_path), "person", "reset", "NV1")
    assert (status, out, speaks(err, lang, tmp_path)) == (1, "", True), err


@pytest.mark.parametrize(("locale", "site", "lang"), [("C.UTF-8", "vi", "vi"), ("fr_FR", "zh", "zh"), ("C", "", "en"), ("fr_FR", "", "en")])
def test_where_the_terminal_has_none_of_ours_the_site_decides_and_else_it_is_english(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, locale: str, site: str, lang: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    if site:
        (tmp_path / "settings.toml").write_text(f'default_lang = "{site}"\n', "utf-8")
    assert speaks(run(capsys, "--instance", str(tmp_path), "person", "reset", "NV1")[2], lang, tmp_path)


WRONG = (
    'port = "x"\nworkers = 99\nthreads = 0\nsecure_cookies = "perhaps"\nsite_name = 5\nportt = 1\ndefault_lang = "vn"\ntimezone = "Asia/Sai_Gon"\n'
    'redis = ""\n[[content_sources]]\nat = "/a"\n[[content_sources]]\nat = "http://e.org/x.git"\n[[content_sources]]\nat = ""\nbranch = "a b"\n'
    'fodler = "x"\n[[content_sources]]\nname = "x"\n'
)
PLACES = [
    "1: port", "2: workers", "3: threads", "4: secure_cookies", "5: site_name", "6: portt", "7: default_lang", "8: timezone", "9: redis",
    "12: content_sources", "15: content_sources.at", "16: content_sources.branch", "17: content_sources.fodler", "18: content_sources.at",
]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_each_mistake_of_the_settings_file_is_a_line_with_its_place_and_what_was_meant(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: str
) -> None:
    monkeypatch.delenv("LMS_CONTENT_SOURCES")
    file = tmp_path / "settings.toml"
    file.write_text(WRONG, "utf-8")
    status, out, err = run(capsys, "--instance", str(tmp_path), "serve", "--lang", lang)
    assert (status, out) == (1, "")
    lines = sorted(err.splitlines(), key=lambda line: int(line.split(":")[2]))
    found = [line.removeprefix(f"lms: {file}:") for line in lines]
    assert [": ".join(part.strip() for part in line.split(":")[:2]) for line in found] == PLACES
    texts = ["".join(line.split(":")[2:]) for line in found]
    assert all(speaks(re.sub(r"\b(true|false|redis_url|port|folder|file|https?|ssh|vi|zh|en)\b|Asia/\w+", "", text), lang) for text in texts), texts
    for number, word in ((5, "port"), (6, "vi"), (8, "redis_url"), (12, "folder")):
        assert word in texts[number]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"port 8001\n", ":1:6: "),
        (b"port = 1\nport = 2\n", ":2:9: "),
        (b"port = 1\nhost = x\n", ":2:8: "),
        (b"a = 1 2\n", ":1:7: "),
        (b'a = "', ": "),
        (b"a = '\xff'", " "),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(capsys: pytest.CaptureFixture[str], tmp_path: Path, lang: str, data: bytes, place: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(data)
    status, out, err = run(capsys, "--instance", str(tmp_path), "serve", "--lang", lang)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"lms: {file}{place}")
    assert speaks(err.removeprefix("lms: ").replace("key = value", "").replace("UTF-8", ""), lang, tmp_path), err


def test_a_mistake_of_the_environment_or_the_command_line_names_it(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LMS_TIMEZON", "x")
    err = run(capsys, "--instance", str(tmp_path), "serve", "--port", "99999", "--lang", "en")[2]
    assert sorted(err.splitlines()) == [
        "lms: --port: port: The number is at most 65535.",
        "lms: LMS_TIMEZON: timezon: There is no such setting. Did you mean timezone?",
    ]
