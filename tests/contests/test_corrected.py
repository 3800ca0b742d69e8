"""A corrected question moves entries and ranks: told before, and done with the results; entries are those of a recount."""

import json

from lms.assessment.correction_models import Correction
from lms.assessment.service.correcting import make_correction
from lms.assessment.service.corrector import Corrector
from lms.assessment.service.dry_run import dry_run
from lms.assessment.service.wishes import Wish, to_row
from lms.assessment.settling import Corrected
from lms.contests.service.moves import RoundMoves
from tests.contests.conftest import KEY, Hall
from tests.contests.test_entries import entry_of, rebuild


def correct(hall: Hall, digest: str, by: int, kind: str = "full") -> Correction:
    """The correction of a revision in the round, brought to every paper."""
    wish = Wish(KEY, digest, kind, never_lower=False)
    with hall.db.reading() as session:
        tally = dry_run(session, to_row(session, wish)).tally
    with hall.db.writing() as session:
        made = make_correction(session, to_row(session, wish), reason="Sai", ask_id=digest[:36], tally=tally, actor_id=by, now=hall.clock.now())
    assert Corrector(hall.db, hall.clock).run() == 1
    return made


def test_a_correction_moves_entries_and_ranks_as_a_recount_would(hall: Hall) -> None:
    one, two, three = (hall.person() for _ in range(3))
    first = hall.sit(one, 3, 60_000)
    second = hall.sit(two, 2, 50_000)
    hall.sit(three, 4, 70_000)
    with hall.db.reading() as session:
        changed = {second.id: Corrected(4, 4, valid=True)}
        moves = RoundMoves().moves(session, hall.catalogue, KEY, changed)
        assert moves is not None
        assert (moves.moved, moves.of) == (3, 3)
        assert [(move.name, move.before, move.after) for move in moves.first] == [
            (two.full_name, 3, 1),
            (three.full_name, 1, 2),
            (one.full_name, 2, 3),
        ]
        gone = RoundMoves().moves(session, hall.catalogue, KEY, {first.id: Corrected(0, 4, valid=False)})
        assert gone is not None
        assert [(move.name, move.before, move.after) for move in gone.first] == [(two.full_name, 3, 2), (one.full_name, 2, None)]
        assert RoundMoves().moves(session, hall.catalogue, "course:khoa-mau", changed) is None
        unmoved = RoundMoves().moves(session, hall.catalogue, KEY, {})
        assert unmoved is not None
        assert unmoved.moved == 0
    digest = json.loads(second.paper)[-1][0]  # answered wrongly by the second
    correct(hall, digest, three.id)
    entry = entry_of(hall, two)
    assert entry is not None
    assert (entry.correct, entry.rank_1) == (3, -3)
    assert rebuild(hall) == 0


def test_a_dropped_question_leaves_the_counts_of_the_entry(hall: Hall) -> None:
    person = hall.person()
    attempt = hall.sit(person, 4, 60_000)
    correct(hall, json.loads(attempt.paper)[0][0], person.id, "drop")
    entry = entry_of(hall, person)
    assert entry is not None
    assert (entry.correct, entry.item_count) == (3, 3)
    assert rebuild(hall) == 0
