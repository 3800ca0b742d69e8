"""argparse in three languages: the help of commands, its headings, and what it says of wrong use."""

import argparse
import re
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NoReturn

from lms.platform.i18n import LANGUAGES
from lms.platform.rules import Phrase, phrase
from lms.platform.speaking import say_in, told

HEADINGS = (
    told("usage: "),
    told("positional arguments"),
    told("options"),
    told("show this help message and exit"),
    told("show program's version number and exit"),
)
"""What argparse says by itself in English."""
WRONG_USE: tuple[tuple[str, Phrase], ...] = (
    (r"the following arguments are required: (?P<names>.+)", phrase("This is missing: %(names)s")),
    (r"unrecognized arguments: (?P<names>.+)", phrase("This is not known here: %(names)s")),
    (r"argument (?P<name>.+): expected (?:one|at least one|\d+) arguments?", phrase("%(name)s needs a value.")),
    (r"argument (?P<name>.+): invalid choice: (?P<value>.+) \(choose from (?P<known>.+)\)", phrase("%(name)s: %(value)s is none of: %(known)s")),
    (r"argument (?P<name>.+): invalid \w+ value: (?P<value>.+)", phrase("%(name)s: %(value)s cannot stand here.")),
    (r"argument (?P<name>.+): ignored explicit argument (?P<value>.+)", phrase("%(name)s takes no value.")),
    (r"ambiguous option: (?P<name>\S+) could match (?P<known>.+)", phrase("%(name)s may mean several: %(known)s")),
)
"""What argparse says of wrong use, and how we say it."""


def parser_in(lang: str) -> type[argparse.ArgumentParser]:
    """A parser that speaks a language; its texts are marked with `told`."""

    class Formatter(argparse.HelpFormatter):
        """Translates each text when it is shown."""

        def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
            """The line that shows how the command is written."""
            super().add_usage(usage, actions, groups, say_in(lang, Phrase("usage: ")) if prefix is None else prefix)

        def start_section(self, heading: str | None) -> None:
            """The heading of a group."""
            super().start_section(say_in(lang, Phrase(heading)) if heading else heading)

        def add_text(self, text: str | None) -> None:
            """What the command is for."""
            super().add_text(say_in(lang, Phrase(text)) if text else text)

        def _get_help_string(self, action: argparse.Action) -> str | None:
            return say_in(lang, Phrase(action.help)) if action.help else action.help

    class Parser(argparse.ArgumentParser):
        """Says what was wrong in that language."""

        def __init__(self, **given: Any) -> None:
            super().__init__(**({"formatter_class": Formatter} | given))

        def error(self, message: str) -> NoReturn:
            """Wrong use: how it is written, one line of what is wrong, exit status 2."""
            self.print_usage()
            self.exit(2, f"{self.prog}: {say_in(lang, explained(message))}\n")

        def print_usage(self, file: Any = None) -> None:
            """On the error channel, where nothing else is given."""
            super().print_usage(file or sys.stderr)

    return Parser


def explained(message: str) -> Phrase:
    """What argparse says of wrong use, as a sentence of ours; what is not known to us stays as it is."""
    for pattern, words in WRONG_USE:
        if found := re.fullmatch(pattern, message):
            return Phrase(words.message, dict(found.groupdict()))
    return Phrase(message.replace("%", "%%"))


def lang_asked(words: Sequence[str]) -> str | None:
    """The language that `--lang` names before anything is parsed; of commands that mean their content's or person's language by it, none."""
    if {"person", "import", "export"} & set(words):
        return None
    named = [after for word, after in pairwise(words) if word == "--lang"] + [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    return next((name for name in named if name in LANGUAGES), None)
