"""Sealed banks: nothing shows them before their hour, and contests draw from them all the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lms.content.catalogue import Catalogue, Contest, Quiz
from lms.content.packages.compiler import compile_tree
from lms.content.sealing import draws_sealed, is_item_sealed, is_sealed, sealed_banks
from lms.content.source.tree import ContentTree
from tests.content.trees import BANK, BANK_ZH, FILES, QUIZ, tree_with

LINE = ("source_lang: vi", "source_lang: vi\nsealed_until: 2027-05-03T08:00")
OPENS = datetime(2027, 5, 3, 1, 0, tzinfo=UTC)
JUST_BEFORE = OPENS - timedelta(milliseconds=1)
LATER = "---\nsealed_until: 2027-06-01T00:00\n---\n"


def catalogue_of(tree: ContentTree) -> Catalogue:
    compiled = compile_tree(tree)
    assert not compiled.held, compiled.problems
    kinds: dict[str, dict[str, object]] = {"courses": {}, "quizzes": {}, "contests": {}, "schemes": {}}
    for name, package in compiled.packages.items():
        kinds[name.split("/")[0]][name.split("/")[1]] = package.made
    return Catalogue(digest="", **kinds)  # type: ignore[arg-type]


def quiz_of(catalogue: Catalogue) -> Quiz:
    return catalogue.quizzes["de-mau"]


@pytest.mark.parametrize(("now", "sealed"), [pytest.param(JUST_BEFORE, True, id="just before"), pytest.param(OPENS, False, id="at the hour")])
def test_a_quiz_is_sealed_until_its_hour_in_the_zone_of_the_site(now: datetime, sealed: bool) -> None:
    catalogue = catalogue_of(tree_with((QUIZ, *LINE)))
    item = next(iter(compile_tree(tree_with((QUIZ, *LINE))).packages["quizzes/de-mau"].items))
    assert is_sealed(quiz_of(catalogue), now) is sealed
    assert sealed_banks(catalogue, now) == (frozenset({"de-mau/cau-hoi"}) if sealed else frozenset())
    assert is_item_sealed(item, catalogue, now) is sealed
    contest: Contest = catalogue.contests["hoi-thi-mau"]
    round_quiz = contest.stages[0].rounds[0].quiz
    assert round_quiz.sealed_until is None
    assert draws_sealed(round_quiz, catalogue, now) is sealed


def test_an_open_quiz_is_not_sealed() -> None:
    catalogue = catalogue_of(ContentTree(FILES, "x"))
    assert not is_sealed(quiz_of(catalogue), JUST_BEFORE)
    assert not draws_sealed(quiz_of(catalogue), catalogue, JUST_BEFORE)


def test_a_sealed_bank_seals_what_draws_from_it_and_the_later_hour_holds() -> None:
    bank = FILES[BANK].decode()
    body = bank.split("---\n", 2)[-1] if bank.startswith("---") else bank
    by_bank = ContentTree(FILES | {BANK: (LATER + body).encode()}, "x")
    both = ContentTree({**tree_with((QUIZ, *LINE)).files, BANK: (LATER + body).encode()}, "x")
    borrowed = ContentTree(
        {**by_bank.files, "quizzes/khac/quiz.yml": FILES[QUIZ].replace(b"id: de-mau", b"id: khac").replace(b"from: cau-hoi", b"from: de-mau/cau-hoi")}, "x"
    )
    for tree in (by_bank, both):
        assert quiz_of(catalogue_of(tree)).sealed_until == datetime(2027, 5, 31, 17, 0, tzinfo=UTC)
    assert is_sealed(catalogue_of(borrowed).quizzes["khac"], OPENS)
    assert catalogue_of(borrowed).quizzes["khac"].sealed_banks == {}


def test_a_draw_from_every_bank_of_a_quiz_is_sealed_by_one_of_them() -> None:
    body = FILES[BANK].decode().split("---\n", 2)[-1]
    settings = FILES[QUIZ].replace(b"from: cau-hoi\n    pick: 4", b"pick: 4").replace(b"from: cau-hoi\n    pick: 2", b"pick: 2")
    catalogue = catalogue_of(ContentTree(FILES | {BANK: (LATER + body).encode(), QUIZ: settings}, "x"))
    assert {draw.bank for draw in quiz_of(catalogue).draws} == {"de-mau/*"}
    assert is_sealed(quiz_of(catalogue), OPENS)
    assert draws_sealed(replace(quiz_of(catalogue), sealed_until=None), catalogue, OPENS)


def test_a_translation_unseals_nothing_and_a_wrong_hour_is_an_error() -> None:
    text = FILES[BANK_ZH].decode()
    body = text.split("---\n", 2)[-1] if text.startswith("---") else text
    assert quiz_of(catalogue_of(ContentTree(FILES | {BANK_ZH: (LATER + body).encode()}, "x"))).sealed_until is None
    wrong = compile_tree(tree_with((QUIZ, "source_lang: vi", "source_lang: vi\nsealed_until: soon")))
    assert [(problem.code, problem.file) for problem in wrong.problems if problem.severity == "error"] == [("value-wrong", QUIZ)]
