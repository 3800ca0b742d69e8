"""Going back is one step; what is frozen stays as it is."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from lms.content.catalogue import Catalogue, Contest
from lms.content.freezing import KEY, FrozenByAll
from lms.content.service.history import get_past
from lms.content.service.loading import load_catalogue
from lms.content.service.publishing import publish
from lms.content.service.rollback import find_previous, go_back
from lms.content.source.tree import ContentTree
from lms.errors import Conflict, NotFound
from lms.platform.db import Database
from tests.content.publishing.moments import NOW
from tests.content.trees import BANK, COURSE, FILES

UNTIL = NOW + timedelta(days=7)
TYPO = {BANK: FILES[BANK].replace("Tháo che chắn".encode(), "Tháo tấm che chắn".encode())}
TITLE = {COURSE: FILES[COURSE].replace("bước đầu".encode(), "bước một".encode())}


class Quizzes:
    """Keeps the quiz as it is."""

    def frozen(self, session: Session, contests: Iterable[Contest], now: datetime) -> Mapping[str, datetime]:  # noqa: ARG002
        """The quiz, and one that is not there."""
        return {"quizzes/de-mau": UNTIL, "quizzes/none": UNTIL}


def put(db: Database, files: Mapping[str, bytes]) -> int:
    with db.writing() as session:
        return publish(session, ContentTree(FILES | dict(files), "x"), now=NOW).publication_id


def back(db: Database, to: int, *, frozen: bool = False) -> int:
    with db.writing() as session:
        session.info = dict(session.info) | {KEY: FrozenByAll((Quizzes(),) if frozen else ())}
        return go_back(session, publication_id=to, now=NOW, actor_id=None).id


def shown(db: Database) -> Catalogue:
    with db.reading() as session:
        return load_catalogue(session)


def test_what_is_frozen_stays_and_the_rest_goes_back(db: Database) -> None:
    first = put(db, {})
    before = shown(db)
    put(db, TYPO | TITLE)
    now = shown(db)
    mixed = back(db, first, frozen=True)
    after = shown(db)
    assert mixed != first
    assert after.publication_id == mixed
    assert after.quizzes["de-mau"].digest == now.quizzes["de-mau"].digest != before.quizzes["de-mau"].digest
    assert after.courses["khoa-mau"].digest == before.courses["khoa-mau"].digest
    assert after.held["quizzes/de-mau"].params == {"until": UNTIL}
    with db.reading() as session:
        assert get_past(session, mixed).back_to == first
    assert back(db, first) == first
    assert shown(db).quizzes["de-mau"].digest == before.quizzes["de-mau"].digest


def test_going_back_where_only_what_is_frozen_differs_is_refused(db: Database) -> None:
    first = put(db, {})
    second = put(db, {"quizzes/khac/rieng.vi.md": "## Vì sao? {#qzzzzzz3}\n\n- (x) a\n- ( ) b\n".encode(), **_other_quiz()})
    back(db, first)
    third = put(db, TYPO)
    assert second != third
    with db.writing() as session:
        session.info = dict(session.info) | {KEY: FrozenByAll((AllKept(),))}
        with pytest.raises(Conflict, match="nothing else differs"):
            go_back(session, publication_id=first, now=NOW, actor_id=None)


class AllKept:
    """Keeps every package of the sample as it is."""

    def frozen(self, session: Session, contests: Iterable[Contest], now: datetime) -> Mapping[str, datetime]:  # noqa: ARG002
        """All that draws from the quiz."""
        return dict.fromkeys(("quizzes/de-mau", "contests/hoi-thi-mau", "courses/khoa-mau"), UNTIL)


def _other_quiz() -> dict[str, bytes]:
    settings = FILES["quizzes/de-mau/quiz.yml"].replace(b"id: de-mau", b"id: khac").split(b"draw:")[0]
    return {"quizzes/khac/quiz.yml": settings + b"draw:\n  - from: rieng\n    pick: 1\nreview: never\n"}


def test_what_is_shown_already_or_never_was_is_refused(db: Database) -> None:
    with db.reading() as session:
        assert find_previous(session) is None
    first = put(db, {})
    with db.reading() as session:
        assert find_previous(session) is None
    with pytest.raises(Conflict, match="already"):
        back(db, first)
    with pytest.raises(NotFound):
        back(db, 99)
    second = put(db, TITLE)
    with db.reading() as session:
        assert find_previous(session) == first
    back(db, first)
    assert put(db, TITLE) > second, "publishing again is a new publication, and what was shown between stays in the list"
