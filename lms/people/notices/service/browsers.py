"""The browsers that get a person's messages."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lms.errors import Conflict, NotFound
from lms.people.notices.channels.push import Browser, plain, written
from lms.people.notices.models import PushSubscription
from lms.platform.db import insert_into

MOST = 10


def list_browsers(session: Session, *, person_id: int) -> Sequence[PushSubscription]:
    """The own ones, the latest first."""
    return session.scalars(select(PushSubscription).where(PushSubscription.person_id == person_id).order_by(PushSubscription.id.desc())).all()


def keep_browser(session: Session, *, person_id: int, browser: Browser, agent: str, now: datetime) -> None:
    """Send a person's messages to a browser from now on; one that another person used before is theirs no more. Raises Conflict past the most."""
    known = len(list_browsers(session, person_id=person_id))
    found = session.scalar(select(PushSubscription.person_id).where(PushSubscription.endpoint == browser.endpoint))
    if known >= MOST and found != person_id:
        raise Conflict("Messages go to %(most)s devices already. Take one away first.", most=MOST)
    values = {
        "person_id": person_id,
        "browser_key": written(browser.key),
        "browser_secret": written(browser.secret),
        "agent": agent,
        "made_at": now,
        "used_at": None,
    }
    stored = insert_into(session, PushSubscription).values(endpoint=browser.endpoint, **values)
    session.execute(stored.on_conflict_do_update(index_elements=[PushSubscription.endpoint], set_=values))


def drop_browser(session: Session, *, person_id: int, subscription_id: int) -> None:
    """Send no messages there any more. Raises NotFound for another's."""
    gone = delete(PushSubscription).where(PushSubscription.id == subscription_id, PushSubscription.person_id == person_id)
    if session.scalar(gone.returning(PushSubscription.id)) is None:
        raise NotFound("There is no such device.")


def drop_endpoint(session: Session, *, person_id: int, endpoint: str) -> None:
    """The same by its address, as the browser itself knows it; nothing where it is not known."""
    session.execute(delete(PushSubscription).where(PushSubscription.endpoint == endpoint, PushSubscription.person_id == person_id))


def browsers_of(session: Session, person_ids: Collection[int]) -> dict[int, list[tuple[int, Browser]]]:
    """The browsers of several people, by person."""
    found: dict[int, list[tuple[int, Browser]]] = {}
    for row in session.scalars(select(PushSubscription).where(PushSubscription.person_id.in_(person_ids)).order_by(PushSubscription.id)):
        browser = Browser(row.endpoint, plain(row.browser_key), plain(row.browser_secret))
        found.setdefault(row.person_id, []).append((row.id, browser))
    return found


def note_browsers(session: Session, *, gone: Collection[int], used: Collection[int], now: datetime) -> None:
    """Forget browsers whose push service knows them no more; note which have got something."""
    if gone:
        session.execute(delete(PushSubscription).where(PushSubscription.id.in_(gone)))
    if used:
        session.execute(update(PushSubscription).where(PushSubscription.id.in_(used)).values(used_at=now))
