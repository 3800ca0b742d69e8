"""A draft link from the trainer's form to the reviewer's phone, with and without JavaScript; its screens without faults."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lms.content.service.desk import ContentDesk
from lms.content.service.sources import ContentSources
from lms.content.source.mirrors import Mirrors
from lms.content.source.tree import read_tree
from lms.drafts.shelf import DraftShelf
from lms.settings import ContentSource
from tests.browser.acts import COURSE, sign_in
from tests.browser.conftest import Device, OpenPage, WatchOf
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen
from tests.content.every_kind import KINDS
from tests.content.publishing.repositories import Remote, make_remote
from tests.content.sample import REAL

LESSON = f"courses/{COURSE}/20-nhan-dien-moi-nguy"
BRANCH = "sua-bai-2"


@pytest.fixture()
def remote(live: LiveSite, tmp_path: Path) -> Remote:
    """The content of the site in a repository, with a branch that adds a sentence."""
    files = dict(read_tree(REAL, working=True).files)
    made = make_remote(tmp_path / "kho", files)
    made.commit(files | KINDS | {f"{LESSON}.vi.md": files[f"{LESSON}.vi.md"].decode() + "\n\nMột câu chỉ có ở bản nháp.\n"}, branch=BRANCH)
    source = ContentSource(at=str(made.path), branch="main", name="kho")
    settings = live.site.settings
    live.site.parts[ContentDesk] = ContentDesk(ContentSources((source,), Mirrors.of(settings, {})), settings.zone)
    live.site.parts[DraftShelf] = DraftShelf(wait_s=60)
    return made


def make_link(page: Page) -> str:
    """Make a link of the branch in the form and give its address."""
    sign_in(page, "GV01")
    page.goto("/content/check")
    page.locator("a[href='/content/drafts']").click()
    page.locator("[name=rev]").fill(BRANCH)
    page.locator("[name=note]").fill("Bài 2")
    page.locator("label[for=days-0]").click()
    page.locator("main form .btn--primary").first.click()
    expect(page).to_have_url(re.compile(r"/content/drafts/\d+$"))
    expect(page.locator("svg.draft-qr")).to_be_visible()
    return page.locator("#address").input_value()


@pytest.mark.usefixtures("remote")
@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without"])
def test_a_reviewer_reads_the_draft_on_a_phone(open_page: OpenPage, watch_of: WatchOf, javascript: bool) -> None:
    trainer = open_page("desktop", javascript=javascript)
    address = make_link(trainer)
    phone = open_page("phone", javascript=javascript)
    phone.goto(address)
    phone.locator(f"a[href$='/{LESSON}']").click()
    expect(phone.locator("article.prose")).to_contain_text("Một câu chỉ có ở bản nháp.")
    expect(phone.locator(".draft-mark")).to_contain_text(BRANCH)
    assert phone.locator(".self-check-answer, [data-self-check]").count() == 0
    phone.locator(".draft-links a").last.click()
    expect(phone.locator(".diff ins")).not_to_have_count(0)
    trainer.goto("/content/drafts")
    trainer.on("dialog", lambda dialog: dialog.accept())
    trainer.locator("td .btn").first.click()
    expect(trainer.locator("td .btn")).to_have_count(0)
    watch_of(phone).allow("404")
    phone.goto(address)
    expect(phone.locator("h1")).to_have_text("Không tìm thấy trang này")


@pytest.mark.usefixtures("remote")
@pytest.mark.parametrize(("device", "lang"), [("phone", "vi"), ("desktop", "zh")])
def test_screens(open_page: OpenPage, device: Device, lang: str) -> None:
    trainer = open_page(device, lang)
    trainer.goto("/sign-in")
    address = make_link(trainer)
    check_screen(trainer, lang)
    trainer.goto("/content/drafts")
    check_screen(trainer, lang)
    trainer.goto(f"{address}quizzes/moi-loai")
    check_screen(trainer, lang)
    reviewer = open_page(device, lang)
    for path in ("", LESSON, "quizzes/moi-loai", "glossary/moi-nguy", "compared"):
        reviewer.goto(f"{address}{path}")
        check_screen(reviewer, lang)
