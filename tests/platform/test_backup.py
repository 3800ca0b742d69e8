"""Backup and restore: every row and file comes back, on either database; what is damaged or in the way is refused untouched."""

import gzip
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from lms.app import create_app
from lms.content.service.publishing import publish_sources
from lms.errors import Conflict, Invalid
from lms.people.models import Person, Unit
from lms.platform import migrate
from lms.platform.audit import record
from lms.platform.backup import MANIFEST, tables_of, write_backup
from lms.platform.db import Database
from lms.platform.keys import make_keys
from lms.platform.restore import read_backup
from lms.settings import load_settings
from tests.conftest import KEYS, NOW
from tests.make import PIN, make_learner, make_unit, sign_in
from tests.platform.test_migrations import bare

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture()
def filled(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A migrated database with units (a child made before its parent), people, content, a trail; and files beside it."""
    db = Database(database_url)
    _fill(db, tmp_path)
    yield db
    db.dispose()


def _fill(db: Database, instance: Path) -> None:
    with db.writing() as session:
        child = make_unit(session, name="Tổ 焊接 'A'")
        parent = make_unit(session)
        child.parent_id, child.path = parent.id, f"{parent.path}{child.id}/"
        person = make_learner(session, unit=child, full_name='Nguyễn "Ưởng"\n囧', birth_on=date(1990, 2, 28))
        record(session, now=NOW, actor_id=person.id, action="x", subject_kind="person", subject_id=person.id)
        publish_sources(session, load_settings(instance, {}).sources, now=NOW, actor_id=person.id)


@pytest.fixture()
def files(tmp_path: Path) -> Path:
    """A folder of kept files."""
    return _keep_files(tmp_path / "instance" / "files")


def _keep_files(folder: Path) -> Path:
    (folder / "2026" / "kỳ thi").mkdir(parents=True)
    (folder / "2026" / "kỳ thi" / "giấy.pdf").write_bytes(bytes(range(256)) * 40)
    (folder / "empty").write_bytes(b"")
    make_keys(folder.parent)
    return folder


@pytest.fixture(scope="session")
def made_once(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backup of such a SQLite database and such files, for all tests that only read it."""
    folder = tmp_path_factory.mktemp("backup")
    shutil.copy(empty_sqlite, folder / "vean.db")
    db = Database(f"sqlite:///{folder / 'vean.db'}")
    _fill(db, folder)
    write_backup(db, files=_keep_files(folder / "instance" / "files"), target=folder / "backup.tar.gz", now=NOW)
    db.dispose()
    return folder / "backup.tar.gz"


@pytest.fixture()
def copied(made_once: Path, tmp_path: Path) -> Path:
    """A copy of that backup, to be spoilt."""
    return Path(shutil.copy2(made_once, tmp_path / "backup.tar.gz"))


@pytest.fixture()
def backup(filled: Database, files: Path, tmp_path: Path) -> Path:
    """A backup of all that."""
    target = tmp_path / "backup.tar.gz"
    write_backup(filled, files=files, target=target, now=NOW)
    return target


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind to restore into."""
    like = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("empty_postgres").replace("template", "restore")
    with bare(like, tmp_path, "target") as url:
        db = Database(url)
        yield db
        db.dispose()


@pytest.fixture()
def lite(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database to be refused."""
    db = Database(f"sqlite:///{tmp_path / 'lite.db'}")
    yield db
    db.dispose()


def rows_of(db: Database) -> Rows:
    with db.engine.connect() as connection:
        return {name: connection.execute(select(table).order_by(*table.primary_key)).fetchall() for name, table in tables_of(connection).items()}  # type: ignore[misc]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()} if folder.exists() else {}


def test_every_row_and_file_comes_back_on_either_database(filled: Database, files: Path, backup: Path, target: Database, tmp_path: Path) -> None:
    manifest = read_backup(target, files=tmp_path / "new" / "files", source=backup)
    there, here = rows_of(filled), rows_of(target)
    assert {name: len(rows) for name, rows in here.items()} == manifest["rows"]
    assert len(here["unit"]) == 2
    assert len(here["content_package"]) > 5
    assert there.keys() == here.keys()
    for name, rows in there.items():
        assert rows == here[name], name
    assert contents(tmp_path / "new" / "files") == contents(files)
    assert migrate.differences(target) == []
    assert manifest["publication"] == there["publication"][0][1]


def test_the_restored_site_is_lived_in(backup: Path, target: Database, tmp_path: Path) -> None:
    read_backup(target, files=tmp_path / "new" / "files", source=backup)
    url = target.engine.url.render_as_string(hide_password=False)
    app = create_app(load_settings(tmp_path, {}, database_url=url, **KEYS))
    app.config["WTF_CSRF_ENABLED"] = False
    db: Database = app.extensions["site"].db
    with db.reading() as session:
        person = session.execute(select(Person)).scalar_one()
    client = app.test_client()
    sign_in(client, person, PIN)
    assert client.get("/courses").status_code == 200
    with db.writing() as session:  # numbers go on after those restored
        assert make_unit(session).id > session.execute(select(Unit.id).where(Unit.name.like("Tổ%"))).scalar_one()
        make_learner(session)
        record(session, now=NOW, actor_id=None, action="y", subject_kind="x", subject_id=1)
    db.dispose()


def test_the_keys_and_the_settings_are_not_in_it(files: Path, backup: Path) -> None:
    with tarfile.open(backup) as archive:
        names = archive.getnames()
        everything = b"".join(archive.extractfile(name).read() for name in names)  # type: ignore[union-attr]
    assert all(name == MANIFEST or name.startswith(("data/", "files/")) for name in names)
    for key in (files.parent / "keys").iterdir():
        assert key.read_bytes() not in everything
    assert backup.stat().st_mode & 0o077 == 0


def test_a_backup_is_never_overwritten_and_a_failed_one_leaves_nothing(filled: Database, files: Path, backup: Path, tmp_path: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(Conflict, match="never overwritten"):
        write_backup(filled, files=files, target=backup, now=NOW)
    assert backup.read_bytes() == before
    with pytest.raises(Invalid, match="cannot be written"):
        write_backup(filled, files=files, target=tmp_path / "none" / "b.tar.gz", now=NOW)
    assert not list(tmp_path.glob("*.part"))


def test_a_database_of_another_revision_is_not_backed_up(filled: Database, files: Path, tmp_path: Path) -> None:
    with filled.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict, match="9999"):
        write_backup(filled, files=files, target=tmp_path / "b.tar.gz", now=NOW)
    assert not (tmp_path / "b.tar.gz").exists()


def remake(source: Path, change: Callable[[dict[str, bytes]], None], *, honest: bool = False) -> None:
    """Write the archive anew with other members; `honest`: with a manifest that fits them."""
    with tarfile.open(source) as archive:
        members = {name: archive.extractfile(name).read() for name in archive.getnames()}  # type: ignore[union-attr]
    change(members)
    if honest:
        manifest = json.loads(members.pop(MANIFEST))
        manifest["sha256"] = {name: hashlib.sha256(body).hexdigest() for name, body in members.items()}
        members[MANIFEST] = json.dumps(manifest).encode()
    with tarfile.open(source, "w:gz") as archive:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))


def of_manifest(**change: object) -> Callable[[dict[str, bytes]], None]:
    def apply(members: dict[str, bytes]) -> None:
        members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | change).encode()

    return apply


def member(name: str, body: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({name: body})


def without(name: str) -> Callable[[dict[str, bytes]], None]:
    def apply(members: dict[str, bytes]) -> None:
        del members[name]

    return apply


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


def flip(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(bytes(body))


def link(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("files/x")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)


SPOILT: list[Any] = [
    pytest.param(cut, id="the end is missing"),
    pytest.param(flip, id="a byte is another"),
    pytest.param(lambda path: path.write_bytes(b""), id="empty"),
    pytest.param(lambda path: path.write_bytes(b"no archive at all"), id="no archive"),
    pytest.param(lambda path: path.write_bytes(gzip.compress(b"no tar")), id="compressed nonsense"),
    pytest.param(lambda path: path.unlink(), id="not there"),
    pytest.param(link, id="a link to somewhere else"),
    pytest.param(lambda path: remake(path, without(MANIFEST)), id="a foreign archive"),
    pytest.param(lambda path: remake(path, member(MANIFEST, b"{}")), id="a manifest that says nothing"),
    pytest.param(lambda path: remake(path, member(MANIFEST, b"[]")), id="a manifest of another kind"),
    pytest.param(lambda path: remake(path, of_manifest(format=2)), id="a newer format"),
    pytest.param(lambda path: remake(path, member("data/person.jsonl", b'{"id": 1}')), id="a row was changed"),
    pytest.param(lambda path: remake(path, without("data/person.jsonl")), id="a table is missing"),
    pytest.param(lambda path: remake(path, without("data/person.jsonl"), honest=True), id="a table is missing and not named"),
    pytest.param(lambda path: remake(path, member("data/none.jsonl", b""), honest=True), id="a table that is none"),
    pytest.param(lambda path: remake(path, member("data/person.jsonl", b'{"id": 1}\n'), honest=True), id="a row without its columns"),
    pytest.param(lambda path: remake(path, member("data/membership.jsonl", b""), honest=False), id="rows were taken out"),
    pytest.param(lambda path: remake(path, member("data/person.jsonl", b""), honest=True), id="rows that point to nobody"),
    pytest.param(lambda path: remake(path, member("files/../../evil"), honest=True), id="a file outside the instance"),
    pytest.param(lambda path: remake(path, member("/tmp/evil"), honest=True), id="an absolute file"),
    pytest.param(lambda path: remake(path, member("keys/secret.key"), honest=True), id="a key"),
    pytest.param(lambda path: remake(path, member("files/smuggled")), id="a file that the manifest does not name"),
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_no_whole_backup_is_refused_and_nothing_is_changed(copied: Path, lite: Database, tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    spoil(copied)
    before = contents(tmp_path)
    with pytest.raises(Invalid) as refused:
        read_backup(lite, files=tmp_path / "new" / "files", source=copied)
    assert str(copied) in str(refused.value)
    assert inspect(lite.engine).get_table_names() == []
    after = {name: body for name, body in contents(tmp_path).items() if not name.startswith("lite.db")}
    assert after == {name: body for name, body in before.items() if not name.startswith("lite.db")}
    assert not list((tmp_path / "new").glob("*") if (tmp_path / "new").exists() else [])


def test_a_backup_of_a_newer_program_is_refused(copied: Path, lite: Database, tmp_path: Path) -> None:
    remake(copied, of_manifest(revision="9999"))
    with pytest.raises(Conflict, match="newer program"):
        read_backup(lite, files=tmp_path / "new" / "files", source=copied)
    assert inspect(lite.engine).get_table_names() == []


def test_a_database_with_somebody_in_it_is_refused_and_stays(copied: Path, target: Database, tmp_path: Path) -> None:
    migrate.upgrade(target)
    with target.writing() as session:
        make_unit(session, name="Đã có")
    before = rows_of(target)
    with pytest.raises(Conflict, match="table unit is not empty"):
        read_backup(target, files=tmp_path / "new" / "files", source=copied)
    assert rows_of(target) == before
    assert not (tmp_path / "new" / "files").exists()


def test_a_folder_with_files_is_refused_and_stays(copied: Path, lite: Database, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "files"
    folder.mkdir(parents=True)
    (folder / "mine").write_text("mine")
    with pytest.raises(Conflict, match="not empty"):
        read_backup(lite, files=folder, source=copied)
    assert contents(folder) == {"mine": b"mine"}
    assert inspect(lite.engine).get_table_names() == []


def test_an_empty_migrated_database_and_an_empty_folder_are_welcome(copied: Path, target: Database, tmp_path: Path) -> None:
    migrate.upgrade(target)
    folder = tmp_path / "new" / "files"
    folder.mkdir(parents=True)
    read_backup(target, files=folder, source=copied)
    assert rows_of(target)["person"]
    assert contents(folder)
