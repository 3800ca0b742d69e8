"""`lms certification`: compare the cache of statuses with the rules, or compute it anew."""

import argparse
import os
from collections.abc import Callable

from sqlalchemy import select

from lms.certification.models import StatusBuild
from lms.certification.service.statuses import Difference, build, check
from lms.clock import local_date
from lms.content.service.loading import CatalogueHolder
from lms.people.models import Person
from lms.platform.cli import require_site
from lms.platform.rules import Phrase, phrase
from lms.platform.site import Site
from lms.platform.speaking import add_lang, say_in, told
from lms.settings import load_settings

SHOWN = 20


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `lms certification` with what it can do."""
    command = subparsers.add_parser("certification", help=told("the cache of who stands where: check it, or compute it anew"))
    what = command.add_subparsers(required=True, metavar="WHAT")
    compare = what.add_parser("check", help=told("compare the cache with the rules; ends with 1 where they differ"))
    add_lang(compare)
    compare.set_defaults(run=run_check)
    anew = what.add_parser("rebuild", help=told("compute every status anew, in batches; may run while the site serves"))
    add_lang(anew)
    anew.set_defaults(run=run_rebuild)


def _open(arguments: argparse.Namespace) -> Site:
    settings = load_settings(arguments.instance, os.environ)
    require_site(settings)
    make_site: Callable[..., Site] = arguments.make_site
    return make_site(settings)


def run_check(arguments: argparse.Namespace) -> int:
    """`lms certification check`: names the first differences by staff code and scheme, and counts all."""
    site, lang = _open(arguments), arguments.said_in
    now = site.clock.now()
    people = differing = 0
    with site.db.reading() as session:
        ready = session.scalars(select(StatusBuild.scheme).where(StatusBuild.ready_at.is_not(None))).all()
        catalogue = site.part(CatalogueHolder).current(now)
        for found in check(session, catalogue, today=local_date(now, site.settings.zone)):
            if isinstance(found, int):
                people += found
                continue
            differing += 1
            if differing <= SHOWN:
                code = session.scalar(select(Person.staff_code).where(Person.id == found.person_id))
                print(say_in(lang, _named(found, code or str(found.person_id))))
    site.db.dispose()
    waiting = sorted(catalogue.schemes.keys() - set(ready))
    if waiting:
        print(say_in(lang, phrase("Not computed yet: %(schemes)s. Run `lms certification rebuild`, or wait for the server.", schemes=", ".join(waiting))))
    print(say_in(lang, phrase("People compared: %(people)s. Statuses that differ: %(differing)s.", people=people, differing=differing)))
    return 1 if differing or waiting else 0


def _named(found: Difference, code: str) -> Phrase:
    kept = " · ".join(str(one) for one in found.cached) if found.cached else "–"
    by_rule = " · ".join(str(one) for one in found.computed)
    return phrase("%(code)s, %(scheme)s: kept %(kept)s; by the rules %(computed)s", code=code, scheme=found.scheme, kept=kept, computed=by_rule)


def run_rebuild(arguments: argparse.Namespace) -> int:
    """`lms certification rebuild`: says how far it is about every ten batches."""
    site, lang = _open(arguments), arguments.said_in
    now = site.clock.now()
    catalogue = site.part(CatalogueHolder).current(now)
    done = 0
    for batch, count in enumerate(build(site.db, catalogue, today=local_date(now, site.settings.zone), now=now, again=True), 1):
        done += count
        if batch % 10 == 0:
            print(say_in(lang, phrase("Statuses computed so far: %(n)s", n=done)), flush=True)
    site.db.dispose()
    print(say_in(lang, phrase("Statuses computed: %(n)s", n=done)))
    return 0
