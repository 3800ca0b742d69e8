"""What the pages of the preview work with."""

from dataclasses import dataclass
from typing import cast

from flask import current_app, g

from lms.preview.desk import Desk, State
from lms.preview.published import PublishedSite

KEY = "preview"


@dataclass(frozen=True)
class Parts:
    """The files, and the published side if there is one to compare with."""

    desk: Desk
    site: PublishedSite | None


def parts() -> Parts:
    """Of the current application."""
    return cast("Parts", current_app.extensions[KEY])


def state() -> State:
    """The files as this request sees them."""
    if "state" not in g:
        g.state = parts().desk.look()
    return cast("State", g.state)
