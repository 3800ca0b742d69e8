"""A paper is read in another language in its middle, and what is old in that language says so at the question."""

import re

from flask.testing import FlaskClient

from lms.clock import MovableClock
from lms.content.packages.compiler import compile_tree
from lms.content.service.publishing import publish_compiled
from lms.people.models import Person
from lms.platform.db import Database
from tests.content.trees import BANK, tree_with
from tests.learning.rehearsing import BEFORE_OPENING, publish
from tests.learning.test_rehearsal import person
from tests.make import sign_in

__all__ = ["person"]
OLD = "The source text of this question has changed since it was translated."


def test_a_stale_question_is_told_in_the_language_in_which_it_is_stale(client: FlaskClient, db: Database, person: Person, clock: MovableClock) -> None:
    clock.set(BEFORE_OPENING)
    publish(db, clock.now())
    clock.move(minutes=1)
    tree = tree_with((BANK, "Tháo che chắn", "Tháo tấm che chắn"))
    with db.writing() as session:
        publish_compiled(session, compile_tree(tree), tree, now=clock.now(), actor_id=None)
    clock.move(minutes=1)
    sign_in(client, person)
    client.set_cookie("lang", "vi")
    sitting = client.post("/offerings/course:khoa-mau").location
    assert OLD not in client.get(sitting).text
    address = re.search(r'href="([^"]*/sittings/[^"]*)"[^>]*hreflang="en', client.get(f"{sitting}?n=3").text)
    assert address is not None
    page = client.get(address[1].replace("&amp;", "&"), follow_redirects=True).text
    assert page.count(OLD) == 1
    form = next(part for part in page.split("<form ") if OLD in part)
    assert 'data-item="qaaaaaa3"' in form
