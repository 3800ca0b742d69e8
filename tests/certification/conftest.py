"""A company and the published schemes, for the tests of this room."""

import pytest

from lms.content.catalogue import Catalogue
from lms.platform.db import Database
from tests.certification.make import NOW, Company, make_company
from tests.content.sample import publish_sample


@pytest.fixture()
def catalogue(db: Database) -> Catalogue:
    """The sample content, with the schemes of groups 1 and 4."""
    return publish_sample(db, NOW)


@pytest.fixture()
def company(db: Database, catalogue: Catalogue) -> Company:
    """A company with three workers and an officer."""
    with db.writing() as session:
        return make_company(session)
