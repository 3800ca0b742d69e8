"""The main path in three languages on phone and desktop: learn, pass, be confirmed, be verified, contend; every screen checked on the way."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import CONTEST, COURSE, ROUND, answer_all, at_paper, choose, items_of, question, saved, sign_in
from tests.browser.conftest import Device, OpenPage
from tests.browser.history import hold_class, register_employer, sit
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen

LANGS = ("vi", "zh", "en")
COMBINATIONS = [pytest.param(lang, device, id=f"{lang}-{device}") for device in ("phone", "desktop") for lang in LANGS]
everywhere = pytest.mark.parametrize(("lang", "device"), COMBINATIONS)


def _go(page: Page, address: str, lang: str) -> None:
    page.goto(address)
    check_screen(page, lang)


@everywhere
def test_worker_studies_a_lesson_and_the_minutes_count(live: LiveSite, open_page: OpenPage, lang: str, device: Device) -> None:
    page = open_page(device, lang)
    page.clock.install()
    page.goto("/")
    check_screen(page, lang)
    sign_in(page, "CN01")
    expect(page.locator("html")).to_have_attribute("lang", {"zh": "zh-Hans"}.get(lang, lang))
    check_screen(page, lang)
    _go(page, "/courses", lang)
    page.locator(f"main a[href='/courses/{COURSE}']").click()
    check_screen(page, lang)
    page.locator("main a.btn--primary").first.click()
    minutes = page.locator("[data-study-minutes]")
    expect(minutes).to_contain_text("0")
    check_screen(page, lang)
    for _ in range(3):
        live.clock.move(seconds=50)
        page.keyboard.press("ArrowDown")
        with page.expect_response("**/study"):
            page.clock.fast_forward(21_000)
    expect(minutes).to_contain_text("2")
    lesson = page.url
    page.locator("form[action$='/done'] button").click()
    expect(page).not_to_have_url(lesson)
    page.goto(f"/courses/{COURSE}")
    expect(page.locator(".step--done")).to_have_count(1)
    check_screen(page, lang)


@everywhere
def test_worker_sits_the_quiz_and_passes(live: LiveSite, open_page: OpenPage, lang: str, device: Device) -> None:
    page = open_page(device, lang)
    sign_in(page, "CN01")
    page.goto(f"/courses/{COURSE}")
    page.locator(f"main a[href='/offerings/course:{COURSE}']").click()
    check_screen(page, lang)
    page.locator("main form button").click()
    at_paper(page)
    check_screen(page, lang)
    stem = question(page).locator(".question-stem").bounding_box()
    assert stem is not None
    assert stem["y"] <= 120
    item = items_of(live)[str(question(page).get_attribute("data-item"))]
    choose(page, item, right=False)
    saved(page)
    question(page).locator("[data-flag]").click()
    expect(page.locator(".number-grid [data-n='1']")).to_have_class(re.compile("is-flagged"))
    choose(page, item)
    saved(page)
    check_screen(page, lang)
    page.locator("[data-hand-in]").click()
    expect(page.locator(".number-grid .cell").first).to_be_visible()
    check_screen(page, lang)
    page.locator(".number-grid .cell.is-flagged").first.click()
    total = answer_all(page, live)
    saved(page)
    page.locator("[data-hand-in]").click()
    expect(page.locator(".notice--success")).to_be_visible()
    live.clock.move(minutes=9)
    page.locator("[data-submit-form] button[type=submit]").click()
    expect(page.locator(".verdict")).not_to_have_class(re.compile("fail|wait"))
    expect(page.locator(".score-big")).to_have_text(str(total))
    expect(page.locator(".receipt")).to_have_text(re.compile(r"\w{4,}"))
    expect(page.locator("article.question")).to_have_count(total)
    expect(page.locator(".answer--wrong, .answer--missed")).to_have_count(0)
    check_screen(page, lang)
    _go(page, "/", lang)
    expect(page.locator(".results li")).to_have_count(1)


@everywhere
def test_officer_confirms_and_everyone_can_verify(live: LiveSite, open_page: OpenPage, lang: str, device: Device) -> None:
    sit(live, "CN01", f"course:{COURSE}")
    hold_class(live, "AT01", "DEMO-1-HAN", ["CN01"], title="Lý thuyết an toàn", days_ago=3, theory=8)
    register_employer(live)
    officer = open_page(device, lang)
    sign_in(officer, "AT01")
    check_screen(officer, lang)
    _go(officer, "/classes/", lang)
    _record_class_day(officer, lang)
    _go(officer, "/certification/assign?scheme=vn-nd44-nhom-4", lang)
    officer.locator("main form[method=post] > button").click()
    expect(officer.locator(".notice--success")).to_be_visible()
    check_screen(officer, lang)
    tiles = officer.locator(".tile-number")
    before = tiles.all_inner_texts()
    _go(officer, "/certification/confirm?scheme=vn-nd44-nhom-4", lang)
    officer.locator("main tbody input[type=checkbox]").first.locator("xpath=following-sibling::label").click()
    officer.locator("main form[method=post] > button").click()
    expect(officer.locator(".notice--success")).to_be_visible()
    check_screen(officer, lang)
    _go(officer, "/certification/?show=valid", lang)
    now = tiles.all_inner_texts()
    assert (int(before[0]), int(before[3]) - 1) == (0, int(now[3]))
    assert int(now[0]) == 1
    _go(officer, "/certification/register?scheme=vn-nd44-nhom-4", lang)
    expect(officer.locator("main tbody tr")).to_have_count(1)

    worker = open_page(device, lang)
    sign_in(worker, "CN01")
    _go(worker, "/certificates/", lang)
    expect(worker.locator(".chip--recorded")).to_have_count(1)
    worker.locator("main a[href^='/certificates/']").first.click()
    check_screen(worker, lang)
    paper = str(worker.locator("a[href*='.pdf']").first.get_attribute("href"))
    pdf = worker.request.get(paper)
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF")
    code = re.search(r"/v/([a-z2-7]{26})", worker.content())
    assert code

    stranger = open_page(device, lang)
    _go(stranger, f"/v/{code[1]}", lang)
    expect(stranger.locator(".card--live .facts")).to_be_visible()
    expect(stranger.get_by_text("Nguyễn Văn Minh Họa")).to_have_count(0)
    _go(stranger, "/verify", lang)


def _record_class_day(page: Page, lang: str) -> None:
    page.goto("/classes/new")
    page.locator("select[name=unit]").select_option(index=1)
    check_screen(page, lang)
    page.locator("main form button").click()
    check_screen(page, lang)
    page.locator("input[name=title]").fill("Thực hành sử dụng bình chữa cháy")
    page.locator("input[name=trainer]").fill("Phan Thử Nghiệm")
    page.locator("input[name=practice]").fill("8")
    page.locator("input[name=schemes][value=vn-nd44-nhom-4]").check()
    worker = page.locator("input[name=present]").filter(has=page.locator("xpath=self::*[../label[contains(., 'CN01')]]"))
    worker.check()
    page.locator("main form[method=post] button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/classes/\d+$"))
    expect(page.locator("main ol li")).to_have_count(1)
    check_screen(page, lang)


@everywhere
def test_contest_from_rules_to_own_row(live: LiveSite, open_page: OpenPage, lang: str, device: Device) -> None:
    key = f"round:{CONTEST}/{ROUND}"
    sit(live, "CN03", key, wrong=2)
    sit(live, "CN04", key, wrong=2)
    page = open_page(device, lang)
    sign_in(page, "CN02")
    _go(page, "/contests", lang)
    _go(page, f"/contests/{CONTEST}", lang)
    _go(page, f"/contests/{CONTEST}/rules", lang)
    page.goto(f"/contests/{CONTEST}")
    page.locator(f"main a[href='/offerings/{key}']").first.click()
    check_screen(page, lang)
    page.locator("main form button").click()
    total = answer_all(page, live, wrong=1)
    saved(page)
    live.clock.move(minutes=4)
    page.locator("[data-hand-in]").click()
    page.locator("[data-submit-form] button[type=submit]").click()
    expect(page.locator(".score-big")).to_have_text(str(total - 1))
    expect(page.locator("article.question")).to_have_count(0)
    check_screen(page, lang)
    _go(page, f"/contests/{CONTEST}/{ROUND}/ranking", lang)
    expect(page.locator("tr.is-own .place")).to_have_text("1")
    expect(page.locator(".own-place")).to_be_visible()
    _go(page, f"/contests/{CONTEST}/{ROUND}/ranking?by=unit", lang)
