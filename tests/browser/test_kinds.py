"""Every kind of question on a phone by touch, by keyboard alone, and without JavaScript; each screen is checked once."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.assessment.models import Response
from tests.assessment.kinds import RIGHT_ANSWERS
from tests.browser.acts import at_paper, question, saved, sign_in
from tests.browser.conftest import OpenPage, WatchOf
from tests.browser.kinds import BEFORE, offer_kinds, put_in_order, stands_at
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen

NEXT = "button[value=next]"
ESSAY = RIGHT_ANSWERS["essay001"]


def _stored(live: LiveSite) -> dict[str, str]:
    with live.db.reading() as session:
        return {row.item_id: row.answer for row in session.execute(select(Response.item_id, Response.answer))}


def _begin(page: Page, live: LiveSite) -> None:
    offer_kinds(live)
    sign_in(page, "CN01")
    page.goto(BEFORE)
    page.locator("main form button").click()
    at_paper(page)


def test_on_a_phone_by_touch(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page()
    _begin(page, live)
    question(page).locator("label[for='q1-b']").tap()
    check_screen(page, "vi")
    question(page).locator("summary").tap()
    question(page).locator(NEXT).tap()
    expect(question(page).locator("details")).not_to_have_attribute("open", "")
    for letter in "ab":
        question(page).locator(f"label[for='q2-{letter}']").tap()
    question(page).locator(NEXT).tap()
    question(page).locator("input[name=answer]").fill("8")
    question(page).locator("[data-minus]").tap()
    expect(question(page).locator("input[name=answer]")).to_have_value("-8")
    question(page).locator("input[name=answer]").fill("85")
    check_screen(page, "vi")
    question(page).locator(NEXT).tap()
    question(page).locator("input[name=answer]").fill("Khoá và treo thẻ")
    question(page).locator(NEXT).tap()
    put_in_order(page, "acdb")
    expect(question(page).locator("[data-order-say]")).not_to_be_empty()
    check_screen(page, "vi")
    question(page).locator(NEXT).tap()
    question(page).locator("select").first.select_option("c")
    question(page).locator("select").last.select_option("a")
    check_screen(page, "vi")
    question(page).locator(NEXT).tap()
    question(page).locator("[name='answer.0']").fill("ngắt")
    question(page).locator("[name='answer.1']").fill("thẻ")
    check_screen(page, "vi")
    question(page).locator(NEXT).tap()
    for letter in "abc":
        question(page).locator(f"[data-spot={letter}] rect").tap()
    question(page).locator("[data-spot=b] rect").tap()
    check_screen(page, "vi")
    question(page).locator(NEXT).tap()
    question(page).locator("textarea").fill(ESSAY)
    expect(question(page).locator("[data-count]")).to_contain_text(str(len(ESSAY)))
    check_screen(page, "vi")
    page.locator("[data-hand-in]").tap()
    expect(page.locator(".notice--success")).to_be_visible()
    assert _stored(live) == RIGHT_ANSWERS | {"numeric1": "85"}
    page.locator("[data-submit-form] button[type=submit]").tap()
    expect(page.locator(".score-big")).to_have_text("16")
    check_screen(page, "vi")


def test_a_row_is_dragged_to_its_place(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page("desktop")
    _begin(page, live)
    page.locator(".number-grid [data-n='5']").click()
    rows = question(page).locator(".order-row")
    first, last = rows.first, rows.last
    letter = last.get_attribute("data-letter")
    last.locator("[data-grip]").hover()
    page.mouse.down()
    box = first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 8, steps=8)
    page.mouse.up()
    saved(page)
    assert _stored(live)["order001"][0] == letter


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", f"form.question:not([hidden]) {selector}"):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def _on(page: Page, n: int) -> None:
    _tab_to(page, NEXT)
    page.keyboard.press("Enter")
    stands_at(page, n)


def test_by_keyboard_alone(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page("desktop", "zh")
    _begin(page, live)
    _tab_to(page, "input[name=answer]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    _on(page, 2)
    for letter in "ab":
        _tab_to(page, f"input[value={letter}]")
        page.keyboard.press("Space")
    _on(page, 3)
    _tab_to(page, "input[name=answer]")
    page.keyboard.type("85 dBA")
    _on(page, 4)
    _tab_to(page, "input[name=answer]")
    page.keyboard.insert_text(RIGHT_ANSWERS["short001"])
    _on(page, 5)
    put_in_order(page, "acdb", press="Enter")
    expect(question(page).locator(".order-move:focus")).to_have_count(1)
    _on(page, 6)
    for left, right in (("a", "c"), ("b", "a")):
        _tab_to(page, f"[name='answer.{left}']")
        while question(page).locator(f"[name='answer.{left}']").input_value() != right:
            page.keyboard.press("ArrowDown")
    _on(page, 7)
    for part, text in (("0", "ngắt"), ("1", "thẻ")):
        _tab_to(page, f"[name='answer.{part}']")
        page.keyboard.insert_text(text)
    _on(page, 8)
    for letter in sorted("ac", key=[box.get_attribute("value") for box in question(page).locator("input[name=answer]").all()].index):
        _tab_to(page, f"input[value={letter}]")
        page.keyboard.press("Space")
    _on(page, 9)
    _tab_to(page, "textarea")
    page.keyboard.insert_text(ESSAY)
    saved(page)
    expect(page.locator(".number-grid .is-answered")).to_have_count(9)
    assert _stored(live) == RIGHT_ANSWERS


def test_without_javascript(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    page = open_page(javascript=False)
    watch_of(page).allow("422")
    _begin(page, live)
    question(page).locator("label[for='q1-b']").tap()
    question(page).locator(NEXT).tap()
    for letter in "ab":
        question(page).locator(f"label[for='q2-{letter}']").tap()
    question(page).locator(NEXT).tap()
    question(page).locator("input[name=answer]").fill("85 dBA")
    question(page).locator(NEXT).tap()
    question(page).locator("input[name=answer]").fill(RIGHT_ANSWERS["short001"])
    question(page).locator(NEXT).tap()
    for letter, place in (("a", "1"), ("c", "2"), ("d", "2"), ("b", "4")):
        question(page).locator(f"[name='answer.{letter}']").select_option(place)
    question(page).locator(NEXT).tap()
    expect(page.locator(".notice--error")).to_be_visible()
    stands_at(page, 5)
    question(page).locator("[name='answer.d']").select_option("3")
    question(page).locator(NEXT).tap()
    question(page).locator("[name='answer.a']").select_option("c")
    question(page).locator("[name='answer.b']").select_option("a")
    question(page).locator(NEXT).tap()
    question(page).locator("[name='answer.0']").fill("ngắt")
    question(page).locator("[name='answer.1']").fill("thẻ")
    question(page).locator(NEXT).tap()
    for letter in "ac":
        question(page).locator(f"label[for='q8-{letter}']").tap()
    question(page).locator(NEXT).tap()
    question(page).locator("textarea").fill(ESSAY)
    question(page).locator("button[value=submit]").tap()
    expect(page.locator(".notice--success")).to_be_visible()
    assert _stored(live) == RIGHT_ANSWERS


def test_a_text_is_saved_after_a_pause_and_survives_a_change_of_page_and_language(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page()
    _begin(page, live)
    page.locator(".number-grid [data-n='9']").click()
    question(page).locator("textarea").press_sequentially("abc")
    assert _stored(live) == {}
    saved(page)
    assert _stored(live) == {"essay001": "abc"}
    question(page).locator("textarea").press_sequentially(" def")
    page.locator(".footer-langs a[hreflang=zh-Hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    saved(page)
    expect(question(page).locator("textarea")).to_have_value("abc def")
    assert _stored(live) == {"essay001": "abc def"}


def test_what_was_chosen_before_the_script_came_is_picked_up(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page()
    page.route("**/js/sitting.js*", lambda route: (page.locator("label[for='q1-b']").evaluate("(label) => label.click()"), route.continue_()))
    _begin(page, live)
    saved(page)
    assert _stored(live) == {"single01": "b"}


def test_the_older_window_keeps_its_text_in_view(live: LiveSite, open_page: OpenPage, watch_of: WatchOf) -> None:
    old = open_page()
    _begin(old, live)
    watch_of(old).allow("409")
    old.locator(".number-grid [data-n='9']").click()
    new = open_page(stored=old.context.storage_state())  # another browser: tabs of one tell each other
    new.goto(old.url)
    question(new).locator("textarea").fill("newer")
    question(new).locator("textarea").blur()
    saved(new)
    question(old).locator("textarea").fill("mine, long thought of")
    question(old).locator("textarea").blur()
    expect(question(old).locator("textarea")).to_have_value("newer")
    expect(question(old).locator("[data-kept]")).to_contain_text("mine, long thought of")
    assert _stored(live) == {"essay001": "newer"}
