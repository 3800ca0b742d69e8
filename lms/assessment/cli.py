"""`lms items`: the figures of questions on the command line, each with the place in the files where its author finds it."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from lms.assessment.quality.places import SourceLines
from lms.assessment.quality.rules.looking import MIN_N, Figures, Flag
from lms.assessment.quality.service.computing import ItemLine, compute
from lms.assessment.quality.service.listing import list_paths
from lms.content.service.loading import load_items
from lms.errors import NotFound
from lms.platform.rules import Phrase, phrase
from lms.platform.sheet import csv_lines
from lms.platform.site import Site
from lms.platform.speaking import add_lang, say_in, told
from lms.settings import load_settings

WORDS: Mapping[Flag, Phrase] = {
    Flag.WRONG_KEY: phrase("possibly wrong key"),
    Flag.NO_DISCRIMINATION: phrase("does not discriminate"),
    Flag.TOO_HARD: phrase("too hard"),
    Flag.UNUSED: phrase("a wrong choice that nobody takes"),
    Flag.TOO_EASY: phrase("too easy"),
}
HEAD = ("place", "id", "kind", "flags", "n", "blank", "facility", "correlation", "upper_lower", "seconds", "timed")
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Line:
    """An item with its place and figures."""

    place: str
    item_id: str
    kind: str
    figures: Figures
    flags: tuple[Flag, ...]


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("items", help=told("how the questions did in the tests that were sat, what should be looked at first; changes nothing"))
    command.add_argument("--quiz", default="", metavar="SLUG", help=told("only the questions of the banks of this quiz"))
    command.add_argument("--format", choices=("text", "csv", "json"), default="text", help=told("text: one line a question, as FILE:LINE (default)"))
    add_lang(command)
    command.set_defaults(run=run_items)


def run_items(arguments: argparse.Namespace) -> int:
    """`lms items`: computed from the results as they stand, whatever is kept for the pages."""
    settings = load_settings(arguments.instance, os.environ)
    make_site: Callable[..., Site] = arguments.make_site
    site = make_site(settings)
    try:
        lines = list(_lines(site, arguments.quiz))
    finally:
        site.db.dispose()
    sys.stdout.writelines(FORMS[arguments.format](lines, arguments.said_in))
    return 0


def _lines(site: Site, quiz: str) -> Iterator[Line]:
    """What should be looked at first. Raises NotFound where no question of the quiz was sat."""
    with site.db.reading() as session:
        _, computed = compute(session, "")
        mine = (line for line in computed if line.listed and (not quiz or line.bank.partition("/")[0] == quiz))
        wanted = sorted(mine, key=lambda line: (-line.look, -line.figures.n, line.item_id))
        if quiz and not wanted:
            raise NotFound("No question of the quiz %(name)s has been sat.", name=quiz)
        places = site.part(SourceLines).find(list_paths(session, wanted))
        for start in range(0, len(wanted), CHUNK):
            yield from _placed(session, wanted[start : start + CHUNK], places)


def _placed(session: Session, lines: list[ItemLine], places: Mapping[str, str]) -> Iterator[Line]:
    items = load_items(session, [line.digest for line in lines])
    for line in lines:
        yield Line(places[line.item_id], line.item_id, items[line.digest].kind, line.figures, line.flags)


def _text(lines: list[Line], lang: str) -> Iterator[str]:
    for line in lines:
        figures = line.figures
        yield f"{line.place}: {line.item_id} n={figures.n} blank={figures.blank}"
        if figures.facility is None:
            yield f" {say_in(lang, phrase('too few: %(n)s of %(least)s', n=figures.n, least=MIN_N))}\n"
            continue
        together = "–" if figures.correlation is None else f"{figures.correlation / 1000:.2f}"
        apart = "–" if figures.index is None else f"{figures.index / 10_000:.2f}"
        taken = "–" if figures.seconds is None else f"{figures.seconds} s"
        yield f" p={figures.facility / 10_000:.2f} r={together} d={apart} t={taken}"
        yield "".join(f" [{say_in(lang, WORDS[flag])}]" for flag in line.flags) + "\n"


def _csv(lines: list[Line], lang: str) -> Iterator[str]:
    return csv_lines(HEAD, ([*_cells(line, lang)] for line in lines))


def _cells(line: Line, lang: str) -> Iterator[object]:
    figures = line.figures
    yield from (line.place, line.item_id, line.kind, "; ".join(say_in(lang, WORDS[flag]) for flag in line.flags), figures.n, figures.blank)
    for value, of in ((figures.facility, 10_000), (figures.correlation, 1000), (figures.index, 10_000)):
        yield None if value is None else value / of
    yield from (figures.seconds, figures.timed)


def _json(lines: list[Line], _lang: str) -> Iterator[str]:
    made = [{"place": line.place, "id": line.item_id, "kind": line.kind, "flags": line.flags, "figures": asdict(line.figures)} for line in lines]
    yield json.dumps(made, ensure_ascii=False, indent=2) + "\n"


FORMS: Mapping[str, Callable[[list[Line], str], Iterator[str]]] = {"text": _text, "csv": _csv, "json": _json}
