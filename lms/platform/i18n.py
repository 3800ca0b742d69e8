"""Three languages: `vi`, `zh`, `en` in addresses and files, `zh_Hans` for gettext, `zh-Hans` in HTML."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, g, request
from flask_babel import Babel
from markupsafe import Markup

from lms.errors import SiteError
from lms.platform.rules import Phrase

LANGUAGES = {"vi": "Tiếng Việt", "zh": "中文", "en": "English"}
GETTEXT = {"vi": "vi", "zh": "zh_Hans", "en": "en"}
HTML = {"vi": "vi", "zh": "zh-Hans", "en": "en"}
FOLDER = Path(__file__).parent.parent / "translations"
COOKIE = "lang"
YEAR_S = 31_536_000


def current_lang() -> str:
    """The reader's language: the address (`?lang=`), else the cookie, else the browser, else the site's."""
    try:
        return g.lang  # type: ignore[no-any-return]
    except AttributeError:
        asked = request.args.get("lang") if request else None
        kept = request.cookies.get(COOKIE) if request else None
        lang: str = next((code for code in (asked, kept) if code in LANGUAGES), None) or _from_browser()
        g.lang = lang
        return lang


def _from_browser() -> str:
    default = str(current_app.config["DEFAULT_LANG"])
    return (request.accept_languages.best_match(list(LANGUAGES), default) if request else default) or default


def remember_lang(response: Response) -> Response:
    """Keep a language asked for in the address."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and request.cookies.get(COOKIE) != asked:
        response.set_cookie(COOKIE, asked, max_age=YEAR_S, httponly=True, samesite="Lax", secure=bool(current_app.config["SESSION_COOKIE_SECURE"]))
    return response


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(lang: str) -> NullTranslations:
    return Translations.load(str(FOLDER), [GETTEXT[lang]])


@lru_cache(maxsize=8192)
def _text(lang: str, message: str) -> str:
    return str(_catalogue(lang).gettext(message))


@lru_cache(maxsize=8192)
def _markup(lang: str, message: str) -> Markup:
    return Markup(_text(lang, message))  # noqa: S704  (our own words)


def gettext(message: str, **values: object) -> str:
    """A text of the program in the reader's language: what Flask-Babel's function of this name does, without its price.

    A page asks some fifty times; the catalogues never change while the program runs, so each text is looked up once a process.
    """
    text = _text(current_lang(), message)
    return text % values if values else text


def _gettext_in_template(message: str, **values: object) -> Markup:
    return _markup(current_lang(), message) % values


def _ngettext_in_template(singular: str, plural: str, num: int, **values: object) -> Markup:
    return Markup(_catalogue(current_lang()).ngettext(singular, plural, num)) % ({"num": num} | values)  # noqa: S704  (our own words)


def say(words: Phrase | SiteError | str | None) -> str:
    """A phrase, an error or plain text in the reader's language."""
    if words is None or isinstance(words, str):
        return words or ""
    text = gettext(words.message)
    params = {key: _shown(value) for key, value in words.params.items()}
    return text % params if params else text.replace("%%", "%")


def _shown(value: object) -> object:
    if isinstance(value, Phrase):
        return say(value)
    if isinstance(value, Mapping):
        return pick(value)
    if isinstance(value, datetime):
        return show_instant(value)
    if isinstance(value, tuple | list):
        return show_list(value)
    return show_date(value) if isinstance(value, date) else value


def pick(words: Mapping[str, str] | str | None, lang: str | None = None) -> str:
    """A text that the content gives in several languages, falling back to Vietnamese, then to what there is."""
    if words is None or isinstance(words, str):
        return words or ""
    return words.get(lang or current_lang()) or words.get("vi") or next(iter(words.values()), "")


def show_date(value: date | None) -> str:
    """A date as people write it: 22/11/2026; 2026年11月22日; 22 Nov 2026."""
    return "–" if value is None else date_in(current_lang(), value)


def date_in(lang: str, value: date) -> str:
    """The same in a given language."""
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    if lang == "vi":
        return f"{value.day:02}/{value.month:02}/{value.year}"
    return f"{value.day} {value:%b} {value.year}"


def show_month(first: date) -> str:
    """The month of a day as people write it: 11/2026; 2026年11月; Nov 2026."""
    lang = current_lang()
    if lang == "zh":
        return f"{first.year}年{first.month}月"
    return f"{first.month}/{first.year}" if lang == "vi" else f"{first:%b} {first.year}"


def show_instant(value: datetime | None) -> str:
    """A date and time in the site's zone, to the minute: 10:42, 22/11/2026; 2026年11月22日 10:42; 22 Nov 2026, 10:42."""
    if value is None:
        return "–"
    local = value.astimezone(current_app.extensions["site"].settings.zone)
    return show_time_of_day(f"{local:%H:%M}", local.date())


def show_second(value: datetime) -> str:
    """The same to the second: 10:42:05, 22/11/2026."""
    local = value.astimezone(current_app.extensions["site"].settings.zone)
    return show_time_of_day(f"{local:%H:%M:%S}", local.date())


def show_time_of_day(time: str, day: date) -> str:
    """A time and its date in the order that the language has."""
    return time_of_day_in(current_lang(), time, day)


def time_of_day_in(lang: str, time: str, day: date) -> str:
    """The same in a given language."""
    shown = date_in(lang, day)
    if lang == "zh":
        return f"{shown} {time}"
    return f"{time}, {shown}" if lang == "vi" else f"{shown}, {time}"


def show_list(parts: Iterable[object], *, clauses: bool = False) -> str:
    """Words joined as the reader's language does: with commas (、 in Chinese), or whole clauses with semicolons."""
    chinese = current_lang() == "zh"
    between = ("；" if chinese else "; ") if clauses else "、" if chinese else ", "
    return between.join(str(_shown(part)) for part in parts)


def named(codes: Iterable[object], words: Mapping[Any, object]) -> list[object]:
    """The words of codes; a code without a word stands for itself."""
    return [words.get(code, code) for code in codes]


def show_minutes(seconds: float) -> str:
    """A length of time in whole minutes, rounded down."""
    minutes = int(seconds) // 60
    if minutes >= 60:  # noqa: PLR2004
        return gettext("%(h)s h %(m)02d min", h=minutes // 60, m=minutes % 60)
    return gettext("%(m)s min", m=minutes)


def init_app(app: Flask) -> None:
    """Attach languages: selector, cookie, filters `date`, `instant`, `second`, `minutes`, `listed`, `named`, `say`, `pick`, and names for templates."""
    app.config["BABEL_DEFAULT_LOCALE"] = GETTEXT[app.config["DEFAULT_LANG"]]
    Babel(app, locale_selector=lambda: GETTEXT[current_lang()])
    app.after_request(remember_lang)
    app.jinja_env.globals.update({"_": _gettext_in_template, "gettext": _gettext_in_template, "ngettext": _ngettext_in_template})
    shown = {"date": show_date, "instant": show_instant, "second": show_second, "minutes": show_minutes, "listed": show_list}
    app.jinja_env.filters.update(shown, named=named, say=say, pick=pick)

    @app.context_processor
    def _languages() -> dict[str, object]:
        lang = current_lang()
        return {"lang": lang, "html_lang": HTML[lang]}
