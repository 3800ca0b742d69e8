"""Pictures of every screen for every role, to look at: a fresh demonstration site with some history, in Vietnamese and Chinese, on phone and desktop.

    .venv/bin/python -m scripts.screenshots FOLDER [--only WORD] [--langs vi,zh] [--readme]

FOLDER gets one picture a screen and contact sheets; --only takes screens whose name holds the word; --readme draws docs/screenshot.png.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from lms.assessment.models import Attempt
from lms.certification.models import Document, Period
from lms.clock import MovableClock
from lms.learning.models import ClassDay
from lms.people.rules import Role
from lms.people.service import create_person, grant_role
from tests.browser.acts import CONTEST, COURSE, ROUND, sign_in
from tests.browser.conftest import DEVICES, FLAGS
from tests.browser.history import assign_group_4, confirm_group_4, hold_class, person_id, register_employer, sit, study, unit
from tests.browser.live import LiveSite, make_template, serve_live

BEGUN = datetime(2025, 9, 15, 1, 0, tzinfo=UTC)
TODAY = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)
GROUP_4, GROUP_1 = "vn-nd44-nhom-4", "vn-nd44-nhom-1"
QUIZ, ROUND_KEY = f"course:{COURSE}", f"round:{CONTEST}/{ROUND}"
SHEET = {"phone": (8, 260, 900), "desktop": (4, 560, 700)}


@dataclass(frozen=True)
class Screen:
    """One picture: who looks (nobody: not signed in), where, and what is pressed first."""

    name: str
    who: str
    address: str
    press: str = ""


def make_history(live: LiveSite) -> dict[str, str]:
    """A year of a small factory; gives the addresses that hold numbers made on the way."""
    clock = live.clock
    employer = register_employer(live)
    with live.db.writing() as session:
        there = unit(session, "DEMO-1-HAN").id
        create_person(session, full_name="Lý Văn Mới", staff_code="CN05", unit_id=there, from_on=BEGUN.date(), position="thợ hàn", demo=True, now=clock.now())
    crew = ["TT01", "CN01", "CN02", "CN03", "CN04"]
    assign_group_4(live, "AT01", crew)
    for code, place, confirmed in (
        ("TT01", "DEMO-1-HAN", datetime(2025, 9, 30, 2, tzinfo=UTC)),
        ("CN02", "DEMO-1-DIEN", datetime(2025, 12, 12, 2, tzinfo=UTC)),
    ):
        clock.set(confirmed)
        sit(live, code, QUIZ, wrong=2)
        hold_class(live, "AT01", place, [code], title="Huấn luyện lần đầu: lý thuyết", days_ago=4, theory=8)
        hold_class(live, "AT01", place, [code], title="Huấn luyện lần đầu: thực hành", days_ago=2, practice=8)
        confirm_group_4(live, "AT01", employer, [code])
    clock.set(datetime(2026, 10, 12, 2, tzinfo=UTC))
    study(live, "CN01", COURSE, lessons=4)
    sit(live, "CN01", QUIZ, wrong=8)
    sit(live, "CN01", QUIZ, wrong=1)
    clock.set(datetime(2026, 10, 15, 2, tzinfo=UTC))
    day = hold_class(live, "AT01", "DEMO-1-HAN", ["CN01", "TT01"], title="An toàn hàn điện và hàn hơi", days_ago=1, theory=6, practice=2)
    hold_class(live, "AT01", "DEMO-1-HAN", ["CN01"], title="Thực hành sử dụng bình chữa cháy", practice=8)
    confirm_group_4(live, "AT01", employer, ["CN01"])
    clock.set(datetime(2026, 11, 3, 2, tzinfo=UTC))
    study(live, "CN03", COURSE, lessons=2)
    sit(live, "CN03", QUIZ, wrong=9)
    for code, wrong, minutes in (("CN01", 1, 5.2), ("CN02", 3, 6), ("CN03", 1, 5.2), ("CN04", 5, 9), ("TT01", 1, 7.4), ("AT01", 0, 8), ("QL01", 2, 4)):
        sit(live, code, ROUND_KEY, wrong=wrong, minutes=minutes)
    clock.set(datetime(2026, 11, 21, 2, tzinfo=UTC))
    hold_class(live, "AT01", "DEMO-1", ["CN01", "CN02", "TT01"], title="Diễn tập chữa cháy và thoát nạn", practice=4)
    hold_class(live, "AT01", "DEMO-1-HAN", ["TT01"], title="Huấn luyện định kỳ: lý thuyết", theory=8)
    clock.set(TODAY)
    with live.db.writing() as session:
        visit = live.clock.now() + timedelta(days=20)
        inspector = person_id(session, "TR01")
        grant_role(session, person_id=inspector, role=Role.INSPECTOR, unit_id=unit(session, "DEMO").id, until_on=visit.date(), now=clock.now())
    live.site.jobs.tick(clock.now())
    return _numbers(live, day)


def _numbers(live: LiveSite, day: int) -> dict[str, str]:
    with live.db.reading() as session:
        me = person_id(session, "CN01")
        tries = list(session.scalars(select(Attempt.id).where(Attempt.person_id == me, Attempt.offering == QUIZ).order_by(Attempt.id)))
        period = session.scalars(select(Period.id).where(Period.person_id == me)).one()
        document = session.scalars(select(Document).where(Document.period_id == period)).one()
        assert session.get(ClassDay, day) is not None
        return {
            "CN01": str(me),
            "CN05": str(person_id(session, "CN05")),
            "failed": str(tries[0]),
            "passed": str(tries[-1]),
            "period": str(period),
            "document": str(document.id),
            "code": document.code,
            "number": document.number,
            "day": str(day),
            "workshop": str(unit(session, "DEMO-1-HAN").id),
        }


def list_screens(at: dict[str, str], sitter: str) -> Iterator[Screen]:
    """Every screen of every role. sitter: who begins the test, of which nobody has many attempts."""
    yield Screen("sign-in", "", "/sign-in")
    yield Screen("sign-in-wrong", "", "/sign-in", "main button[type=submit]")
    yield Screen("verify", "", f"/v/{at['code']}")
    yield Screen("verify-unknown", "", "/v/unknown")
    yield Screen("not-found", "", "/nothing-here")
    for who in ("CN01", "CN02", "CN03", "CN04", "TT01", "AT01", "QL01", "GV01", "DT01", "TC01", "TR01", "QT01"):
        yield Screen("home", who, "/")
    learner = {
        "courses": "/courses",
        "course": f"/courses/{COURSE}",
        "lesson": f"/courses/{COURSE}/60-chay-no-va-thoat-nan",
        "before": f"/offerings/{QUIZ}",
        "result-failed": f"/sittings/{at['failed']}/result",
        "result-passed": f"/sittings/{at['passed']}/result",
        "contests": "/contests",
        "contest": f"/contests/{CONTEST}",
        "contest-rules": f"/contests/{CONTEST}/rules",
        "contest-before": f"/offerings/{ROUND_KEY}",
        "ranking": f"/contests/{CONTEST}/{ROUND}/ranking",
        "ranking-units": f"/contests/{CONTEST}/{ROUND}/ranking?by=unit",
        "certificates": "/certificates/",
        "document": f"/certificates/{at['document']}",
        "calendar": "/certificates/calendar",
        "me": "/me/",
        "notices": "/notices",
        "notice-choices": "/notices/choices",
        "secret": "/me/secret",
        "forbidden": "/people",
    }
    yield from (Screen(name, "CN01", address) for name, address in learner.items())
    yield from (
        Screen(name, "CN01", address) for name, address in {"practice": f"/practice/{COURSE}", "glossary": "/glossary", "search": "/search?q=dien"}.items()
    )
    yield from (Screen("notices", who, "/notices") for who in ("CN02", "AT01", "QL01"))
    yield Screen("certificates", "CN02", "/certificates/")
    yield Screen("certificates", "CN04", "/certificates/")
    yield Screen("calendar-made", "CN02", "/certificates/calendar", "main form button")
    yield Screen("sitting-start", sitter, f"/offerings/{QUIZ}", "main form button, main a.btn--primary")
    yield Screen("sitting-flag", sitter, "/sittings/last?n=3", "form:not([hidden]) .answer label >> nth=1|form:not([hidden]) [data-flag]")
    yield Screen("sitting-hand-in", sitter, "/sittings/last/submit")
    officer = {
        "people": "/people",
        "person": f"/people/{at['CN01']}",
        "slips": f"/people/slips/{at['workshop']}",
        "classes": "/classes/",
        "class-day": f"/classes/{at['day']}",
        "class-choose": "/classes/new",
        "class-roll": f"/classes/new/roll?unit={at['workshop']}&held_on=2026-11-20",
        "desk": "/certification/",
        "desk-all": "/certification/?show=all",
        "desk-person": f"/certification/people/{at['CN01']}",
        "confirm": f"/certification/confirm?scheme={GROUP_4}",
        "assign": f"/certification/assign?scheme={GROUP_1}",
        "register": f"/certification/register?scheme={GROUP_4}",
        "external": f"/certification/people/{at['CN01']}/external/{GROUP_4}",
        "trigger": f"/certification/people/{at['CN01']}/trigger/{GROUP_4}",
        "mark": f"/certification/periods/{at['period']}/mark",
    }
    yield from (Screen(name, "AT01", address) for name, address in officer.items())
    yield Screen("class-roll-refused", "AT01", officer["class-roll"], "main form[method=post] button[type=submit]")
    yield Screen("slip", "AT01", f"/people/{at['CN05']}", "form[action$='/slip'] button")
    administrator = {
        "people": "/people",
        "person-new": "/people/new",
        "person": f"/people/{at['CN01']}",
        "person-edit": f"/people/{at['CN01']}/edit",
        "units": "/units/",
        "unit": f"/units/{at['workshop']}",
        "unit-new": "/units/new",
        "audit": "/people/audit",
        "content-check": "/content/check",
        "issuers": "/certification/issuers",
    }
    yield from (Screen(name, "QT01", address) for name, address in administrator.items())
    tests = {
        "tests": "/tests",
        "test": f"/tests/{QUIZ}",
        "results": f"/results/{QUIZ}",
        "corrections": f"/corrections/{QUIZ}",
        "late": f"/late/{QUIZ}",
        "room": f"/supervision/room/{QUIZ}",
        "sitting-seen": f"/supervision/sittings/{at['passed']}",
        "exams": "/exams/",
        "exam-new": "/exams/new",
        "papers": f"/papers/tests/{QUIZ}",
        "marking": "/marking",
    }
    yield from (Screen(name, "DT01", address) for name, address in tests.items())
    figures = {"figures": f"/quality/tests/{QUIZ}", "quality": "/quality", "reports": "/quality/reports"}
    yield from (Screen(name, "GV01", address) for name, address in figures.items())
    content = {"history": "/content/history", "impact": "/content/impact", "drafts": "/content/drafts", "banks": "/content/banks", "import": "/content/import"}
    yield from (Screen(f"content-{name}", "GV01", address) for name, address in content.items())
    yield Screen("contest-desk", "TC01", f"/contests/{CONTEST}/desk")
    yield Screen("desk", "TT01", "/certification/")
    yield Screen("fit", "TT01", f"/certification/fit?q=CN&scheme={GROUP_4}")
    yield Screen("forecast", "TT01", "/certification/forecast?places=1")
    yield Screen("batches", "AT01", f"/certification/papers?scheme={GROUP_4}&from_on=2025-01-01")
    yield Screen("batch", "AT01", f"/certification/papers?scheme={GROUP_4}&from_on=2025-01-01", "main form[method=post] button")
    yield Screen("matrix", "AT01", "/certification/matrix")
    yield Screen("matrix-new", "AT01", "/certification/matrix/new")
    yield Screen("desk", "TR01", "/certification/")


def take(browser: Browser, live: LiveSite, screens: list[Screen], folder: Path, device: str, lang: str) -> list[Path]:
    """One picture of each screen, full length, as its role sees it."""
    pages: dict[str, Page] = {}
    taken = []
    for number, screen in enumerate(screens):
        page = pages.get(screen.who) or _door(browser, live, screen.who, device, lang)
        pages[screen.who] = page
        _show(page, live, screen)
        path = folder / f"{lang}-{device}-{number:02}-{screen.who or 'nobody'}-{screen.name}.png"
        page.screenshot(path=path, full_page=True)
        taken.append(path)
    for page in pages.values():
        page.context.close()
    return taken


def _door(browser: Browser, live: LiveSite, who: str, device: str, lang: str) -> Page:
    made: dict[str, Any] = {"base_url": live.address, "locale": {"vi": "vi-VN", "zh": "zh-CN"}.get(lang, "en-GB")} | DEVICES[device]  # type: ignore[index]
    context = browser.new_context(**made)
    context.add_cookies([{"name": "lang", "value": lang, "url": live.address}])
    page = context.new_page()
    if who:
        sign_in(page, who)
    return page


def _show(page: Page, live: LiveSite, screen: Screen) -> None:
    address = screen.address
    if "/last" in address:
        with live.db.reading() as session:
            latest = session.scalars(select(Attempt.id).order_by(Attempt.id.desc()).limit(1)).one()
        address = address.replace("/last", f"/{latest}")
    page.goto(address)
    for selector in filter(None, screen.press.split("|")):
        page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")
    page.wait_for_timeout(60)


def contact_sheets(pictures: list[Path], folder: Path, device: str, lang: str) -> None:
    """Many screens on one picture, the top of each, with their names."""
    across, width, height = SHEET[device]
    font = ImageFont.load_default(16)
    for begin in range(0, len(pictures), across * 2):
        part = pictures[begin : begin + across * 2]
        sheet = Image.new("RGB", (across * (width + 12), 2 * (height + 30)), "#888888")
        draw = ImageDraw.Draw(sheet)
        for place, path in enumerate(part):
            with Image.open(path) as whole:
                shrunk = whole.convert("RGB").resize((width, max(1, whole.height * width // whole.width)))
            left, top = place % across * (width + 12), place // across * (height + 30)
            sheet.paste(shrunk.crop((0, 0, width, min(height, shrunk.height))), (left, top + 24))
            draw.text((left + 4, top + 3), path.stem.split("-", 3)[3], fill="#ffffff", font=font)
        sheet.save(folder / f"sheet-{lang}-{device}-{begin // (across * 2)}.png")


def draw_readme(browser: Browser, live: LiveSite, target: Path) -> None:
    """The phone home of a learner beside the officer's desk, about 1200 px wide."""
    with tempfile.TemporaryDirectory() as scratch:
        paths = []
        for who, address, device in (("CN01", "/", "phone"), ("DT01", "/certification/?show=all", "desktop")):
            page = _door(browser, live, who, device, "vi")
            if device == "desktop":
                page.set_viewport_size({"width": 1366, "height": 1006})
            page.goto(address)
            path = Path(scratch) / f"{device}.png"
            page.screenshot(path=path)
            paths.append(path)
        phone, desk = (Image.open(path).convert("RGB") for path in paths)
        height = 620
        phone = phone.resize((phone.width * height // phone.height, height), Image.Resampling.LANCZOS)
        desk = desk.resize((1200 - 24 * 3 - phone.width, desk.height * (1200 - 24 * 3 - phone.width) // desk.width), Image.Resampling.LANCZOS)
        whole = Image.new("RGB", (1200, height + 48), "#cfd8e0")
        whole.paste(phone, (24, 24))
        whole.paste(desk, (48 + phone.width, 24 + (height - desk.height) // 2))
        target.parent.mkdir(exist_ok=True)
        whole.save(target, optimize=True)
        print(f"{target}: {target.stat().st_size // 1024} KB")


def main() -> None:
    """Make the site, give it a history, take the pictures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--langs", default="vi,zh")
    arguments.add_argument("--devices", default="phone,desktop")
    arguments.add_argument("--readme", action="store_true")
    asked = arguments.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    path = os.environ.get("LMS_TEST_CHROMIUM") or shutil.which("chromium")
    clock = MovableClock(BEGUN)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        make_template(Path(scratch), BEGUN)
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        with serve_live(Path(scratch), clock) as live:
            at = make_history(live)
            if asked.readme:
                draw_readme(browser, live, Path(__file__).parent.parent / "docs/screenshot.png")
                return
            for lang in asked.langs.split(","):
                for device in asked.devices.split(","):
                    every = list_screens(at, {"phone": "CN04", "desktop": "QL01"}[device])
                    screens = [screen for screen in every if asked.only in f"{screen.who}-{screen.name}"]
                    contact_sheets(take(browser, live, screens, asked.folder, device, lang), asked.folder, device, lang)
                    clock.move(minutes=30)


if __name__ == "__main__":
    main()
