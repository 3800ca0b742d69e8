"""The officer's lists: a line of the training matrix assigns a scheme, and the papers of the register come as one file."""

import re
import zipfile

import pypdf
from playwright.sync_api import expect

from lms.certification.matrix_keeper import JOB as MATRIX_JOB
from lms.certification.printer import JOB as PRINT_JOB
from tests.browser.acts import COURSE, sign_in
from tests.browser.conftest import OpenPage
from tests.browser.history import assign_group_4, confirm_group_4, hold_class, register_employer, sit
from tests.browser.live import LiveSite
from tests.browser.screen import check_screen


def test_a_line_of_the_matrix_is_looked_at_and_added(live: LiveSite, open_page: OpenPage) -> None:
    page = open_page("phone", "zh")
    sign_in(page, "AT01")
    page.goto("/certification/")
    page.locator("a[href='/certification/matrix']").click()
    check_screen(page, "zh")
    page.locator("a[href='/certification/matrix/new']").first.click()
    page.locator("select[name=scheme]").select_option("vn-nd44-nhom-4")
    page.locator("select[name=kind]").select_option("employee")
    page.locator("input[name=reason]").fill("Nghị định 44/2016/NĐ-CP")
    page.locator("button[value=look]").click()
    expect(page.locator(".notice--info")).to_have_text(re.compile(r"[1-9]\d*人符合条件"))
    check_screen(page, "zh")
    page.locator("button[value=add]").click()
    expect(page).to_have_url(re.compile(r"/certification/matrix$"))
    live.site.jobs.run(MATRIX_JOB, live.clock.now())
    page.reload()
    expect(page.locator("main table")).to_contain_text("Nghị định 44/2016/NĐ-CP")
    check_screen(page, "zh")
    page.goto("/certification/?show=all")
    expect(page.locator("main table tbody tr").first).to_be_visible()


def test_papers_of_the_register_come_as_one_file(live: LiveSite, open_page: OpenPage) -> None:
    crew = ["CN01", "CN02"]
    employer = register_employer(live)
    assign_group_4(live, "AT01", crew)
    for code in crew:
        sit(live, code, f"course:{COURSE}")
    hold_class(live, "AT01", "DEMO-1", crew, title="Lý thuyết", days_ago=4, theory=8)
    hold_class(live, "AT01", "DEMO-1", crew, title="Thực hành", days_ago=2, practice=8)
    confirm_group_4(live, "AT01", employer, crew)
    page = open_page("desktop", "vi")
    sign_in(page, "AT01")
    page.goto("/certification/register?scheme=vn-nd44-nhom-4")
    page.locator("a[href*='/certification/papers?']").click()
    check_screen(page, "vi")
    for form, job in (("pdf", "a4"), ("zip", "a5")):
        page.goto("/certification/papers?scheme=vn-nd44-nhom-4")
        page.locator("select[name=layout]").select_option(job)
        page.locator("select[name=form]").select_option(form)
        page.locator("main form[method=post] button").click()
        expect(page.locator("[data-job-runs]")).to_be_visible()
        live.site.jobs.run(PRINT_JOB, live.clock.now())
        button = page.locator("a[href$='/file']")
        expect(button).to_be_visible()
        check_screen(page, "vi")
        with page.expect_download() as fetched:
            button.click()
        path = fetched.value.path()
        if form == "pdf":
            assert len(pypdf.PdfReader(path).pages) == 2
        else:
            with zipfile.ZipFile(path) as package:
                assert len(package.namelist()) == 2


def test_an_officer_reminds_and_the_worker_reads_it_and_keeps_a_calendar(live: LiveSite, open_page: OpenPage) -> None:
    assign_group_4(live, "AT01", ["CN01", "CN02"])
    page = open_page("phone", "vi")
    sign_in(page, "AT01")
    page.goto("/certification/")
    page.locator("a[href*='/certification/remind']").click()
    check_screen(page, "vi")
    page.locator("main form button").click()
    expect(page.locator(".notice--success")).to_be_visible()
    worker = open_page("desktop", "zh")
    sign_in(worker, "CN01")
    worker.locator("a.bell").click()
    expect(worker.locator(".news-line--new")).to_have_count(1)
    worker.locator(".news-open").click()
    worker.locator("a[href='/certificates/calendar']").click()
    check_screen(worker, "zh")
    worker.locator("main form button").click()
    check_screen(worker, "zh")
    address = worker.locator("#calendar-address").input_value()
    answer = open_page("desktop", "zh").request.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text().startswith("BEGIN:VCALENDAR")
    worker.locator("form[action$='/calendar/end'] button").click()
    expect(worker.locator("#calendar-address")).to_have_count(0)
    assert open_page("desktop", "zh").request.get(address).status == 404
