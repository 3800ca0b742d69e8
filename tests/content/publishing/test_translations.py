"""Translations that are older than their source are known, told, and may be confirmed."""

import pytest
from sqlalchemy import func, select

from lms.content.catalogue import Catalogue
from lms.content.models import Publication, Translation
from lms.content.service.loading import load_catalogue
from lms.content.service.publishing import PublishReport, publish
from lms.content.service.staleness import confirm_translation
from lms.content.source.tree import ContentTree
from lms.content.subjects import is_stale, stale_langs
from lms.errors import NotFound
from lms.platform.db import Database
from tests.content.publishing.moments import NOW
from tests.content.trees import BANK, BANK_ZH, FILES, LESSON, LESSON_ZH, QUIZ

ID = "qaaaaaa3"
LESSON_SUBJECT = "lesson:khoa-mau/10-mo-dau"
NEW_SOURCE = {BANK: FILES[BANK].replace("Tháo che chắn".encode(), "Tháo tấm che chắn".encode())}


def put(db: Database, changed: dict[str, bytes]) -> PublishReport:
    with db.writing() as session:
        return publish(session, ContentTree(FILES | changed, "x"), now=NOW)


def shown(db: Database) -> Catalogue:
    with db.reading() as session:
        return load_catalogue(session)


def zh_item() -> bytes:
    """The Chinese bank with one word of the item changed."""
    lines = FILES[BANK_ZH].decode().split("\n")
    at = next(number for number, line in enumerate(lines) if f"#{ID}" in line)
    first = next(number for number, line in enumerate(lines) if number > at and line.startswith("- ("))
    lines[first] += "了"
    return "\n".join(lines).encode()


def test_what_is_published_first_is_up_to_date(db: Database) -> None:
    report = put(db, {})
    assert (report.stale, shown(db).stale) == (0, {})


def test_a_new_source_makes_its_translations_stale_until_each_changes(db: Database) -> None:
    put(db, {})
    report = put(db, NEW_SOURCE)
    assert report.stale == 2
    assert "older than their source: 2" in report.in_words()
    warning = next(problem for problem in report.problems if problem.code == "translation-stale" and problem.file == BANK_ZH)
    assert (warning.severity, warning.line) == ("warning", FILES[BANK_ZH].decode().split(f"#{ID}")[0].count("\n") + 1)
    catalogue = shown(db)
    assert catalogue.stale == {f"item:{ID}": ("en", "zh")}
    assert is_stale(catalogue, f"item:{ID}", "zh")
    assert not is_stale(catalogue, f"item:{ID}", "vi")
    assert stale_langs(catalogue, [ID, "qaaaaaa2"]) == {"en", "zh"}
    assert put(db, NEW_SOURCE).changed is False
    assert shown(db).stale == {f"item:{ID}": ("en", "zh")}
    assert put(db, NEW_SOURCE | {BANK_ZH: zh_item()}).stale == 1
    assert shown(db).stale == {f"item:{ID}": ("en",)}


def test_a_source_that_goes_back_is_translated_again(db: Database) -> None:
    put(db, {})
    put(db, NEW_SOURCE)
    assert put(db, {}).stale == 0
    assert stale_langs(shown(db), [ID]) == frozenset()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("difficulty=1", "difficulty=2", id="an attribute"),
        pytest.param("Tháo che chắn", "**Tháo** che chắn", id="markup"),
    ],
)
def test_only_words_count(db: Database, old: str, new: str) -> None:
    put(db, {})
    report = put(
        db, {BANK: FILES[BANK].replace(old.encode(), new.encode()), QUIZ: FILES[QUIZ].replace(b"    difficulty: 1\n", b"").replace(b"    difficulty: 2\n", b"")}
    )
    assert not report.held
    assert report.stale == 0


def test_a_lesson_has_a_state_of_its_own_and_its_self_checks_have_theirs(db: Database) -> None:
    put(db, {})
    put(db, {LESSON: FILES[LESSON].replace("Máy đang sửa".encode(), "Một máy đang sửa".encode())})
    assert shown(db).stale == {LESSON_SUBJECT: ("en", "zh")}
    item = FILES[LESSON].decode().split("- (x) ")[1].split("\n")[0]
    put(db, {LESSON: FILES[LESSON].replace(f"- (x) {item}".encode(), f"- (x) {item} ngay".encode())})
    assert [subject.partition(":")[0] for subject in shown(db).stale] == ["item"]


def test_a_held_package_keeps_its_state(db: Database) -> None:
    put(db, {})
    put(db, NEW_SOURCE)
    put(db, NEW_SOURCE | {BANK_ZH: zh_item(), QUIZ: FILES[QUIZ] + b"topik: x\n"})
    assert shown(db).stale == {f"item:{ID}": ("en", "zh")}


def test_what_left_the_site_is_no_longer_stale(db: Database) -> None:
    put(db, {})
    put(db, {LESSON_ZH: FILES[LESSON_ZH], LESSON: FILES[LESSON].replace("Máy đang sửa".encode(), "Một máy đang sửa".encode())})
    with db.writing() as session:
        report = publish(session, ContentTree({path: data for path, data in FILES.items() if not path.startswith("courses/")}, "x"), now=NOW)
    assert report.stale == 0


def test_a_person_says_that_a_translation_still_is_right(db: Database) -> None:
    put(db, {})
    put(db, NEW_SOURCE)
    with db.writing() as session:
        confirm_translation(session, subject=f"item:{ID}", lang="zh", now=NOW, actor_id=None)
    assert put(db, NEW_SOURCE).changed is True
    assert shown(db).stale == {f"item:{ID}": ("en",)}
    for subject, lang in ((f"item:{ID}", "zh"), ("item:none", "zh")):
        with pytest.raises(NotFound), db.writing() as session:
            confirm_translation(session, subject=subject, lang=lang, now=NOW, actor_id=None)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 3
        assert session.scalar(select(func.count()).select_from(Translation).where(Translation.lang == "vi")) == 0
