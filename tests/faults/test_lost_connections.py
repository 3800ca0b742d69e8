"""PostgreSQL ends every connection (a restart, a failover): a few are told to try again, and the saving goes on."""

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.faults.conftest import MakePlace
from tests.faults.test_kill import LEARNERS, answering, assert_nothing_lost, start, until_each_saved

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
MANY = 40


@pytest.mark.parametrize("make_place", ["postgres"], indirect=True)
def test_lost_connections_are_made_anew_and_lose_no_acknowledged_answer(make_place: MakePlace) -> None:
    place = make_place(LEARNERS)
    url = make_url(place.url)
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    end = text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :name")
    with place.serve() as server:
        learners = start(server)
        with answering(learners):
            for _ in range(3):
                until_each_saved(learners, 3)
                with admin.connect() as connection:
                    assert connection.execute(end, {"name": url.database}).scalar_one() > 0
            until_each_saved(learners, 3)
        admin.dispose()
        refused = [line for learner in learners for line in learner.refused]
        assert all(line.startswith("503 ") for line in refused), refused[:3]
        assert len(refused) < MANY
        assert len(server.workers()) == 2
        assert_nothing_lost(place, learners)
