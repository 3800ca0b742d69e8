"""Figures from stored results: which sittings count, what is kept, when it is computed; and in how much time."""

from datetime import datetime, timedelta
from fractions import Fraction
from statistics import correlation

import pytest
from sqlalchemy import select, update

from lms.assessment.models import Attempt, Response
from lms.assessment.quality.models import ItemFigures, PaperFigures
from lms.assessment.quality.places import ID, SourceLines
from lms.assessment.quality.rules.looking import Flag, urgency
from lms.assessment.quality.service.computing import ItemLine, PaperLine, compute, read_body
from lms.assessment.quality.service.keeping import LEASE, FiguresKeeper, find_paper, wish
from lms.assessment.quality.service.listing import each_item, get_item, list_banks, list_items
from lms.assessment.quality.service.reports import report_item
from lms.clock import MovableClock
from lms.content.source.tree import read_tree
from lms.errors import NotFound
from lms.people.models import Person
from lms.platform.db import Database
from lms.platform.site import Site
from lms.settings import SAMPLE
from tests.assessment.conftest import ITEMS, KEY, Shelf
from tests.assessment.kinds import store_items
from tests.assessment.quality.conftest import KEYS, PAPER, add_version, answers_of, make_sitting, revised
from tests.counting import count_queries
from tests.make import make_learner


def computed(db: Database, offering: str = KEY) -> tuple[PaperLine, dict[str, ItemLine]]:
    with db.reading() as session:
        paper, lines = compute(session, offering)
    return paper, {line.item_id: line for line in lines if line.listed}


def test_figures_of_a_test_are_those_of_the_textbook(db: Database, shelf: Shelf, crowd: list[Person]) -> None:
    paper, lines = computed(db)
    rights = [place % 7 for place in range(len(crowd))]
    assert (paper.papers, paper.items, paper.same, paper.length, paper.covered) == (40, 6, True, 600, 10_000)
    assert paper.alpha is not None
    assert 800 < paper.alpha < 900
    for place, item_id in enumerate(KEYS):
        own = [right > place for right in rights]
        rest = [right - mine for right, mine in zip(rights, own, strict=True)]
        figures = lines[item_id].figures
        assert figures.n == 40
        assert figures.facility == round(Fraction(10_000 * sum(own), 40))
        assert figures.correlation == pytest.approx(1000 * correlation(own, rest), abs=1)
        assert (figures.timed, figures.seconds) == (40, 10)


def test_who_takes_which_choice(db: Database, shelf: Shelf, crowd: list[Person]) -> None:
    last = computed(db)[1]["item0003"]
    uses = {use.letter: (use.count, use.upper, use.lower) for use in last.figures.choices}
    assert uses["b"][0] == sum(place % 7 > 2 for place in range(40))
    assert uses["b"][1:] == (10_000, 0)
    assert uses["c"][1:] == (0, 10_000)
    assert last.flags == (Flag.UNUSED,)


def test_a_wrong_key_shows(db: Database, shelf: Shelf, clock_at: datetime) -> None:
    with db.writing() as session:
        for place in range(40):
            answers = answers_of(place % 7)
            answers[0] = "d" if place % 7 > 3 else "b"
            make_sitting(session, make_learner(session), answers, clock_at)
    assert computed(db)[1]["item0001"].flags[0] is Flag.WRONG_KEY


def test_only_the_first_sitting_of_a_person_counts_with_its_latest_result(db: Database, shelf: Shelf, crowd: list[Person], clock_at: datetime) -> None:
    before = computed(db)
    with db.writing() as session:
        make_sitting(session, crowd[0], answers_of(6), clock_at + timedelta(hours=1), n=2)
    assert computed(db) == before
    with db.writing() as session:
        first = session.scalars(select(Attempt).where(Attempt.person_id == crowd[0].id, Attempt.n == 1)).one()
        add_version(session, first, answers_of(6), version=2)
    assert computed(db)[1]["item0001"].figures.facility == before[1]["item0001"].figures.facility + 250  # type: ignore[operator]


def test_void_and_unmarked_and_open_sittings_are_left_out(db: Database, shelf: Shelf, crowd: list[Person]) -> None:
    with db.writing() as session:
        ids = session.scalars(select(Attempt.id).order_by(Attempt.id)).all()
        session.execute(update(Attempt).where(Attempt.id == ids[0]).values(state="void"))
        session.execute(update(Attempt).where(Attempt.id == ids[1]).values(state="open", closed_at=None))
    assert computed(db)[0].papers == 38


def test_times_of_a_sitting_in_which_an_answer_was_changed_are_not_known(db: Database, shelf: Shelf, crowd: list[Person]) -> None:
    with db.writing() as session:
        first = session.scalar(select(Attempt.id).order_by(Attempt.id))
        session.execute(update(Response).where(Response.attempt_id == first, Response.item_id == "item0002").values(seq=2))
    assert {line.figures.timed for line in computed(db)[1].values()} == {39}


def test_revisions_stand_apart_and_together(db: Database, shelf: Shelf, crowd: list[Person], clock_at: datetime) -> None:
    other = revised(ITEMS["item0001"], "new")
    with db.writing() as session:
        store_items(session, other)
        for place in range(35):
            make_sitting(session, make_learner(session), answers_of(place % 7), clock_at, items=(other, *PAPER[1:]))
    with db.reading() as session:
        _, lines = compute(session, KEY)
    mine = {line.digest: (line.figures.n, line.listed) for line in lines if line.item_id == "item0001"}
    assert mine == {other.digest: (35, True), ITEMS["item0001"].digest: (40, False), "": (75, False)}
    assert len([line for line in lines if line.item_id == "item0002"]) == 1


def test_drawn_papers_are_judged_by_what_came_up_together(db: Database, shelf: Shelf, clock_at: datetime) -> None:
    """Each paper leaves out one of six: the alpha of a paper of five, from pairs that came up together."""
    with db.writing() as session:
        for place in range(240):
            kept = [item for n, item in enumerate(PAPER) if n != place % 6]
            answers = [answer for n, answer in enumerate(answers_of(place // 6 % 7)) if n != place % 6]
            make_sitting(session, make_learner(session), answers, clock_at, items=kept)
    paper, _ = computed(db)
    assert (paper.same, paper.length, paper.covered) == (False, 500, 10_000)
    whole = [[int(place // 6 % 7 > n) for n in range(6)] for place in range(240)]
    five = _expected_alpha(whole, 5)
    assert paper.alpha == pytest.approx(1000 * five, abs=15)


def _expected_alpha(rows: list[list[int]], length: int) -> float:
    """From the full matrix that the draws were taken from: mean variance and mean covariance, in the formula of alpha."""
    n, k = len(rows), len(rows[0])
    means = [sum(row[place] for row in rows) / n for place in range(k)]

    def covariance(a: int, b: int) -> float:
        return sum((row[a] - means[a]) * (row[b] - means[b]) for row in rows) / n

    variance = sum(covariance(a, a) for a in range(k)) / k
    mean = sum(covariance(a, b) for a in range(k) for b in range(a)) / (k * (k - 1) / 2)
    return length * mean / (variance + (length - 1) * mean)


def test_of_too_few_nothing_is_told(db: Database, shelf: Shelf, clock_at: datetime) -> None:
    with db.writing() as session:
        for place in range(29):
            make_sitting(session, make_learner(session), answers_of(place % 7), clock_at)
    paper, lines = computed(db)
    assert (paper.papers, paper.alpha, paper.error, paper.mean) == (29, None, None, None)
    assert lines["item0001"].figures.facility is None
    assert computed(db, "test:other") == (PaperLine(0, 0, True, 0, None, None, None, 0), {})


def test_what_is_kept_is_what_was_computed(db: Database, the_site: Site, shelf: Shelf, crowd: list[Person], clock: MovableClock) -> None:
    keeper = FiguresKeeper(db, the_site.settings.zone)
    assert keeper.run(clock.now()) == 2
    for scope in (KEY, ""):
        with db.reading() as session:
            paper, lines = compute(session, scope)
            rows = {(row.item_id, row.digest): row for row in session.scalars(select(ItemFigures).where(ItemFigures.scope == scope))}
            row, kept = find_paper(session, scope=scope)
        assert kept == paper
        assert row is not None
        assert (row.computed_at, row.wanted_at, row.lease_until) == (clock.now(), None, None)
        assert {key: (read_body(row.body), row.look, row.n, row.listed, row.bank) for key, row in rows.items()} == {
            (line.item_id, line.digest): ((line.figures, line.flags), line.look, line.figures.n, line.listed, line.bank) for line in lines
        }


def test_the_line_of_an_item_is_found_in_the_files(db: Database, the_site: Site, shelf: Shelf, crowd: list[Person], clock: MovableClock) -> None:
    FiguresKeeper(db, the_site.settings.zone, lambda paths: {item_id: f"{path}:{len(item_id)}" for item_id, path in paths.items()}).run(clock.now())
    with db.reading() as session:
        assert {one.place for one in each_item(session, scope=KEY)} == {"quizzes/quiz/bank.vi.md:1:8"}
    tree = read_tree(SAMPLE)
    path = next(path for path in tree.files if path.startswith("quizzes/") and path.endswith(".vi.md"))
    n, item_id = next((n, found[1]) for n, line in enumerate(tree.files[path].decode().splitlines(), 1) if (found := ID.search(line)))
    wanted = {item_id: path, "gone0001": path, "lost0001": "quizzes/none.vi.md"}
    lines = the_site.part(SourceLines).find(wanted)
    assert lines == {item_id: f"{path}:{n}", "gone0001": path, "lost0001": "quizzes/none.vi.md"}


def test_it_is_computed_once_a_night_and_when_somebody_wishes_it(db: Database, the_site: Site, shelf: Shelf, crowd: list[Person], clock: MovableClock) -> None:
    keeper = FiguresKeeper(db, the_site.settings.zone)
    assert keeper.run(clock.now()) == 2
    assert keeper.run(clock.now()) == 0
    clock.move(hours=16, minutes=59)
    assert keeper.run(clock.now()) == 0, "01:59 in Vietnam"
    clock.move(minutes=1)
    assert keeper.run(clock.now()) == 1, "02:00: nothing was scored since, so only the whole"
    with db.writing() as session:
        wish(session, scope=KEY, now=clock.now())
        wish(session, scope=KEY, now=clock.now())
    assert keeper.run(clock.now()) == 1
    assert keeper.run(clock.now()) == 0


def test_what_a_dead_process_left_is_taken_up_after_its_lease(db: Database, the_site: Site, shelf: Shelf, clock: MovableClock) -> None:
    keeper = FiguresKeeper(db, the_site.settings.zone)
    keeper.run(clock.now())
    with db.writing() as session:
        wish(session, scope="", now=clock.now())
        session.execute(update(PaperFigures).values(lease_until=clock.now() + LEASE))
    assert keeper.run(clock.now()) == 0
    clock.move(seconds=LEASE.total_seconds() + 1)
    assert keeper.run(clock.now()) == 1


def test_the_list_has_what_is_reported_first_and_then_what_is_worst(
    db: Database, the_site: Site, shelf: Shelf, crowd: list[Person], clock: MovableClock
) -> None:
    with db.writing() as session:
        attempt = session.scalars(select(Attempt).order_by(Attempt.id)).first()
        assert attempt is not None
        report_item(session, attempt_id=attempt.id, person_id=attempt.person_id, item_id="item0004", reason="key", words="", now=clock.now())
    FiguresKeeper(db, the_site.settings.zone).run(clock.now())
    with db.reading() as session:
        with count_queries(db) as counted:
            listed, total = list_items(session, scope=KEY)
        assert (total, (listed[0].item.id, listed[0].waiting, listed[0].reports)) == (6, ("item0004", 1, 1))
        looks = [urgency(one.flags) for one in listed[1:]]
        assert listed[1].flags
        assert looks == sorted(looks, reverse=True)
        assert len(counted) <= 4
        assert list_banks(session, scope=KEY) == ["quiz/bank"]
        assert [one.item.id for one in each_item(session, scope=KEY)] == [one.item.id for one in listed]
        assert list_items(session, scope=KEY, bank="other/bank") == ([], 0)
        place, revisions = get_item(session, scope=KEY, item_id="item0001")
        assert (place, len(revisions)) == ("quizzes/quiz/bank.vi.md:1", 1)
        with pytest.raises(NotFound):
            get_item(session, scope=KEY, item_id="none")
