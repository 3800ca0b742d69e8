"""Commands of the ground: migrate, backup, restore, jobs."""

import argparse
import os
from pathlib import Path

from lms.clock import SystemClock
from lms.errors import Invalid
from lms.platform import migrate
from lms.platform.audit_seals import verdict_of, verify
from lms.platform.backup import write_backup
from lms.platform.db import Database
from lms.platform.keys import make_keys
from lms.platform.restore import read_backup
from lms.platform.rules import Phrase, phrase
from lms.platform.speaking import add_lang, say_in, told
from lms.settings import Settings, load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    command = subparsers.add_parser("migrate", help=told("bring the database to this program's revision"))
    add_lang(command)
    command.set_defaults(run=run_migrate)
    command = subparsers.add_parser("backup", help=told("write database, files and manifest into one file; the keys stay out of it"))
    command.add_argument("file", type=Path, help=told("the backup to write; never one that is there"))
    add_lang(command)
    command.set_defaults(run=run_backup)
    command = subparsers.add_parser("audit", help=told("verify the seals over the audit trail; ends with 1 where it was changed behind the site's back"))
    add_lang(command)
    command.set_defaults(run=run_audit)
    command = subparsers.add_parser("restore", help=told("restore a backup into a new instance"))
    command.add_argument("file", type=Path, help=told("the backup to read"))
    add_lang(command)
    command.set_defaults(run=run_restore)


def require_site(settings: Settings) -> None:
    """Raise Invalid where the instance folder holds no site yet."""
    if not settings.secret_key:
        raise Invalid("%(folder)s holds no site yet: make one with `lms init`.", folder=str(settings.instance))


def open_database(arguments: argparse.Namespace) -> tuple[Path, Database]:
    """The instance folder of a command and its database."""
    settings = load_settings(arguments.instance, os.environ)
    settings.instance.mkdir(parents=True, exist_ok=True)
    return settings.instance, Database(settings.url_of_database)


def run_migrate(arguments: argparse.Namespace) -> int:
    """`lms migrate`."""
    _, db = open_database(arguments)
    before, after = migrate.upgrade(db)
    print(say_in(arguments.said_in, migrated(before, after)))
    return 0


def migrated(before: str | None, after: str | None) -> Phrase:
    """What a migration did."""
    if before == after:
        return phrase("The database is at revision %(to)s already.", to=after)
    if before is None:
        return phrase("The database was made, at revision %(to)s.", to=after)
    return phrase("The database was brought from revision %(from)s to %(to)s.", **{"from": before, "to": after})


def run_backup(arguments: argparse.Namespace) -> int:
    """`lms backup FILE`."""
    instance, db = open_database(arguments)
    manifest = write_backup(db, files=instance / "files", target=arguments.file, now=SystemClock().now())
    rows = manifest["rows"]
    count = sum(rows.values()) if isinstance(rows, dict) else 0
    done = phrase("Backup written to %(file)s: %(n)s rows, revision %(revision)s.", file=str(arguments.file), n=count, revision=manifest["revision"])
    keys = phrase(
        "The keys are not in it. Keep %(folder)s elsewhere: without identity.key, digests of national ids cannot be matched.", folder=str(instance / "keys")
    )
    print("\n".join(say_in(arguments.said_in, words) for words in (done, keys)))
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """`lms restore FILE`, into the folder of --instance."""
    instance, db = open_database(arguments)
    manifest = read_backup(db, files=instance / "files", source=arguments.file)
    made = make_keys(instance)
    done = phrase(
        "Restored into %(folder)s: %(n)s rows of the backup made at %(at)s.",
        folder=str(instance),
        n=sum(manifest["rows"].values()),
        at=manifest["made_at"],
    )
    print(say_in(arguments.said_in, done))
    if made:
        keys = phrase("New keys were made. If you have the old identity.key, put it into the keys folder before anyone signs in.")
        print(say_in(arguments.said_in, keys))
    return 0


def run_audit(arguments: argparse.Namespace) -> int:
    """`lms audit`."""
    settings = load_settings(arguments.instance, os.environ)
    require_site(settings)
    db = Database(settings.url_of_database)
    with db.reading() as session:
        found = verify(session, settings.secret_key)
    db.dispose()
    print(say_in(arguments.said_in, verdict_of(found)))
    return 0 if found.broken is None else 1
