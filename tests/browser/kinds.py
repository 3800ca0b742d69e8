"""A paper of every kind on the live site, and how a person answers each kind: by touch, by keyboard, with forms alone."""

from playwright.sync_api import Locator, Page, expect

from lms.assessment.offerings import OfferingSources
from tests.assessment.conftest import Shelf
from tests.assessment.kinds import ALL_KINDS, KIND_KEY, make_kinds_offering, store_items
from tests.browser.acts import question
from tests.browser.live import LiveSite

BEFORE = f"/offerings/{KIND_KEY}"


def offer_kinds(live: LiveSite) -> None:
    """Offer the paper to everybody, with its items published."""
    live.site.part(OfferingSources).add("test", Shelf({KIND_KEY: make_kinds_offering()}))
    with live.db.writing() as session:
        store_items(session, *ALL_KINDS)


def put_in_order(page: Page, letters: str, *, press: str | None = None) -> None:
    """Bring the rows into this order by their buttons: pressed by a finger, or with a key while focused."""
    for place, letter in enumerate(letters):
        row = question(page).locator(f"[data-letter='{letter}']")
        while place_of(row) > place:
            button = row.locator("[data-step='-1']")
            if press:
                button.focus()
                page.keyboard.press(press)
            else:
                button.tap()


def place_of(row: Locator) -> int:
    """Which row of its list it is, from 0."""
    return int(row.evaluate("(row) => [...row.parentElement.children].indexOf(row)"))


def stands_at(page: Page, n: int) -> None:
    """The question of that number is in view."""
    expect(question(page)).to_have_attribute("data-question", str(n))
