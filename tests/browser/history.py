"""What has happened on a demonstration site before a test or a picture begins, made through the services of the rooms."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.models import Attempt
from lms.assessment.offerings import OfferingSources
from lms.assessment.service import start_attempt, submit_attempt
from lms.assessment.service.papers import list_placed
from lms.assessment.service.save import Save, save_answer
from lms.certification.service.assign import assign
from lms.certification.service.confirm import confirm
from lms.certification.service.issuers import add_issuer
from lms.clock import local_date
from lms.content.catalogue import Catalogue
from lms.content.service.loading import CatalogueHolder
from lms.learning.service.classes import record_class
from lms.learning.service.study import finish_lesson, note_sign
from lms.people.models import Person, Unit
from tests.browser.live import LiveSite

GROUP_4 = "vn-nd44-nhom-4"


def person_id(session: Session, code: str) -> int:
    """Whose staff code it is."""
    return session.execute(select(Person.id).where(Person.staff_code == code)).scalar_one()


def unit(session: Session, code: str) -> Unit:
    """The unit of that code."""
    return session.execute(select(Unit).where(Unit.code == code)).scalar_one()


def today(live: LiveSite) -> date:
    """The site's date."""
    return local_date(live.clock.now(), live.site.settings.zone)


def catalogue(live: LiveSite) -> Catalogue:
    """What is published."""
    return live.site.part(CatalogueHolder).current(live.clock.now())


def sit(live: LiveSite, code: str, key: str, *, wrong: int = 0, minutes: float = 6) -> Attempt:
    """One sitting from start to hand-in, with so many wrong answers; the clock goes on by its minutes."""
    now = live.clock.now()
    with live.db.writing() as session:
        me = person_id(session, code)
        offering = live.site.part(OfferingSources).get(session, catalogue(live), key, person_id=me, now=now)
        attempt = start_attempt(session, person_id=me, offering=offering, lang="vi", now=now)
        placed = list_placed(session, attempt.paper)
    live.clock.move(minutes=minutes)
    for one in placed:
        spoil = wrong > 0 and not one.item.critical
        wrong -= spoil
        letters = min({choice.letter for choice in one.item.choices} - one.item.key) if spoil else "".join(sorted(one.item.key))
        save = Save(one.item.id, letters, str(uuid4()), 0, None)
        assert save_answer(live.db, attempt_id=attempt.id, person_id=me, epoch=1, save=save, now=live.clock.now()).outcome == "saved"
    with live.db.writing() as session:
        return submit_attempt(session, attempt_id=attempt.id, person_id=me, now=live.clock.now())


def study(live: LiveSite, code: str, course_slug: str, *, lessons: int, minutes: int = 8) -> None:
    """So many lessons of a course read to their end, each for some minutes."""
    course = catalogue(live).courses[course_slug]
    for lesson in course.lessons[:lessons]:
        for _ in range(minutes + 1):
            with live.db.writing() as session:
                me = person_id(session, code)
                note_sign(session, person_id=me, course=course, lesson=lesson, now=live.clock.now())
            live.clock.move(minutes=1)
        with live.db.writing() as session:
            finish_lesson(session, person_id=me, course=course, lesson=lesson, opened_at=None, today=today(live), now=live.clock.now())


def hold_class(live: LiveSite, officer: str, unit_code: str, codes: Sequence[str], *, title: str, days_ago: int = 0, **hours: float) -> int:
    """A class day of group 4 with those present; gives its id."""
    with live.db.writing() as session:
        where = unit(session, unit_code)
        day = record_class(
            session,
            paths=("/",),
            unit_id=where.id,
            schemes=[GROUP_4],
            title=title,
            held_on=today(live) - timedelta(days=days_ago),
            place="Phòng họp xưởng",
            trainer="Phan Thử Nghiệm",
            minutes={part: int(count * 60) for part, count in hours.items()},
            person_ids=[person_id(session, code) for code in codes],
            actor_id=person_id(session, officer),
            today=today(live),
            now=live.clock.now(),
        )
        return day.id


def register_employer(live: LiveSite, administrator: str = "QT01") -> int:
    """The demonstration company as the employer that confirms group 4; gives the issuer's id."""
    with live.db.writing() as session:
        employer = add_issuer(
            session,
            code="MH",
            name="Công ty Cổ phần Minh Họa",
            kind="employer",
            provider_class=None,
            unit_id=unit(session, "DEMO").id,
            demo=True,
            actor_id=person_id(session, administrator),
            now=live.clock.now(),
        )
        return employer.id


def assign_group_4(live: LiveSite, officer: str, codes: Sequence[str]) -> None:
    """Say that these people need group 4."""
    with live.db.writing() as session:
        assign(
            session,
            catalogue=catalogue(live),
            scheme=GROUP_4,
            person_ids=[person_id(session, code) for code in codes],
            from_on=today(live),
            reason="Công việc trong xưởng",
            paths=("/",),
            actor_id=person_id(session, officer),
            now=live.clock.now(),
            today=today(live),
        )


def confirm_group_4(live: LiveSite, officer: str, issuer_id: int, codes: Sequence[str]) -> None:
    """Confirm people whose evidence is complete."""
    with live.db.writing() as session:
        confirm(
            session,
            catalogue=catalogue(live),
            scheme=GROUP_4,
            person_ids=[person_id(session, code) for code in codes],
            issuer_id=issuer_id,
            issued_on=today(live),
            paths=("/",),
            actor_id=person_id(session, officer),
            public_url=live.address,
            today=today(live),
            now=live.clock.now(),
        )
