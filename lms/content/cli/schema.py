"""`lms schema`: JSON Schemas for editors."""

import argparse
import json
from pathlib import Path

from lms.content.packages.schemas import SHAPES, schemas
from lms.platform.speaking import told


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("schema", help=told("write JSON Schemas of the settings files, for editors that complete and check keys"))
    command.add_argument("name", nargs="?", choices=tuple(SHAPES), help=told("print this one (default: all, by name)"))
    command.add_argument("--out", type=Path, metavar="DIR", help=told("write <name>.schema.json files into a folder instead"))
    command.set_defaults(run=run_schema)


def run_schema(arguments: argparse.Namespace) -> int:
    """`lms schema`."""
    wanted = {name: schema for name, schema in schemas().items() if arguments.name in (None, name)}
    if arguments.out is None:
        print(text_of(wanted[arguments.name] if arguments.name else wanted), end="")
        return 0
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, schema in wanted.items():
        path = arguments.out / f"{name}.schema.json"
        path.write_text(text_of(schema), "utf-8")
        print(path.as_posix())
    return 0


def text_of(schema: object) -> str:
    """A schema as it is written to a file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
