"""Phrases in a given language without a request: for the command line."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations

import lms
from lms.content.source.problems import Problem
from lms.platform.i18n import GETTEXT
from lms.platform.rules import Phrase

FOLDER = Path(lms.__file__).parent / "translations"


@lru_cache(maxsize=3)
def _catalogue(lang: str) -> NullTranslations:
    return Translations.load(str(FOLDER), [GETTEXT[lang]])


def say_in(lang: str, words: Phrase | None) -> str:
    """A phrase in one of the three languages; English where a translation is missing."""
    if words is None:
        return ""
    text = str(_catalogue(lang).gettext(words.message))
    params = {key: _shown(lang, value) for key, value in words.params.items()}
    return text % params if params else text.replace("%%", "%")


def _shown(lang: str, value: object) -> object:
    if isinstance(value, Phrase):
        return say_in(lang, value)
    if isinstance(value, tuple | list):
        return ("、" if lang == "zh" else ", ").join(str(_shown(lang, part)) for part in value)
    return value.isoformat() if isinstance(value, date) else value


def line_of(problem: Problem, lang: str) -> str:
    """`file:line:column: error CODE message — hint`."""
    hint = f" — {say_in(lang, problem.hint)}" if problem.hint else ""
    return f"{problem.file}:{problem.line}:{problem.column}: {problem.severity} {problem.code} {say_in(lang, problem.message)}{hint}"
