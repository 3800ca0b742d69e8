"""What the demonstration people need: two invented issuers and the training that their work calls for."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.certification.models import Issuer
from lms.certification.service.assign import assign
from lms.certification.service.issuers import add_issuer
from lms.content.catalogue import Catalogue
from lms.people.models import Person, RoleGrant, Unit
from lms.people.rules import Role

EMPLOYER, BODY = "MH-NSDLD", "MH-TTHL"
ROOT = "DEMO"
WORKERS, MANAGERS = "vn-nd44-nhom-4", "vn-nd44-nhom-1"
REASON = "Dữ liệu trình diễn"


def make_demo_certification(session: Session, *, catalogue: Catalogue, today: date, now: datetime) -> None:
    """Add the issuers and assignments to the demonstration organisation; what is there already stays."""
    unit = session.execute(select(Unit).filter_by(code=ROOT, demo=True)).scalar_one()
    if session.execute(select(Issuer.id).filter_by(code=EMPLOYER)).first() is None:
        add_issuer(session, code=EMPLOYER, name=unit.name, kind="employer", provider_class=None, unit_id=unit.id, demo=True, actor_id=None, now=now)
        name = "Trung tâm Huấn luyện Minh Họa (dữ liệu trình diễn)"
        add_issuer(session, code=BODY, name=name, kind="training_org", provider_class="C", unit_id=unit.id, demo=True, actor_id=None, now=now)
    managers = set(session.execute(select(RoleGrant.person_id).join(Person).where(Person.demo, RoleGrant.role == Role.MANAGER)).scalars())
    workers = set(session.execute(select(RoleGrant.person_id).join(Person).where(Person.demo, RoleGrant.role.in_((Role.LEARNER, Role.TEAM_LEADER)))).scalars())
    actor = session.execute(select(RoleGrant.person_id).join(Person).where(Person.demo, RoleGrant.role == Role.OFFICER)).scalars().first()
    for scheme, people in ((WORKERS, workers), (MANAGERS, managers)):
        if people and scheme in catalogue.schemes and actor is not None:
            assign(
                session,
                catalogue=catalogue,
                scheme=scheme,
                person_ids=people,
                from_on=today,
                reason=REASON,
                paths=("/",),
                actor_id=actor,
                now=now,
                today=today,
            )
