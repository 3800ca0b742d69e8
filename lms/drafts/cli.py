"""`lms draft`: a link by which a reviewer reads a branch on a phone, without git."""

import argparse
import os
import secrets
from collections.abc import Callable

from lms.clock import local_date
from lms.content.service.desk import ContentDesk
from lms.drafts.rules import DAYS, token_of
from lms.drafts.service.asking import wanted_of
from lms.drafts.service.following import LinkFollower
from lms.drafts.service.links import end_link, get_link, make_link
from lms.errors import Invalid
from lms.platform.rules import phrase
from lms.platform.site import Site
from lms.platform.speaking import add_lang, say_in, told
from lms.settings import load_settings

NONCE_BYTES = 16


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("draft", help=told("make a link by which a reviewer reads a branch on a phone, without git and without keys"))
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("rev", nargs="?", metavar="REV", help=told("a branch, which the link follows, or a tag or commit, which stays"))
    what.add_argument("--end", type=int, metavar="ID", help=told("close a link at once"))
    command.add_argument("--source", default="", metavar="NAME", help=told("the content source that REV is of (needed where there are several)"))
    command.add_argument("--only", default="", metavar="PACKAGE", help=told("show this course or quiz alone, like courses/an-toan-dien"))
    command.add_argument("--days", type=int, choices=DAYS, default=7, help=told("how long the link lasts (default: %(default)s)"))
    command.add_argument("--note", default="", help=told("what it is for, for the list of links"))
    add_lang(command)
    command.set_defaults(run=run_draft)


def run_draft(arguments: argparse.Namespace) -> int:
    """`lms draft`: prints the address, and until when it opens."""
    settings = load_settings(arguments.instance, os.environ)
    if not settings.secret_key:
        raise Invalid("The site has no keys yet: run `lms init` (or ./run) first.")
    make_site: Callable[..., Site] = arguments.make_site
    site = make_site(settings)
    try:
        if arguments.end is not None:
            return _end(site, arguments.end, arguments.said_in)
        return _make(site, arguments, arguments.said_in)
    finally:
        site.db.dispose()


def _end(site: Site, link_id: int, lang: str) -> int:
    with site.db.writing() as session:
        end_link(session, link_id, actor_id=None, every=True, now=site.clock.now())
    print(say_in(lang, phrase("Draft link %(id)s opens no more.", id=link_id)))
    return 0


def _make(site: Site, arguments: argparse.Namespace, lang: str) -> int:
    sources = site.part(ContentDesk).sources
    names = [source.name for source in sources.origins]
    if not arguments.source and len(names) > 1:
        raise Invalid("The site has several content sources; name one with --source: %(names)s", names=names)
    name = arguments.source or names[0]
    if sources.get(name).is_remote:
        sources.fetch(name, tell=lambda _name, _why: None)
    wanted = wanted_of(sources, source=name, rev=arguments.rev, package=arguments.only, note=arguments.note[:200], days=arguments.days)
    nonce, now = secrets.token_hex(NONCE_BYTES), site.clock.now()
    token = token_of(site.settings.secret_key, nonce)
    with site.db.writing() as session:
        made = make_link(session, wanted, nonce=nonce, token=token, is_fetched=bool(wanted.commit), actor_id=None, now=now)
    if not wanted.commit:
        site.part(LinkFollower).run(now)
    with site.db.reading() as session:
        found = get_link(session, made.id, now=now, today=local_date(now, site.settings.zone))
    until = f"{made.expires_at.astimezone(site.settings.zone):%d/%m/%Y %H:%M}"
    print(f"{site.settings.public_url.rstrip('/')}/d/{token}/")
    shows = phrase("Draft link %(id)s shows %(rev)s of %(source)s until %(until)s.", id=made.id, rev=wanted.rev, source=name, until=until)
    print(say_in(lang, shows))
    if found.failed:
        print(say_in(lang, found.failed))
    return 1 if found.failed else 0
