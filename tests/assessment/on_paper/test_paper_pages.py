"""Printing and entering by the pages: what is on the papers, who may, what is kept back, errors in their places, files line by line."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
import xlsxwriter
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import func, select

from lms.assessment.guarding import GuardedItems
from lms.assessment.models import Attempt
from lms.assessment.on_paper.models import PaperEntry
from lms.assessment.on_paper.printing import Head, Variant, booklets_pdf
from lms.assessment.on_paper.rules.marks import write_mark, write_row
from lms.assessment.on_paper.service.sheets import MOST_LINES, read_lines, read_table
from lms.assessment.on_paper.service.variants import list_spots
from lms.assessment.service.papers import Placed
from lms.errors import Invalid
from lms.people.rules import Role
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from lms.platform.site import Site
from tests.assessment.conftest import KEY, People
from tests.assessment.kinds import KIND_KEY, RIGHT_ANSWERS, SINGLE, same
from tests.assessment.on_paper.conftest import Desk
from tests.assessment.on_paper.test_entering import RIGHT
from tests.assessment.quality.test_quality_pages import Guard
from tests.conftest import ONE_DATABASE
from tests.counting import count_queries
from tests.make import make_learner, make_unit, sign_in

HELD = "2026-11-22T08:00"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def row_of(desk: Desk, paper: str, answers: dict[str, str]) -> str:
    with desk.db.reading() as session:
        return write_row(answers, list_spots(session, paper))


def entered(db: Database) -> int:
    with db.reading() as session:
        return session.execute(select(func.count()).select_from(PaperEntry)).scalar_one()


LANGS = [
    pytest.param("vi", ("Mã đề", "Họ và tên", "Trước khi sửa máy phải", "Đề kiểm tra"), id="vi"),
    pytest.param("zh", ("卷号", "姓名", "停机并断电", "试卷"), id="zh"),
    pytest.param("en", ("Variant", "Full name", "Stop the machine", "Test paper"), id="en"),
]


@ONE_DATABASE
@pytest.mark.parametrize(("lang", "words"), LANGS)
def test_papers_say_what_they_should_in_every_language(desk: Desk, client: FlaskClient, lang: str, words: tuple[str, ...]) -> None:
    batch, variants = desk.make(KIND_KEY, lang=lang, place="Xưởng Đúc số 1 铸造车间")
    sign_in(client, desk.officer)
    booklet = client.get(f"/papers/{batch.id}/booklets.pdf").data
    sheet = client.get(f"/papers/{batch.id}/answers.pdf").data
    text = text_of(booklet)
    assert all(word in text + text_of(sheet) for word in words)
    assert "Xưởng Đúc số 1" in text
    assert all(str(variant.code) in text for variant in variants)
    assert "SECRET" not in text + text_of(sheet)
    assert not [word for word in (text + text_of(sheet)).split() if "\ufffd" in word]
    assert len(PdfReader(io.BytesIO(sheet)).pages) == len(variants)


def test_a_picture_of_a_question_is_printed_and_a_lost_one_left_out() -> None:
    digest = "ab" * 32
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(picture, "PNG")
    item = replace(SINGLE, prompt=same(f'<p>Hình <img src="/content/blob/{digest}.png" alt="x"></p><p><img src="/content/blob/{digest}.png" alt="x"></p>'))
    head, variant = Head("vi", "Vệ An", "Đề", "", "20 phút", "", critical=False), Variant(101, (Placed(1, item, "abc"),), "http://x")
    for found, pictures in (({digest: picture.getvalue()}, 1), ({}, 0)):
        reader = PdfReader(io.BytesIO(booklets_pdf(head, [variant], lambda digests, found=found: {d: found[d] for d in digests if d in found})))  # type: ignore[misc]
        assert sum(len(page.images) for page in reader.pages) == pictures
        assert "Hình" in reader.pages[0].extract_text()


@ONE_DATABASE
def test_each_variant_counts_its_own_pages_and_one_can_be_printed_alone(desk: Desk, client: FlaskClient) -> None:
    batch, variants = desk.make(KIND_KEY, lang="en", count=3)
    sign_in(client, desk.officer)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(client.get(f"/papers/{batch.id}/booklets.pdf").data)).pages]
    firsts = [page for page in pages if "Page 1 of" in page]
    assert len(firsts) == 3
    alone = PdfReader(io.BytesIO(client.get(f"/papers/{batch.id}/booklets.pdf?variant=102").data)).pages
    assert f"Page 1 of {len(alone)}" in alone[0].extract_text()
    assert client.get(f"/papers/{batch.id}/booklets.pdf?variant=999").status_code == 404
    with zipfile.ZipFile(io.BytesIO(client.get(f"/papers/{batch.id}/papers.zip").data)) as package:
        assert len(package.namelist()) == 2 * len(variants)
        assert "SECRET" not in text_of(package.read("101-paper.pdf"))


@ONE_DATABASE
def test_the_address_in_the_code_of_a_sheet_fills_in_its_variant(desk: Desk, client: FlaskClient) -> None:
    batch, _ = desk.make(lang="vi")
    sign_in(client, desk.officer)
    qr = client.get(f"/papers/{batch.id}/enter?variant=102")
    assert 'value="102"' in qr.text


@ONE_DATABASE
def test_the_key_is_what_is_right_by_the_places_of_each_variant(desk: Desk, db: Database, client: FlaskClient) -> None:
    batch, variants = desk.make(KIND_KEY, lang="vi", count=1)
    sign_in(client, desk.officer)
    text = text_of(client.get(f"/papers/{batch.id}/keys.pdf").data)
    with db.reading() as session:
        spots = {spot.item_id: spot for spot in list_spots(session, variants[0].paper)}
        acts = [row.action for row in session.scalars(select(AuditEvent))]
    for item_id in ("multi001", "order001", "match001", "spots001"):
        assert write_mark(RIGHT_ANSWERS[item_id], spots[item_id]) in text.split()
    assert "85 ± 0.5 dBA" in text
    assert "answer_key_printed" in acts


def test_keys_are_kept_back_while_a_round_may_draw_the_items(desk: Desk, the_site: Site, client: FlaskClient) -> None:
    batch, _ = desk.make()
    sign_in(client, desk.officer)
    assert f"/papers/{batch.id}/keys.pdf" in client.get(f"/papers/{batch.id}").text
    the_site.parts[GuardedItems] = Guard("item0003", until=desk.now + timedelta(days=1))
    assert client.get(f"/papers/{batch.id}/keys.pdf").status_code == 403
    assert f"/papers/{batch.id}/keys.pdf" not in client.get(f"/papers/{batch.id}").text
    assert client.get(f"/papers/{batch.id}/booklets.pdf?variant=101").status_code == 200


def test_who_runs_no_test_there_finds_nothing(desk: Desk, db: Database, people: People, client: FlaskClient) -> None:
    batch, variants = desk.make()
    attempt = desk.enter(batch, variants[0], people.learner, RIGHT)
    with db.writing() as session:
        organiser = make_learner(session, roles=(Role.ORGANISER,))
        officer = make_learner(session, unit=make_unit(session), roles=(Role.OFFICER,))
    pages = [f"/papers/{batch.id}{page}" for page in ("", "/booklets.pdf", "/answers.pdf", "/keys.pdf", "/papers.zip", "/enter", "/sheet", "/sheet.xlsx")]
    sign_in(client, people.learner)
    assert {client.get(page).status_code for page in (*pages, f"/papers/tests/{KEY}", f"/papers/sheets/{attempt.id}")} == {403}
    client.post("/sign-out")
    sign_in(client, organiser)
    assert {client.get(page).status_code for page in (*pages, f"/papers/tests/{KEY}", f"/papers/sheets/{attempt.id}")} == {404}
    client.post("/sign-out")
    sign_in(client, officer)
    assert client.get(f"/papers/sheets/{attempt.id}").status_code == 404, "a sheet of another unit"
    assert people.learner.full_name not in client.get(f"/papers/{batch.id}").text


def test_sealed_questions_are_printed_only_by_who_runs_the_test_in_the_whole_site(desk: Desk, db: Database, client: FlaskClient) -> None:
    batch, _ = desk.make()
    offering = desk.shelf.offerings[KEY]
    desk.shelf.change(quiz=replace(offering.quiz, sealed_until=desk.now + timedelta(days=1)))
    pages = (f"/papers/tests/{KEY}", f"/papers/{batch.id}/booklets.pdf", f"/papers/{batch.id}/keys.pdf")
    sign_in(client, desk.officer)
    assert [client.get(page).status_code for page in pages] == [403] * 3
    client.post("/sign-out")
    with db.writing() as session:
        whole = make_learner(session, roles=(Role.OFFICER,))
    sign_in(client, whole)
    assert [client.get(page).status_code for page in pages] == [200] * 3


def test_variants_are_made_by_the_page(desk: Desk, client: FlaskClient) -> None:
    sign_in(client, desk.officer)
    for lang in ("vi", "zh", "en"):
        client.set_cookie("lang", lang)
        assert client.get(f"/papers/tests/{KEY}").status_code == 200
    data = {"count": "3", "lang": "zh", "mixed": "draw", "place": "Xưởng 2", "held_on": "2026-11-22"}
    made = client.post(f"/papers/tests/{KEY}", data=data)
    assert made.status_code == 303
    assert "Xưởng 2" in client.get(f"/papers/tests/{KEY}").text
    assert "103" in client.get(str(made.location)).text
    assert client.post(f"/papers/tests/{KEY}", data=data | {"count": "25"}).status_code == 422
    assert client.get("/papers/tests/test:none").status_code == 404


def test_a_sheet_is_typed_looked_at_and_stored(desk: Desk, people: People, client: FlaskClient) -> None:
    batch, variants = desk.make()
    sign_in(client, desk.officer)
    row = row_of(desk, variants[0].paper, RIGHT)
    sent = {"held_at": HELD, "code": str(people.learner.staff_code), "variant": "101", "row": row, "again": ""}
    looked = client.post(f"/papers/{batch.id}/enter", data=sent)
    assert looked.status_code == 200
    assert people.learner.full_name in looked.text
    assert entered(desk.db) == 0
    seen = looked.text.partition('name="looked_at" value="')[2].partition('"')[0]
    other = client.post(f"/papers/{batch.id}/enter", data=sent | {"looked_at": seen, "row": row_of(desk, variants[0].paper, RIGHT | {"item0001": ""})})
    assert (other.status_code, entered(desk.db)) == (200, 0), "what was changed is looked at again"
    stored = client.post(f"/papers/{batch.id}/enter", data=sent | {"looked_at": seen})
    assert stored.status_code == 303
    page = client.get(str(stored.location)).text
    assert 'value="101"' in page
    assert f'value="{HELD}"' in page
    assert entered(desk.db) == 1
    assert people.learner.full_name in client.get(f"/papers/{batch.id}").text
    client.post("/sign-out")
    sign_in(client, people.learner)
    with desk.db.reading() as session:
        attempt = session.scalar(select(Attempt.id))
    client.set_cookie("lang", "en")
    result = client.get(f"/sittings/{attempt}/result").text
    assert "variant 101" in result
    assert "not measured on paper" in result


PLACES = [
    pytest.param({"code": "NOBODY"}, "code-error", id="nobody of that code"),
    pytest.param({"variant": "999"}, "variant-error", id="no such variant"),
    pytest.param({"row": "AB"}, "row-error", id="too few answers"),
    pytest.param({"row": "ZZZZZZ"}, "row-error", id="no such letter"),
    pytest.param({"code": ""}, "code-error", id="no code"),
    pytest.param({"held_at": "2026-11-23T08:00"}, "code-error", id="a day that lies ahead"),
    pytest.param({"twice": "y", "again": "AB"}, "again-error", id="the second row too short"),
]


@ONE_DATABASE
@pytest.mark.parametrize(("given", "place"), PLACES)
def test_an_error_stands_in_its_place(desk: Desk, people: People, client: FlaskClient, given: dict[str, str], place: str) -> None:
    batch, variants = desk.make()
    sign_in(client, desk.officer)
    sent = {"held_at": HELD, "code": str(people.learner.staff_code), "variant": "101", "row": row_of(desk, variants[0].paper, RIGHT), "again": ""}
    refused = client.post(f"/papers/{batch.id}/enter", data=sent | given)
    assert refused.status_code == 422
    assert f'id="{place}"' in refused.text
    assert entered(desk.db) == 0


@ONE_DATABASE
def test_the_second_row_must_say_the_same(desk: Desk, people: People, client: FlaskClient) -> None:
    batch, variants = desk.make()
    sign_in(client, desk.officer)
    row = row_of(desk, variants[0].paper, RIGHT)
    other = row_of(desk, variants[0].paper, RIGHT | {"item0001": ""})
    sent = {"held_at": HELD, "code": str(people.learner.staff_code), "variant": "101", "row": row, "twice": "y"}
    assert 'id="again-error"' in client.post(f"/papers/{batch.id}/enter", data=sent | {"again": other}).text
    looked = client.post(f"/papers/{batch.id}/enter", data=sent | {"again": row})
    seen = looked.text.partition('name="looked_at" value="')[2].partition('"')[0]
    assert client.post(f"/papers/{batch.id}/enter", data=sent | {"again": row, "looked_at": seen}).status_code == 303
    with desk.db.reading() as session:
        assert session.scalars(select(PaperEntry.twice)).all() == [True]


@ONE_DATABASE
def test_questions_answered_by_words_have_fields_and_a_correction_changes_them(desk: Desk, people: People, client: FlaskClient) -> None:
    batch, variants = desk.make(KIND_KEY)
    sign_in(client, desk.officer)
    with desk.db.reading() as session:
        spots = list_spots(session, variants[0].paper)
    words = {f"word.{spot.n}": write_mark(RIGHT_ANSWERS[spot.item_id], spot) for spot in spots if not spot.lettered}
    sent = {"held_at": HELD, "code": str(people.learner.staff_code), "variant": "101", "row": write_row(RIGHT_ANSWERS, spots), "again": ""}
    looked = client.post(f"/papers/{batch.id}/enter", data=sent).text
    assert all(f'name="{name}"' in looked for name in words)
    seen = looked.partition('name="looked_at" value="')[2].partition('"')[0]
    assert client.post(f"/papers/{batch.id}/enter", data=sent | words | {"looked_at": seen}).status_code == 303
    with desk.db.reading() as session:
        attempt = session.scalar(select(Attempt.id))
    address = f"/papers/sheets/{attempt}"
    assert "85 dBA" in client.get(address).text
    number = next(spot.n for spot in spots if spot.kind == "numeric")
    change = {"row": sent["row"], **words, f"word.{number}": "91"}
    assert client.post(address, data=change | {"reason": ""}).status_code == 422
    assert client.post(address, data=change | {"reason": "Đọc nhầm số"}).status_code == 303
    assert "Đọc nhầm số" in client.get(address).text
    assert client.post(address, data=change | {"reason": "x"}).status_code == 422, "nothing is other"
    assert client.post(address, data=change | {"row": "A", "reason": "x"}).status_code == 422


def xlsx_of(rows: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    return out.getvalue()


def table_of(desk: Desk, people: People, paper: str, head: list[str]) -> list[list[object]]:
    with desk.db.reading() as session:
        spots = list_spots(session, paper)
    marks = [write_mark(RIGHT[spot.item_id], spot) for spot in spots]
    code = str(people.learner.staff_code)
    return [
        ["Kết quả", "", ""],
        [*head, *range(1, len(spots) + 1)],
        [code.lower(), 101, *marks],
        [code, 101, *marks],
        ["NOBODY", 101, *marks],
        [str(desk.officer.staff_code), 101, *marks],
        [str(people.stranger.staff_code), 101, *marks],
    ]


HEADS = [["Mã nhân viên", "Mã đề"], ["工号", "卷号"], ["Staff code", "Variant"]]


@pytest.mark.parametrize("head", HEADS, ids=["vi", "zh", "en"])
def test_a_file_is_looked_at_and_then_its_sound_lines_are_entered(desk: Desk, people: People, client: FlaskClient, head: list[str]) -> None:
    batch, variants = desk.make()
    sign_in(client, desk.officer)
    client.set_cookie("lang", "en")
    rows = table_of(desk, people, variants[0].paper, head)
    address = f"/papers/{batch.id}/sheet"
    looked = client.post(address, data={"held_at": HELD, "file": (io.BytesIO(xlsx_of(rows)), "a.xlsx")}).text
    assert entered(desk.db) == 0
    assert "1 of 5 lines are sound." in looked
    for words in ("stands in line 3 already", "nobody with the code NOBODY", "entered by somebody else"):
        assert words in looked
    table = looked.partition('<textarea name="table" hidden>')[2].partition("</textarea>")[0].replace("&#34;", '"').replace("&amp;", "&")
    done = client.post(address, data={"held_at": HELD, "step": "apply", "table": table.removeprefix("\r\n")}).text
    assert "1 sheet was entered." in done
    assert entered(desk.db) == 1
    again = client.post(address, data={"held_at": HELD, "step": "apply", "table": table}).text
    assert "0 sheets were entered." in again
    assert entered(desk.db) == 1


def test_csv_with_a_row_of_answers_and_semicolons(desk: Desk, people: People) -> None:
    data = f"Mã NV;Mã đề;Trả lời;2\r\n{people.learner.staff_code};101;ABC(AD);-\r\n;;;\r\n".encode("utf-8-sig")
    lines = read_lines(read_table(data, "a.csv"))
    assert [(line.n, line.code, line.variant, line.row, line.marks) for line in lines] == [(2, people.learner.staff_code, "101", "ABC(AD)", {2: "-"})]


BROKEN = [
    pytest.param(b"PK\x03\x04nonsense", id="no workbook"),
    pytest.param(b"\xff\xfe\x00", id="no text"),
    pytest.param("Tên;Điểm\nA;5\n".encode(), id="without the columns"),
    pytest.param("Mã NV;Mã đề;1\n".encode(), id="no line"),
    pytest.param(("Mã NV;Mã đề;1\n" + "A1;101;B\n" * (MOST_LINES + 1)).encode(), id="too many lines"),
    pytest.param(b"x" * 400_000, id="too large"),
]


@ONE_DATABASE
@pytest.mark.parametrize("data", BROKEN)
def test_a_file_that_cannot_be_used_is_refused_in_words(desk: Desk, client: FlaskClient, data: bytes) -> None:
    with pytest.raises(Invalid):
        read_lines(read_table(data, "a"))
    batch, _ = desk.make()
    sign_in(client, desk.officer)
    assert client.post(f"/papers/{batch.id}/sheet", data={"held_at": HELD, "file": (io.BytesIO(data), "a.xlsx")}).status_code == 422
    assert client.post(f"/papers/{batch.id}/sheet", data={"held_at": HELD}).status_code == 422
    assert client.get(f"/papers/{batch.id}/sheet.xlsx").data.startswith(b"PK")


def test_the_page_of_a_batch_costs_the_same_however_many_sheets(desk: Desk, db: Database, people: People, client: FlaskClient) -> None:
    batch, variants = desk.make()
    sign_in(client, desk.officer)
    desk.enter(batch, variants[0], people.learner, RIGHT)
    client.get(f"/papers/{batch.id}")
    with count_queries(db) as few:
        client.get(f"/papers/{batch.id}")
    for _ in range(5):
        with db.writing() as session:
            person = make_learner(session, unit=people.unit)
        desk.enter(batch, variants[1], person, RIGHT)
    with count_queries(db) as many:
        page = client.get(f"/papers/{batch.id}").text
    assert page.count("/papers/sheets/") == 6
    assert len(many) == len(few)
