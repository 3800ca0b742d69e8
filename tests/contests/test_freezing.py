"""What an open contest keeps as it is, which keys it keeps back, and in which languages it does not open."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lms.content.catalogue import Contest
from lms.content.service.loading import load_catalogue, load_items
from lms.content.service.pools import PoolIds
from lms.contests.freezing import OpenContests, OpenPools, rounds_of
from lms.platform.db import Database
from tests.conftest import NOW
from tests.content.sample import publish_sample
from tests.counting import count_queries

MS = timedelta(milliseconds=1)


@pytest.fixture()
def contest(db: Database) -> Contest:
    return publish_sample(db, NOW).contests["hoi-thi-mau"]


def test_a_contest_alone_is_frozen_from_its_first_opening_to_its_last_close(db: Database, contest: Contest) -> None:
    opens = min(one.quiz.opens_at for one in rounds_of(contest) if one.quiz.opens_at)
    closes = max(one.quiz.closes_at for one in rounds_of(contest) if one.quiz.closes_at)
    kept = {"contests/hoi-thi-mau": closes}
    with db.reading() as session:
        for now, expected in ((opens - MS, {}), (opens, kept), (closes - MS, kept), (closes, {})):
            assert OpenContests().frozen(session, [contest, contest], now) == expected


def test_the_keys_of_an_open_pool_stay_back_until_its_close(db: Database, contest: Contest) -> None:
    one = next(rounds_of(contest))
    assert one.quiz.opens_at is not None
    assert one.quiz.closes_at is not None
    pools = OpenPools(PoolIds())
    with db.reading() as session:
        catalogue = load_catalogue(session)
        items = load_items(session, [digest for draw in one.quiz.draws for digest in draw.digests])
        some = [next(iter(items.values())).id]
        for now, expected in ((one.quiz.opens_at - MS, None), (one.quiz.opens_at, one.quiz.closes_at), (one.quiz.closes_at, None)):
            assert pools.guarded_until(session, catalogue, some, now) == expected
        assert pools.guarded_until(session, catalogue, ["another"], NOW) is None
        known = replace(catalogue, contests={name: replace(one, public=True) for name, one in catalogue.contests.items()})
        assert pools.guarded_until(session, known, some, one.quiz.opens_at) is None
        with count_queries(db) as counted:
            pools.guarded_until(session, catalogue, some, NOW)
        assert len(counted) == 0
