"""A supervisor of the learner's unit, and a sitting of the learner."""

import pytest

from lms.assessment.models import Attempt
from lms.clock import MovableClock
from lms.people.models import Person
from lms.people.rules import Role
from lms.platform.db import Database
from tests.assessment.acts import start
from tests.assessment.conftest import KEY, People, Shelf
from tests.make import make_learner


@pytest.fixture()
def supervisor(db: Database, people: People) -> Person:
    """A trainer of the learner's unit."""
    with db.writing() as session:
        return make_learner(session, unit=people.unit, roles=(Role.TRAINER,))


@pytest.fixture()
def attempt(db: Database, shelf: Shelf, people: People, clock: MovableClock) -> Attempt:
    """The learner has just started; the limit is ten minutes."""
    return start(db, people.learner, shelf.offerings[KEY], clock.now())
