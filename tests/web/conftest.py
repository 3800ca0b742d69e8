"""A site with its sample content published, and somebody who may see everything."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.people.models import Account, Person, RoleGrant
from lms.people.rules import Role
from lms.platform.db import Database
from lms.platform.site import Site
from tests.conftest import NOW
from tests.content.sample import publish_real
from tests.make import make_learner, make_unit, sign_in


@pytest.fixture()
def published(the_site: Site) -> Site:
    """The site with the sample content."""
    publish_real(the_site.db, NOW)
    return the_site


@pytest.fixture()
def everybody(db: Database) -> Person:
    """A person who works in a unit and holds every role over the whole site."""
    with db.writing() as session:
        person = make_learner(session, unit=make_unit(session), staff_code="ALL1")
        session.get_one(Account, person.id).secret_kind = "password"
        session.add_all(RoleGrant(person_id=person.id, role=role) for role in Role)
    return person


@pytest.fixture()
def insider(app: Flask, published: Site, everybody: Person) -> FlaskClient:
    """A browser signed in as that person, on the site with content."""
    client = app.test_client()
    sign_in(client, everybody)
    return client
