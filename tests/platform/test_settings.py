"""Settings: a file, the environment, what is given; a mistake names its key and where it stands."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from lms.errors import Invalid
from lms.settings import FILE, SAMPLE, Settings, load_settings


def write(instance: Path, text: str) -> Path:
    (instance / FILE).write_text(text, "utf-8")
    return instance / FILE


def test_without_file_and_environment_every_setting_has_a_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings.url_of_database == f"sqlite:///{tmp_path / 'vean.db'}"
    assert settings.on_sqlite
    assert settings.sources == (SAMPLE,)
    assert (settings.host, settings.port, settings.default_lang, str(settings.zone)) == ("127.0.0.1", 8000, "vi", "Asia/Ho_Chi_Minh")


def test_what_is_given_wins_over_the_environment_which_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'site_name = "Tệp"\nport = 8001\ntimezone = "Asia/Shanghai"\n')
    settings = load_settings(tmp_path, {"LMS_PORT": "8002", "LMS_TIMEZONE": "Europe/London", "HOME": "/"}, port=8003, host=None)
    assert (settings.site_name, settings.port, settings.timezone, settings.host) == ("Tệp", 8003, "Europe/London", "127.0.0.1")


@pytest.mark.parametrize(
    ("text", "environ", "named"),
    [
        pytest.param("colour = 'red'", {}, ("colour", FILE), id="unknown key in the file"),
        pytest.param("", {"LMS_COLOUR": "red"}, ("colour", "LMS_COLOUR"), id="unknown key in the environment"),
        pytest.param("port = 'eighty'", {}, ("port", FILE), id="wrong type in the file"),
        pytest.param("", {"LMS_PORT": "0"}, ("port", "LMS_PORT"), id="port 0 in the environment"),
        pytest.param("timezone = 'Asia/Sai_Gon'", {}, ("timezone", FILE), id="a zone that is none"),
        pytest.param("", {"LMS_DEFAULT_LANG": "fr"}, ("default_lang", "LMS_DEFAULT_LANG"), id="a language that is none of ours"),
        pytest.param("port = 8001", {"LMS_PORT": "x"}, ("port", "LMS_PORT"), id="the environment's mistake is not laid to the file"),
        pytest.param("port 8001", {}, (f"{FILE}:1:6: ",), id="no TOML"),
    ],
)
def test_a_mistake_names_its_key_and_where_it_stands(tmp_path: Path, text: str, environ: dict[str, str], named: tuple[str, ...]) -> None:
    write(tmp_path, text)
    with pytest.raises(Invalid) as refused:
        load_settings(tmp_path, environ)
    assert all(part in str(refused.value) for part in named), str(refused.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        load_settings(tmp_path, {"LMS_PORT": "x", "LMS_COLOUR": "red"})
    assert "LMS_PORT" in str(refused.value)
    assert "LMS_COLOUR" in str(refused.value)


def test_the_instance_comes_from_the_command_not_from_its_variable(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"LMS_INSTANCE": "/elsewhere", "LMS_TEST_POSTGRES": "for the tests"}).instance == tmp_path


def test_keys_come_from_their_files_unless_they_are_given(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret.key").write_text("from the file\n", "ascii")
    assert load_settings(tmp_path, {}).secret_key == "from the file"
    assert load_settings(tmp_path, {"LMS_SECRET_KEY": "given"}).secret_key == "given"
    assert load_settings(tmp_path, {}).identity_key == ""


def test_content_sources_may_be_several(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"LMS_CONTENT_SOURCES": os.pathsep.join(["/a", "/b"])})
    assert settings.sources == (Path("/a"), Path("/b"))
    write(tmp_path, 'content_sources = ["/c"]')
    assert load_settings(tmp_path, {}).sources == (Path("/c"),)


def test_settings_are_frozen(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    with pytest.raises(ValidationError):
        settings.port = 1


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_postgres_is_not_sqlite(tmp_path: Path) -> None:
    assert not load_settings(tmp_path, {}, database_url="postgresql+psycopg://vean@db/vean").on_sqlite


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("/srv/content", ("content", False, 0), id="a folder is not polled"),
        pytest.param("https://git.example.org/atvsld/Khoa-Hoc.git", ("khoa-hoc", True, 300), id="an address is named by its end and polled"),
        pytest.param("ssh://git@git.example.org/x.git", ("x", True, 300), id="ssh with its user"),
        pytest.param("file:///srv/x.git", ("x", True, 300), id="file"),
        pytest.param("https://git.example.org/课程.git", ("content", True, 300), id="a name in Chinese"),
    ],
)
def test_a_content_source_is_named_by_its_address(tmp_path: Path, given: str, expected: tuple[str, bool, int]) -> None:
    source = load_settings(tmp_path, {"LMS_CONTENT_SOURCES": given}).origins[0]
    assert (source.name, source.is_remote, source.poll_s) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        "https://user:token@git.example.org/x.git",
        "https://token@git.example.org/x.git",
        "ssh://git:word@git.example.org/x.git",
        "http://git.example.org/x.git",
        "git://git.example.org/x.git",
        "ext://sh -c id",
        "https://git.example.org/x.git?token=1",
        "ssh://-oProxyCommand=id/x",
    ],
)
def test_an_address_without_safety_or_with_a_secret_is_refused_and_not_told(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        load_settings(tmp_path, {}, content_sources=[wrong])
    assert "content_sources" in str(refused.value)
    assert "word" not in str(refused.value).replace("password", "")
    assert "user:token" not in str(refused.value)


@pytest.mark.parametrize(("key", "value"), [("folder", "../x"), ("folder", "/etc"), ("branch", "-x"), ("branch", "a b"), ("name", "Ä"), ("poll_s", 100_000)])
def test_the_parts_of_a_source_are_checked(tmp_path: Path, key: str, value: object) -> None:
    with pytest.raises(Invalid):
        load_settings(tmp_path, {}, content_sources=[{"at": "/srv/content", key: value}])


def test_several_sources_have_names_of_their_own_and_secrets_from_the_environment(tmp_path: Path) -> None:
    settings = load_settings(
        tmp_path, {}, content_sources=["/a/content", "/b/content", {"at": "https://e.org/c.git", "name": "kho-rieng", "folder": "noi-dung"}]
    )
    assert [source.name for source in settings.origins] == ["content", "content-2", "kho-rieng"]
    assert settings.sources == (Path("/a/content"), Path("/b/content"))
    assert settings.origins[2].secret("TOKEN", {"VEAN_TOKEN_KHO_RIENG": " t \n"}) == "t"
    assert settings.origins[0].secret("HOOK", {}) == ""
    with pytest.raises(Invalid, match="Two content sources"):
        load_settings(tmp_path, {}, content_sources=[{"at": "/a", "name": "x"}, {"at": "/b", "name": "x"}])
