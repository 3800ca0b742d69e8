"""The `lms` command: every room adds its own sub-commands."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lms import __version__, commands
from lms.app import make_site
from lms.content import cli as content_cli
from lms.drafts import cli as drafts_cli
from lms.errors import SiteError
from lms.people import cli as people_cli
from lms.platform import cli as platform_cli
from lms.preview import cli as preview_cli


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(prog="lms", description="Vệ An: an open learning site for occupational safety and health")
    parser.add_argument("--version", action="version", version=__version__)
    default = os.environ.get("LMS_INSTANCE", "instance")
    parser.add_argument("--instance", type=Path, default=Path(default), help="folder of the site's database, keys and settings (default: %(default)s)")
    parser.set_defaults(make_site=make_site)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for register in (commands.register, platform_cli.register, content_cli.register, people_cli.register, preview_cli.register, drafts_cli.register):
        register(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command; an error of ours is one clear line and an exit status."""
    arguments = build_parser().parse_args(argv)
    try:
        sys.exit(arguments.run(arguments) or 0)
    except SiteError as refused:
        print(f"lms: {refused}", file=sys.stderr)
        sys.exit(refused.exit_status)


if __name__ == "__main__":
    main()
