"""Draft links: made, found by their token, listed, ended. Who may do so is the caller's business; what a link opens, `state_of` says."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.drafts.models import DraftLink
from lms.drafts.rules import DAYS, LinkState, digest_of, expiry_of, is_noted, is_token, is_visit, state_of
from lms.errors import Conflict, Invalid, NotFound
from lms.people.models import Account, Person, RoleGrant
from lms.people.rules import TABLE, Permission, Role
from lms.platform.audit import record
from lms.platform.phrases import from_stored
from lms.platform.rules import Phrase

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a link is to show. branch, commit: what the revision stands for now; '' both where the source has to be fetched first."""

    source: str
    rev: str
    branch: str
    commit: str
    package: str
    note: str
    days: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A link with the name of its maker (None: a command) and its state. failed: why its revision cannot be found."""

    link: DraftLink
    maker: str | None
    state: LinkState
    failed: Phrase | None

    @property
    def waits(self) -> bool:
        """Whether the source is still to be fetched."""
        return self.link.looked_at is None and not self.link.commit_id


@dataclass(frozen=True, slots=True)
class LinkPage:
    """A page of the list, and how many pages there are."""

    links: tuple[Listed, ...]
    page: int
    pages: int


def make_link(session: Session, wanted: Wanted, *, nonce: str, token: str, is_fetched: bool, actor_id: int | None, now: datetime) -> DraftLink:
    """Make a link. is_fetched: whether nothing has to be fetched for it. Raises Invalid for a time that links do not last."""
    if wanted.days not in DAYS:
        raise Invalid("A draft link lasts %(days)s days.", days=list(DAYS))
    link = DraftLink(
        token_digest=digest_of(token),
        nonce=nonce,
        source=wanted.source,
        rev=wanted.rev,
        branch=wanted.branch,
        commit_id=wanted.commit,
        package=wanted.package,
        note=wanted.note,
        made_at=now,
        made_by=actor_id,
        expires_at=expiry_of(now, wanted.days),
        looked_at=now if is_fetched else None,
    )
    session.add(link)
    session.flush()
    detail = {"source": wanted.source, "rev": wanted.rev, "package": wanted.package, "days": wanted.days}
    record(session, now=now, actor_id=actor_id, action="draft_link_made", subject_kind="draft_link", subject_id=link.id, detail=detail)
    return link


def end_link(session: Session, link_id: int, *, actor_id: int | None, every: bool, now: datetime) -> None:
    """Close a link at once. every: whether the actor may end links of others too.

    Raises NotFound for a link that is not the actor's to end, Conflict if it has ended already.
    """
    mine = DraftLink.id == link_id if every else (DraftLink.id == link_id) & (DraftLink.made_by == actor_id)
    if session.scalar(select(DraftLink.id).where(mine)) is None:
        raise NotFound("There is no such draft link.")
    fresh = update(DraftLink).where(mine, DraftLink.ended_at.is_(None)).values(ended_at=now, ended_by=actor_id)
    ended = session.execute(fresh.returning(DraftLink.id)).scalar()
    if ended is None:
        raise Conflict("This draft link has ended already.")
    record(session, now=now, actor_id=actor_id, action="draft_link_ended", subject_kind="draft_link", subject_id=link_id)


def ask_look(session: Session, link_id: int) -> None:
    """Wish that the source of a link be fetched anew; the next run of the job does it."""
    session.execute(update(DraftLink).where(DraftLink.id == link_id, DraftLink.ended_at.is_(None)).values(looked_at=None))


def open_link(session: Session, token: str, *, now: datetime, today: date) -> DraftLink:
    """The link that a token opens. Raises NotFound in the same words for one that is unknown, expired, ended, or rests."""
    link = session.scalars(select(DraftLink).where(DraftLink.token_digest == digest_of(token))).one_or_none() if is_token(token) else None
    if link is None or _state(link, _who_may(session, [link], today), now) is not LinkState.LIVE:
        raise NotFound("There is no such draft, or its link has ended.")
    return link


def note_opening(session: Session, link: DraftLink, *, now: datetime) -> None:
    """Keep that a link was opened; of two at once one counts."""
    if not is_noted(link.opened_at, now):
        return
    same = DraftLink.opened_at.is_(None) if link.opened_at is None else DraftLink.opened_at == link.opened_at
    more = 1 if is_visit(link.opened_at, now) else 0
    session.execute(update(DraftLink).where(DraftLink.id == link.id, same).values(opened_at=now, visits=DraftLink.visits + more))


def get_link(session: Session, link_id: int, *, now: datetime, today: date) -> Listed:
    """One link. Raises NotFound."""
    found = _listed(session, [link_id], now=now, today=today)
    if not found:
        raise NotFound("There is no such draft link.")
    return found[0]


def list_links(session: Session, *, page: int, now: datetime, today: date) -> LinkPage:
    """A page of all links, the newest first: three queries whatever their number."""
    total = session.scalar(select(func.count()).select_from(DraftLink)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    ids = select(DraftLink.id).order_by(DraftLink.id.desc()).limit(PAGE).offset((page - 1) * PAGE).subquery()
    return LinkPage(tuple(_listed(session, select(ids.c.id), now=now, today=today)), page, pages)


def failure_of(link: DraftLink) -> Phrase | None:
    """Why the revision of a link could not be found when it was looked for last."""
    return from_stored(json.loads(link.failed)) if link.failed else None


def _listed(session: Session, ids: object, *, now: datetime, today: date) -> list[Listed]:
    rows = session.execute(
        select(DraftLink, Person.full_name).outerjoin(Person, Person.id == DraftLink.made_by).where(DraftLink.id.in_(ids)).order_by(DraftLink.id.desc())  # type: ignore[arg-type]
    ).all()
    may = _who_may(session, [link for link, _ in rows], today)
    return [Listed(link, name, _state(link, may, now), failure_of(link)) for link, name in rows]


def _state(link: DraftLink, may: Collection[int], now: datetime) -> LinkState:
    maker_may = link.made_by is None or link.made_by in may
    return state_of(expires_at=link.expires_at, ended_at=link.ended_at, maker_may=maker_may, now=now)


def _who_may(session: Session, links: Iterable[DraftLink], today: date) -> frozenset[int]:
    """Which of the makers have an open account and may see the content check today."""
    makers = {link.made_by for link in links if link.made_by is not None}
    if not makers:
        return frozenset()
    roles = [role.value for role in Role if Permission.SEE_CONTENT_CHECK in TABLE[role]]
    begun = RoleGrant.from_on.is_(None) | (RoleGrant.from_on <= today)
    lasting = RoleGrant.until_on.is_(None) | (RoleGrant.until_on >= today)
    allowed = select(RoleGrant.person_id).join(Account, Account.person_id == RoleGrant.person_id).where(RoleGrant.person_id.in_(makers), Account.active)
    return frozenset(session.scalars(allowed.where(RoleGrant.role.in_(roles), begun, lasting)))
