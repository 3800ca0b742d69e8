"""The poll: asks for a publishing where a source stands elsewhere than when it was published last."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.clock import MovableClock
from lms.content.models import PublishJob
from lms.content.packages.compiler import SITE_ZONE
from lms.content.service.desk import ContentDesk
from lms.content.service.loading import load_catalogue
from lms.content.service.polling import SourcePoll
from lms.content.service.source_states import list_sources
from lms.content.service.sources import ContentSources
from lms.content.service.worker import PublishWorker
from lms.content.source.mirrors import Mirrors
from lms.platform.db import Database
from lms.settings import ContentSource
from tests.conftest import NOW
from tests.content.publishing.repositories import Remote, make_remote
from tests.content.trees import COURSE, FILES

EVERY = timedelta(seconds=300)


class Watched:
    """A site that polls one repository."""

    def __init__(self, db: Database, clock: MovableClock, tmp_path: Path, **given: object) -> None:
        self.db, self.clock = db, clock
        self.remote: Remote = make_remote(tmp_path / "kho.git")
        self.sources = ContentSources((ContentSource(at=self.remote.url, **given),), Mirrors(tmp_path / "clones", seconds=20))  # type: ignore[arg-type]
        self.poll = SourcePoll(db, self.sources)
        self.worker = PublishWorker(db, clock, ContentDesk(self.sources, SITE_ZONE))

    def look(self) -> tuple[int, int]:
        """What a tick does: how many sources had something new, how many wishes were done."""
        return self.poll.run(self.clock.now()), self.worker.run()


@pytest.fixture()
def watched(db: Database, clock: MovableClock, tmp_path: Path) -> Watched:
    return Watched(db, clock, tmp_path)


def test_what_is_new_is_published_and_nothing_else(watched: Watched) -> None:
    assert watched.look() == (1, 1)
    watched.remote.commit(FILES | {COURSE: FILES[COURSE].replace("bước đầu".encode(), "bước một".encode())})
    watched.clock.set(NOW + EVERY - timedelta(milliseconds=1))
    assert watched.look() == (0, 0), "just before its time"
    watched.clock.set(NOW + EVERY)
    assert watched.look() == (1, 1)
    watched.clock.set(NOW + 2 * EVERY)
    assert watched.look() == (0, 0)
    with watched.db.reading() as session:
        assert load_catalogue(session).courses["khoa-mau"].title["vi"].endswith("bước một")
        assert session.scalars(select(PublishJob.kind)).all() == ["poll", "poll"]


def test_a_repository_that_is_away_is_told_and_found_again(watched: Watched) -> None:
    watched.look()
    away = watched.remote.path.rename(watched.remote.path.with_name("weg"))
    watched.clock.move(seconds=300)
    assert watched.look() == (0, 0)
    with watched.db.reading() as session:
        found = list_sources(session)["kho"]
    assert (found.failing_since, found.rev) == (watched.clock.now(), watched.remote.commits[0])
    watched.clock.move(seconds=300)
    watched.look()
    with watched.db.reading() as session:
        assert list_sources(session)["kho"].failing_since == found.failing_since
    away.rename(watched.remote.path)
    watched.clock.move(seconds=300)
    assert watched.look() == (0, 0)
    with watched.db.reading() as session:
        assert list_sources(session)["kho"].failed is None


def test_a_source_without_a_poll_is_left_alone_and_a_folder_may_have_one(db: Database, clock: MovableClock, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert Watched(db, clock, tmp_path / "a", poll_s=0).look() == (0, 0)
    folder = tmp_path / "noi-dung"
    sources = ContentSources((ContentSource(at=str(folder), poll_s=60),), Mirrors(tmp_path / "clones"))
    assert SourcePoll(db, sources).run(NOW) == 0
    with db.reading() as session:
        assert "no content folder" in str(list_sources(session)["noi-dung"].failed)
    (folder / "schemes").mkdir(parents=True)
    (folder / "schemes" / "x.yml").write_bytes(b"id: x\n")
    assert SourcePoll(db, sources).run(NOW + timedelta(seconds=60)) == 1


def test_a_clock_that_was_set_back_does_not_stop_the_poll(watched: Watched) -> None:
    watched.look()
    watched.remote.commit(FILES | {"README.md": b"x"})
    watched.clock.set(NOW - timedelta(days=1))
    assert watched.look()[0] == 1
