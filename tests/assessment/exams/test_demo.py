"""The demonstration's exam: one for tomorrow, made once, and anew when it has closed."""

from datetime import timedelta

from sqlalchemy import select

from lms.assessment.exams.demo import make_demo_exam
from lms.assessment.exams.models import Exam
from lms.clock import MovableClock
from lms.content.catalogue import Catalogue
from lms.people.demo import make_demo
from lms.platform.db import Database
from lms.platform.site import Site
from lms.settings import Settings
from tests.content.sample import publish_real


def _make(db: Database, catalogue: Catalogue, settings: Settings, clock: MovableClock) -> list[Exam]:
    with db.writing() as session:
        make_demo_exam(session, catalogue=catalogue, zone=settings.zone, now=clock.now())
        return list(session.scalars(select(Exam).order_by(Exam.id)))


def test_there_is_one_for_tomorrow_and_a_new_one_once_it_has_closed(db: Database, the_site: Site, clock: MovableClock) -> None:
    catalogue = publish_real(db, clock.now())
    assert _make(db, catalogue, the_site.settings, clock) == []
    with db.writing() as session:
        make_demo(session, now=clock.now(), zone=the_site.settings.zone)
    for _ in range(2):
        [exam] = _make(db, catalogue, the_site.settings, clock)
    assert exam.opens_at.astimezone(the_site.settings.zone).isoformat() == "2026-11-23T09:00:00+07:00"
    assert exam.closes_at - exam.opens_at == timedelta(hours=2)
    clock.set(exam.closes_at)
    assert len(_make(db, catalogue, the_site.settings, clock)) == 2
