"""`lms impact`: what publishing would change, and what rests on it."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from lms.clock import local_date
from lms.content.impact.forms import FORMS
from lms.content.impact.rooms import ImpactRooms
from lms.content.packages.compiler import Compiled, compile_tree
from lms.content.service.desk import ContentDesk
from lms.content.service.impact import Impact, weigh, weigh_content
from lms.content.service.publishing import find_current
from lms.content.source.tree import KINDS, ContentTree, read_commit, read_tree, read_trees
from lms.platform.site import Site
from lms.platform.speaking import add_lang, told
from lms.settings import load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "impact", help=told("what publishing would change, and which sittings, certificates and people rest on it; changes nothing")
    )
    command.add_argument(
        "what",
        nargs="?",
        default="",
        metavar="REV",
        help=told("a revision as git names it (main, origin/main, HEAD~1), or a content folder (default: the content sources)"),
    )
    command.add_argument("--source", default="", metavar="NAME", help=told("the content source that REV is of"))
    command.add_argument("--working-tree", action="store_true", help=told("read the files of folders as they stand, not the last commit"))
    command.add_argument(
        "--base", metavar="REV", help=told("compare with this revision instead of what is published; without a database: with the last commit")
    )
    command.add_argument("--format", choices=sorted(FORMS), default="text", help=told("markdown: a comment for a pull request (default: text)"))
    add_lang(command)
    command.set_defaults(run=run_impact)


def run_impact(arguments: argparse.Namespace) -> int:
    """`lms impact`; exit status 0 whatever would change."""
    settings = load_settings(arguments.instance, os.environ)
    make_site: Callable[..., Site] = arguments.make_site
    site = make_site(settings)
    try:
        tree, compiled = _read(site, arguments)
        impact = _weigh(site, tree, compiled) if arguments.base is None and _has_database(site) else _compare(site, arguments, tree, compiled)
    finally:
        site.db.dispose()
    print(FORMS[arguments.format](impact, arguments.said_in))
    return 0


def _folder(what: str) -> Path | None:
    """The content folder that was named, if one was."""
    return Path(what) if what and any((Path(what) / kind).is_dir() for kind in KINDS) else None


def _read(site: Site, arguments: argparse.Namespace) -> tuple[ContentTree, Compiled]:
    folder, working = _folder(arguments.what), arguments.working_tree
    if folder is None and not working:
        return site.part(ContentDesk).look(arguments.what, arguments.source)
    tree = read_tree(folder, working=working) if folder else read_trees(site.settings.sources, working=True)
    return tree, compile_tree(tree, site.settings.zone)


def _weigh(site: Site, tree: ContentTree, compiled: Compiled) -> Impact:
    now = site.clock.now()
    with site.db.reading() as session:
        return weigh(session, tree, compiled, site.part(ImpactRooms), now=now, today=local_date(now, site.settings.zone))


def _compare(site: Site, arguments: argparse.Namespace, tree: ContentTree, compiled: Compiled) -> Impact:
    """Two states of the sources; the sources themselves at their own branches where nothing else was named."""
    folder, base = _folder(arguments.what), arguments.base or ""
    before = read_commit(folder, base) if folder else site.part(ContentDesk).sources.read(base, arguments.source)
    return weigh_content(tree, compiled, before, compile_tree(before, site.settings.zone))


def _has_database(site: Site) -> bool:
    """Whether there is a database with the tables of a site; nothing is made by asking."""
    url = make_url(site.settings.url_of_database)
    if site.settings.on_sqlite and not Path(url.database or "").is_file():
        return False
    try:
        with site.db.reading() as session:
            find_current(session)
    except DBAPIError:
        return False
    return True
