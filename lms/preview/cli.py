"""`lms preview`: see content as learners will, while it is written."""

import argparse
import os
from pathlib import Path

from lms.content.cli.asking import find_root, refused
from lms.content.speaking import say_in
from lms.errors import NotFound
from lms.platform.rules import phrase
from lms.platform.speaking import add_lang, told
from lms.preview.app import create_preview
from lms.preview.desk import Desk
from lms.preview.published import PublishedSite
from lms.preview.serving import HOST, make_preview_server
from lms.settings import Settings, load_settings

PORT = 8010


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("preview", help=told("show content as learners will see it, on this machine only, anew after each save"))
    command.add_argument("path", nargs="?", type=Path, help=told("a content folder, or a folder or file inside one (default: the site's first content folder)"))
    command.add_argument("--port", type=int, default=PORT, help=told("port at 127.0.0.1; 0 takes a free one (default: %(default)s)"))
    command.add_argument("--instance", type=Path, default=argparse.SUPPRESS, help=told("compare with what this site has published"))
    add_lang(command)
    command.set_defaults(run=run_preview)


def run_preview(arguments: argparse.Namespace) -> int:
    """`lms preview`, until it is told to stop. Exit status 2 where there is no content."""
    settings = load_settings(arguments.instance, os.environ)
    lang = arguments.said_in
    try:
        root = find_root(_path_of(arguments.path, settings))
    except NotFound as nowhere:
        return refused(nowhere, lang)
    site = PublishedSite.find(settings)
    app = create_preview(Desk(root, settings.zone), settings.model_copy(update={"default_lang": lang}), site)
    server = make_preview_server(app, arguments.port)
    address = f"http://{HOST}:{server.port}/" + (f"?lang={lang}" if arguments.lang else "")
    print(say_in(lang, phrase("The preview of %(path)s is at %(address)s (stop it with Ctrl+C).", path=root.as_posix(), address=address)), flush=True)
    try:
        server.serve_forever()
    finally:
        if site is not None:
            site.dispose()
    return 0


def _path_of(given: Path | None, settings: Settings) -> Path:
    path = given or next(iter(settings.sources), None)
    if path is None:
        raise NotFound("The site has no content folder on this machine; give one.")
    return path
