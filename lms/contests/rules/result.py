"""The result of a round as text, computed from its log and nothing else: what is published, and what an auditor gets byte for byte."""

from collections.abc import Iterator

from lms.contests.rules.log import RoundLog, written
from lms.contests.rules.participation import sum_up
from lms.contests.rules.prizes import Ranked, allot
from lms.contests.rules.standings import Placed, place_all


def result_lines(log: RoundLog) -> Iterator[str]:
    """First a line that names the log, then everybody by place, then the prizes in their order, then the units; lines without their ends."""
    placed = place_all(log.rules, log.tries.items())
    head = {"t": "result", "contest": log.contest, "round": log.rules.slug, "log": log.digest, "entrants": len(placed)}
    yield written(head)
    for one in placed:
        yield written(_row(one))
    ranked = [Ranked(str(one.who), one.place, one.counted.unit_id, one.counted.sat.correct == one.counted.sat.item_count) for one in placed]
    allotted = allot(log.prizes, ranked, seed=log.seed)
    for award in allotted.awards:
        yield written({"t": "award", "prize": award.key[0], "tier": award.key[1], "place": award.place, "who": int(award.code)})
    if allotted.waiting is not None:
        waiting = allotted.waiting
        yield written({"t": "lot", "prize": waiting.key[0], "tier": waiting.key[1], "seats": waiting.seats, "who": [int(code) for code in waiting.codes]})
    yield from _units(log, placed)


def _row(one: Placed) -> dict[str, object]:
    counted = one.counted
    row: dict[str, object] = {"t": "place", "place": one.place, "who": one.who, "unit": counted.unit_id, "tries": counted.tries}
    return row | {"right": counted.sat.correct, "of": counted.sat.item_count, "took": counted.elapsed_ms, "end": counted.sat.submitted_ms}


def _units(log: RoundLog, placed: list[Placed]) -> Iterator[str]:
    """Each unit with everything below it; units without persons and members are left out."""
    paths = {unit.id: unit.path for unit in log.units}
    counts: dict[int, int] = {}
    for one in placed:
        if one.counted.unit_id in paths:
            counts[one.counted.unit_id] = counts.get(one.counted.unit_id, 0) + 1
    persons, members = sum_up(paths, counts), sum_up(paths, {unit.id: unit.members for unit in log.units})
    for unit in sorted(log.units, key=lambda one: one.id):
        if persons[unit.id] or members[unit.id]:
            yield written({"t": "unit", "id": unit.id, "code": unit.code, "persons": persons[unit.id], "members": members[unit.id]})
