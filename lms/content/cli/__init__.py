"""The commands of the content room, one file each; a new one is added to COMMANDS."""

import argparse

from lms.content.cli import check, export, fix, impact, import_, new, publish, schema

COMMANDS = (check, fix, new, impact, publish, import_, export, schema)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    for command in COMMANDS:
        command.register(subparsers)
