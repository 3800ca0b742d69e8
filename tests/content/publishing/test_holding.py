"""What is held back, what needs it, what is frozen, what a kept package still needs; each chain by itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from lms.content.catalogue import Catalogue, Contest
from lms.content.freezing import KEY, FrozenByAll
from lms.content.needs import needs_of
from lms.content.service.loading import load_catalogue
from lms.content.service.publishing import PublishReport, publish
from lms.content.source.tree import ContentTree
from lms.platform.db import Database
from lms.platform.phrases import from_stored, to_stored
from lms.platform.rules import phrase
from tests.content.publishing.moments import NOW
from tests.content.trees import BANK, CONTEST, COURSE, FILES, LESSON, QUIZ, SCHEME

UNTIL = NOW + timedelta(days=7)
TYPO = {BANK: FILES[BANK].replace("Tháo che chắn".encode(), "Tháo tấm che chắn".encode())}
ALL = {"courses/khoa-mau", "quizzes/de-mau", "contests/hoi-thi-mau"}


class Room:
    """A room that keeps some packages as they are."""

    def __init__(self, *names: str, until: datetime = UNTIL) -> None:
        self.names, self.until = names, until

    def frozen(self, session: Session, contests: Iterable[Contest], now: datetime) -> Mapping[str, datetime]:  # noqa: ARG002
        """All of them."""
        return dict.fromkeys(self.names, self.until)


def put(db: Database, files: Mapping[str, bytes], *rooms: Room) -> PublishReport:
    with db.writing() as session:
        session.info = dict(session.info) | {KEY: FrozenByAll(rooms)}
        return publish(session, ContentTree(dict(files), "x"), now=NOW)


def shown(db: Database) -> Catalogue:
    with db.reading() as session:
        return load_catalogue(session)


def without(prefix: str) -> dict[str, bytes]:
    return {path: data for path, data in FILES.items() if not path.startswith(prefix)}


@pytest.mark.parametrize(
    ("broken", "held"),
    [
        pytest.param(SCHEME, {"schemes/vn-nd44-nhom-4", "courses/khoa-mau"}, id="scheme <- course"),
        pytest.param(QUIZ, ALL, id="quiz <- course, quiz <- contest"),
        pytest.param(BANK, ALL, id="bank <- course, bank <- contest"),
        pytest.param(COURSE, {"courses/khoa-mau"}, id="course"),
        pytest.param(LESSON, {"courses/khoa-mau"}, id="lesson"),
        pytest.param(CONTEST, {"contests/hoi-thi-mau"}, id="contest"),
    ],
)
def test_what_needs_a_broken_package_stays_as_it_was(db: Database, broken: str, held: set[str]) -> None:
    put(db, FILES)
    before = shown(db)
    spoilt = FILES[broken] + b"\nx x\n" if broken.endswith(".yml") else FILES[broken] + "\n## Câu hỏi? {#qzzzzzz2}\n\n- ( ) a\n- ( ) b\n".encode()
    report = put(db, FILES | TYPO | {broken: spoilt if broken != BANK else TYPO[BANK] + spoilt[len(FILES[BANK]) :]})
    assert set(report.held) == held
    assert set(report.kept) == held
    after = shown(db)
    for name in held:
        kind, _, slug = name.partition("/")
        assert getattr(after, kind)[slug].digest == getattr(before, kind)[slug].digest
    assert set(after.held) == held


def test_a_frozen_package_does_not_change_and_says_until_when(db: Database) -> None:
    put(db, FILES)
    before = shown(db).quizzes["de-mau"].digest
    report = put(db, FILES | TYPO, Room("quizzes/de-mau", "contests/none"), Room("quizzes/de-mau", until=UNTIL - timedelta(days=1)))
    assert set(report.held) == ALL
    assert shown(db).quizzes["de-mau"].digest == before
    assert shown(db).held["quizzes/de-mau"].params == {"until": UNTIL}
    assert "which stays as it was" in str(shown(db).held["courses/khoa-mau"])
    assert put(db, FILES | TYPO).held == {}
    assert shown(db).quizzes["de-mau"].digest != before


def test_what_is_frozen_and_the_same_is_not_held(db: Database) -> None:
    put(db, FILES)
    other = FILES | {LESSON: FILES[LESSON].replace("Máy đang sửa".encode(), "Một máy đang sửa".encode())}
    report = put(db, other, Room("quizzes/de-mau", "contests/hoi-thi-mau"))
    assert (report.held, report.updated) == ({}, ("courses/khoa-mau",))


def test_a_frozen_package_does_not_leave_and_takes_what_it_needs_along(db: Database) -> None:
    put(db, FILES)
    report = put(db, {path: data for path, data in FILES.items() if path.startswith("schemes/")}, Room("contests/hoi-thi-mau"))
    assert set(report.held) == {"contests/hoi-thi-mau", "quizzes/de-mau"}
    assert "still needs it" in str(report.held["quizzes/de-mau"])
    assert report.removed == ("courses/khoa-mau",)
    assert set(shown(db).quizzes) == {"de-mau"}


def test_a_frozen_package_with_errors_says_its_errors(db: Database) -> None:
    put(db, FILES)
    report = put(db, FILES | {CONTEST: FILES[CONTEST] + b"topik: x\n"}, Room("contests/hoi-thi-mau"))
    assert "Errors: 1" in str(report.held["contests/hoi-thi-mau"])


@pytest.mark.parametrize(
    ("gone", "stays"),
    [
        pytest.param("quizzes/", {"quizzes/de-mau", "courses/khoa-mau", "contests/hoi-thi-mau"}, id="quiz"),
        pytest.param("schemes/vn-nd44-nhom-4", {"schemes/vn-nd44-nhom-4", "courses/khoa-mau"}, id="scheme"),
    ],
)
def test_what_left_stays_while_a_package_that_names_it_is_held(db: Database, gone: str, stays: set[str]) -> None:
    put(db, FILES)
    report = put(db, without(gone))
    assert set(report.held) == stays
    assert report.removed == ()


def test_what_is_held_and_never_was_there_needs_nothing(db: Database) -> None:
    report = put(db, without("quizzes/"))
    assert set(report.held) == {"courses/khoa-mau", "contests/hoi-thi-mau"}
    assert shown(db).courses == {}


def test_needs_are_read_from_what_was_published(db: Database) -> None:
    put(db, FILES | {"quizzes/khac/quiz.yml": FILES[QUIZ].replace(b"id: de-mau", b"id: khac").replace(b"from: cau-hoi", b"from: de-mau/cau-hoi")})
    catalogue = shown(db)
    assert needs_of(catalogue.courses["khoa-mau"]) == {"quizzes/de-mau", *(f"schemes/{slug}" for slug in catalogue.courses["khoa-mau"].schemes)}
    assert needs_of(catalogue.quizzes["khac"]) == {"quizzes/de-mau"}
    assert needs_of(catalogue.quizzes["de-mau"]) == frozenset()
    assert needs_of(catalogue.contests["hoi-thi-mau"]) == {"quizzes/de-mau"}
    assert needs_of(next(iter(catalogue.schemes.values()))) == frozenset()


def test_a_phrase_is_stored_with_what_is_in_it() -> None:
    said = phrase("%(why)s %(names)s %(n)s %(until)s", why=phrase("It is frozen until %(until)s.", until=UNTIL), names=["a", "b"], n=2, until=UNTIL)
    assert from_stored(to_stored(said)) == said
    assert to_stored(FILES.keys) == str(FILES.keys)
