"""`lms person`: enter people or make a new slip where the site's pages cannot be reached."""

import argparse
import os
from datetime import date, datetime

from sqlalchemy import select

from lms.clock import SystemClock, local_date
from lms.errors import Invalid, NotFound
from lms.people.importing import cli as importing_cli
from lms.people.models import Person, Unit
from lms.people.notices import cli as notices_cli
from lms.people.rules import Grant, Role, normal_code
from lms.people.secrets import new_secret
from lms.people.service import create_person, grant_role, reset_secret
from lms.people.service.accounts import secret_kind_for
from lms.people.service.scope import EVERYWHERE
from lms.platform.cli import require_site
from lms.platform.db import Database
from lms.platform.speaking import told
from lms.settings import Settings, load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `lms person` with what it can do."""
    person = subparsers.add_parser("person", help=told("enter a person, or give one a new PIN or password")).add_subparsers(required=True, metavar="WHAT")
    add = person.add_parser("add", help=told("enter a person; prints the first PIN or password"))
    add.add_argument("--name", required=True, help=told("full name"))
    add.add_argument("--staff-code", help=told("the person signs in with it"))
    add.add_argument("--phone", help=told("or with it"))
    add.add_argument("--unit", help=told("code of the unit that the person works in"))
    add.add_argument("--position", default="", help=told("job in that unit"))
    add.add_argument("--lang", choices=("vi", "zh", "en"), default="vi", help=told("language of the person (default: %(default)s)"))
    add.add_argument(
        "--role", action="append", type=Role, choices=list(Role), default=[], help=told("a role over that unit, or the whole site if none; may be repeated")
    )
    add.add_argument("--until", type=date.fromisoformat, help=told("last day of the roles, YYYY-MM-DD"))
    add.set_defaults(run=run_add)
    reset = person.add_parser("reset", help=told("a new PIN or password, which the person changes at the next sign-in"))
    reset.add_argument("staff_code", help=told("staff code of the person"))
    reset.set_defaults(run=run_reset)
    importing_cli.register(person)
    notices_cli.register(subparsers)


def _open(arguments: argparse.Namespace) -> tuple[Settings, Database, datetime]:
    settings = load_settings(arguments.instance, os.environ)
    require_site(settings)
    return settings, Database(settings.url_of_database), SystemClock().now()


def run_add(arguments: argparse.Namespace) -> int:
    """`lms person add`."""
    settings, db, now = _open(arguments)
    today = local_date(now, settings.zone)
    if not (arguments.staff_code or arguments.phone):
        raise Invalid("Give a staff code or a phone number: the person signs in with one of them.")
    secret = new_secret(staff=any(role is not Role.LEARNER for role in arguments.role))
    with db.writing() as session:
        unit_id = session.scalar(select(Unit.id).where(Unit.code == normal_code(arguments.unit))) if arguments.unit else None
        if arguments.unit and unit_id is None:
            raise NotFound("There is no unit with the code %(code)s.", code=arguments.unit)
        person = create_person(
            session,
            full_name=arguments.name,
            staff_code=arguments.staff_code,
            phone=arguments.phone,
            lang=arguments.lang,
            unit_id=unit_id,
            position=arguments.position,
            from_on=today,
            secret=secret,
            now=now,
        )
        for role in arguments.role:
            grant_role(session, person_id=person.id, role=role, unit_id=unit_id, until_on=arguments.until, now=now)
        name = person.staff_code or person.phone
    db.dispose()
    print(f"{name} {secret.text}")
    return 0


def run_reset(arguments: argparse.Namespace) -> int:
    """`lms person reset`."""
    settings, db, now = _open(arguments)
    today = local_date(now, settings.zone)
    with db.reading() as session:
        person_id = session.scalar(select(Person.id).where(Person.staff_code == normal_code(arguments.staff_code)))
        if person_id is None:
            raise NotFound("There is no person with the staff code %(code)s.", code=arguments.staff_code)
        staff = secret_kind_for(session, person_id=person_id, today=today) == "password"
    secret = new_secret(staff=staff)
    root = (Grant(Role.ADMINISTRATOR, "/"),)
    with db.writing() as session:
        reset_secret(session, person_id=person_id, secret=secret, actor_id=None, actor_grants=root, paths=EVERYWHERE, today=today, now=now)
    db.dispose()
    print(f"{normal_code(arguments.staff_code)} {secret.text}")
    return 0
