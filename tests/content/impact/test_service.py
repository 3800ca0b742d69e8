"""What publishing would do to a site on which people have learned, sat and been certified."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from lms.certification.models import Evidence, Period
from lms.content.catalogue import Catalogue
from lms.content.impact.rooms import ImpactRooms
from lms.content.models import PublicationCurrent
from lms.content.service.impact import Impact, weigh
from lms.content.service.publishing import publish
from lms.content.source.tree import ContentTree
from lms.learning.models import LessonProgress
from lms.people.models import Person
from lms.platform.db import Database
from lms.platform.site import Site
from tests.conftest import NOW
from tests.content.impact.acts import FIRE, KEY, RETRAIN, flipped, sit
from tests.content.sample import publish_sample
from tests.content.trees import BANK, compiled, tree_with
from tests.counting import count_queries
from tests.make import make_learner

TODAY = date(2026, 11, 22)
AFTER = NOW + timedelta(days=30)
"""The contest of the sample is over, which stays as it is until then."""


@pytest.fixture()
def catalogue(db: Database) -> Catalogue:
    return publish_sample(db, NOW)


def learners(db: Database, n: int) -> Sequence[Person]:
    with db.writing() as session:
        return [make_learner(session) for _ in range(n)]


def weighed(site: Site, tree: ContentTree, now: datetime = AFTER) -> Impact:
    with site.db.reading() as session:
        return weigh(session, tree, compiled(tree), site.part(ImpactRooms), now=now, today=now.date())


def test_the_published_state_changes_nothing(the_site: Site, catalogue: Catalogue) -> None:
    made = weighed(the_site, tree_with())
    assert catalogue.publication_id
    assert (made.comparison.is_empty, made.rooms_asked, made.against) == (True, True, str(catalogue.publication_id))


def test_on_an_empty_site_everything_is_new(the_site: Site) -> None:
    made = weighed(the_site, tree_with())
    assert made.against == ""
    assert "courses/khoa-mau" in made.comparison.added
    assert FIRE in {one.id for one in made.comparison.items_added}


def test_a_flipped_key_tells_whose_outcome_would_turn_and_what_rests_on_it(the_site: Site, db: Database, catalogue: Catalogue) -> None:
    passed, failed, sitting, other = learners(db, 4)
    good = sit(db, catalogue, passed, NOW)
    sit(db, catalogue, failed, NOW, wrong=("qaaaaaa2",))
    running = sit(db, catalogue, sitting, NOW, hand_in=False)
    sit(db, catalogue, other, NOW, percent=10, wrong=(FIRE,))
    made = weighed(the_site, flipped())
    assert [(one.new.id, one.what) for one in made.comparison.items] == [(FIRE, ("key",))]
    (flips,) = made.sittings.flips
    assert (flips.offering, flips.judged, flips.to_fail, flips.to_pass, flips.unclear) == (KEY, 3, 1, 0, 0)
    assert flips.fail_examples == (good.id,)
    assert [(one.offering, one.attempts, one.examples) for one in made.sittings.open] == [(KEY, 1, (running.id,))]
    (resting,) = made.resting
    assert (resting.scheme, resting.periods, resting.waiting) == ("vn-nd44-nhom-4", 0, 1)


def test_periods_and_documents_rest_on_tests_that_would_fail(the_site: Site, db: Database, catalogue: Catalogue) -> None:
    (person,) = learners(db, 1)
    attempt = sit(db, catalogue, person, NOW)
    with db.writing() as session:
        proof = session.scalars(select(Evidence.id).filter_by(source_ref=f"attempt:{attempt.id}")).one()
        common = {"person_id": person.id, "scheme": "vn-nd44-nhom-4", "scheme_version": TODAY, "scheme_digest": "d", "basis": "initial"}
        common |= {"from_on": TODAY, "confirmed_by": person.id, "confirmed_at": NOW}
        session.add(Period(**common, n=1, until_on=None, evidence_ids=json.dumps([proof])))
    (resting,) = weighed(the_site, flipped()).resting
    assert (resting.people, resting.periods, resting.in_force, resting.alone, resting.documents, resting.waiting) == (1, 1, 1, 1, 0, 0)


def test_a_retrain_change_names_who_would_learn_again(the_site: Site, db: Database, catalogue: Catalogue) -> None:
    assert catalogue
    full, half, opened = learners(db, 3)
    with db.writing() as session:
        for person, lesson, done in ((full, "10-mo-dau", NOW), (full, "20-quy-trinh", NOW), (half, "10-mo-dau", NOW), (opened, "10-mo-dau", None)):
            session.add(LessonProgress(person_id=person.id, course="khoa-mau", lesson=lesson, seen_at=NOW, done_at=done))
    made = weighed(the_site, tree_with(RETRAIN))
    assert [change.why for change in made.comparison.courses[0].retrain] == ["Luật mới"]
    assert [(one.course, one.finished, one.begun) for one in made.learners] == [("khoa-mau", 1, 1)]


def test_what_a_broken_file_holds_back_stays_with_its_items(the_site: Site, catalogue: Catalogue) -> None:
    assert catalogue
    made = weighed(the_site, flipped((BANK, "- (x) Người đã gắn khóa", "- ( ) Người đã gắn khóa")))
    assert "quizzes/de-mau" in made.comparison.held
    assert (made.comparison.items, made.comparison.items_removed, made.sittings.flips) == ((), (), ())


def test_an_open_contest_stays_and_its_quiz_changes(the_site: Site, db: Database) -> None:
    with db.writing() as session:
        publish(session, tree_with(), now=NOW)
    made = weighed(the_site, flipped(), NOW)
    assert list(made.comparison.held) == ["contests/hoi-thi-mau"]
    assert "draws the questions it was opened with" in str(made.comparison.held["contests/hoi-thi-mau"])
    assert made.comparison.updated == ("quizzes/de-mau",)
    assert [(one.new.id, one.what) for one in made.comparison.items] == [(FIRE, ("key",))]


def test_after_going_back_what_the_site_shows_again_is_compared(the_site: Site, db: Database) -> None:
    with db.writing() as session:
        first = publish(session, tree_with(), now=AFTER)
        publish(session, flipped(), now=AFTER)
        session.execute(update(PublicationCurrent).values(publication_id=first.publication_id))
    assert weighed(the_site, tree_with()).comparison.is_empty
    assert [one.new.id for one in weighed(the_site, flipped()).comparison.items] == [FIRE]


def test_the_number_of_queries_does_not_grow_with_people(the_site: Site, db: Database, catalogue: Catalogue) -> None:
    counts = []
    for _ in range(2):
        for person in learners(db, 3):
            sit(db, catalogue, person, NOW)
        with count_queries(db) as counted:
            made = weighed(the_site, flipped(RETRAIN))
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 20
    assert made.sittings.flips[0].to_fail == 6
