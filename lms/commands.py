"""Commands that put the rooms together: init, demo, serve."""

import argparse
import getpass
import os
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from lms.assessment.exams.demo import make_demo_exam
from lms.assessment.exams.pins import follow_published
from lms.certification.demo import make_demo_certification
from lms.clock import SystemClock, local_date
from lms.content.events import Published
from lms.content.freezing import KEY as FROZEN
from lms.content.freezing import FrozenByAll
from lms.content.packages.compiler import compile_tree
from lms.content.service.loading import load_catalogue
from lms.content.service.publishing import publish_compiled
from lms.content.service.sources import ContentSources
from lms.content.source.mirrors import Mirrors
from lms.content.speaking import line_of, say_in
from lms.contests.freezing import OpenContests
from lms.errors import Conflict, Invalid
from lms.people.demo import DemoPerson, has_active_demo, has_people, make_demo
from lms.people.rules import Role
from lms.people.service import create_person, create_unit, grant_role
from lms.platform import migrate
from lms.platform.cli import migrated, require_site
from lms.platform.db import Database
from lms.platform.events import KEY as EVENTS
from lms.platform.events import Events
from lms.platform.keys import make_keys
from lms.platform.rules import phrase
from lms.platform.speaking import add_lang, told
from lms.server import require_free_port, serve
from lms.settings import Settings, load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    command = subparsers.add_parser("init", help=told("make an empty real site with its first administrator"))
    command.add_argument("--organisation", required=True, help=told("name of the organisation, the root of the unit tree"))
    command.add_argument("--name", required=True, help=told("full name of the first administrator"))
    command.add_argument("--staff-code", required=True, help=told("the administrator signs in with it"))
    command.add_argument("--password-stdin", action="store_true", help=told("read the password from standard input instead of asking"))
    add_lang(command)
    command.set_defaults(run=run_init)
    command = subparsers.add_parser("serve", help=told("serve the site with production settings"))
    command.add_argument("--host", help=told("address to listen on (default: as set)"))
    command.add_argument("--port", type=int, help=told("port to listen on (default: as set)"))
    add_lang(command)
    command.set_defaults(run=run_serve)
    command = subparsers.add_parser("demo", help=told("prepare and serve a demonstration site on 127.0.0.1"))
    command.add_argument("--port", type=int, default=8000, help=told("port at 127.0.0.1 (default: %(default)s)"))
    command.add_argument("--instance", type=Path, default=argparse.SUPPRESS, help=told("folder of the demonstration site"))
    command.add_argument("--no-serve", action="store_true", help=told("prepare only"))
    add_lang(command)
    command.set_defaults(run=run_demo)


def run_init(arguments: argparse.Namespace) -> int:
    """`lms init`: keys, database, content, root unit, first administrator."""
    lang: str = arguments.said_in
    settings, db = _prepare(arguments)
    with db.reading() as session:
        if has_people(session):
            raise Conflict("This site has people already; `lms init` makes empty sites only.")
    password = _password(arguments)
    now = SystemClock().now()
    with db.writing() as session:
        unit = create_unit(session, name=arguments.organisation, code="ROOT", now=now)
        person = create_person(
            session,
            full_name=arguments.name,
            staff_code=arguments.staff_code,
            unit_id=unit.id,
            from_on=local_date(now, settings.zone),
            secret=password,
            secret_kind="password",  # noqa: S106
            must_change=False,
            now=now,
        )
        grant_role(session, person_id=person.id, role=Role.ADMINISTRATOR, now=now)
    _publish(settings, db, lang)
    db.dispose()
    ready = phrase("The site in %(folder)s is ready. Start it with: lms --instance %(folder)s serve", folder=str(settings.instance))
    print(say_in(lang, ready))
    return 0


def _password(arguments: argparse.Namespace) -> str:
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    try:
        return getpass.getpass(say_in(arguments.said_in, phrase("Password of the administrator: ")))
    except EOFError as closed:
        raise Invalid("No password was given; --password-stdin reads it from standard input.") from closed


def run_serve(arguments: argparse.Namespace) -> int:
    """`lms serve`."""
    settings = load_settings(arguments.instance, os.environ, host=arguments.host, port=arguments.port)
    require_site(settings)
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
    if not arguments.no_serve:
        require_free_port("127.0.0.1", arguments.port)
    settings, db = _prepare(arguments, host="127.0.0.1", port=arguments.port)
    with db.writing() as session:
        people = make_demo(session, now=SystemClock().now(), zone=settings.zone)
    _publish(settings, db, arguments.said_in)
    with db.reading() as session:
        catalogue = load_catalogue(session)
    now = SystemClock().now()
    with db.writing() as session:
        make_demo_certification(session, catalogue=catalogue, today=local_date(now, settings.zone), now=now)
        make_demo_exam(session, catalogue=catalogue, zone=settings.zone, now=now)
    db.dispose()
    print(who_can_sign_in(people, address, settings.instance, arguments.said_in), flush=True)
    if not arguments.no_serve:
        serve(settings, has_demo=True)
    return 0


def _prepare(arguments: argparse.Namespace, **given: object) -> tuple[Settings, Database]:
    try:
        arguments.instance.mkdir(parents=True, exist_ok=True)
        make_keys(arguments.instance)
    except OSError as refused:
        raise Invalid("The folder %(folder)s cannot be used: %(why)s", folder=str(arguments.instance), why=refused.strerror or str(refused)) from refused
    settings = load_settings(arguments.instance, os.environ, **given)
    db = Database(settings.url_of_database)
    before, after = migrate.upgrade(db)
    if before != after:
        print(say_in(arguments.said_in, migrated(before, after)))
    return settings, db


def _publish(settings: Settings, db: Database, lang: str) -> None:
    """Publish the content, compiled before the transaction begins, so that nobody's answer waits for it."""
    sources = ContentSources(settings.origins, Mirrors.of(settings, os.environ))
    sources.fetch(tell=lambda _name, _failed: None)
    tree = sources.read()
    compiled = compile_tree(tree, settings.zone)
    db.info[FROZEN] = FrozenByAll((OpenContests(),))
    db.info[EVENTS] = events = Events()
    events.subscribe(Published, follow_published)
    with db.writing() as session:
        report = publish_compiled(session, compiled, tree, now=SystemClock().now(), actor_id=None)
    for problem in report.problems:
        print(line_of(problem, lang))
    print("\n".join(say_in(lang, line) for line in report.lines))


def who_can_sign_in(people: Sequence[DemoPerson], address: str, instance: Path, lang: str) -> str:
    """What `./run` shows: the address, and a table of the demonstration people with their secrets."""
    head = tuple(
        say_in(lang, words) for words in (phrase("Staff code"), phrase("PIN or password"), phrase("Person"), phrase("Role"), phrase("What to look at"))
    )
    rows = [head, *((person.staff_code, person.secret, person.name, say_in(lang, person.roles), say_in(lang, person.what)) for person in people)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(head))]
    lines = ["  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    rule = "  ".join("─" * width for width in widths)
    invented = say_in(lang, phrase("Sign in as one of these people; all of them are invented:"))
    stop = say_in(lang, phrase("Its data are in %(folder)s. Ctrl+C stops it; ./run starts it again as it was.", folder=instance))
    return "\n".join(("", f"Vệ An  ·  {address}", "", invented, "", lines[0], rule, *lines[1:], "", stop, ""))


def _width(text: str) -> int:
    """How many places a text takes in a terminal: two for a Chinese character, none for an accent of its own."""
    return sum(0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
