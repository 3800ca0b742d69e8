"""Settings: frozen and typed, from `instance/settings.toml` and the environment.

A key may stand in the file (`timezone = "Asia/Ho_Chi_Minh"`) or in the environment as
`LMS_` and its name in capitals (`LMS_TIMEZONE`); the environment wins. An unknown key is an error.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from lms.errors import Invalid, Together
from lms.setting_errors import Loc, Unfit, in_words, line_of, unreadable

FILE = "settings.toml"
PACKED_SAMPLE = Path(__file__).parent / "sample_content"
SAMPLE = PACKED_SAMPLE if PACKED_SAMPLE.exists() else Path(__file__).parent.parent / "content"
"""The sample content: inside the package where it was installed from a wheel, else the repository's."""

PREFIX = "LMS_"
NO_SETTINGS = ("LMS_INSTANCE", "LMS_TEST_")
"""Where the instance is, which the command line reads, and what ./test tells the tests."""


LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
ADDRESS = re.compile(r"[^@\s<>]+@[A-Za-z0-9.-]+")
SCHEMES = frozenset({"https", "http", "ssh", "git+ssh", "file"})


StaffRole = Literal["team_leader", "officer", "manager", "trainer", "author", "training_admin", "organiser", "judge", "administrator", "inspector"]
"""The roles that sign in with a password (`lms.people.rules.STAFF_ROLES`)."""


class ContentSource(BaseModel):
    """A repository or folder that content is published from.

    at: a folder of this machine, or an https, ssh or file address; secrets are never part of it. branch: empty for the repository's own choice.
    folder: where in the repository courses/, quizzes/, contests/, schemes/ lie. name: in addresses and messages, made from `at` if none is given.
    poll_s: seconds between two looks for something new, 0 for never. The token of a private repository is read from the environment
    (`VEAN_TOKEN_<NAME>`), and so is the secret of its webhook (`VEAN_HOOK_<NAME>`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: str = Field(min_length=1, max_length=500)
    branch: str = Field(default="", pattern=r"^[^\s~^:?*\[\\-][^\s~^:?*\[\\]*$|^$", max_length=200)
    folder: str = ""
    name: str = Field(default="", pattern=r"^[a-z0-9][a-z0-9-]{0,39}$|^$")
    username: str = "git"
    poll_s: int = Field(default=-1, ge=-1, le=86_400)

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        return {"at": str(value)} if isinstance(value, str | Path) else value

    @model_validator(mode="after")
    def _sound(self) -> "ContentSource":
        parts = urlsplit(self.at) if self.is_remote else None
        if parts is not None:
            if parts.scheme not in SCHEMES:
                raise Unfit("%(scheme)s: is no address that content is fetched from; use https, ssh or file.", scheme=parts.scheme)
            if parts.password or (parts.username and parts.scheme in ("https", "http")):
                raise Unfit("The address has a name or a token in it; put the token into the environment.")
            if parts.scheme == "http" and parts.hostname not in LOOPBACK:
                raise Unfit("http is not safe; use https.")
            if parts.query or parts.fragment or (parts.hostname or "").startswith("-"):
                raise Unfit("The address of a repository has no ? and no #.")
        if ".." in Path(self.folder).parts or Path(self.folder).is_absolute():
            raise Unfit("folder is a path inside the repository.")
        named = self.name or re.sub(r"[^a-z0-9]+", "-", self.at.rstrip("/").rpartition("/")[2].removesuffix(".git").lower()).strip("-")[:40] or "content"
        object.__setattr__(self, "name", named)
        object.__setattr__(self, "poll_s", (300 if self.is_remote else 0) if self.poll_s < 0 else self.poll_s)
        return self

    @property
    def is_remote(self) -> bool:
        """Whether it is fetched into a clone of the site's own."""
        return "://" in self.at

    @property
    def path(self) -> Path:
        """The content folder of a source on this machine."""
        return Path(self.at) / self.folder

    def secret(self, kind: Literal["TOKEN", "HOOK"], environ: Mapping[str, str]) -> str:
        """The token or the webhook's secret; empty where there is none."""
        return environ.get(f"VEAN_{kind}_{self.name.upper().replace('-', '_')}", "").strip()


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
    content_sources: tuple[ContentSource, ...] = Field(
        default=(), description="Folders or repositories with courses/, quizzes/, contests/, schemes/. Empty: the sample content."
    )
    content_fetch_s: int = Field(default=120, ge=1, le=3600, description="Longest time that fetching one content repository may take.")
    content_fetch_mb: int = Field(default=500, ge=1, le=100_000, description="Most that is fetched of one content repository at a time.")
    secure_cookies: bool = Field(default=False, description="Send cookies over https only; set it wherever the site has https.")
    behind_proxy: bool = Field(default=False, description="Trust one proxy's X-Forwarded-For and X-Forwarded-Proto.")
    host: str = Field(default="127.0.0.1", description="Address the server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the server listens on.")
    workers: int = Field(default=0, ge=0, le=64, description="Server processes. 0: one on SQLite, one a core on PostgreSQL.")
    threads: int = Field(default=6, ge=1, le=64, description="Threads of each server process.")
    second_step_roles: tuple[StaffRole, ...] = Field(
        default=(), description="Roles whose holders set an authenticator app up before they go on, like administrator organiser."
    )
    sign_in_hashes: int = Field(default=2, ge=1, le=16, description="Passwords checked at the same time in a process; the rest wait.")
    smtp_host: str = Field(default="", max_length=255, description="Server that e-mail leaves by. Empty: no e-mail.")
    smtp_port: int = Field(default=0, ge=0, le=65535, description="Its port. 0: 587 with starttls, 465 with tls, 25 with none.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(default="starttls", description="How the way to it is protected.")
    smtp_user: str = Field(default="", max_length=200, description="Name to sign in there; the password is VEAN_SMTP_PASSWORD of the environment.")
    mail_from: str = Field(default="", max_length=200, validate_default=True, description="Address that e-mail comes from, like an-toan@nha-may.example.")
    notice_hook_url: str = Field(
        default="", max_length=500, description="Gateway that gets notices as signed JSON, for Zalo, WeCom, DingTalk; its secret is VEAN_NOTICE_SECRET."
    )
    push_hosts: tuple[str, ...] = Field(
        default=("fcm.googleapis.com", "updates.push.services.mozilla.com", "push.services.mozilla.com", "notify.windows.com", "web.push.apple.com"),
        description="Push services of browsers that messages may go to, with the hosts below them.",
    )
    quiet_hours: str = Field(default="21:00-06:00", description="When nothing is sent, unless a person chooses otherwise.")
    letters_at: str = Field(default="07:00", description="When gathered e-mail goes out.")
    log_format: Literal["json", "console"] = Field(default="console", description="Form of the log lines.")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as unknown:
            raise Unfit("There is no such time zone; write it like Asia/Ho_Chi_Minh.") from unknown
        return value

    @field_validator("second_step_roles", "push_hosts", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        """Of the environment: names parted by blanks or commas."""
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("quiet_hours", "letters_at")
    @classmethod
    def _times(cls, value: str, info: ValidationInfo) -> str:
        """Times of the day, two of them for hours."""
        parts = value.split("-")
        if len(parts) != (1 if info.field_name == "letters_at" else 2) or not all(TIME.fullmatch(part.strip()) for part in parts):
            raise Unfit("Write it like %(sample)s.", sample="07:00" if info.field_name == "letters_at" else "21:00-06:00")
        return value

    @field_validator("notice_hook_url")
    @classmethod
    def _safe_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.password):
            raise Unfit("Give an https address without a name or a password in it.")
        if value and parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise Unfit("http is not safe; use https.")
        return value

    @field_validator("mail_from")
    @classmethod
    def _letters_come_from(cls, value: str, info: ValidationInfo) -> str:
        if (value or info.data.get("smtp_host")) and not ADDRESS.fullmatch(value):
            raise Unfit("smtp_host needs mail_from: the address that e-mail comes from.")
        return value

    @field_validator("smtp_user")
    @classmethod
    def _password_is_hidden(cls, value: str, info: ValidationInfo) -> str:
        if value and info.data.get("smtp_security") == "none" and info.data.get("smtp_host") not in LOOPBACK:
            raise Unfit("smtp_user needs starttls or tls: a password never goes in the open.")
        return value

    @field_validator("content_sources", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        """Of the environment: folders parted as in PATH, or addresses parted by blanks."""
        if isinstance(value, str):
            return value.split() if "://" in value else [part for part in value.split(os.pathsep) if part]
        return [value] if isinstance(value, Path) else value

    @field_validator("content_sources")
    @classmethod
    def _names_differ(cls, value: tuple[ContentSource, ...]) -> tuple[ContentSource, ...]:
        """Sources whose names came out alike are told apart by a number; names that were given must differ."""
        named: dict[str, ContentSource] = {}
        for source in value:
            name, n = source.name, 2
            while name in named:
                if "name" in source.model_fields_set:
                    raise Unfit("Two content sources are called %(name)s.", name=name)
                name, n = f"{source.name}-{n}", n + 1
            named[name] = source.model_copy(update={"name": name})
        return tuple(named.values())

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def command_lang(self) -> str:
        """The language of commands where neither the caller nor the terminal names one: the site's, if it was given one, else English."""
        return self.default_lang if "default_lang" in self.model_fields_set else "en"

    @property
    def origins(self) -> tuple[ContentSource, ...]:
        """Where content is published from: the sample content if nothing is set."""
        return self.content_sources or (ContentSource(at=str(SAMPLE), name="sample"),)

    @property
    def sources(self) -> tuple[Path, ...]:
        """The content folders of this machine, without the repositories that are fetched."""
        return tuple(source.path for source in self.origins if not source.is_remote)

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
    path = instance / FILE
    text, values = _read(path)
    origin: dict[str, str] = {}
    for name, value in environ.items():
        if name.startswith(PREFIX) and not name.startswith(NO_SETTINGS):
            values[name.removeprefix(PREFIX).lower()] = value
            origin[name.removeprefix(PREFIX).lower()] = name
    asked = {key: value for key, value in given.items() if value is not None}
    origin |= {key: f"--{key}" for key in asked}
    try:
        settings = Settings.model_validate(values | {"instance": instance.resolve()} | asked)
    except ValidationError as wrong:
        raise Together(tuple(_told(error, path, text, origin) for error in wrong.errors())) from wrong
    return settings.model_copy(update=_keys(settings))


def _read(path: Path) -> tuple[str, dict[str, object]]:
    """The text of the settings file and what it holds; both empty where there is none."""
    try:
        text = path.read_text("utf-8") if path.exists() else ""
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise unreadable(path, str(broken)) from broken
    except UnicodeDecodeError as broken:
        raise Invalid("%(file)s is not written in UTF-8.", file=str(path)) from broken
    except OSError as refused:
        raise Invalid("%(file)s cannot be read: %(why)s", file=str(path), why=refused.strerror or str(refused)) from refused


def _told(error: Mapping[str, Any], path: Path, text: str, origin: Mapping[str, str]) -> Invalid:
    """Where a wrong value stands, its key, and what is wrong with it."""
    loc: Loc = error["loc"] or ("?",)
    key = str(loc[0])
    inner = next((part for part in loc[1:] if isinstance(part, str)), "")
    what = in_words(error, ContentSource.model_fields if inner else Settings.model_fields)
    where = origin.get(key) or f"{path}:{line_of(text, loc) or 1}"
    shown = f"{key}.{inner}" if inner else key
    return Invalid("%(where)s: %(key)s: %(what)s", where=where, key=shown, what=what)


def _keys(settings: Settings) -> dict[str, str]:
    found = {}
    for field, name in (("secret_key", "secret.key"), ("identity_key", "identity.key")):
        path = settings.instance / "keys" / name
        if not getattr(settings, field) and path.exists():
            found[field] = path.read_text("ascii").strip()
    return found
