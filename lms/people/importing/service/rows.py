"""Rows of a sheet as they are stored: what they say, who they are about, what is planned, in JSON."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lms.people.importing.models import PeopleImport, PeopleImportRow
from lms.people.importing.rules.cells import Problem, Said, read_cells
from lms.people.importing.rules.planning import Identity, Plan
from lms.people.rules import national_id_digest
from lms.platform.phrases import from_stored, to_stored

MASK = "••••"


def cells_of(row: PeopleImportRow) -> list[str]:
    """The texts of a row by column."""
    cells: list[str] = json.loads(row.cells)
    return cells


def keys_of_import(sheet: PeopleImport) -> list[str]:
    """The field of each column, '' for one that is left out."""
    keys: list[str] = json.loads(sheet.keys)
    return keys


def paths_of_import(sheet: PeopleImport) -> tuple[str, ...]:
    """The subtrees of whoever last acted on it."""
    return tuple(json.loads(sheet.paths))


def by_field(keys: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The texts of a row by field."""
    return {key: cell for key, cell in zip(keys, cells, strict=False) if key and cell}


def read_row(row: PeopleImportRow, keys: Sequence[str], *, today: date, identity_key: str) -> tuple[Said, Identity | None]:
    """What a row says, and its national id as a digest; the number itself is taken out of the row as soon as it was read."""
    cells = cells_of(row)
    fields = by_field(keys, cells)
    masked = fields.get("national_id", "").startswith(MASK)
    if masked:
        del fields["national_id"]
    said = read_cells(fields, today=today)
    identity = Identity(row.identity_digest, row.identity_last or "") if masked and row.identity_digest else None
    number = said.text("national_id")
    if number:
        identity = Identity(*national_id_digest(number, identity_key))
        cells[list(keys).index("national_id")] = MASK + identity.last
        row.cells = json.dumps(cells, ensure_ascii=False)
    row.identity_digest, row.identity_last = (identity.digest, identity.last) if identity else (None, None)
    row.staff_code, row.phone, row.email = (said.text(key) or None for key in ("staff_code", "phone", "email"))
    return said, identity


def identifiers_of(row: PeopleImportRow) -> dict[str, str]:
    """What is one person's alone in a row that was read."""
    values = {"staff_code": row.staff_code, "national_id": row.identity_digest, "phone": row.phone, "email": row.email}
    return {key: value for key, value in values.items() if value}


def put_plan(row: PeopleImportRow, plan: Plan) -> None:
    """Keep in the row what is planned, for the pages."""
    row.state, row.person_id = plan.state, plan.person_id
    row.problems = dump_problems(plan.problems)
    row.plan = json.dumps(
        {
            "changes": {key: [_text(before), _text(after)] for key, (before, after) in plan.changes.items()},
            "identity": plan.identity.last if plan.identity else None,
            "move": [plan.move.unit_id, plan.move.position, plan.move.on.isoformat()] if plan.move else None,
            "last_on": _text(plan.last_on),
        },
        ensure_ascii=False,
    )


def dump_problems(problems: Sequence[Problem]) -> str:
    """Problems as a row keeps them."""
    return json.dumps([[one.key, to_stored(one.words), one.note] for one in problems], ensure_ascii=False)


def load_problems(row: PeopleImportRow) -> list[Problem]:
    """The problems of a row."""
    return [Problem(key, from_stored(words), note) for key, words, note in json.loads(row.problems)]


def load_plan(row: PeopleImportRow) -> Mapping[str, Any]:
    """What is planned for a row, as `put_plan` kept it."""
    plan: Mapping[str, Any] = json.loads(row.plan)
    return plan


def _text(value: str | date | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value
