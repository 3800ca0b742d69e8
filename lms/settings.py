"""Settings: frozen and typed, from `instance/settings.toml` and the environment.

A key may stand in the file (`timezone = "Asia/Ho_Chi_Minh"`) or in the environment as
`LMS_` and its name in capitals (`LMS_TIMEZONE`); the environment wins. An unknown key is an error.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from lms.errors import Invalid

FILE = "settings.toml"
PACKED_SAMPLE = Path(__file__).parent / "sample_content"
SAMPLE = PACKED_SAMPLE if PACKED_SAMPLE.exists() else Path(__file__).parent.parent / "content"
"""The sample content: inside the package where it was installed from a wheel, else the repository's."""

PREFIX = "LMS_"
NO_SETTINGS = ("LMS_INSTANCE", "LMS_TEST_")
"""Where the instance is, which the command line reads, and what ./test tells the tests."""


class Settings(BaseModel):
    """Every setting of a site. See README.md for the ones an administrator is likely to change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    instance: Path = Field(description="Folder of the database, keys and files of this site.")
    database_url: str = Field(default="", description="Empty: SQLite in the instance folder. PostgreSQL: postgresql+psycopg://user@host/name")
    redis_url: str = Field(default="", description="Empty: limits and jobs live in the server process. Redis: redis://host:6379/0")
    secret_key: str = Field(default="", description="Signs cookies and tokens. Empty: read from keys/secret.key of the instance.")
    identity_key: str = Field(default="", description="Keys the digests of national ids. Empty: read from keys/identity.key of the instance.")
    site_name: str = Field(default="Vệ An", description="Name of the site, shown in the header.")
    public_url: str = Field(default="http://127.0.0.1:8000", description="Address that QR codes and messages lead to.")
    timezone: str = Field(default="Asia/Ho_Chi_Minh", description="Time zone of every date.")
    default_lang: Literal["vi", "zh", "en"] = Field(default="vi", description="Language of a visitor who asks for none of ours.")
    content_sources: tuple[Path, ...] = Field(default=(), description="Folders with courses/, quizzes/, contests/, schemes/. Empty: the sample content.")
    secure_cookies: bool = Field(default=False, description="Send cookies over https only; set it wherever the site has https.")
    behind_proxy: bool = Field(default=False, description="Trust one proxy's X-Forwarded-For and X-Forwarded-Proto.")
    host: str = Field(default="127.0.0.1", description="Address the server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the server listens on.")
    workers: int = Field(default=0, ge=0, le=64, description="Server processes. 0: one on SQLite, one a core on PostgreSQL.")
    threads: int = Field(default=8, ge=1, le=64, description="Threads of each server process.")
    sign_in_hashes: int = Field(default=2, ge=1, le=16, description="Passwords checked at the same time in a process; the rest wait.")
    log_format: Literal["json", "console"] = Field(default="console", description="Form of the log lines.")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as unknown:
            raise ValueError("there is no such time zone; write it like Asia/Ho_Chi_Minh") from unknown
        return value

    @field_validator("content_sources", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        return [part for part in value.split(os.pathsep) if part] if isinstance(value, str) else value

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def sources(self) -> tuple[Path, ...]:
        """The folders that content is published from."""
        return self.content_sources or (SAMPLE,)

    @property
    def url_of_database(self) -> str:
        """The database address, SQLite in the instance folder where none is given."""
        return self.database_url or f"sqlite:///{self.instance / 'vean.db'}"

    @property
    def on_sqlite(self) -> bool:
        """Whether the site keeps its data in SQLite."""
        return self.url_of_database.startswith("sqlite")


def load_settings(instance: Path, environ: Mapping[str, str], **given: object) -> Settings:
    """Read the settings of an instance folder; `given` wins over the environment, which wins over the file.

    Raises Invalid naming every key that is unknown or has a wrong value, and where it stands.
    """
    values: dict[str, object] = {}
    origin: dict[str, str] = {}
    path = instance / FILE
    if path.exists():
        try:
            values |= tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as broken:
            raise Invalid("%(file)s cannot be read: %(why)s", file=str(path), why=str(broken)) from broken
        origin |= dict.fromkeys(values, str(path))
    for name, value in environ.items():
        if name.startswith(PREFIX) and not name.startswith(NO_SETTINGS):
            values[name.removeprefix(PREFIX).lower()] = value
            origin[name.removeprefix(PREFIX).lower()] = name
    values |= {"instance": instance.resolve()} | {key: value for key, value in given.items() if value is not None}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as wrong:
        raise Invalid("Settings: %(list)s", list="; ".join(_in_words(error["loc"], error["msg"], origin) for error in wrong.errors())) from wrong
    return settings.model_copy(update=_keys(settings))


def _in_words(loc: tuple[int | str, ...], message: str, origin: Mapping[str, str]) -> str:
    key = str(loc[0]) if loc else "?"
    return f"{key} ({origin.get(key, 'default')}): {message}"


def _keys(settings: Settings) -> dict[str, str]:
    found = {}
    for field, name in (("secret_key", "secret.key"), ("identity_key", "identity.key")):
        path = settings.instance / "keys" / name
        if not getattr(settings, field) and path.exists():
            found[field] = path.read_text("ascii").strip()
    return found
