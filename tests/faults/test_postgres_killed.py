"""kill -9 of PostgreSQL in the middle of the answers: after its restart every acknowledged answer is there and every sitting goes on."""

import json
import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.faults.cluster import own_cluster
from tests.faults.conftest import Place, add_learners
from tests.faults.test_kill import LEARNERS, answering, assert_nothing_lost, start, until_each_saved
from tests.operations.processes import free_port, run_lms

pytestmark = [pytest.mark.faults, pytest.mark.postgres]


def test_killing_the_database_loses_no_acknowledged_answer_and_every_sitting_resumes(instance_template: Path, tmp_path: Path) -> None:
    instance = tmp_path / "site"
    shutil.copytree(instance_template, instance)
    with own_cluster() as cluster:
        admin = create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            assert connection.execute(text("SHOW fsync")).scalar_one() == "on"
            assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
            connection.execute(text("CREATE DATABASE vean"))
        admin.dispose()
        for command in ("migrate", "publish"):
            done = run_lms(command, instance=instance, LMS_DATABASE_URL=cluster.url("vean"), timeout=240)
            assert done.returncode == 0, done.stderr
        place = Place(instance, cluster.url("vean"), free_port())
        add_learners(place.instance, place.url, LEARNERS)
        with place.serve() as server:
            learners = start(server)
            papers = {learner.code: learner.items for learner in learners}
            with answering(learners):
                for _ in range(2):
                    until_each_saved(learners, 4)
                    cluster.kill()
                    time.sleep(0.5)
                    cluster.start()
                until_each_saved(learners, 4)
            assert_nothing_lost(place, learners)
            refused = [line for learner in learners for line in learner.refused]
            assert all(line.startswith("503 ") for line in refused), refused[:3]
            for learner in learners:
                learner.open(learner.path)
                assert learner.items == papers[learner.code]
                state = json.loads(learner.browser.get(f"{learner.path}/state").text)
                assert state["open"]
                for item, letters in learner.acknowledged.items():
                    assert state["answers"][item]["answer"] in {letters, learner.doubtful.get(item)}
