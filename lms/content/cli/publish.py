"""`lms publish` and `lms rollback`: put what is sound on the site, and show again what was there."""

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from lms.content.packages.compiler import compile_tree
from lms.content.service.desk import ContentDesk
from lms.content.service.jobs import ask_publishing, get_job, is_over, message_of
from lms.content.service.overview import look
from lms.content.service.publishing import PublishReport, publish_compiled
from lms.content.service.rollback import find_previous, get_publication, go_back
from lms.content.service.worker import PublishWorker
from lms.content.source.tree import KINDS, read_tree, read_trees
from lms.content.speaking import line_of, say_in
from lms.errors import Conflict, NotFound
from lms.platform.rules import phrase
from lms.platform.site import Site
from lms.platform.speaking import add_lang, told
from lms.settings import load_settings

LOOK_S = 0.2


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    command = subparsers.add_parser("publish", help=told("fetch, check and publish the content sources; packages with errors stay as they were"))
    command.add_argument(
        "what",
        nargs="?",
        default="",
        metavar="REV",
        help=told("a revision as git names it (main, origin/main, HEAD~1), or a content folder (default: the content sources)"),
    )
    command.add_argument("--source", default="", metavar="NAME", help=told("the content source that REV is of, or the only one to fetch"))
    command.add_argument("--working-tree", action="store_true", help=told("read the files of folders as they stand, not the last commit"))
    command.add_argument("--back", action="store_true", help=told("show the publication before the present one again"))
    command.add_argument("--go-back", type=int, metavar="ID", help=told("the same as `lms rollback ID`"))
    add_lang(command)
    command.set_defaults(run=run_publish)
    command = subparsers.add_parser("rollback", help=told("show an earlier publication again; what an open contest needs stays as it is"))
    command.add_argument("go_back", type=int, metavar="ID", help=told("the number of the publication; the content page lists them"))
    add_lang(command)
    command.set_defaults(run=run_publish, back=False, what="", source="", working_tree=False)


def run_publish(arguments: argparse.Namespace) -> int:
    """`lms publish` and `lms rollback`; exit status 1 if something was held back or could not be fetched."""
    settings = load_settings(arguments.instance, os.environ)
    make_site: Callable[..., Site] = arguments.make_site
    site = make_site(settings)
    lang = arguments.said_in
    try:
        if arguments.back or arguments.go_back is not None:
            return _go_back(site, arguments.go_back, lang)
        if arguments.working_tree or _is_content(arguments.what):
            return _publish_folders(site, arguments.what, lang, working=arguments.working_tree)
        return _publish_sources(site, arguments.what, arguments.source, lang)
    finally:
        site.db.dispose()


def _is_content(what: str) -> bool:
    """Whether a folder with content was named."""
    return bool(what) and any((Path(what) / kind).is_dir() for kind in KINDS)


def _go_back(site: Site, wanted: int | None, lang: str) -> int:
    with site.db.writing() as session:
        target = find_previous(session) if wanted is None else wanted
        if target is None:
            raise Conflict("There is no earlier publication.")
        shown = go_back(session, publication_id=target, now=site.clock.now(), actor_id=None)
    if shown.id == target:
        print(say_in(lang, phrase("The site shows publication %(id)s again.", id=target)))
        return 0
    print(say_in(lang, phrase("The site shows publication %(id)s again, as publication %(new)s: what is frozen stays as it is.", id=target, new=shown.id)))
    return 1


def _publish_folders(site: Site, what: str, lang: str, *, working: bool) -> int:
    """Straight from folders, without fetching. The tree is compiled before the transaction, so that nobody waits for it."""
    if what and not Path(what).is_dir():
        raise NotFound("There is no content folder at %(path)s.", path=what)
    tree = read_tree(Path(what), working=working) if what else read_trees(site.settings.sources, working=working)
    compiled = compile_tree(tree, site.settings.zone)
    with site.db.writing() as session:
        report = publish_compiled(session, compiled, tree, now=site.clock.now(), actor_id=None)
    for problem in report.problems:
        print(line_of(problem, lang))
    print(words_of(report, lang))
    return 1 if report.held else 0


def _publish_sources(site: Site, rev: str, source: str, lang: str) -> int:
    """As the button does: a wish in the database, which this process does itself unless another one is at it."""
    if source:
        site.part(ContentDesk).sources.get(source)
    with site.db.writing() as session:
        job_id = ask_publishing(session, kind="command", now=site.clock.now(), source=source, rev=rev).id
    said = ""
    while True:
        site.part(PublishWorker).run()
        with site.db.reading() as session:
            job = get_job(session, job_id)
        if is_over(job):
            break
        if job.state != said:
            print(say_in(lang, phrase("Another publishing is at work; this one waits.")), flush=True)
            said = job.state
        time.sleep(LOOK_S)
    with site.db.reading() as session:
        problems = look(session, site.part(ContentDesk), now=site.clock.now(), rev=rev, source=source).problems if job.state == "done" else ()
        held = json.loads(get_publication(session, job.publication_id).report)["held"] if job.publication_id else {}
    for problem in problems:
        print(line_of(problem, lang))
    print("\n".join(say_in(lang, line) for line in message_of(job)))
    return 1 if held or job.state == "failed" else 0


def words_of(report: PublishReport, lang: str) -> str:
    """The report in a few lines."""
    return "\n".join(say_in(lang, line) for line in report.lines)
