"""The commands of the content room, one file each; a new one is added to COMMANDS."""

import argparse

from lms.content.cli import check, publish

COMMANDS = (check, publish)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    for command in COMMANDS:
        command.register(subparsers)
