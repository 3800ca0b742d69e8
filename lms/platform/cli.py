"""Commands of the ground: migrate, backup, restore, jobs."""

import argparse
import os
from pathlib import Path

from lms.clock import SystemClock
from lms.platform import migrate
from lms.platform.backup import write_backup
from lms.platform.db import Database
from lms.platform.keys import make_keys
from lms.platform.restore import read_backup
from lms.settings import load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    command = subparsers.add_parser("migrate", help="bring the database to this program's revision")
    command.set_defaults(run=run_migrate)
    command = subparsers.add_parser("backup", help="write database, files and manifest into one file; the keys stay out of it")
    command.add_argument("file", type=Path)
    command.set_defaults(run=run_backup)
    command = subparsers.add_parser("restore", help="restore a backup into a new instance")
    command.add_argument("file", type=Path)
    command.set_defaults(run=run_restore)


def open_database(arguments: argparse.Namespace) -> tuple[Path, Database]:
    """The instance folder of a command and its database."""
    settings = load_settings(arguments.instance, os.environ)
    settings.instance.mkdir(parents=True, exist_ok=True)
    return settings.instance, Database(settings.url_of_database)


def run_migrate(arguments: argparse.Namespace) -> int:
    """`lms migrate`."""
    _, db = open_database(arguments)
    before, after = migrate.upgrade(db)
    print(f"database: {before or 'empty'} -> {after}" if before != after else f"database: already at {after}")
    return 0


def run_backup(arguments: argparse.Namespace) -> int:
    """`lms backup FILE`."""
    instance, db = open_database(arguments)
    manifest = write_backup(db, files=instance / "files", target=arguments.file, now=SystemClock().now())
    rows = manifest["rows"]
    print(f"{arguments.file}: {sum(rows.values()) if isinstance(rows, dict) else 0} rows, revision {manifest['revision']}")
    print(f"The keys are not in it. Keep {instance / 'keys'} elsewhere: without identity.key, digests of national ids cannot be matched.")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """`lms restore FILE`, into the folder of --instance."""
    instance, db = open_database(arguments)
    manifest = read_backup(db, files=instance / "files", source=arguments.file)
    made = make_keys(instance)
    print(f"{instance}: restored {sum(manifest['rows'].values())} rows of {manifest['made_at']}")
    if made:
        print("New keys were made. If you have the old identity.key, put it into the keys folder before anyone signs in.")
    return 0
