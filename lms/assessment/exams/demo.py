"""What the demonstration people need to look at exams: one for tomorrow morning."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessment.exams.models import Exam
from lms.assessment.exams.service.making import Plan, make_exam
from lms.clock import local_date
from lms.content.catalogue import Catalogue
from lms.people.models import Person, RoleGrant, Unit
from lms.people.rules import Role

UNIT, QUIZ = "DEMO-1", "nguoi-lao-dong"
TITLE = "Kiểm tra cuối khóa nhóm 4, Nhà máy Minh Họa 1 (trình diễn)"
OPENS, LASTS = time(9, 0), timedelta(hours=2)
CODE = "MINHHOA1"


def make_demo_exam(session: Session, *, catalogue: Catalogue, zone: ZoneInfo, now: datetime) -> None:
    """An exam for tomorrow for the people of plant 1, if none is open or to come and its quiz is on the site."""
    unit = session.execute(select(Unit).filter_by(code=UNIT, demo=True)).scalar_one_or_none()
    maker = session.scalars(select(RoleGrant.person_id).join(Person).where(Person.demo, RoleGrant.role == Role.TRAINING_ADMIN)).first()
    if unit is None or maker is None or QUIZ not in catalogue.quizzes or session.scalar(select(Exam.id).where(Exam.closes_at > now).limit(1)) is not None:
        return
    today = local_date(now, zone)
    opens_at = datetime.combine(today + timedelta(days=1), OPENS, tzinfo=zone)
    plan = Plan(TITLE, QUIZ, unit.id, "", opens_at, opens_at + LASTS, code=CODE, one_device=True, watch=True)
    make_exam(session, catalogue=catalogue, plan=plan, paths=("/",), actor_id=maker, today=today, now=now)
