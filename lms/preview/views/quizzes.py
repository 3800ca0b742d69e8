"""The items of a quiz as learners see them, with key, feedback and explanation below, and what is wrong in its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from flask import render_template

from lms.assessment.service.papers import Placed
from lms.assessment.service.sheet import Question, question_of
from lms.content.catalogue import Item
from lms.content.interchange.exporting import source_lang_of
from lms.content.packages.compiler import package_of
from lms.content.source.problems import Problem
from lms.errors import NotFound
from lms.preview.parts import state
from lms.preview.places import Piece, index_at, lines_of, pieces_of
from lms.preview.views.blueprint import bp, problems_below


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a bank: an item with its question, or lines that make none, with their problems."""

    piece: Piece
    problems: list[Problem]
    item: Item | None
    question: Question | None


@bp.get("/quizzes/<slug>")
def quiz(slug: str) -> str:
    """All banks of a quiz. Raises NotFound if there is no such folder."""
    package = state().packages.get(f"quizzes/{slug}")
    if package is None:
        raise NotFound("There is no such quiz in the files.")
    lang = source_lang_of(state().tree, slug)
    below = f"quizzes/{slug}/"
    names = sorted({path.removeprefix(below).split(".")[0] for path in state().tree.below(f"quizzes/{slug}") if _is_bank(path.removeprefix(below))})
    numbers = count(1)
    banks = {name: list(_entries(slug, name, lang, {item.id: item for item in package.items if item.bank == f"{slug}/{name}"}, numbers)) for name in names}
    placed = {id(problem) for entries in banks.values() for entry in entries for problem in entry.problems}
    others = [one for one in state().compiled.problems if package_of(one.file) == f"quizzes/{slug}" and id(one) not in placed]
    return render_template("preview/quiz.html", slug=slug, quiz=package.made, banks=banks, source_lang=lang, others=others)


def _is_bank(name: str) -> bool:
    return "/" not in name and name.count(".") == len((".vi", ".md")) and name.endswith(".md")


def _entries(slug: str, bank: str, source_lang: str, items: dict[str, Item], numbers: Iterator[int]) -> Iterator[Entry]:
    path = f"quizzes/{slug}/{bank}.{source_lang}.md"
    pieces = pieces_of(lines_of(state().tree, path))
    problems = problems_below(f"quizzes/{slug}/{bank}.")
    here: dict[int, list[Problem]] = {}
    for problem in problems:
        if problem.file == path:
            here.setdefault(index_at(pieces, problem.line), []).append(problem)
    elsewhere = _by_id([problem for problem in problems if problem.file != path])
    shown: set[str] = set()
    for index, piece in enumerate(pieces):
        mine = here.get(index, [])
        item = None if piece.id in shown else items.get(piece.id or "")
        if piece.id and piece.id not in shown:
            mine += elsewhere.get(piece.id, [])
            shown.add(piece.id)
        if item or mine or (piece.id is not None and not piece.is_case and not piece.lines[0].startswith("# ")):
            yield Entry(piece, mine, item, question_of(_placed(next(numbers), item), None, frozenset()) if item else None)


def _by_id(problems: list[Problem]) -> dict[str, list[Problem]]:
    """Problems of translations by the id of their item."""
    found: dict[str, list[Problem]] = {}
    pieces = {file: pieces_of(lines_of(state().tree, file)) for file in {problem.file for problem in problems}}
    for problem in problems:
        piece = pieces[problem.file][index_at(pieces[problem.file], problem.line)]
        if piece.id:
            found.setdefault(piece.id, []).append(problem)
    return found


def _placed(n: int, item: Item) -> Placed:
    """An item in the order of the file."""
    return Placed(n, item, "".join(choice.letter for choice in item.choices), "".join(target.letter for target in item.targets))
