"""What becomes of a form that was sent: done in one transaction, or refused with words that the page shows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from lms.errors import NotFound, SiteError
from lms.platform.i18n import say
from lms.platform.site import close_reading, writing
from lms.web.forms import SiteForm


@dataclass(frozen=True, slots=True)
class Posted:
    """done: the work is committed, and `made` is what it gave. Else the page is shown again with `status`, saying what was `refused`, if anything was."""

    done: bool
    status: int
    made: Any = None
    refused: SiteError | None = None

    @property
    def words(self) -> str | None:
        """What was refused, in the reader's language."""
        return say(self.refused) if self.refused else None


def post(form: SiteForm | None, work: Callable[[Session], object]) -> Posted:
    """Do the work that a form asks for in one transaction, if it was sent and is sound; without a form, do it.

    A stranger's row stays a 404: NotFound goes through.
    """

    def in_one() -> object:
        with writing() as session:
            return work(session)

    return carry_out(form, in_one)


def carry_out(form: SiteForm | None, act: Callable[[], object]) -> Posted:
    """As `post`, for an act that opens its transactions itself; the request reads no more when it begins."""
    if form is not None and not form.validate_on_submit():
        return Posted(done=False, status=422 if form.is_submitted() else 200)
    close_reading()
    try:
        made = act()
    except NotFound:
        raise
    except SiteError as refused:
        return Posted(done=False, status=refused.status, refused=refused)
    return Posted(done=True, status=302, made=made)
