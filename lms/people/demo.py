"""The demonstration organisation: invented people who together hold every role, to look at the site with. Never on a site with real people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.clock import local_date
from lms.errors import Conflict
from lms.people.models import Account, Person, Unit
from lms.people.rules import Role
from lms.people.secrets import make_secret
from lms.people.service import create_person, create_unit, grant_role
from lms.platform.rules import Phrase, phrase

PIN = "246813"
PASSWORD = "minh hoa 2026"  # noqa: S105  (printed by ./run, refused where there are real people)
STARTED = date(2026, 1, 5)
VISIT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One person to sign in as: name, staff code, secret, the roles in words, and what there is to look at."""

    name: str
    staff_code: str
    secret: str
    roles: Phrase
    what: Phrase


UNITS = (
    ("DEMO", None, "company", "Công ty Cổ phần Minh Họa (dữ liệu trình diễn)"),
    ("DEMO-1", "DEMO", "plant", "Nhà máy Minh Họa 1 (trình diễn)"),
    ("DEMO-2", "DEMO", "plant", "Nhà máy Minh Họa 2 (trình diễn)"),
    ("DEMO-1-HAN", "DEMO-1", "workshop", "Xưởng Hàn (trình diễn)"),
    ("DEMO-1-DIEN", "DEMO-1", "team", "Tổ Điện (trình diễn)"),
    ("DEMO-2-MAY", "DEMO-2", "workshop", "Xưởng May (trình diễn)"),
    ("DEMO-2-KHO", "DEMO-2", "team", "Tổ Kho (trình diễn)"),
)
"""Code, code of the unit above, kind, name."""

ADMINISTRATOR = phrase("administrator")
PEOPLE = (
    ("QT01", "Trịnh Minh Họa", "DEMO", "vi", (Role.ADMINISTRATOR,), None, ADMINISTRATOR, phrase("people, units, roles, content, audit trail")),
    (
        "AT01",
        "Đỗ Thị Ví Dụ",
        "DEMO-1",
        "vi",
        (Role.OFFICER,),
        "DEMO-1",
        phrase("safety officer of plant 1"),
        phrase("people of plant 1, classes, certificates, slips"),
    ),
    ("QL01", "Lê Văn Giả Định", "DEMO", "vi", (Role.MANAGER,), "DEMO", phrase("manager"), phrase("standing of the whole company, their own group 1 courses")),
    ("GV01", "Phan Thử Nghiệm", "DEMO", "vi", (Role.TRAINER, Role.AUTHOR), "DEMO", phrase("trainer and author"), phrase("check of the content, classes")),
    ("DT01", "Vũ Thị Trình Diễn", "DEMO", "vi", (Role.TRAINING_ADMIN,), "DEMO", phrase("training administrator"), phrase("classes, confirmations, documents")),
    (
        "TC01",
        "Hoàng Văn Tưởng Tượng",
        "DEMO",
        "vi",
        (Role.ORGANISER, Role.JUDGE),
        None,
        phrase("contest organiser and judge"),
        phrase("the contest and its ranking"),
    ),
    ("TT01", "Ngô Thị Mẫu", "DEMO-1-HAN", "vi", (Role.TEAM_LEADER,), "DEMO-1-HAN", phrase("team leader of the welding shop"), phrase("their own team")),
    ("TR01", "Bùi Văn Tạm", "DEMO", "vi", (Role.INSPECTOR,), "DEMO", phrase("inspector for 30 days"), phrase("people and standings, read only")),
    ("CN01", "Nguyễn Văn Minh Họa", "DEMO-1-HAN", "vi", (Role.LEARNER,), "DEMO", phrase("worker"), phrase("courses, tests, contests, their own certificates")),
    ("CN02", "Trần Thị Ẩn Danh", "DEMO-1-DIEN", "vi", (Role.LEARNER,), "DEMO", phrase("worker"), phrase("the same, in another team")),
    ("CN03", "王示例", "DEMO-2-MAY", "zh", (Role.LEARNER,), "DEMO", phrase("worker who reads Chinese"), phrase("the site in Chinese")),
    (
        "CN04",
        "Đặng Văn Thí Dụ",
        "DEMO-2-KHO",
        "vi",
        (Role.LEARNER,),
        "DEMO",
        phrase("worker of plant 2"),
        phrase("somebody whom the officer of plant 1 does not see"),
    ),
)
"""Staff code, name, unit, language, roles, unit of the roles, roles in words, what to look at."""


def make_demo(session: Session, *, now: datetime, zone: ZoneInfo) -> list[DemoPerson]:
    """Make the demonstration organisation if it is not there yet; give the people who can sign in.

    Raises Conflict on a database that holds real people.
    """
    if has_real_people(session):
        raise Conflict("This site holds real people; demonstration people are for a site of their own.")
    if not has_demo(session):
        _make(session, now=now, today=local_date(now, zone))
    return [DemoPerson(name, code, _secret_of(roles), words, what) for code, name, _, _, roles, _, words, what in PEOPLE]


def _make(session: Session, *, now: datetime, today: date) -> None:
    units: dict[str | None, int | None] = {None: None}
    for code, parent, kind, name in UNITS:
        units[code] = create_unit(session, name=name, code=code, kind=kind, parent_id=units[parent], now=now, demo=True).id
    secrets = {PIN: make_secret(PIN, "pin"), PASSWORD: make_secret(PASSWORD, "password")}
    for code, name, unit, lang, roles, over, _, _ in PEOPLE:
        person = create_person(
            session,
            full_name=name,
            staff_code=code,
            lang=lang,
            unit_id=units[unit],
            from_on=min(STARTED, today),
            secret=secrets[_secret_of(roles)],
            must_change=False,
            demo=True,
            now=now,
        )
        for role in roles:
            until_on = today + VISIT if role is Role.INSPECTOR else None
            grant_role(session, person_id=person.id, role=role, unit_id=units[over], until_on=until_on, now=now)


def _secret_of(roles: tuple[Role, ...]) -> str:
    return PIN if roles == (Role.LEARNER,) else PASSWORD


def has_people(session: Session) -> bool:
    """Whether anybody is entered here, real or not."""
    return session.scalar(select(Person.id).limit(1)) is not None


def has_real_people(session: Session) -> bool:
    """Whether people or units are here that are not of the demonstration."""
    return any(session.scalar(select(kind.id).where(kind.demo.is_(False)).limit(1)) is not None for kind in (Person, Unit))


def has_demo(session: Session) -> bool:
    """Whether demonstration people are here."""
    return session.scalar(select(Person.id).where(Person.demo).limit(1)) is not None


def has_active_demo(session: Session) -> bool:
    """Whether a demonstration person can sign in: such a site must listen on loopback only."""
    return session.scalar(select(Person.id).join(Account, Account.person_id == Person.id).where(Person.demo, Account.active).limit(1)) is not None
