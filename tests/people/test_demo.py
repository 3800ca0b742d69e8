"""The demonstration organisation, and the commands."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.cli import main
from lms.errors import Conflict
from lms.people.demo import UNITS, has_active_demo, has_demo, has_people, make_demo
from lms.people.models import Account, Person, RoleGrant, Unit
from lms.people.rules import Role
from lms.people.secrets import secret_matches
from lms.platform.db import Base, Database
from lms.platform.site import Site
from lms.settings import load_settings
from tests.conftest import KEYS, NOW
from tests.make import make_learner, make_unit


def test_twelve_people_hold_every_role_in_a_tree_of_three_levels_and_can_sign_in(client: FlaskClient, db: Database, the_site: Site) -> None:
    with db.writing() as session:
        people = make_demo(session, now=NOW, zone=the_site.settings.zone)
        assert has_demo(session)
        assert has_active_demo(session)
        assert {Role(role) for role in session.scalars(select(RoleGrant.role))} == set(Role)
        assert {path.count("/") - 1 for path in session.scalars(select(Unit.path))} == {1, 2, 3}
        assert all(session.scalars(select(Person.demo)))
        assert all("trình diễn" in name for _, _, _, name in UNITS)
    assert len(people) == 12
    for person in people:
        assert client.post("/sign-in", data={"name": person.staff_code, "secret": person.secret}).status_code == 302
        assert person.name in client.get("/me/").text
        client.post("/sign-out")


def test_a_second_time_changes_nothing(db: Database, the_site: Site) -> None:
    with db.writing() as session:
        first = make_demo(session, now=NOW, zone=the_site.settings.zone)
    with db.writing() as session:
        second = make_demo(session, now=NOW + timedelta(days=400), zone=the_site.settings.zone)
        assert session.scalar(select(func.count()).select_from(Person)) == 12
    assert first == second


def test_real_people_and_demonstration_people_never_mix(db: Database, the_site: Site) -> None:
    with db.writing() as session:
        assert not has_people(session)
        assert not has_demo(session)
        make_learner(session)
        assert has_people(session)
    with pytest.raises(Conflict), db.writing() as session:
        make_demo(session, now=NOW, zone=the_site.settings.zone)


def test_a_real_unit_is_enough_to_refuse(db: Database, the_site: Site) -> None:
    with db.writing() as session:
        make_unit(session)
    with pytest.raises(Conflict), db.writing() as session:
        make_demo(session, now=NOW, zone=the_site.settings.zone)


def test_a_site_whose_demonstration_accounts_are_closed_has_no_active_demo(db: Database, the_site: Site) -> None:
    with db.writing() as session:
        make_demo(session, now=NOW, zone=the_site.settings.zone)
        for account in session.scalars(select(Account)):
            account.active = False
    with db.reading() as session:
        assert has_demo(session)
        assert not has_active_demo(session)


@pytest.fixture()
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of its own on SQLite."""
    for name, value in KEYS.items():
        monkeypatch.setenv(f"LMS_{name.upper()}", value)
    db = Database(load_settings(tmp_path, {}, **KEYS).url_of_database)
    Base.metadata.create_all(db.engine)
    with db.writing() as session:
        make_unit(session, code="HAN")
    db.dispose()
    return tmp_path


def run(instance: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["--instance", str(instance), "person", *words])
    return int(ended.value.code or 0)


def test_a_person_is_entered_and_reset_by_command(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(instance, "add", "--name", "Lê An", "--staff-code", "a1", "--unit", "han", "--role", "officer", "--lang", "zh") == 0
    code, password = capsys.readouterr().out.split()
    assert (code, len(password)) == ("A1", 14)
    assert run(instance, "add", "--name", "Lê Bình", "--phone", "0912 345 678") == 0
    phone, pin = capsys.readouterr().out.split()
    assert (phone, len(pin)) == ("0912345678", 6)
    assert run(instance, "reset", "a1") == 0
    code, new = capsys.readouterr().out.split()
    assert new != password
    db = Database(f"sqlite:///{instance / 'vean.db'}")
    with db.reading() as session:
        account = session.scalars(select(Account).join(Person).where(Person.staff_code == "A1")).one()
        assert secret_matches(account.secret_hash, new)
    db.dispose()


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("add", "--name", "X"), id="nothing to sign in with"),
        pytest.param(("add", "--name", "X", "--staff-code", "X", "--unit", "KHONG"), id="no such unit"),
        pytest.param(("reset", "khong"), id="no such person"),
    ],
)
def test_a_command_refuses_in_one_line(instance: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert run(instance, *words) == 1
    assert capsys.readouterr().err.startswith("lms: ")


def test_a_folder_without_a_site_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("LMS_SECRET_KEY", raising=False)
    assert run(tmp_path, "reset", "x") == 1
    assert "lms init" in capsys.readouterr().err
    assert sys.exc_info() == (None, None, None)
