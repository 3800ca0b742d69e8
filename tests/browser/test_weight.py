"""A page of a learner comes over a poor network: under 100 KB with its assets at the first visit, and little at the next."""

import pytest
from playwright.sync_api import Page, Request

from tests.browser.acts import COURSE, sign_in
from tests.browser.conftest import OpenPage, WatchOf
from tests.browser.live import LiveSite

LIMIT = 100_000
AGAIN = 20_000
MEDIA = "/content/blob/"


def _weight(requests: list[Request]) -> int:
    """Bytes over the wire, headers included, lesson media apart."""
    total = 0
    for request in requests:
        if MEDIA in request.url or request.response() is None:
            continue
        sizes = request.sizes()
        total += sizes["responseBodySize"] + sizes["responseHeadersSize"]
    return total


def _visit(page: Page, watch_of: WatchOf, address: str) -> int:
    seen = watch_of(page).requests
    before = len(seen)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return _weight(seen[before:])


@pytest.mark.parametrize("lang", ["vi", "zh"])
@pytest.mark.parametrize("address", ["/", f"/courses/{COURSE}", f"/courses/{COURSE}/10-quyen-va-nghia-vu", "/contests", "/certificates/", "/sittings/1"])
def test_a_learner_page_is_light_at_the_first_visit(live: LiveSite, open_page: OpenPage, watch_of: WatchOf, address: str, lang: str) -> None:
    door = open_page("phone", lang)
    sign_in(door, "CN01")
    if address.startswith("/sittings"):
        door.goto(f"/offerings/course:{COURSE}")
        door.locator("main form button").click()
    page = open_page("phone", lang, stored=door.context.storage_state())
    first = _visit(page, watch_of, address)
    assert 10_000 < first < LIMIT
    assert _visit(page, watch_of, address) < AGAIN


def test_the_sign_in_page_is_light(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    assert _visit(open_page("phone", "vi"), watch_of, "/sign-in") < LIMIT
