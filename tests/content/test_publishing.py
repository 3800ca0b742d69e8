"""Publishing: what is sound goes on the site, what is broken stays as it was, and nothing published is ever lost."""

import json
import re

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from lms.clock import MovableClock
from lms.content.catalogue import Catalogue
from lms.content.models import ContentPackage, ItemRevision, Publication
from lms.content.service.loading import load_catalogue, load_items
from lms.content.service.publishing import PublishReport, find_current, publish
from lms.content.service.rollback import go_back
from lms.content.source.tree import ContentTree
from lms.errors import NotFound
from lms.platform.audit import AuditEvent
from lms.platform.db import Database
from tests.content.publishing.moments import NOW
from tests.content.trees import BANK, COURSE, FILES, LESSON, tree_with, with_files

SAMPLE = ContentTree(FILES, "rev1")
BROKEN_LESSON = tree_with((LESSON, "minutes: 1\n", ""))
BROKEN_BANK = tree_with((BANK, "- (x) Báo cho", "- ( ) Báo cho"))


def put(db: Database, tree: ContentTree) -> PublishReport:
    with db.writing() as session:
        return publish(session, tree, now=NOW)


def shown(db: Database) -> Catalogue:
    with db.reading() as session:
        return load_catalogue(session)


def test_a_broken_course_stays_away_and_the_rest_is_published(db: Database) -> None:
    report = put(db, BROKEN_LESSON)
    assert set(report.held) == {"courses/khoa-mau"}
    catalogue = shown(db)
    assert (set(catalogue.courses), set(catalogue.quizzes), set(catalogue.contests)) == (set(), {"de-mau"}, {"hoi-thi-mau"})
    assert set(catalogue.held) == {"courses/khoa-mau"}


def test_a_course_that_breaks_stays_as_it_was(db: Database) -> None:
    put(db, SAMPLE)
    before = shown(db).courses["khoa-mau"]
    report = put(db, BROKEN_LESSON)
    assert report.kept == ("courses/khoa-mau",)
    assert "stays as it was" in report.in_words()
    assert shown(db).courses["khoa-mau"] == before


def test_what_needs_a_broken_quiz_is_held_too(db: Database) -> None:
    report = put(db, BROKEN_BANK)
    assert set(report.held) == {"quizzes/de-mau", "courses/khoa-mau", "contests/hoi-thi-mau"}
    assert "needs quizzes/de-mau" in str(report.held["courses/khoa-mau"])
    assert "not on the site" in report.in_words()


def test_publishing_the_same_again_changes_nothing(db: Database) -> None:
    first, second = put(db, SAMPLE), put(db, ContentTree(FILES, "rev2"))
    assert (first.changed, second.changed) == (True, False)
    assert second.publication_id == first.publication_id
    assert set(second.unchanged) == set(first.added)
    assert shown(db).courses["khoa-mau"].source_rev == "rev1"
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 1


def test_a_change_updates_only_what_it_touches(db: Database) -> None:
    put(db, SAMPLE)
    report = put(db, tree_with((LESSON, "Máy đang sửa", "Một máy đang sửa")))
    assert (report.added, report.updated, report.removed) == ((), ("courses/khoa-mau",), ())


def test_a_typo_fix_keeps_the_key_and_a_new_key_shows(db: Database) -> None:
    def revision(tree: ContentTree) -> tuple[str, str, str]:
        put(db, tree)
        with db.reading() as session:
            items = load_items(session, [digest for draw in shown(db).quizzes["de-mau"].draws for digest in draw.pool])
        item = next(item for item in items.values() if item.id == "qaaaaaa3")
        return item.digest, item.presentation_digest, item.key_digest

    first = revision(SAMPLE)
    typo = revision(tree_with((BANK, "Tháo che chắn", "Tháo tấm che chắn")))
    flipped = revision(tree_with((BANK, "- (x) Báo cho", "- ( ) Báo cho"), (BANK, "- ( ) Tháo che chắn", "- (x) Tháo che chắn")))
    explained = revision(tree_with((BANK, "> Báo trước để", "> Phải báo trước để")))
    assert (typo[1] != first[1], typo[2] == first[2]) == (True, True)
    assert (flipped[1] == first[1], flipped[2] != first[2]) == (True, True)
    assert (explained[0] != first[0], explained[1:] == first[1:]) == (True, True)


def test_another_picture_is_another_presentation(db: Database) -> None:
    path = "quizzes/de-mau/img/khoa.svg"
    put(db, SAMPLE)
    put(db, with_files({path: FILES[path].replace(b"#c8102e", b"#005eb8")}))
    with db.reading() as session:
        rows = session.scalars(select(ItemRevision).filter_by(item_id="qaaaaaa2")).all()
    assert len({row.presentation_digest for row in rows}) == 2
    assert len({re.findall(r"/content/blob/[0-9a-f]{64}", row.body)[0] for row in rows}) == 2
    assert len({row.key_digest for row in rows}) == 1


def test_old_revisions_stay_readable(db: Database) -> None:
    put(db, SAMPLE)
    old = shown(db).quizzes["de-mau"].draws[0].pool
    put(db, tree_with((BANK, "Tháo che chắn", "Tháo tấm che chắn")))
    assert shown(db).quizzes["de-mau"].draws[0].pool != old
    with db.reading() as session:
        assert len(load_items(session, old)) == 4
        with pytest.raises(NotFound):
            load_items(session, ["0" * 64])


def test_a_package_that_left_the_tree_leaves_the_site(db: Database) -> None:
    put(db, SAMPLE)
    report = put(db, ContentTree({path: data for path, data in FILES.items() if not path.startswith("contests/")}, "rev2"))
    assert report.removed == ("contests/hoi-thi-mau",)
    assert shown(db).contests == {}


def test_going_back_switches_the_pointer(db: Database, clock: MovableClock) -> None:
    first = put(db, SAMPLE)
    put(db, tree_with((COURSE, "bước đầu", "bước một")))
    with db.writing() as session:
        go_back(session, publication_id=first.publication_id, now=clock.now(), actor_id=None)
    assert shown(db).courses["khoa-mau"].title["vi"] == "Khóa, treo thẻ: bước đầu"
    with db.reading() as session:
        current = find_current(session)
        assert current is not None
        assert current.id == first.publication_id
        assert session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all() == ["content.publish", "content.publish", "content.go_back"]
    with pytest.raises(NotFound), db.writing() as session:
        go_back(session, publication_id=99, now=clock.now(), actor_id=None)


def test_what_was_published_cannot_be_changed_or_deleted(db: Database) -> None:
    put(db, SAMPLE)
    for statement in ("UPDATE item_revision SET body = ''", "DELETE FROM content_package", "DELETE FROM content_blob", "UPDATE publication SET digest = ''"):
        with pytest.raises(DatabaseError), db.writing() as session:
            session.execute(text(statement))


def test_the_same_content_has_the_same_digests_everywhere(db: Database) -> None:
    report = put(db, SAMPLE)
    shuffled = ContentTree(dict(reversed(list(FILES.items()))), "rev9")
    assert put(db, shuffled).digest == report.digest
    with db.reading() as session:
        body = json.loads(session.scalars(select(ContentPackage.body).filter_by(kind="courses")).one())
    assert body["source_rev"] == ""
