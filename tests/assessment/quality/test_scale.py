"""The figures of many sittings: a bound on time and memory that something quadratic, or keeping every row, would pass."""

import json
import time
import tracemalloc
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt, Response, Result
from lms.assessment.quality.service.computing import compute
from lms.content.catalogue import Item
from lms.people.models import Person
from lms.platform.db import Database
from tests.assessment.conftest import Shelf
from tests.assessment.kinds import store_items
from tests.assessment.quality.conftest import PAPER, revised

MANY, EACH, MOST_S, MOST_BYTES = 1_000, 20, 3, 20e6
ATTEMPT = {"offering": "test:many", "n": 1, "quiz": "q", "quiz_digest": "q", "seed": 1, "lang": "vi", "paper": "[]", "rules": "{}", "state": "submitted"}
RESULT = {"version": 1, "max_points": 100 * EACH, "item_count": EACH, "critical_wrong": 0, "passed": True, "elapsed_ms": 1}


def _fill(session: Session, items: list[Item], at: datetime) -> None:
    """Rows as sittings leave them; abler people are more often right, and later items are easier."""
    store_items(session, *items)
    made = [{"full_name": f"P{n}", "sort_key": str(n), "search_text": "p", "created_at": at} for n in range(MANY)]
    people = session.scalars(insert(Person).returning(Person.id), made).all()
    when = {"started_at": at, "deadline_at": at + timedelta(days=1), "closed_at": at + timedelta(minutes=9), "grace_s": 0}
    session.execute(insert(Attempt), [ATTEMPT | when | {"id": n + 1, "person_id": one} for n, one in enumerate(people)])
    for start in range(0, MANY, 1000):
        batch = range(start, start + 1000)
        session.execute(insert(Result), [RESULT | {"attempt_id": n + 1, "scored_at": at} | _scored(n, items) for n in batch])
        saved = [(n + 1, item.id, at + timedelta(seconds=20 * place)) for n in batch for place, item in enumerate(items, 1)]
        rows = [{"attempt_id": n, "item_id": item_id, "answer": "b", "seq": 1, "save_id": "s", "saved_at": then} for n, item_id, then in saved]
        session.execute(insert(Response), rows)


def _scored(n: int, items: list[Item]) -> dict[str, object]:
    right = [(n * 7919 + place * 104_729) % 97 < 30 + 2 * place + n % 25 for place in range(EACH)]
    pairs = zip(items, right, strict=True)
    rows = [[item.id, item.digest, "", "b" if ok else "c", "right" if ok else "wrong", 100 * ok, 100] for item, ok in pairs]
    return {"points": 100 * sum(right), "correct": sum(right), "items": json.dumps(rows)}


@pytest.mark.one_database
def test_a_thousand_sittings_of_twenty_items_take_a_moment_and_little_memory(db: Database, shelf: Shelf, clock_at: datetime) -> None:
    items = [replace(revised(PAPER[0], f"{place:03}"), id=f"many{place:04}") for place in range(EACH)]
    with db.writing() as session:
        _fill(session, items, clock_at)
    with db.reading() as session:
        begun = time.perf_counter()
        paper, lines = compute(session, "test:many")
        took = time.perf_counter() - begun
    assert (paper.papers, len(lines), lines[3].figures.seconds, paper.same) == (MANY, EACH, 20, True)
    assert took < MOST_S, f"{took:.1f} s"
    tracemalloc.start()
    with db.reading() as session:
        compute(session, "test:many")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < MOST_BYTES, f"{most / 1e6:.0f} MB"
