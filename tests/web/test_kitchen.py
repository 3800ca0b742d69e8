"""The parts of the screens: they render in three languages, without inline code, with icons and signs that exist."""

import re
from pathlib import Path

import pytest
from flask import Flask

from lms.web import styleguide

pytestmark = pytest.mark.one_database

WEB = Path(styleguide.__file__).parent
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', (WEB / "static/icons.svg").read_text(encoding="utf-8")))


@pytest.fixture()
def kitchen(app: Flask) -> Flask:
    """A site with the kitchen in it."""
    if "styleguide" not in app.blueprints:
        app.register_blueprint(styleguide.bp)
    return app


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
@pytest.mark.parametrize("address", ["/kitchen?", "/kitchen?bare=1&"])
def test_kitchen_renders_within_the_policy(kitchen: Flask, address: str, lang: str) -> None:
    page = kitchen.test_client().get(f"{address}lang={lang}")
    assert page.status_code == 200
    assert not re.search(r"<[^>]*\s(style|on\w+)=", page.text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page.text)
    assert "<style" not in page.text
    assert set(re.findall(r"icons\.svg[^#\"]*#([\w-]+)", page.text)) <= SPRITE


def test_ids_are_unique(kitchen: Flask) -> None:
    ids = re.findall(r'\sid="([^"]+)"', kitchen.test_client().get("/kitchen").text)
    assert len(ids) == len(set(ids))


def test_files_that_styles_and_templates_name_exist() -> None:
    for sheet in (WEB / "static/css").glob("*.css"):
        for address in re.findall(r'url\("([^"]+)"\)', sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / address).exists(), f"{sheet.name}: {address}"
    base = (WEB / "templates/layout_base.html").read_text(encoding="utf-8")
    for name in re.findall(r"filename='([\w/.-]+)'", base):
        assert name.endswith("/") or (WEB / "static" / name).exists(), name
