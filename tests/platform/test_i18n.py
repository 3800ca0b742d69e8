"""Languages: which one a reader gets, and how dates, instants and lengths of time are written."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from lms.errors import Conflict
from lms.platform.i18n import current_lang, pick, say, show_date, show_instant, show_list, show_month
from lms.platform.rules import phrase

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("address", "cookie", "browser", "expected"),
    [
        pytest.param("/?lang=zh", "en", "vi", "zh", id="the address wins"),
        pytest.param("/?lang=fr", "en", "vi", "en", id="an unknown language in the address is none"),
        pytest.param("/", "en", "zh-CN", "en", id="then the cookie"),
        pytest.param("/", "fr", "zh-CN", "zh", id="an unknown one in the cookie is none"),
        pytest.param("/", None, "zh-CN,zh;q=0.9,en;q=0.8", "zh", id="zh-CN"),
        pytest.param("/", None, "zh-Hans-CN;q=0.9", "zh", id="zh-Hans"),
        pytest.param("/", None, "zh-TW", "zh", id="zh-TW"),
        pytest.param("/", None, "en-GB,en;q=0.9", "en", id="en-GB"),
        pytest.param("/", None, "vi-VN,vi;q=0.9,en;q=0.5", "vi", id="vi-VN"),
        pytest.param("/", None, "fr-FR,fr;q=0.9,en;q=0.1", "en", id="the best of ours, however low"),
        pytest.param("/", None, "ko-KR,ko;q=0.9", "vi", id="none of ours: the site's"),
        pytest.param("/", None, "", "vi", id="nothing said: the site's"),
        pytest.param("/", None, ";;;q=x", "vi", id="nonsense: the site's"),
    ],
)
def test_a_reader_s_language(app: Flask, address: str, cookie: str | None, browser: str, expected: str) -> None:
    headers = {"Accept-Language": browser} | ({"Cookie": f"lang={cookie}"} if cookie else {})
    with app.test_request_context(address, headers=headers):
        assert current_lang() == expected


def test_a_language_asked_for_is_remembered(client: FlaskClient) -> None:
    first = client.get("/sign-in?lang=zh")
    assert '<html lang="zh-Hans"' in first.text
    cookie = client.get_cookie("lang")
    assert cookie is not None
    assert (cookie.value, cookie.http_only, cookie.same_site) == ("zh", True, "Lax")
    assert '<html lang="zh-Hans"' in client.get("/sign-in").text
    assert "Set-Cookie" not in client.get("/sign-in?lang=zh").headers or "lang=" not in client.get("/sign-in?lang=zh").headers["Set-Cookie"]
    client.get("/sign-in?lang=fr")
    assert '<html lang="zh-Hans"' in client.get("/sign-in").text


@pytest.mark.parametrize(
    ("lang", "day", "instant"),
    [("vi", "02/03/2026", "06:30, 02/03/2026"), ("zh", "2026年3月2日", "2026年3月2日 06:30"), ("en", "2 Mar 2026", "2 Mar 2026, 06:30")],
)
def test_dates_are_written_as_people_write_them_in_the_site_s_zone(app: Flask, lang: str, day: str, instant: str) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        assert show_date(date(2026, 3, 2)) == day
        assert show_instant(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)) == instant
        assert show_date(None) == show_instant(None) == "–"
        assert render_template_string("{{ d|date }}", d=date(2026, 3, 2)) == day


@pytest.mark.parametrize(("lang", "words", "clauses"), [("vi", "a, b", "a; b"), ("zh", "a、b", "a；b"), ("en", "a, b", "a; b")])
def test_lists_are_joined_as_the_language_joins_them(app: Flask, lang: str, words: str, clauses: str) -> None:
    parts = ["a", phrase("b")]
    with app.test_request_context(f"/?lang={lang}"):
        assert render_template_string("{{ parts|listed }} {{ parts|listed(clauses=True) }}", parts=parts) == f"{words} {clauses}"
        assert say(phrase("Known: %(words)s", words=("a", "b"))).endswith(words)
        assert render_template_string("{{ codes|named(words)|listed }}", codes=["x", "y"], words={"x": "<a>"}) == f"&lt;a&gt;{words[1:-1]}y"
        assert show_list([]) == ""
    assert str(phrase("Known: %(words)s", words=["a", "b"])) == "Known: a, b"


def test_lengths_of_time_are_rounded_down(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        shown = [render_template_string("{{ s|minutes }}", s=seconds) for seconds in (0, 59, 60, 3599, 3600, 7325)]
    assert shown == ["0 min", "0 min", "1 min", "59 min", "1 h 00 min", "2 h 02 min"]


def test_words_of_rules_and_errors_are_said_with_their_values(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert say(None) == ""
        assert say("plain 100 %") == "plain 100 %"
        assert say(phrase("100 %% of %(n)s", n=3)) == "100 % of 3"
        assert say(phrase("100 %% done")) == "100 % done"
        assert say(phrase("until %(d)s: %(why)s", d=date(2026, 3, 2), why=phrase("at %(t)s", t=datetime(2026, 3, 2, 0, 0, tzinfo=UTC)))) == (
            "until 2 Mar 2026: at 2 Mar 2026, 07:00"
        )
        assert say(Conflict("taken by %(n)s", n=4)) == "taken by 4"


def test_a_text_of_the_content_falls_back_to_vietnamese_then_to_what_there_is(app: Flask) -> None:
    with app.test_request_context("/?lang=zh"):
        assert pick({"vi": "An toàn", "zh": "安全"}) == "安全"
        assert pick({"vi": "An toàn", "en": "Safety"}) == "An toàn"
        assert pick({"en": "Safety"}) == "Safety"
        assert pick({"vi": "An toàn", "zh": "安全"}, "vi") == "An toàn"
        assert (pick({}), pick(None), pick("as it is")) == ("", "", "as it is")


@pytest.mark.parametrize(("lang", "written"), [("vi", "3/2027"), ("zh", "2027年3月"), ("en", "Mar 2027")])
def test_months(app: Flask, lang: str, written: str) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        assert show_month(date(2027, 3, 1)) == written
