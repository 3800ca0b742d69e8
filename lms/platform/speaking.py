"""Texts in a given language without a request: for the command line."""

import argparse
import os
import sys
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.support import NullTranslations, Translations

from lms.errors import SiteError, Together
from lms.platform.i18n import FOLDER, GETTEXT, LANGUAGES, date_in, time_of_day_in
from lms.platform.rules import Phrase

LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


def told(text: str) -> str:
    """Mark a text of a command's help for the catalogues; it is translated where it is shown (lms/platform/parser.py)."""
    return text


@lru_cache(maxsize=3)
def _catalogue(lang: str) -> NullTranslations:
    return Translations.load(str(FOLDER), [GETTEXT[lang]])


def say_in(lang: str, words: Phrase | SiteError | None, zone: ZoneInfo | None = None) -> str:
    """A phrase or an error in one of the three languages; English where a translation is missing.

    zone: dates and instants as people write them, in this time zone; without one as commands write them.
    """
    if words is None:
        return ""
    text = str(_catalogue(lang).gettext(words.message))
    params = {key: _shown(lang, value, zone) for key, value in words.params.items()}
    return text % params if params else text.replace("%%", "%")


def _shown(lang: str, value: object, zone: ZoneInfo | None) -> object:
    if isinstance(value, Phrase | SiteError):
        return say_in(lang, value, zone)
    if zone is not None and isinstance(value, datetime):
        local = value.astimezone(zone)
        return time_of_day_in(lang, f"{local:%H:%M}", local.date())
    if zone is not None and isinstance(value, date):
        return date_in(lang, value)
    if isinstance(value, Mapping):
        return value.get(lang) or value.get("vi") or next(iter(value.values()), "")
    if isinstance(value, tuple | list):
        return ("、" if lang == "zh" else ", ").join(str(_shown(lang, part, zone)) for part in value)
    return value.isoformat() if isinstance(value, date) else value


def lang_of(given: str | None, default: str = "en", environ: Mapping[str, str] = os.environ) -> str:
    """The language in which a command speaks: as asked, else that of the terminal where it is one of ours, else the default (that of the site)."""
    said = next((environ[name] for name in LOCALES if environ.get(name)), "")
    spoken = said.replace("-", "_").split("_")[0].split(".")[0].lower()
    return given or (spoken if spoken in LANGUAGES else default)


def add_lang(command: argparse.ArgumentParser) -> None:
    """`--lang`, the same for every command."""
    command.add_argument("--lang", choices=LANGUAGES, help=told("language of the messages (default: that of LANG, else the site's, else English)"))
    command.set_defaults(speaks=True)


def complain(lang: str, error: SiteError) -> None:
    """Say on the error channel why nothing could be done: a line, or one for each of several errors."""
    for one in error.errors if isinstance(error, Together) else (error,):
        print(f"lms: {say_in(lang, one)}", file=sys.stderr)  # noqa: T201
