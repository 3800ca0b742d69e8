"""The pages of interchange: upload and look, and download."""

import base64
import io
import re
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lms.clock import MovableClock
from lms.people.rules import Role
from lms.platform.db import Database
from tests.content.interchange.docx_maker import docx, par, picture, run
from tests.make import make_learner, sign_in

pytestmark = pytest.mark.one_database

WORD = docx(par("Câu 1: Ai được <b>tháo</b> khóa?", picture(alt="Tủ điện")), "A. Quản đốc", par(run("B. Người gắn", "b")), "Câu 2: Hở?", "A. x", "B. y")


@pytest.fixture()
def trainer(client: FlaskClient, db: Database) -> FlaskClient:
    with db.writing() as session:
        person = make_learner(session, roles=(Role.TRAINER,))
    sign_in(client, person)
    return client


def upload(client: FlaskClient, data: bytes, name: str = "de.docx", **given: str) -> tuple[int, str]:
    fields = {"lang": "vi", "bank": "de-thi", "format": "", **given, "file": (io.BytesIO(data), name)}
    answer = client.post("/content/import?lang=en", data=fields, content_type="multipart/form-data")
    return answer.status_code, answer.text


def test_only_those_who_see_the_content_check(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        learner = make_learner(session)
    assert client.get("/content/import").status_code == 302
    sign_in(client, learner)
    for path in ("/content/import", "/content/import/template.xlsx", "/content/banks", "/content/banks/export?bank=de-mau/cau-hoi&format=gift"):
        assert client.get(path).status_code == 403
    assert upload(client, WORD)[0] == 403


def test_an_upload_is_shown_and_can_be_taken_away(trainer: FlaskClient, sources: Path) -> None:
    before = sorted(path.read_bytes() for path in sources.rglob("*") if path.is_file())
    status, page = upload(trainer, WORD)
    assert status == 200
    assert "Ai được &lt;b&gt;tháo&lt;/b&gt; khóa?" in page
    assert 'src="data:image/png;base64,' in page
    assert "No right answer was found" in page
    address = re.search(r'download="de-thi.vi.zip" href="data:application/zip;base64,([^"]+)"', page)
    assert address is not None
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(address[1]))) as package:
        assert package.namelist() == ["de-thi.vi.md", "img/image1.png"]
        assert "- (x) Người gắn" in package.read("de-thi.vi.md").decode()
    assert before == sorted(path.read_bytes() for path in sources.rglob("*") if path.is_file())


def test_a_file_that_cannot_be_read_says_why(trainer: FlaskClient) -> None:
    for data, why in ((b"%PDF-1.7", "is a PDF"), (b"PK\x03\x04broken", "is not a whole zip file"), (b"", "is empty"), (b"hello", "in no format that is known")):
        status, page = upload(trainer, data)
        assert (status, why in page) == (422, True), page
    assert upload(trainer, WORD, bank="../x")[0] == 422


def test_banks_are_listed_and_downloaded_in_every_format(trainer: FlaskClient) -> None:
    page = trainer.get("/content/banks?lang=en").text
    assert "de-mau/cau-hoi" in page
    for form in ("moodle", "gift", "qti2", "qti3", "aiken", "xlsx", "markdown"):
        answer = trainer.get(f"/content/banks/export?bank=de-mau/cau-hoi&format={form}&lang=zh")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert answer.data
    assert "Aiken" in trainer.get("/content/banks/export?bank=de-mau/cau-hoi&format=aiken&report=1&lang=vi").text
    for wrong in ("bank=de-mau/x&format=gift", "bank=de-mau/cau-hoi&format=docx", "bank=../../etc&format=gift", "bank=de-mau/cau-hoi&format=gift&lang=fr"):
        assert trainer.get(f"/content/banks/export?{wrong}").status_code == 404
    assert trainer.get("/content/import/template.xlsx").data.startswith(b"PK")


def test_a_sealed_bank_is_refused(trainer: FlaskClient, sources: Path, clock: MovableClock) -> None:
    path = sources / "quizzes/de-mau/cau-hoi.vi.md"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("---\n", "---\nsealed_until: 2099-01-01T08:00\n", 1) if text.startswith("---") else f"---\nsealed_until: 2099-01-01T08:00\n---\n{text}",
        "utf-8",
    )
    assert trainer.get("/content/banks/export?bank=de-mau/cau-hoi&format=gift").status_code == 409
    assert trainer.get("/content/banks/export?bank=de-mau/cau-hoi&format=gift&report=1").status_code == 409
    assert "Sealed until" in trainer.get("/content/banks?lang=en").text
