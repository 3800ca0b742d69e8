"""The `lms` command: every room adds its own sub-commands."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lms import __version__, commands
from lms.app import make_site
from lms.assessment import cli as assessment_cli
from lms.certification import cli as certification_cli
from lms.content import cli as content_cli
from lms.contests import cli as contests_cli
from lms.drafts import cli as drafts_cli
from lms.errors import SiteError
from lms.people import cli as people_cli
from lms.platform import cli as platform_cli
from lms.platform.parser import lang_asked, parser_in
from lms.platform.speaking import complain, lang_of, told
from lms.preview import cli as preview_cli
from lms.settings import load_settings

INTERRUPTED = 130
"""What a shell gives for Ctrl+C."""


def build_parser(lang: str = "en") -> argparse.ArgumentParser:
    """The parser of the whole command line, which speaks a language."""
    parser = parser_in(lang)(prog="lms", description=told("Vệ An: an open learning site for occupational safety and health"))
    parser.add_argument("--version", action="version", version=__version__)
    default = os.environ.get("LMS_INSTANCE", "instance")
    parser.add_argument("--instance", type=Path, default=Path(default), help=told("folder of the site's database, keys and settings (default: %(default)s)"))
    parser.set_defaults(make_site=make_site)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    rooms = (commands, platform_cli, content_cli, assessment_cli, people_cli, contests_cli, certification_cli, preview_cli, drafts_cli)
    for register in [room.register for room in rooms]:
        register(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command; an error of ours is one clear line and an exit status."""
    words = sys.argv[1:] if argv is None else list(argv)
    arguments = build_parser(lang_of(lang_asked(words))).parse_args(words)
    given = arguments.lang if getattr(arguments, "speaks", False) else None
    arguments.said_in = lang_of(given, _lang_of_site(arguments.instance))
    try:
        sys.exit(arguments.run(arguments) or 0)
    except SiteError as refused:
        complain(arguments.said_in, refused)
        sys.exit(refused.exit_status)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _lang_of_site(instance: Path) -> str:
    """The language that a site was given; English where it has none or its settings cannot be read, which the command then tells."""
    try:
        return load_settings(instance, os.environ).command_lang
    except SiteError:
        return "en"


if __name__ == "__main__":
    main()
