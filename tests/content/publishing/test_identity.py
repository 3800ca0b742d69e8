"""Ids of items are for ever: a deleted one comes back as itself or not at all, and a moved one stays itself."""

import pytest
from sqlalchemy import delete, select

from lms.content.models import ItemLife
from lms.content.service.publishing import PublishReport, publish
from lms.content.source.tree import ContentTree
from lms.platform.db import Database
from tests.content.publishing.moments import NOW
from tests.content.trees import BANK, FILES, QUIZ, line_of

ID = "qaaaaaa3"
LANGS = ("vi", "zh", "en")


def put(db: Database, files: dict[str, bytes]) -> PublishReport:
    with db.writing() as session:
        return publish(session, ContentTree(files, "x"), now=NOW)


def item_text(files: dict[str, bytes], lang: str, item_id: str = ID) -> tuple[str, str]:
    """A bank without an item, and the item."""
    text = files[BANK.replace(".vi.", f".{lang}.")].decode()
    head, *items = text.split("\n## ")
    mine = next(item for item in items if f"#{item_id}" in item)
    return "\n## ".join([head, *(item for item in items if item is not mine)]), "## " + mine + "\n"


def without_item() -> dict[str, bytes]:
    fewer = FILES[QUIZ].replace(b"pick: 4", b"pick: 3")
    contest = FILES["contests/hoi-thi-mau.yml"]
    return (
        FILES | {BANK.replace(".vi.", f".{lang}."): item_text(FILES, lang)[0].encode() for lang in LANGS} | {QUIZ: fewer, "contests/hoi-thi-mau.yml": contest}
    )


def flipped() -> dict[str, bytes]:
    text = FILES[BANK].decode()
    item = item_text(FILES, "vi")[1].rstrip("\n")
    lines = item.split("\n")
    right = next(number for number, line in enumerate(lines) if line.startswith("- (x)"))
    wrong = next(number for number, line in enumerate(lines) if line.startswith("- ( )"))
    lines[right], lines[wrong] = lines[right].replace("(x)", "( )"), lines[wrong].replace("( )", "(x)")
    assert item in text
    return FILES | {BANK: text.replace(item, "\n".join(lines)).encode()}


def test_a_deleted_item_comes_back_with_its_own_key_only(db: Database) -> None:
    put(db, FILES)
    assert "contests/hoi-thi-mau" not in put(db, without_item()).held
    report = put(db, flipped())
    problem = next(problem for problem in report.problems if problem.code == "item-other-key")
    assert (problem.file, problem.line, problem.severity) == (BANK, line_of(ContentTree(FILES, ""), BANK, f"#{ID}"), "error")
    assert "cau-hoi.vi.md" in str(problem.message)
    assert {"quizzes/de-mau", "courses/khoa-mau"} <= set(report.held)
    with db.reading() as session:
        former = session.get(ItemLife, ID)
        assert former is not None
        assert former.digest[:12] in str(problem.message)
        assert former.gone_at == NOW
    assert put(db, FILES).held == {}
    with db.reading() as session:
        back = session.get(ItemLife, ID)
        assert back is not None
        assert back.gone_at is None


def test_the_key_of_an_item_that_stayed_may_change(db: Database) -> None:
    put(db, FILES)
    assert put(db, flipped()).held == {}


def test_items_that_were_deleted_before_lives_were_recorded_are_remembered_by_their_revisions(db: Database) -> None:
    put(db, FILES)
    put(db, without_item())
    with db.writing() as session:
        session.execute(delete(ItemLife).where(ItemLife.item_id == ID))
    assert "quizzes/de-mau" in put(db, flipped()).held
    with db.writing() as session:
        session.execute(delete(ItemLife))
    assert put(db, flipped()).held == {}, "the first publishing after the table was made has nothing to compare with"


def test_an_item_that_moves_to_another_quiz_stays_itself(db: Database) -> None:
    put(db, FILES)
    with db.reading() as session:
        before = session.get(ItemLife, ID)
    moved = without_item()
    for lang in LANGS:
        moved[f"quizzes/khac/rieng.{lang}.md"] = item_text(FILES, lang)[1].encode()
    moved["quizzes/khac/quiz.yml"] = (
        FILES[QUIZ].replace(b"id: de-mau", b"id: khac").split(b"draw:")[0] + b"draw:\n  - from: rieng\n    pick: 1\nreview: never\n"
    )
    report = put(db, moved)
    assert report.held == {}, [str(problem) for problem in report.problems]
    with db.reading() as session:
        after = session.get(ItemLife, ID)
    assert before is not None
    assert after is not None
    assert (before.package, after.package, after.gone_at) == ("quizzes/de-mau", "quizzes/khac", None)
    assert after.key_digest == before.key_digest


def test_an_item_of_a_package_that_is_held_back_lives_on(db: Database) -> None:
    put(db, FILES)
    put(db, without_item() | {QUIZ: FILES[QUIZ] + b"topik: x\n"})
    with db.reading() as session:
        assert session.scalars(select(ItemLife.item_id).where(ItemLife.gone_at.is_not(None))).all() == []


@pytest.mark.parametrize("where", ["same file", "another quiz"])
def test_an_id_that_stands_twice_names_both_lines(db: Database, where: str) -> None:
    item = item_text(FILES, "vi")[1]
    other = BANK if where == "same file" else "quizzes/khac/rieng.vi.md"
    files = FILES | {other: FILES.get(other, b"") + ("\n" + item).encode()}
    if where == "another quiz":
        files["quizzes/khac/quiz.yml"] = FILES[QUIZ].replace(b"id: de-mau", b"id: khac").replace(b"from: cau-hoi", b"from: rieng")
    twice = [problem for problem in put(db, files).problems if problem.code == "item-duplicate-id"]
    places = {f"{problem.file}:{problem.line}" for problem in twice}
    assert len(places) == 2
    assert all(any(place in str(problem.message) for place in places - {f"{problem.file}:{problem.line}"}) for problem in twice)
