"""Papers in sections taken one after the other, and practice with a look after each answer: on a phone, with the script and without."""

import re

from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.assessment.models import Attempt, Response, Result
from tests.browser.acts import at_paper, choose, items_of, question, saved, sign_in
from tests.browser.conftest import OpenPage, WatchOf
from tests.browser.live import LiveSite

COURSE = "can-bo-nhom-2"


def start(page: Page, code: str = "CN01") -> None:
    """Start the test of group 2, which has three sections: 8, 6 and 6 questions."""
    sign_in(page, code)
    page.goto(f"/offerings/course:{COURSE}")
    page.locator("main form button").click()
    at_paper(page)


def answer(page: Page, live: LiveSite, *, right: bool = True) -> str:
    """Answer the question in view; gives its item."""
    item = items_of(live)[str(question(page).get_attribute("data-item"))]
    choose(page, item, right=right)
    return item.id


def shown(page: Page) -> list[str]:
    """The numbers of the questions that the page holds."""
    return [str(form.get_attribute("data-question")) for form in page.locator("[data-question]").all()]


def test_sections_are_closed_one_after_the_other_on_every_device(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page()
    start(page)
    address = page.url
    assert shown(page) == [str(n) for n in range(1, 9)]
    first = answer(page, live)
    page.locator(".number-grid [data-n='8']").click()
    expect(question(page)).to_have_attribute("data-question", "8")
    answer(page, live)
    other = open_page("desktop", stored=page.context.storage_state())
    other.goto(f"{address}?n=2")
    at_paper(other)
    question(page).locator("button[value=leave]").click()
    expect(question(page)).to_have_attribute("data-question", "9")
    at_paper(page)
    assert shown(page) == [str(n) for n in range(9, 15)]
    assert page.locator(".number-grid .is-closed").count() == 14
    page.goto(f"{address}?n=1")
    at_paper(page)
    assert shown(page) == [str(n) for n in range(9, 15)]
    # The page that the other device still shows: what is answered there is refused in words, and then it shows where the paper is.
    watch_of(other).allow("422")
    question(other).locator(".answer label").first.click()
    expect(other.locator("[data-question='9']")).to_be_visible()
    # Another language in the middle keeps the place.
    page.locator(".number-grid [data-n='11']").click()
    answer(page, live)
    saved(page)
    page.locator("main a[hreflang^=zh]").click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile("zh"))
    at_paper(page)
    expect(question(page)).to_have_attribute("data-question", "11")
    assert question(page).locator("input:checked").count() >= 1
    with live.db.reading() as session:
        stored = {row.item_id for row in session.execute(select(Response.item_id))}
        assert session.execute(select(Attempt.step)).scalar_one() == 1
    assert len(stored) == 3
    assert first in stored


def test_an_answer_that_has_not_arrived_keeps_the_section_open(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page()
    start(page)
    page.locator(".number-grid [data-n='8']").click()
    watch_of(page).allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch|when fetching the script")
    page.context.set_offline(True)
    item = answer(page, live)
    question(page).locator("button[value=leave]").click()
    expect(page.locator("[data-sitting-say]")).not_to_be_empty(timeout=30_000)
    expect(question(page)).to_have_attribute("data-question", "8")
    page.context.set_offline(False)
    saved(page)
    question(page).locator("button[value=leave]").click()
    expect(question(page)).to_have_attribute("data-question", "9")
    with live.db.reading() as session:
        assert session.execute(select(Response.item_id)).scalar_one() == item


def practise(page: Page, live: LiveSite) -> None:
    """From the course to the first question, look after a wrong and a right answer, hand in."""
    sign_in(page, "CN02")
    page.goto(f"/courses/{COURSE}")
    page.locator(f"a[href='/practice/{COURSE}']").click()
    page.locator("label[for='topic-1']").click()
    page.locator("label[for='count-5']").click()
    page.locator("main form button[type=submit]").click()
    at_paper(page)
    for n, right in ((1, False), (2, True)):
        expect(question(page)).to_have_attribute("data-question", str(n))
        answer(page, live, right=right)
        question(page).locator("button[value=check]").click()
        card = page.locator(f"article[data-question='{n}']")
        expect(card).to_be_visible()
        expect(card.locator(".admonition.note")).to_be_visible()
        expect(card.locator(".answer--right" if right else ".answer--wrong").first).to_be_visible()
        assert card.locator("input:not([disabled])").count() == 0
        at_paper(page)
        card.locator(".sitting-nav a").first.click()
        at_paper(page)
    expect(page.locator(".number-grid .is-right")).to_have_count(1)
    expect(page.locator(".number-grid .is-wrong")).to_have_count(1)
    page.locator("[data-hand-in]").click()
    page.locator("[data-submit-form] button").click()
    expect(page).to_have_url(re.compile("/result$"))
    expect(page.locator("article.question")).to_have_count(5)
    with live.db.reading() as session:
        assert session.execute(select(Result)).first() is None
        assert {row.checked_at is not None for row in session.scalars(select(Response))} == {True}


def test_practice_shows_right_and_why_after_each_answer(live: LiveSite, open_page: OpenPage) -> None:
    practise(open_page(), live)


def test_practice_without_a_script(live: LiveSite, open_page: OpenPage) -> None:
    practise(open_page(javascript=False), live)
