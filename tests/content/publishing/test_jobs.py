"""Wishes to publish: made once, done one after the other, taken up again when their process died."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.clock import MovableClock
from lms.content.models import Publication, PublishJob
from lms.content.packages.compiler import SITE_ZONE
from lms.content.service.desk import ContentDesk
from lms.content.service.jobs import LEASE, Lost, advance, ask_publishing, claim_next, find_latest, finish, get_job, is_over, message_of
from lms.content.service.loading import load_catalogue
from lms.content.service.source_states import list_sources
from lms.content.service.sources import ContentSources
from lms.content.service.worker import PublishWorker
from lms.content.source.mirrors import Mirrors
from lms.content.source.tree import ContentTree
from lms.errors import NotFound
from lms.platform.db import Database
from lms.settings import ContentSource
from tests.conftest import NOW
from tests.content.publishing.repositories import Remote, make_remote
from tests.content.trees import BANK, COURSE, FILES

LATER = NOW + LEASE + timedelta(milliseconds=1)


def ask(db: Database, *, source: str = "", rev: str = "") -> int:
    with db.writing() as session:
        return ask_publishing(session, kind="button", now=NOW, source=source, rev=rev).id


def job_of(db: Database, job_id: int) -> PublishJob:
    with db.reading() as session:
        return get_job(session, job_id)


def claim(db: Database, now: datetime = NOW, name: str = "a") -> int | None:
    with db.writing() as session:
        job = claim_next(session, claim=name, now=now)
        return job.id if job else None


@pytest.fixture()
def remote(tmp_path: Path) -> Remote:
    return make_remote(tmp_path / "kho.git")


@pytest.fixture()
def make_worker(db: Database, tmp_path: Path, clock: MovableClock) -> Callable[..., PublishWorker]:
    """A worker for these sources; as many as one likes, each as if in a process of its own."""

    def made(*sources: ContentSource, beat_s: float = 60) -> PublishWorker:
        return PublishWorker(db, clock, ContentDesk(ContentSources(sources, Mirrors(tmp_path / "clones", seconds=20)), SITE_ZONE), beat_s)

    return made


def source(remote: Remote, **given: object) -> ContentSource:
    return ContentSource(at=remote.url, **given)  # type: ignore[arg-type]


def test_a_wish_that_waits_is_not_made_twice_but_one_that_runs_is(db: Database) -> None:
    first = ask(db)
    assert ask(db) == first
    others = [ask(db, rev="nhap"), ask(db, source="kho")]
    assert len({first, *others}) == 3
    assert claim(db) == first
    second = ask(db)
    assert second != first
    assert claim(db) is None, "one at a time"
    with db.writing() as session:
        finish(session, job_id=first, claim="a", state="done", said=[], now=NOW)
    assert is_over(job_of(db, first))
    assert claim(db) == others[0]


def test_a_job_whose_process_died_is_taken_up_three_times_and_then_marked(db: Database) -> None:
    job_id = ask(db)
    for n in range(3):
        assert claim(db, NOW + n * (LATER - NOW), name=str(n)) == job_id
        assert claim(db, NOW + n * (LATER - NOW) + LEASE) is None, "the last moment of the lease"
    assert claim(db, NOW + 3 * (LATER - NOW)) is None
    lost = job_of(db, job_id)
    assert (lost.state, lost.tries, lost.ended_at) == ("failed", 3, NOW + 3 * (LATER - NOW))
    assert [str(said) for said in message_of(lost)] == ["It was interrupted 3 times."]


def test_a_lost_job_whose_wish_waits_again_gives_way(db: Database) -> None:
    first = ask(db)
    claim(db)
    second = ask(db)
    assert claim(db, LATER) == second
    assert f"publishing {second} does the same" in str(message_of(job_of(db, first))[0])


def test_who_was_silent_for_too_long_stores_nothing(db: Database) -> None:
    job_id = ask(db)
    claim(db, name="slow")
    assert claim(db, LATER, name="other") == job_id
    with pytest.raises(Lost), db.writing() as session:
        advance(session, job_id=job_id, claim="slow", state="storing", now=LATER)
    with pytest.raises(Lost), db.writing() as session:
        finish(session, job_id=job_id, claim="slow", state="done", said=[], now=LATER)
    with db.writing() as session:
        advance(session, job_id=job_id, claim="other", state="checking", now=LATER)
    assert job_of(db, job_id).state == "checking"


def test_the_database_lets_only_one_job_run(db: Database) -> None:
    first, second = ask(db), ask(db, rev="x")
    with pytest.raises(IntegrityError), db.writing() as session:
        session.execute(update(PublishJob).where(PublishJob.id.in_([first, second])).values(state="fetching"))


def test_there_is_no_unknown_job(db: Database) -> None:
    with db.reading() as session:
        assert find_latest(session) is None
        with pytest.raises(NotFound):
            get_job(session, 1)


def test_a_wish_is_fetched_checked_stored_and_told(db: Database, remote: Remote, make_worker: Callable[..., PublishWorker]) -> None:
    job_id = ask(db)
    assert make_worker(source(remote)).run() == 1
    job = job_of(db, job_id)
    assert (job.state, job.ended_at, job.publication_id) == ("done", NOW, 1)
    assert "added" in str(message_of(job)[0])
    with db.reading() as session:
        found = list_sources(session)["kho"]
        assert load_catalogue(session).courses["khoa-mau"].source_rev == remote.commits[0]
    assert (found.rev, found.failed) == (remote.commits[0], None)
    assert make_worker(source(remote)).run() == 0


def test_a_branch_or_commit_may_be_published(db: Database, remote: Remote, make_worker: Callable[..., PublishWorker]) -> None:
    remote.commit(FILES | {COURSE: FILES[COURSE].replace("bước đầu".encode(), "bước một".encode())}, branch="nhap")
    job_id, unknown = ask(db, rev="nhap"), ask(db, rev="khong-co")
    assert make_worker(source(remote)).run() == 2
    assert job_of(db, job_id).state == "done"
    assert "no commit khong-co" in str(message_of(job_of(db, unknown))[0])
    with db.reading() as session:
        assert load_catalogue(session).courses["khoa-mau"].title["vi"].endswith("bước một")
        assert list_sources(session)["kho"].rev == "", "the poll still finds that the branch of the source stands elsewhere"


def test_a_repository_that_vanished_leaves_the_site_as_it_was(db: Database, remote: Remote, make_worker: Callable[..., PublishWorker]) -> None:
    ask(db)
    make_worker(source(remote)).run()
    remote.path.rename(remote.path.with_name("weg"))
    job_id = ask(db)
    make_worker(source(remote)).run()
    job = job_of(db, job_id)
    assert (job.state, job.publication_id) == ("failed", None)
    assert "The site stays as it was" in str(message_of(job)[0])
    with db.reading() as session:
        assert set(load_catalogue(session).courses) == {"khoa-mau"}
        assert "no repository" in str(list_sources(session)["kho"].failed)
        assert list_sources(session)["kho"].failing_since == NOW


def test_of_two_sources_one_may_be_away(db: Database, remote: Remote, make_worker: Callable[..., PublishWorker], tmp_path: Path) -> None:
    other = make_remote(tmp_path / "hai.git", {"schemes/hai.yml": FILES["schemes/vn-nd44-nhom-4.yml"].replace(b"id: vn-nd44-nhom-4", b"id: hai")})
    worker = make_worker(source(remote), source(other))
    ask(db)
    worker.run()
    other.path.rename(tmp_path / "weg")
    remote.commit(FILES | {COURSE: FILES[COURSE].replace("bước đầu".encode(), "bước một".encode())})
    job_id, asked_for = ask(db), ask(db, source="hai")
    worker.run()
    said = [str(one) for one in message_of(job_of(db, job_id))]
    assert job_of(db, job_id).state == "done"
    assert said[0].startswith("hai: There is no repository")
    assert job_of(db, asked_for).state == "failed"
    with db.reading() as session:
        catalogue = load_catalogue(session)
        assert list_sources(session)["hai"].failed is not None
    assert "hai" in catalogue.schemes
    assert catalogue.courses["khoa-mau"].title["vi"].endswith("bước một")
    (tmp_path / "weg").rename(other.path)
    ask(db, source="hai")
    worker.run()
    with db.reading() as session:
        assert (list_sources(session)["hai"].failed, list_sources(session)["hai"].failing_since) == (None, None)


def test_a_source_that_was_never_fetched_holds_everything_back(db: Database, make_worker: Callable[..., PublishWorker], tmp_path: Path, remote: Remote) -> None:
    job_id = ask(db)
    make_worker(source(remote), ContentSource(at=f"file://{tmp_path}/none.git")).run()
    assert "none has not been fetched yet" in str(message_of(job_of(db, job_id))[0])
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 0


def test_a_source_is_known_by_its_name(make_worker: Callable[..., PublishWorker], remote: Remote, db: Database) -> None:
    sources = make_worker(source(remote)).desk.sources
    assert sources.get("kho").at == remote.url
    with pytest.raises(NotFound):
        sources.read("main", "none")
    job_id = ask(db, rev="main", source="none")
    make_worker(source(remote)).run()
    assert "no content source none" in str(message_of(job_of(db, job_id))[0])


def test_a_fault_of_the_program_ends_the_job(db: Database, make_worker: Callable[..., PublishWorker]) -> None:
    job_id = ask(db)
    worker = make_worker()
    broken = PublishWorker(worker.db, worker.clock, None)  # type: ignore[arg-type]
    broken.run()
    assert "fault of the program" in str(message_of(job_of(db, job_id))[0])


def test_two_workers_at_once_do_each_wish_once(db: Database, remote: Remote, make_worker: Callable[..., PublishWorker]) -> None:
    workers = [make_worker(source(remote)) for _ in range(2)]
    asked = [ask(db), ask(db, source="kho")]
    done: list[int] = []
    threads = [threading.Thread(target=lambda worker=worker: done.append(worker.run())) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    workers[0].run()
    assert [job_of(db, job_id).state for job_id in asked] == ["done", "done"]
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 1
        assert session.scalar(select(func.sum(PublishJob.tries))) == 2


def test_a_running_job_says_that_it_is_alive(db: Database, clock: MovableClock, make_worker: Callable[..., PublishWorker]) -> None:
    job_id = ask(db)
    claim(db, name="me")
    job = job_of(db, job_id)
    clock.set(NOW + LEASE)
    worker = make_worker(beat_s=0.005)
    with worker._alive(job):
        until = time.monotonic() + 10
        while job_of(db, job_id).lease_until != NOW + 2 * LEASE and time.monotonic() < until:
            time.sleep(0.005)
    assert job_of(db, job_id).lease_until == NOW + 2 * LEASE
    with db.writing() as session:
        finish(session, job_id=job_id, claim="me", state="done", said=[], now=NOW)
    with worker._alive(job):
        time.sleep(0.02)


def test_who_was_so_slow_that_another_took_over_changes_nothing(db: Database, remote: Remote, clock: MovableClock, tmp_path: Path) -> None:
    class Slow(ContentSources):
        """Reads so long that its lease runs out and another process takes the wish."""

        def read(self, rev: str = "", only: str = "") -> ContentTree:
            tree = super().read(rev, only)
            clock.set(LATER)
            assert claim(db, LATER, name="other") == job_id
            return tree

    job_id = ask(db)
    desk = ContentDesk(Slow((source(remote),), Mirrors(tmp_path / "clones", seconds=20)), SITE_ZONE)
    assert PublishWorker(db, clock, desk, 60).run() == 1
    job = job_of(db, job_id)
    assert (job.claim, job.state, is_over(job)) == ("other", "fetching", False)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 0


def test_a_revision_that_no_source_knows_is_said_of_the_one_or_of_all(remote: Remote, tmp_path: Path) -> None:
    mirrors = Mirrors(tmp_path / "clones", seconds=20)
    one, two = source(remote), source(remote, name="hai")
    ContentSources((one, two), mirrors).fetch(tell=lambda _name, _failed: None)
    assert ContentSources((one, two), mirrors).read("HEAD").files == ContentSources((one,), mirrors).read().files
    for sources in ((one,), (one, two)):
        with pytest.raises(NotFound, match="There is no commit nowhere"):
            ContentSources(sources, mirrors).read("nowhere")
    with pytest.raises(NotFound, match="~x names no commit"):
        ContentSources((one,), mirrors).read("HEAD~x")


def test_kill_9_in_the_middle_and_the_next_tick_finishes_it(
    db: Database, database_url: str, remote: Remote, make_worker: Callable[..., PublishWorker], clock: MovableClock, tmp_path: Path
) -> None:
    job_id = ask(db)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/kho.git"
        child = subprocess.Popen([sys.executable, "-m", "tests.content.publishing.dying", database_url, str(tmp_path), address, NOW.isoformat()])
        call, _ = silent.accept()
        assert job_of(db, job_id).state == "fetching"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        call.close()
    worker = make_worker(source(remote))
    assert worker.run() == 0, "its lease is not over yet"
    clock.set(LATER)
    assert worker.run() == 1
    job = job_of(db, job_id)
    assert (job.state, job.tries) == ("done", 2)
    with db.reading() as session:
        assert BANK.split("/")[1] in load_catalogue(session).quizzes


def test_who_is_slower_by_a_moment_leaves_the_wish_where_it_is(db: Database, make_worker: Callable[..., PublishWorker]) -> None:
    ask(db)

    def faster(session: Session, *_rest: object) -> None:
        mine = next((one for one in session.dirty if isinstance(one, PublishJob)), None)
        if mine is not None:
            values = {column.name: getattr(mine, column.key) for column in PublishJob.__table__.columns if column.name != "id"}
            session.connection().execute(insert(PublishJob.__table__), values | {"source": "kho", "claim": "other"})  # type: ignore[arg-type]

    event.listen(Session, "before_flush", faster)
    try:
        assert make_worker().run() == 0
    finally:
        event.remove(Session, "before_flush", faster)
    with db.reading() as session:
        assert session.scalars(select(PublishJob.state)).all() == ["queued"]
