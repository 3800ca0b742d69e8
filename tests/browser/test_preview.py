"""`lms preview` in a browser: a saved file is shown at once, in both frames, and a paper that is being answered stays."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from lms.preview.app import create_preview
from lms.preview.desk import Desk
from lms.preview.serving import make_preview_server
from lms.settings import load_settings
from tests.browser.conftest import DEVICES
from tests.content.trees import BANK, LESSON
from tests.preview.conftest import Edit, edit, folder

__all__ = ["edit", "folder"]


@pytest.fixture()
def address(folder: Path, tmp_path: Path) -> Iterator[str]:
    """A running preview."""
    settings = load_settings(tmp_path, {})
    server = make_preview_server(create_preview(Desk(folder, settings.zone), settings), 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_saved_file_is_shown_without_a_hand(chromium: Browser, address: str, edit: Edit) -> None:
    context = chromium.new_context(**DEVICES["desktop"])  # type: ignore[arg-type]
    page, sitting = context.new_page(), context.new_page()
    wrong: list[str] = []
    for one in (page, sitting):
        one.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        one.on("pageerror", lambda error: wrong.append(str(error)))
    sitting.goto(f"{address}/quizzes/de-mau/sit?seed=1&lang=vi")
    page.goto(f"{address}/frames?at=/courses/khoa-mau/10-mo-dau&lang=vi")
    frames = [page.frame_locator(f"iframe >> nth={n}") for n in range(2)]
    for frame in frames:
        expect(frame.get_by_role("heading", name="Khi nào phải khóa")).to_be_visible()
    edit(LESSON, "## Khi nào phải khóa", "## Lúc nào phải khóa")
    for frame in frames:
        expect(frame.get_by_role("heading", name="Lúc nào phải khóa")).to_be_visible()
    edit(LESSON, "- (x) Người đã gắn khóa", "- ( ) Người đã gắn khóa")
    for frame in frames:
        expect(frame.locator(".problem--error").first).to_contain_text(LESSON)
    expect(sitting.locator("[data-preview-say]")).not_to_be_empty()
    expect(sitting.locator("form[data-preview-sitting]")).to_be_visible()
    assert not wrong
    context.close()


@pytest.mark.parametrize("at", ["/", "/quizzes/de-mau", "/quizzes/moi-loai", "/courses/khoa-mau/10-mo-dau", "/frames", "/quizzes/moi-loai/sit?seed=1"])
def test_no_page_is_wider_than_a_phone(chromium: Browser, address: str, edit: Edit, at: str) -> None:
    edit(BANK, "- (x) Người đã gắn khóa", "- ( ) Người đã gắn khóa")
    context = chromium.new_context(**DEVICES["phone"])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address + at)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
