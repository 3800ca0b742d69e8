"""What a person chose to get where."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.errors import Invalid
from lms.people.notices.models import NoticeChoice
from lms.people.notices.rules import PACES, Choice, Quiet, Topic
from lms.platform.db import insert_into


def choice_from(row: NoticeChoice | None, quiet: Quiet) -> Choice:
    """A person's choice; without a row, what holds for everybody. quiet: the site's hours."""
    if row is None:
        return Choice(quiet)
    own = quiet if row.quiet_from is None or row.quiet_until is None else Quiet(row.quiet_from, row.quiet_until)
    return Choice(own, row.mail, row.hook, frozenset(Topic(one) for one in row.muted.split(",") if one in set(Topic)))


def find_choice(session: Session, *, person_id: int, quiet: Quiet) -> Choice:
    """What a person chose."""
    return choice_from(session.get(NoticeChoice, person_id), quiet)


def choices_of(session: Session, person_ids: Collection[int], quiet: Quiet) -> dict[int, Choice]:
    """What several people chose, by person; those who chose nothing are left out."""
    rows = session.scalars(select(NoticeChoice).where(NoticeChoice.person_id.in_(person_ids)))
    return {row.person_id: choice_from(row, quiet) for row in rows}


def choose(session: Session, *, person_id: int, choice: Choice, site_quiet: Quiet, now: datetime) -> None:
    """Keep what a person chose; it holds for what is told from now on. Raises Invalid for a pace that there is not."""
    if choice.mail not in PACES:
        raise Invalid("Choose how often e-mail comes.")
    own = choice.quiet if choice.quiet != site_quiet else None
    values = {
        "mail": choice.mail,
        "hook": choice.hook,
        "quiet_from": own.since if own else None,
        "quiet_until": own.until if own else None,
        "muted": "".join(f",{topic}" for topic in Topic if topic in choice.muted) + ("," if choice.muted else ""),
        "changed_at": now,
    }
    stored = insert_into(session, NoticeChoice).values(person_id=person_id, **values)
    session.execute(stored.on_conflict_do_update(index_elements=[NoticeChoice.person_id], set_=values))


def no_mail(session: Session, *, person_id: int, site_quiet: Quiet, now: datetime) -> None:
    """Send a person no e-mail any more, whatever else was chosen."""
    kept = find_choice(session, person_id=person_id, quiet=site_quiet)
    choose(session, person_id=person_id, choice=Choice(kept.quiet, "off", kept.hook, kept.muted), site_quiet=site_quiet, now=now)
