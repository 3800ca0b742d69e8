"""Many papers as one file: asked for from the page, printed by the job, fetched; what is revoked stays out, and a death in the middle loses nothing."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any, Literal

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.certification import printer
from lms.certification.models import Document, DocumentBatch, DocumentBatchPart
from lms.certification.printer import JOB, BatchPrinter
from lms.certification.service import batches
from lms.certification.service.marks import mark_period
from lms.clock import MovableClock
from lms.content.catalogue import Catalogue
from lms.people.models import RoleGrant
from lms.people.rules import Role
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.certification.make import G4, NOW, TODAY, Company, make_trained
from tests.counting import count_queries
from tests.make import make_learner, sign_in

PAGE = f"/certification/papers?scheme={G4}"
ASKED = {"layout": "a5", "lang": "vi", "form": "pdf"}


@pytest.fixture()
def papers(db: Database, company: Company, catalogue: Catalogue) -> list[Document]:
    """The register entries of the three workers."""
    with db.writing() as session:
        return make_trained(session, company, catalogue, n=3)


@pytest.fixture()
def officer(client: FlaskClient, company: Company, papers: list[Document]) -> FlaskClient:
    """The officer's browser."""
    sign_in(client, company.officer)
    return client


def ask(client: FlaskClient, **given: str) -> str:
    """Ask for the papers of the register; gives the address of the batch."""
    answer = client.post(PAGE, data=ASKED | given)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def work(app: Flask, clock: MovableClock) -> int | None:
    done: int | None = app.extensions["site"].jobs.run(JOB, clock.now())
    return done


def texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("lang", ["vi", "zh", "en"])
def test_an_officer_prints_the_papers_of_the_register(app: Flask, officer: FlaskClient, papers: list[Document], clock: MovableClock, lang: str) -> None:
    assert "/certification/papers?" in officer.get(f"/certification/register?scheme={G4}&lang={lang}").text
    page = officer.get(f"{PAGE}&lang={lang}").text
    assert {"vi": "3 giấy cần in", "zh": "待打印3份", "en": "3 papers to print"}[lang] in page
    place = ask(officer)
    assert "data-job-runs" in officer.get(place).text
    assert officer.get(f"{place}/file").status_code == 409
    assert work(app, clock) == 1
    ready = officer.get(f"{place}?lang={lang}").text
    assert {"vi": "Tệp đã xong", "zh": "文件已就绪", "en": "The file is ready"}[lang] in ready
    assert "data-job-runs" not in officer.get(f"{place}/progress").text
    answer = officer.get(f"{place}/file")
    assert (answer.mimetype, int(answer.headers["Content-Length"])) == ("application/pdf", len(answer.data))
    assert [document.number in text for document, text in zip(papers, texts(answer.data), strict=True)] == [True] * 3
    assert {"vi": "đã xong", "zh": "已就绪", "en": "ready"}[lang] in officer.get(f"{PAGE}&lang={lang}").text


def test_a_package_holds_a_paper_for_each_in_the_language_of_each(
    app: Flask, officer: FlaskClient, db: Database, papers: list[Document], clock: MovableClock
) -> None:
    place = ask(officer, form="zip", lang="own")
    work(app, clock)
    with zipfile.ZipFile(io.BytesIO(officer.get(f"{place}/file").data)) as package:
        assert package.namelist() == [f"{one.number.replace('/', '-')}.pdf" for one in papers]
        assert all(len(texts(package.read(name))) == 1 for name in package.namelist())
    with db.reading() as session:
        assert "documents_printed" in session.scalars(select(AuditEvent.action)).all()


def test_cards_stand_ten_to_a_sheet_and_in_no_package(app: Flask, officer: FlaskClient, papers: list[Document], clock: MovableClock) -> None:
    place = ask(officer, layout="wallet", lang="zh")
    work(app, clock)
    (sheet,) = texts(officer.get(f"{place}/file").data)
    assert all(one.number in sheet for one in papers)
    assert "不能代替合格证" in sheet
    refused = officer.post(f"{PAGE}&lang=en", data=ASKED | {"layout": "wallet", "form": "zip"})
    assert (refused.status_code, "ten to a sheet" in refused.text) == (422, True)


def test_what_is_revoked_or_suspended_is_left_out_and_told(
    app: Flask, officer: FlaskClient, db: Database, company: Company, papers: list[Document], clock: MovableClock
) -> None:
    kinds: list[Literal["revoked", "suspended"]] = ["revoked", "suspended"]
    for document, kind in zip(papers, kinds, strict=False):
        with db.writing() as session:
            mark_period(
                session,
                period_id=document.period_id,
                kind=kind,
                cause="error",
                note="",
                paths=company.paths,
                actor_id=company.officer.id,
                today=TODAY,
                now=NOW,
            )
    page = officer.get(f"{PAGE}&lang=en").text
    assert "1 paper to print" in page
    assert "2 more are left out" in page
    place = ask(officer)
    work(app, clock)
    (text,) = texts(officer.get(f"{place}/file").data)
    assert papers[2].number in text


def test_a_death_in_the_middle_loses_nothing_and_prints_nothing_twice(
    app: Flask, officer: FlaskClient, db: Database, papers: list[Document], clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printer, "STEP", 1)
    place, real, calls = ask(officer), printer._printed, []

    def dies(*given: Any) -> bytes:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(printer, "_printed", dies)
    with pytest.raises(KeyboardInterrupt):
        BatchPrinter(db, clock).run(clock.now())
    assert 'value="1"' in officer.get(f"{place}/progress").text
    assert BatchPrinter(db, clock).run(clock.now()) == 0, "another process holds it"
    clock.move(seconds=121)
    assert BatchPrinter(db, clock).run(clock.now()) == 1
    assert [one.number in text for one, text in zip(papers, texts(officer.get(f"{place}/file").data), strict=True)] == [True] * 3
    assert len(calls) == 4


def test_what_cannot_be_printed_fails_in_plain_words(
    app: Flask, officer: FlaskClient, papers: list[Document], clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ask(officer)
    monkeypatch.setattr(printer, "_printed", lambda *_given: 1 // 0)
    assert work(app, clock) == 1
    assert "could not be made" in officer.get(f"{place}?lang=en").text
    assert officer.get(f"{place}/file").status_code == 409
    assert "failed" in officer.get(f"{PAGE}&lang=en").text


def test_a_process_that_dies_each_time_is_not_tried_for_ever(officer: FlaskClient, db: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    place = ask(officer)

    def dies(*_given: Any) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(printer, "_printed", dies)
    for _ in range(printer.TRIES):
        with pytest.raises(KeyboardInterrupt):
            BatchPrinter(db, clock).run(clock.now())
        clock.move(seconds=121)
    BatchPrinter(db, clock).run(clock.now())
    assert "could not be made" in officer.get(f"{place}?lang=en").text


def test_it_is_kept_for_three_days_and_no_longer(app: Flask, officer: FlaskClient, db: Database, clock: MovableClock) -> None:
    place = ask(officer)
    work(app, clock)
    clock.move(seconds=int(timedelta(days=3).total_seconds()) + 1)
    assert work(app, clock) == 1
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(DocumentBatchPart)) == 0
    assert "for some days only" in officer.get(f"{place}?lang=en").text
    assert officer.get(f"{place}/file").status_code == 404
    assert place not in officer.get(PAGE).text


def test_it_is_of_whoever_asked_as_long_as_the_people_are_in_the_scope(
    app: Flask, client: FlaskClient, officer: FlaskClient, db: Database, company: Company, clock: MovableClock
) -> None:
    place = ask(officer)
    work(app, clock)
    with db.writing() as session:
        colleague = make_learner(session, unit=company.shop, roles=(Role.OFFICER,))
    pages = (place, f"{place}/progress", f"{place}/file")
    for person, status in ((colleague, 404), (company.workers[0], 403)):
        other = app.test_client()
        sign_in(other, person)
        assert [other.get(page).status_code for page in pages] == [status] * 3
    assert officer.get("/certification/papers/999").status_code == 404
    with db.writing() as session:
        for grant in session.scalars(select(RoleGrant).where(RoleGrant.person_id == company.officer.id)):
            grant.unit_id = company.other.id
    assert [officer.get(page).status_code for page in pages] == [404] * 3


def test_nothing_too_many_and_nonsense_are_refused(officer: FlaskClient, db: Database, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = officer.post(f"{PAGE}&until_on=2020-01-01&from_on=2020-01-01&lang=en", data=ASKED)
    assert (nothing.status_code, "nothing to print" in nothing.text) == (422, True)
    assert officer.post(PAGE, data=ASKED | {"layout": "a0"}).status_code == 422
    assert officer.get(f"{PAGE}&unit={company.other.id}").status_code == 404
    monkeypatch.setattr(batches, "MOST", {"pdf": 2, "zip": 2})
    many = officer.post(f"{PAGE}&lang=en", data=ASKED)
    assert (many.status_code, "more than 2 papers" in many.text) == (422, True)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(DocumentBatch)) == 0


def test_the_page_costs_the_same_for_one_paper_and_for_many(
    client: FlaskClient, db: Database, company: Company, catalogue: Catalogue, officer: FlaskClient
) -> None:
    def cost() -> int:
        with count_queries(db) as counted:
            officer.get(PAGE)
        return len(counted.statements)

    cost()
    before = cost()
    for _ in range(3):
        ask(officer)
    assert cost() == before
    assert re.search(r"/certification/papers/\d+", officer.get(PAGE).text)


def test_ten_cards_fill_a_sheet_and_the_eleventh_begins_another(db: Database, papers: list[Document]) -> None:
    ten, eleven = (texts(printer._printed([papers[0]] * n, "wallet", "pdf", "vi")) for n in (10, 11))
    assert (len(ten), len(eleven)) == (1, 2)
    assert (ten[0].count(papers[0].number), eleven[1].count(papers[0].number)) == (10, 1)
