"""What people do in the browser: sign in, answer a paper by its keys."""

import re

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from lms.content.bodies import item_from
from lms.content.catalogue import Item
from lms.content.models import ItemRevision
from lms.people.demo import PASSWORD, PIN
from tests.browser.live import LiveSite

COURSE, CONTEST, ROUND, SCHEME = "an-toan-nguoi-lao-dong", "atvsv-gioi", "vong-lam-quen", "vn-nd44-nhom-4"
STAFF = frozenset({"QT01", "AT01", "QL01", "GV01", "DT01", "TC01", "TT01", "TR01"})


def sign_in(page: Page, code: str, secret: str | None = None) -> None:
    """Sign in as a demonstration person through the page."""
    page.goto("/sign-in")
    page.locator("input[name=name]").fill(code)
    page.locator("input[name=secret]").fill(secret or (PASSWORD if code in STAFF else PIN))
    page.locator("main button[type=submit]").click()
    expect(page).not_to_have_url(re.compile("/sign-in"))


def items_of(live: LiveSite) -> dict[str, Item]:
    """The published items by id."""
    with live.db.reading() as session:
        made = [item_from(body) for body in session.scalars(select(ItemRevision.body))]
    return {item.id: item for item in made}


def question(page: Page) -> Locator:
    """The question in view."""
    return page.locator("form.question:not([hidden])")


def at_paper(page: Page) -> None:
    """Wait until the page of the paper is there with its script: before that it works by plain forms, and a click may load another page."""
    expect(page).to_have_url(re.compile(r"/sittings/\d+(\?|$)"))
    page.wait_for_load_state()


def choose(page: Page, item: Item, *, right: bool = True) -> None:
    """Answer the question in view by its key, or wrongly."""
    form = question(page)
    letters = sorted(item.key) if right else sorted({choice.letter for choice in item.choices} - item.key)[:1]
    boxes = form.locator("input[name=answer]").all()
    # Looked at before the first click: what the server says to that click may tick others, which is not ours to undo.
    # A radio button goes off by itself when another is chosen; a click on it would choose it again.
    wanted = [
        str(box.get_attribute("id"))
        for box in boxes
        if (box.get_attribute("value") in letters) != box.is_checked() and (box.get_attribute("type") == "checkbox" or not box.is_checked())
    ]
    for box_id in wanted:
        form.locator(f"label[for='{box_id}']").click()


def answer_all(page: Page, live: LiveSite, *, wrong: int = 0) -> int:
    """Answer every question from the one in view on, the first `wrong` of them wrongly if they are not critical; gives how many there were."""
    at_paper(page)
    items = items_of(live)
    forms = page.locator("form.question")
    total = forms.count()
    for n in range(total):
        form = question(page)
        item = items[str(form.get_attribute("data-item"))]
        spoil = wrong > 0 and not item.critical
        wrong -= spoil
        choose(page, item, right=not spoil)
        if n < total - 1:
            form.locator("button[value=next]").click()
    return total


def saved(page: Page) -> None:
    """Wait until the page says that all is saved."""
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")
