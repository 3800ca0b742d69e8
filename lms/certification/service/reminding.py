"""An officer or leader reminds people of the own units by hand: those whom the desk lists, once a day each."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from lms.certification.rules.standing import Standing
from lms.certification.service.desk import Needed
from lms.certification.service.reminders import OWN_PAGE, words_of
from lms.content.catalogue import Catalogue
from lms.errors import Conflict, Invalid
from lms.people.notices.rules import Topic
from lms.people.notices.service.telling import Told, tell
from lms.platform.audit import record
from lms.platform.rules import Phrase, phrase

MOST = 5000
Listed = Sequence[tuple[Needed, Standing]]


def worth_telling(listed: Listed) -> Listed:
    """Those of a list to whom training can help: not who is suspended or revoked, which somebody has decided, nor who is up to date."""
    return [(row, stands) for row, stands in listed if stands.value in ("expiring", "expired", "none", "retrain_required")]


def remind_listed(session: Session, catalogue: Catalogue, listed: Listed, *, paths: tuple[str, ...], actor_id: int, today: date, now: datetime) -> int:
    """Tell them what is missing; gives how many were told who had not been today. Raises Invalid for nobody or too many, Conflict where all were told today."""
    wanted = worth_telling(listed)
    if not wanted:
        raise Invalid("There is nobody to remind in this selection.")
    if len(wanted) > MOST:
        raise Invalid("These are more than %(most)s people. Choose a smaller unit or one scheme.", most=MOST)
    told = [Told(row.person_id, Topic.CERTIFICATE, f"asked:{row.scheme}:{today}", _words(catalogue, row, stands), OWN_PAGE) for row, stands in wanted]
    fresh = tell(session, told, now=now)
    if not fresh:
        raise Conflict("All of them have been reminded today already.")
    detail = {"people": fresh, "paths": list(paths)}
    record(session, now=now, actor_id=actor_id, action="reminded", subject_kind="person", subject_id=actor_id, detail=detail)
    return fresh


def _words(catalogue: Catalogue, row: Needed, stands: Standing) -> Phrase:
    title = catalogue.schemes[row.scheme].title
    if stands.value in ("expiring", "expired") and stands.until_on is not None:
        return words_of(title, stands.value, stands.until_on)
    if stands.value == "retrain_required":
        return phrase("%(scheme)s: you have to be trained again. Ask your safety officer.", scheme=title)
    return phrase("%(scheme)s: you need this training and have not completed it yet.", scheme=title)
