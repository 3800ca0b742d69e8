"""`lms person import` and `lms person export`: sheets of people without the pages."""

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path

from sqlalchemy import select

from lms.clock import SystemClock, local_date
from lms.errors import Invalid, NotFound, Unreadable
from lms.people.importing.rules.headers import KEYS
from lms.people.importing.rules.planning import CHANGED, ERROR, LEAVER, NEW, SKIPPED, UNCHANGED
from lms.people.importing.service.desk import count_rows, iter_bad_rows, notes_of, why_of
from lms.people.importing.service.exporting import KEYS as COLUMNS
from lms.people.importing.service.exporting import iter_sheet
from lms.people.importing.service.reading import ENCODINGS, read_file
from lms.people.importing.service.runs import ImportRunner
from lms.people.importing.service.sheets import ask, get_sheet, map_columns, store_sheet
from lms.people.models import Unit
from lms.people.rules import normal_code
from lms.people.service.listing import Wanted
from lms.people.service.scope import EVERYWHERE
from lms.platform.cli import require_site
from lms.platform.db import Database
from lms.platform.rules import Phrase, phrase
from lms.platform.sheet import csv_lines
from lms.platform.speaking import add_lang, say_in, told
from lms.settings import Settings, load_settings

COUNTS = {
    NEW: phrase("New: %(n)s"),
    CHANGED: phrase("Changed: %(n)s"),
    UNCHANGED: phrase("Unchanged: %(n)s"),
    LEAVER: phrase("Leaving: %(n)s"),
    ERROR: phrase("Errors: %(n)s"),
    SKIPPED: phrase("Left out: %(n)s"),
}


def register(person: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands below `lms person`."""
    command = person.add_parser("import", help=told("read people from an Excel or CSV file; without --apply it only says what would become of every row"))
    command.add_argument("file", type=Path, help=told("the .xlsx or .csv file"))
    command.add_argument("--unit", help=told("code of the unit where rows without a unit go"))
    command.add_argument("--from", dest="effect_on", type=date.fromisoformat, help=told("day from which moves hold, YYYY-MM-DD (default: today)"))
    command.add_argument("--whole", action="store_true", help=told("the file lists everybody of the unit: whoever is missing leaves on that day"))
    command.add_argument("--encoding", choices=ENCODINGS, default="", help=told("encoding of a CSV file (default: found out)"))
    command.add_argument("--column", action="append", default=[], metavar="HEADER=FIELD", help=told("what a column is, like Code=staff_code; may be repeated"))
    command.add_argument("--apply", action="store_true", help=told("apply every sound row"))
    add_lang(command)
    command.set_defaults(run=run_import)
    command = person.add_parser("export", help=told("write the list of people as CSV, which `lms person import` reads again"))
    command.add_argument("file", type=Path, help=told("the file to write"))
    command.add_argument("--unit", help=told("code of the unit whose people are listed (default: everybody)"))
    add_lang(command)
    command.set_defaults(run=run_export)


def _open(arguments: argparse.Namespace) -> tuple[Settings, Database]:
    settings = load_settings(arguments.instance, os.environ)
    require_site(settings)
    return settings, Database(settings.url_of_database)


def _unit_id(db: Database, code: str | None) -> int | None:
    """The unit of a code. Raises NotFound."""
    if not code:
        return None
    with db.reading() as session:
        found = session.scalar(select(Unit.id).where(Unit.code == normal_code(code)))
    if found is None:
        raise NotFound("There is no unit with the code %(code)s.", code=code)
    return found


def run_import(arguments: argparse.Namespace) -> int:
    """`lms person import`: 0 where every row is sound, 1 where some are not."""
    settings, db = _open(arguments)
    clock, lang = SystemClock(), arguments.said_in
    try:
        data = arguments.file.read_bytes()
    except OSError as wrong:
        raise Unreadable("%(name)s cannot be read: %(why)s", name=str(arguments.file), why=wrong.strerror or str(wrong)) from wrong
    table = read_file(data, arguments.file.name, arguments.encoding)
    sheet_id = store_sheet(
        db,
        table,
        file_name=arguments.file.name,
        unit_id=_unit_id(db, arguments.unit),
        effect_on=arguments.effect_on or local_date(clock.now(), settings.zone),
        leavers=arguments.whole,
        made_by=None,
        paths=EVERYWHERE,
        now=clock.now(),
    )
    runner = ImportRunner(db, clock, settings.zone, settings.identity_key)
    with db.writing() as session:
        sheet = get_sheet(session, sheet_id=sheet_id, person_id=None, paths=EVERYWHERE, lock=True)
        keys = _with_columns(table.headers, json.loads(sheet.keys), arguments.column)
        map_columns(session, sheet, keys, paths=EVERYWHERE, actor_id=None, now=clock.now())
    runner.run(clock.now())
    if arguments.apply:
        with db.writing() as session:
            ask(get_sheet(session, sheet_id=sheet_id, person_id=None, paths=EVERYWHERE, lock=True), "applying", paths=EVERYWHERE)
        runner.run(clock.now())
    bad = _tell(db, sheet_id, lang, applied=arguments.apply)
    db.dispose()
    return 1 if bad else 0


def _with_columns(headers: tuple[str, ...], keys: list[str], given: list[str]) -> list[str]:
    """The fields of the columns, those of --column in place of what was found. Raises Invalid."""
    for one in given:
        header, _, key = one.rpartition("=")
        if header not in headers or (key and key not in KEYS):
            raise Invalid("--column %(given)s: write HEADER=FIELD with a header of the file and one of these fields: %(fields)s.", given=one, fields=list(KEYS))
        keys = ["" if old == key else old for old in keys]
        keys[headers.index(header)] = key
    return keys


def _tell(db: Database, sheet_id: int, lang: str, *, applied: bool) -> int:
    """Print what becomes of the rows; gives how many are wrong or were left behind."""
    with db.reading() as session:
        sheet = get_sheet(session, sheet_id=sheet_id, person_id=None, paths=EVERYWHERE)
        counts = count_rows(session, sheet_id)
        for note in notes_of(sheet):
            print(say_in(lang, note))
        bad = 0
        for row, problems in iter_bad_rows(session, sheet):
            bad += 1
            place = phrase("sheet %(sheet)s, row %(line)s", sheet=row.sheet, line=row.line) if row.sheet else phrase("row %(line)s", line=row.line)
            for problem in problems:
                print(say_in(lang, phrase("%(where)s: %(what)s", where=place, what=problem.words)))
        for state, words in COUNTS.items():
            n = sum(count for (one, _), count in counts.items() if one == state)
            print(say_in(lang, Phrase(words.message, {"n": n})))
        why = why_of(sheet)
        if why is not None:
            print(say_in(lang, why))
        done = sum(count for (_, outcome), count in counts.items() if outcome == "applied")
        said = phrase("Applied: %(n)s rows.", n=done) if applied else phrase("Nothing is changed yet; --apply applies the sound rows.")
        print(say_in(lang, said))
    return bad


def run_export(arguments: argparse.Namespace) -> int:
    """`lms person export`."""
    settings, db = _open(arguments)
    wanted = Wanted(unit_id=_unit_id(db, arguments.unit))
    on = local_date(SystemClock().now(), settings.zone)
    n = 0
    try:
        with db.reading() as session, arguments.file.open("w", encoding="utf-8", newline="") as out:
            for n, line in enumerate(csv_lines(COLUMNS, iter_sheet(session, paths=EVERYWHERE, wanted=wanted, on=on))):  # noqa: B007
                out.write(line)
    except OSError as wrong:
        raise Invalid("%(name)s cannot be written: %(why)s", name=str(arguments.file), why=wrong.strerror or str(wrong)) from wrong
    db.dispose()
    print(say_in(arguments.said_in, phrase("%(n)s people written to %(name)s.", n=n, name=str(arguments.file))), file=sys.stderr)
    return 0
