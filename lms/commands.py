"""Commands that put the rooms together: init, demo, serve."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from lms.clock import SystemClock, local_date
from lms.content.publishing import publish_sources
from lms.errors import Conflict, Invalid
from lms.people.demo import has_active_demo, has_people, make_demo
from lms.people.rules import Role
from lms.people.service import create_person, create_unit, grant_role
from lms.platform import migrate
from lms.platform.db import Database
from lms.platform.keys import make_keys
from lms.server import serve
from lms.settings import Settings, load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    command = subparsers.add_parser("init", help="make an empty real site with its first administrator")
    command.add_argument("--organisation", required=True, help="name of the organisation, the root of the unit tree")
    command.add_argument("--name", required=True, help="full name of the first administrator")
    command.add_argument("--staff-code", required=True, help="the administrator signs in with it")
    command.add_argument("--password-stdin", action="store_true", help="read the password from standard input instead of asking")
    command.set_defaults(run=run_init)
    command = subparsers.add_parser("serve", help="serve the site with production settings")
    command.add_argument("--host")
    command.add_argument("--port", type=int)
    command.set_defaults(run=run_serve)
    command = subparsers.add_parser("demo", help="prepare and serve a demonstration site on 127.0.0.1")
    command.add_argument("--port", type=int, default=8000)
    command.add_argument("--instance", type=Path, default=argparse.SUPPRESS)
    command.add_argument("--no-serve", action="store_true", help="prepare only")
    command.set_defaults(run=run_demo)


def _prepare(arguments: argparse.Namespace, **given: object) -> tuple[Settings, Database]:
    arguments.instance.mkdir(parents=True, exist_ok=True)
    make_keys(arguments.instance)
    settings = load_settings(arguments.instance, os.environ, **given)
    db = Database(settings.url_of_database)
    before, after = migrate.upgrade(db)
    if before != after:
        print(f"Database: {before or 'empty'} -> {after}")
    return settings, db


def _publish(settings: Settings, db: Database) -> None:
    with db.writing() as session:
        report = publish_sources(session, settings.sources, now=SystemClock().now(), actor_id=None)
    print(report.in_words())


def run_init(arguments: argparse.Namespace) -> int:
    """`lms init`: keys, database, content, root unit, first administrator."""
    password = sys.stdin.readline().rstrip("\n") if arguments.password_stdin else getpass.getpass("Password of the administrator: ")
    settings, db = _prepare(arguments)
    now = SystemClock().now()
    with db.writing() as session:
        if has_people(session):
            raise Conflict("This site has people already; `lms init` makes empty sites only.")
        unit = create_unit(session, parent_id=None, kind="company", code="ROOT", name=arguments.organisation, actor_id=None, now=now)
        person = create_person(
            session,
            full_name=arguments.name,
            staff_code=arguments.staff_code,
            unit_id=unit.id,
            from_on=local_date(now, settings.zone),
            secret=password,
            secret_kind="password",  # noqa: S106
            must_change=False,
            actor_id=None,
            now=now,
        )
        grant_role(session, person_id=person.id, role=Role.ADMINISTRATOR, unit_id=None, from_on=None, until_on=None, actor_id=None, now=now)
    _publish(settings, db)
    print(f"The site in {settings.instance} is ready. Start it with: lms --instance {settings.instance} serve")
    return 0


def run_serve(arguments: argparse.Namespace) -> int:
    """`lms serve`."""
    settings = load_settings(arguments.instance, os.environ, host=arguments.host, port=arguments.port)
    if not settings.secret_key:
        raise Invalid("%(folder)s holds no site yet: make one with `lms init`.", folder=str(settings.instance))
    db = Database(settings.url_of_database)
    migrate.require_current(db)
    with db.reading() as session:
        demo = has_active_demo(session)
    db.dispose()
    serve(settings, has_demo=demo)
    return 0


def run_demo(arguments: argparse.Namespace) -> int:
    """`lms demo`, which is what ./run does: a site with real content and demonstration people, on 127.0.0.1."""
    address = f"http://127.0.0.1:{arguments.port}"
    os.environ.setdefault("LMS_PUBLIC_URL", address)
    settings, db = _prepare(arguments, host="127.0.0.1", port=arguments.port)
    with db.writing() as session:
        people = make_demo(session, now=SystemClock().now(), zone=settings.zone)
    _publish(settings, db)
    print(f"\nVệ An: {address}\nSign in as (demonstration people, invented):")
    for person in people:
        print(f"  {person.staff_code:<8} {person.secret:<14} {person.name}: {person.what}")
    sys.stdout.flush()
    db.dispose()
    if not arguments.no_serve:
        serve(settings, has_demo=True)
    return 0
