"""Static files: an address with a version is kept for ever, one without is asked for again; nothing outside is reached."""

import gzip

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from lms.web.assets import STATIC, find_asset

pytestmark = pytest.mark.one_database

FILE = "icons.svg"


def address(app: Flask, filename: str = FILE) -> str:
    with app.test_request_context():
        return url_for("static", filename=filename)


def test_an_address_names_the_version_and_is_kept_for_a_year(app: Flask, client: FlaskClient) -> None:
    asset = find_asset(FILE)
    assert asset is not None
    assert address(app) == f"/static/{FILE}?v={asset.version}"
    answer = client.get(address(app))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.data == (STATIC / FILE).read_bytes()


@pytest.mark.parametrize("question", ["", "?v=0000000000", "?v="])
def test_another_version_is_not_kept(client: FlaskClient, question: str) -> None:
    answer = client.get(f"/static/{FILE}{question}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_text_goes_out_compressed_to_whoever_takes_that(app: Flask, client: FlaskClient) -> None:
    packed = client.get(address(app), headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == (STATIC / FILE).read_bytes()
    assert "Accept-Encoding" in packed.headers["Vary"]
    plain = client.get(address(app))
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)


def test_what_is_compressed_already_is_not_compressed_again(app: Flask, client: FlaskClient) -> None:
    font = next(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.woff2"))
    answer = client.get(address(app, font), headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.mimetype == "font/woff2"


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_who_has_it_is_told_that_it_is_the_same(app: Flask, client: FlaskClient, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding} if encoding else {}
    first = client.get(f"/static/{FILE}", headers=headers)
    again = client.get(f"/static/{FILE}", headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"/static/{FILE}", headers={**headers, "If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../views.py",
        "/static/%2e%2e/views.py",
        "/static/..%2fviews.py",
        "/static/....//views.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/css",
        "/static/",
        "/static/none.css",
        "/static/icons.svg%00.css",
        "/static/..\\views.py",
    ],
)
def test_nothing_outside_is_reached(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {404, 308}, path
    assert b"Blueprint" not in answer.data
    assert b"root:" not in answer.data


def test_every_static_file_is_served_with_a_kind(app: Flask, client: FlaskClient) -> None:
    for path in STATIC.rglob("*"):
        if path.is_file():
            answer = client.get(address(app, path.relative_to(STATIC).as_posix()))
            assert answer.status_code == 200, path
            assert answer.mimetype != "application/octet-stream" or path.suffix == "", path


def test_pages_are_compressed(client: FlaskClient) -> None:
    answer = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "</html>" in gzip.decompress(answer.data).decode()
