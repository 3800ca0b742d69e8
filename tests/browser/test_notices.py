"""Notices: from the bell to the page that one leads to, letters chosen, and a message that the browser shows."""

import json
import re

import pytest
from playwright.sync_api import expect

from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import Told, tell
from lms.platform.rules import phrase
from tests.browser.acts import sign_in
from tests.browser.conftest import Device, OpenPage, WatchOf
from tests.browser.history import person_id
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen


def told(live: LiveSite, code: str, n: int = 2) -> None:
    with live.db.writing() as session:
        words = phrase("%(scheme)s: your paper %(number)s is issued.", scheme={"vi": "Nhóm 4", "zh": "第4组"}, number="0001/2026")
        me = person_id(session, code)
        tell(session, [Told(me, Topic.CERTIFICATE, f"document:{i}", words, "/certificates/") for i in range(n)], now=live.clock.now())


@pytest.mark.parametrize(("device", "lang"), [("phone", "vi"), ("desktop", "zh")])
def test_from_the_bell_to_where_a_notice_leads(live: LiveSite, open_page: OpenPage, device: Device, lang: str) -> None:
    page = open_page(device, lang)
    sign_in(page, "CN01")
    expect(page.locator(".bell-dot")).to_have_count(0)
    told(live, "CN01")
    page.reload()
    expect(page.locator(".bell-dot")).to_be_visible()
    page.locator("a.bell").click()
    check_screen(page, lang)
    page.locator(".news-open").first.click()
    expect(page).to_have_url(re.compile(r"/certificates/$"))
    page.locator("a.bell").click()
    expect(page.locator(".news-line--new")).to_have_count(1)
    page.locator("form[action='/notices/read'] button").click()
    expect(page.locator(".news-line--new")).to_have_count(0)
    expect(page.locator(".bell-dot")).to_have_count(0)
    page.locator("a[href='/notices/choices']").click()
    check_screen(page, lang)
    page.locator("input[value=contest]").uncheck()
    page.locator("input[name=quiet_from]").fill("22:30")
    page.locator("form.form button").first.click()
    expect(page.locator(".notice--success")).to_be_visible()
    expect(page.locator("input[value=contest]")).not_to_be_checked()
    expect(page.locator("input[name=quiet_from]")).to_have_value("22:30")


def test_a_browser_shows_a_message_and_says_what_to_do_where_it_gets_none(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page("desktop", "vi")
    watch_of(page).allow("Push API|push service|Registration failed")
    page.context.grant_permissions(["notifications"], origin=live.address)
    sign_in(page, "CN01")
    page.goto("/notices/choices")
    expect(page.locator("[data-push-not]")).to_be_hidden()
    page.locator("[data-push-on]").click()  # there is no push service in a test: the page must say so and stay usable
    expect(page.locator("[data-push-say]")).not_to_be_empty(timeout=20_000)
    expect(page.locator("[data-push-on]")).to_be_enabled()
    tools = page.context.new_cdp_session(page)
    found: list[str] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(one["registrationId"] for one in event["registrations"]))
    tools.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(300)
    said = {"title": "Chứng nhận", "body": "Sắp hết hạn", "url": f"{live.address}/certificates/", "tag": "notice-1"}
    tools.send("ServiceWorker.deliverPushMessage", {"origin": live.address, "registrationId": found[-1], "data": json.dumps(said)})
    shown = page.evaluate(
        """async () => {
            const worker = await navigator.serviceWorker.ready;
            for (let n = 0; n < 100; n += 1) {
                const [one] = await worker.getNotifications();
                if (one) return [one.title, one.body, one.tag, one.data.url];
                await new Promise((done) => setTimeout(done, 50));
            }
            return null;
        }"""
    )
    assert shown == [said["title"], said["body"], said["tag"], said["url"]]
