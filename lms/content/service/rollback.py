"""Going back: an earlier publication is shown again. What is frozen stays as it is now."""

import json
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.content.models import Publication
from lms.content.service.former import FormerPackages, frozen_now
from lms.content.service.holding import why_frozen, why_unsealed
from lms.content.service.pinning import pins_of
from lms.content.service.publishing import (
    Manifest,
    add_publication,
    changes_between,
    find_current,
    lock_publishing,
    point_to,
)
from lms.errors import Conflict, NotFound
from lms.platform.phrases import to_stored
from lms.platform.rules import Phrase


def go_back(session: Session, *, publication_id: int, now: datetime, actor_id: int | None) -> Publication:
    """Show an earlier publication again; gives what is shown then, which is another one where something is frozen.

    Raises NotFound if there was none of that number, Conflict if the site shows it already or nothing of it may be shown now.
    """
    lock_publishing(session)
    wanted = get_publication(session, publication_id)
    current = find_current(session)
    if current is None or current.id == wanted.id:
        raise Conflict("The site shows publication %(id)s already.", id=publication_id)
    before: Manifest = json.loads(current.manifest)
    after: Manifest = json.loads(wanted.manifest)
    held = _frozen_differences(session, before, after, now=now)
    if not held:
        point_to(session, wanted, now=now, actor_id=actor_id, action="content.go_back")
        return wanted
    mixed = {name: entry for name, entry in after.items() if name not in held} | {name: before[name] for name in held}
    if mixed == before:
        raise Conflict("A contest or an exam is open, and nothing else differs from publication %(id)s.", id=publication_id)
    kept = {"stale": json.loads(wanted.report).get("stale", {}), "pins": pins_of(session, before, held, json.loads(current.report))}
    report = {"held": {name: to_stored(why) for name, why in held.items()}, "back_to": wanted.id} | kept | changes_between(before, mixed)
    return add_publication(session, mixed, report, now=now, actor_id=actor_id)


def _frozen_differences(session: Session, before: Manifest, after: Manifest, *, now: datetime) -> dict[str, Phrase]:
    former = FormerPackages(session)
    frozen = frozen_now(session, former, before, now=now)
    kept = set(frozen.until) & set(before)
    differs = {name: why_frozen(name, frozen.until[name]) for name in sorted(kept) if after.get(name, {}).get("digest") != before[name]["digest"]}
    return differs | dict(why_unsealed(frozen.contests, frozen.until, frozen.drawn(former, before), frozen.drawn(former, after), now))


def get_publication(session: Session, publication_id: int) -> Publication:
    """The publication of that number. Raises NotFound."""
    publication = session.get(Publication, publication_id)
    if publication is None:
        raise NotFound("There is no publication %(id)s.", id=publication_id)
    return publication


def find_previous(session: Session) -> int | None:
    """The number of the publication before the one that is shown."""
    current = find_current(session)
    return session.scalar(select(func.max(Publication.id)).where(Publication.id < current.id)) if current else None
