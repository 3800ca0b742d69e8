"""Who may confirm or issue here: the site's profile of employers and training organisations."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.certification.models import Issuer
from lms.certification.rules.issuing import may_act_for
from lms.content.catalogue import Scheme, SchemeVersion
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.people.models import Unit
from lms.people.service.scope import EVERYWHERE
from lms.people.service.units import get_unit
from lms.platform.audit import record


def add_issuer(
    session: Session,
    *,
    code: str,
    name: str,
    kind: str,
    provider_class: str | None,
    unit_id: int | None,
    demo: bool,
    actor_id: int | None,
    now: datetime,
    paths: tuple[str, ...] = EVERYWHERE,
) -> Issuer:
    """Register an issuer. Raises Conflict if the code is taken, Invalid if a class or unit is missing or out of place.

    Within `paths` an employer of a unit there may be registered (else NotFound); a training organisation, whose licence nobody in a
    unit can vouch for, and an issuer for the whole site, only with the whole site (else NotAllowed).
    """
    if "/" not in paths and (kind == "training_org" or unit_id is None):
        raise NotAllowed("Only an administrator of the whole site registers a training organisation, or an issuer for the whole site.")
    if (kind == "training_org") != bool(provider_class):
        raise Invalid("A training organisation has a class (A, B or C); an employer has none.")
    if kind == "employer" and unit_id is None:
        raise Invalid("An employer confirms for the people of a unit: choose the unit.")
    if unit_id is not None:
        get_unit(session, unit_id=unit_id, paths=paths)
    issuer = Issuer(code=code.strip().upper(), name=name.strip(), kind=kind, provider_class=provider_class or None, unit_id=unit_id, demo=demo)
    try:
        with session.begin_nested():
            session.add(issuer)
    except IntegrityError:
        raise Conflict("The code %(code)s is taken by another issuer.", code=issuer.code) from None
    record(session, now=now, actor_id=actor_id, action="add_issuer", subject_kind="issuer", subject_id=issuer.id)
    return issuer


def list_issuers(session: Session) -> list[tuple[Issuer, Unit | None]]:
    """All issuers with their units, by name."""
    rows = session.execute(select(Issuer, Unit).outerjoin(Unit, Unit.id == Issuer.unit_id).order_by(Issuer.name, Issuer.id))
    return [(row[0], row[1]) for row in rows]


def list_issuers_for(session: Session, *, paths: tuple[str, ...], kind: str) -> list[Issuer]:
    """The issuers of a kind in whose name one may act who confirms over the subtrees."""
    rows = session.execute(select(Issuer, Unit.path).outerjoin(Unit, Unit.id == Issuer.unit_id).where(Issuer.kind == kind).order_by(Issuer.name, Issuer.id))
    return [issuer for issuer, path in rows if may_act_for(issuer.kind, path or "/", paths)]


def get_issuer(session: Session, *, issuer_id: int, paths: tuple[str, ...]) -> tuple[Issuer, str]:
    """An issuer in whose name the holder of the subtrees may act, and the path of its unit ('/' for the whole site). Raises NotFound."""
    row = session.execute(select(Issuer, Unit.path).outerjoin(Unit, Unit.id == Issuer.unit_id).where(Issuer.id == issuer_id)).first()
    if row is None or not may_act_for(row[0].kind, row[1] or "/", paths):
        raise NotFound("There is no such issuer.")
    return row[0], row[1] or "/"


def require_authority(scheme: Scheme, version: SchemeVersion, issuer: Issuer) -> None:
    """Raise Conflict, in words, if the law leaves the scheme's paper to somebody else."""
    title = scheme.title
    if version.issuer_kind == "employer" and issuer.kind != "employer":
        raise Conflict("The employer itself trains for %(scheme)s and confirms it: choose an employer as the issuer.", scheme=title)
    if version.issuer_kind == "training_org" and (issuer.kind != "training_org" or issuer.provider_class not in version.provider_classes):
        raise Conflict(
            "This site prepares and proves; the paper of %(scheme)s is issued by a licensed training organisation of class %(classes)s. "
            "Send it the evidence, and record its certificate here when it has come.",
            scheme=title,
            classes=version.provider_classes or "–",
        )
