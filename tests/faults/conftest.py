"""Sites of real processes on both databases, with learners who all have the PIN 246813."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, select, text, update

from lms.assessment.models import Attempt, Response
from lms.people.models import Account, Person
from lms.people.secrets import hash_secret
from lms.platform.db import Database
from tests.make import PIN, make_learner, make_unit
from tests.operations.processes import LMS, Server, free_port, run_lms, serving


@dataclass(frozen=True)
class Place:
    """A site's folder, database and port; it is served again and again."""

    instance: Path
    url: str
    port: int

    def serve(self, *, limit_kb: int | None = None) -> AbstractContextManager[Server]:
        """Serve it; `limit_kb`: no file of the server may grow past this, as on a disk that is full."""
        command = [*LMS, "--instance", str(self.instance), "serve", "--port", str(self.port)]
        if limit_kb is not None:
            command = ["bash", "-c", f'ulimit -f {limit_kb}; exec "$@"', "-", *command]
        return serving(*command, port=self.port, log=self.instance / "log", LMS_DATABASE_URL=self.url, LMS_WORKERS="2")

    def stored(self) -> dict[tuple[str, str], str]:
        """The letters in the database, by staff code and item."""
        wanted = select(Person.staff_code, Response.item_id, Response.answer).join(Attempt, Attempt.person_id == Person.id)
        db = Database(self.url)
        try:
            with db.reading() as session:
                rows = session.execute(wanted.join(Response, Response.attempt_id == Attempt.id)).all()
        finally:
            db.dispose()
        return {(str(code), item): letters for code, item, letters in rows}


@pytest.fixture(scope="session")
def instance_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance without people, its content published."""
    instance = tmp_path_factory.mktemp("faults") / "site"
    for command in (("migrate",), ("publish",)):
        done = run_lms(*command, instance=instance)
        assert done.returncode == 0, done.stderr
    return instance


@pytest.fixture(scope="session")
def postgres_template(instance_template: Path) -> Iterator[str]:
    """Address of a PostgreSQL database with the same content published, which tests copy."""
    server = os.environ.get("LMS_TEST_POSTGRES")
    if not server:
        pytest.skip("no PostgreSQL: ./test as root installs and starts one")
    name = f"faults_template_{os.getpid()}"
    place = make_url(server).set(database=name)
    url = place.render_as_string(hide_password=False)
    _execute(place, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    for command in (("migrate",), ("publish",)):
        done = run_lms(*command, instance=instance_template, LMS_DATABASE_URL=url)
        assert done.returncode == 0, done.stderr
    yield url
    _execute(place, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


MakePlace = Callable[[int], Place]


def add_learners(instance: Path, url: str, learners: int) -> None:
    """Give a site its keys and that many learners, L1, L2, ..."""
    (instance / "keys").mkdir(exist_ok=True)
    for key in ("secret.key", "identity.key"):
        (instance / "keys" / key).write_text(f"of a test {key}")
    db = Database(url)
    with db.writing() as session:
        unit = make_unit(session)
        for n in range(1, learners + 1):
            make_learner(session, unit=unit, staff_code=f"L{n}")
        session.execute(update(Account).values(secret_hash=hash_secret(PIN)))  # what a sign-in costs is part of a storm
    db.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def make_place(request: pytest.FixtureRequest, tmp_path: Path, instance_template: Path) -> Iterator[MakePlace]:
    """Makes a site with that many learners, L1, L2, ..., on each kind of database."""
    instance = tmp_path / "site"
    subprocess.run(["cp", "-r", str(instance_template), str(instance)], check=True)
    url, drop = f"sqlite:///{instance / 'vean.db'}", None
    if request.param == "postgres":
        template = make_url(request.getfixturevalue("postgres_template"))
        name = f"faults_{os.getpid()}"
        _execute(template, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {template.database}")
        url, drop = template.set(database=name).render_as_string(hide_password=False), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"

    def make(learners: int) -> Place:
        add_learners(instance, url, learners)
        return Place(instance, url, free_port())

    yield make
    if drop is not None:
        _execute(make_url(url), drop)


def _execute(place: URL, *statements: str) -> None:
    admin = create_engine(place.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    admin.dispose()
