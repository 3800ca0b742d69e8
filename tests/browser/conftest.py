"""Browsers for tests: phone and desktop, with and without JavaScript, watched; and the live site they look at."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from lms.clock import MovableClock
from tests.browser.live import LiveSite, make_template, serve_live
from tests.browser.watch import Watch
from tests.conftest import NOW

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
Device = Literal["phone", "desktop"]
DEVICES: dict[Device, dict[str, object]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2},
    "desktop": {"viewport": {"width": 1366, "height": 768}},
}
TIMEOUT_MS = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class OpenPage(Protocol):
    """Opens a page of its own in a new browser context: `open_page("phone", "vi")`."""

    def __call__(self, device: Device = "phone", lang: str | None = "vi", *, javascript: bool = True, stored: StorageState | None = None) -> Page:
        """A page that holds what another device's storage held, if given."""
        ...


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published and peopled database, made once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder = shared / "browser-template"
    with (shared / "browser-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            building = shared / "browser-template.new"
            building.mkdir()
            make_template(building, NOW)
            building.rename(folder)
    return folder / "vean.db"


@pytest.fixture()
def live(template: Path, tmp_path: Path, clock: MovableClock) -> Iterator[LiveSite]:
    """A running site on a copy of the template; its clock stands at 09:00 on 22/11/2026 in Vietnam."""
    folder = tmp_path / "instance"
    folder.mkdir()
    shutil.copy(template, folder / "vean.db")
    with serve_live(folder, clock) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser a worker: the system's Chromium."""
    path = os.environ.get("LMS_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        why = "no Chromium: ./test as root installs it, or set LMS_TEST_CHROMIUM"
        if os.environ.get("VEAN_NOTHING_SKIPPED"):
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        expect.set_options(timeout=TIMEOUT_MS)
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture()
def contexts(chromium: Browser, live: LiveSite) -> Iterator[dict[BrowserContext, Watch]]:
    """The contexts of a test with their watches; at its end nothing may have gone wrong in any."""
    opened: dict[BrowserContext, Watch] = {}
    yield opened
    problems = [problem for watch in opened.values() for problem in watch.problems()]
    for context in opened:
        context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture()
def open_page(chromium: Browser, live: LiveSite, contexts: dict[BrowserContext, Watch]) -> OpenPage:
    """Open browsers at the live site; each call is another person's device."""

    def _open(device: Device = "phone", lang: str | None = "vi", *, javascript: bool = True, stored: StorageState | None = None) -> Page:
        context = chromium.new_context(**DEVICES[device], base_url=live.address, java_script_enabled=javascript, storage_state=stored)  # type: ignore[arg-type]
        context.set_default_timeout(TIMEOUT_MS)
        if lang:
            context.add_cookies([{"name": "lang", "value": lang, "url": live.address}])
        contexts[context] = Watch(context, live.address)
        return context.new_page()

    return _open


@pytest.fixture()
def watch_of(contexts: dict[BrowserContext, Watch]) -> "WatchOf":
    """The watch of a page, to allow what a test brings about on purpose."""
    return lambda page: contexts[page.context]


class WatchOf(Protocol):
    """Gives the watch of a page."""

    def __call__(self, page: Page) -> Watch:
        """The watch."""
        ...
