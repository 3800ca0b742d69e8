"""An officer protects the account: an app on the phone, recovery codes, a passkey of the computer; and ends a session elsewhere."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from lms.clock import MovableClock
from lms.people.demo import PASSWORD
from tests.browser.acts import sign_in
from tests.browser.conftest import OpenPage, WatchOf
from tests.browser.live import LiveSite, serve_live

CODE = "AT01"


@pytest.fixture()
def live(template: Path, tmp_path: Path, clock: MovableClock) -> Iterator[LiveSite]:
    """A running site at localhost, where browsers allow passkeys."""
    folder = tmp_path / "instance"
    folder.mkdir()
    shutil.copy(template, folder / "vean.db")
    with serve_live(folder, clock, name="localhost") as running:
        yield running


def _authenticator(page: Page) -> None:
    """Give the browser an authenticator whose owner is always there and proved."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})


def _now(live: LiveSite, secret: str) -> str:
    """A code that the app has not shown yet."""
    live.clock.move(seconds=30)
    return pyotp.TOTP(secret).at(int(live.clock.now().timestamp()))


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_app_recovery_codes_passkey_and_devices(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    desk = open_page("desktop", "zh")
    _authenticator(desk)
    sign_in(desk, CODE)
    desk.goto("/me/protection")
    desk.locator("form[action$='/begin'] button").click()
    secret = desk.locator(".setup-key").inner_text().replace(" ", "")
    assert _fits(desk)
    desk.locator("input[name=code]").fill(_now(live, secret))
    desk.locator("main form button[type=submit]").click()
    expect(desk.locator(".recovery-codes li")).to_have_count(10)
    recovery = desk.locator(".recovery-codes code").first.inner_text()

    desk.goto("/me/protection")
    expect(desk.locator(".recovery-codes")).to_have_count(0)
    desk.locator("[data-passkey-name]").fill("Máy tính văn phòng")
    desk.locator("[data-passkey-make]").click()
    expect(desk.locator("main table")).to_contain_text("Máy tính văn phòng")
    assert _fits(desk)

    phone = open_page("phone", "vi")
    phone.goto("/sign-in?next=/me/devices")
    phone.locator("input[name=name]").fill(CODE)
    phone.locator("input[name=secret]").fill(PASSWORD)
    phone.locator("main form button[type=submit]").first.click()
    expect(phone).to_have_url(re.compile("/sign-in/second"))
    watch_of(phone).allow("422")
    phone.locator("input[name=code]").fill("000000")
    phone.locator("main form button[type=submit]").click()
    expect(phone.locator("[role=alert]")).to_be_visible()
    phone.locator("input[name=code]").fill(recovery)
    phone.locator("main form button[type=submit]").click()
    expect(phone).to_have_url(re.compile("/me/devices"))
    expect(phone.locator("main tbody tr")).to_have_count(2)
    assert _fits(phone)

    desk.context.clear_cookies()
    desk.goto("/sign-in")
    desk.locator("[data-passkey-sign]").click()
    expect(desk).to_have_url(re.compile(r"localhost:\d+/$"))
    desk.goto("/me/devices")
    desk.locator("form[action$='/end-others'] button").click()
    expect(desk.locator("main tbody tr")).to_have_count(1)
    phone.goto("/me/devices")
    expect(phone).to_have_url(re.compile("/sign-in"))
