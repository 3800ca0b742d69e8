"""The running site as a request or a command sees it: settings, clock, database, events, jobs, and the rooms' parts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from lms.clock import Clock, local_date
from lms.platform.db import Database
from lms.platform.events import Events
from lms.platform.jobs import Jobs
from lms.settings import Settings

P = TypeVar("P")


@dataclass
class Site:
    """Everything that lives as long as the process. `parts` holds one object per Protocol, put there by lms/app.py."""

    settings: Settings
    clock: Clock
    db: Database
    events: Events = field(default_factory=Events)
    jobs: Jobs = field(default_factory=Jobs)
    parts: dict[type, Any] = field(default_factory=dict)

    def part(self, kind: type[P]) -> P:
        """The object registered for a Protocol or class."""
        return cast("P", self.parts[kind])


def site() -> Site:
    """The site of the current application."""
    return cast("Site", current_app.extensions["site"])


def now() -> datetime:
    """The present instant, once per request: one request is one moment."""
    if "now" not in g:
        g.now = site().clock.now()
    return cast("datetime", g.now)


def today() -> date:
    """The present date in the site's time zone."""
    return local_date(now(), site().settings.zone)


def asking() -> Connection:
    """The connection by which this request reads, for statements that need no ORM; it is given back with the request."""
    if "asking" not in g:
        g.asking = site().db.asking()
    return cast("Connection", g.asking)


def reading() -> Session:
    """The reading session of this request, on the same connection; it is closed with the request and never writes."""
    if "reading" not in g:
        g.reading = Session(asking(), expire_on_commit=False, autoflush=False, info=site().db.info)
    return cast("Session", g.reading)


@contextmanager
def writing() -> Iterator[Session]:
    """One writing transaction: returning commits, raising rolls back. Ends the reading session of the request."""
    close_reading()
    with site().db.writing() as session:
        yield session


def close_reading(_error: BaseException | None = None) -> None:
    """Give the reading connection back."""
    for name in ("reading", "asking"):
        if (opened := g.pop(name, None)) is not None:
            opened.close()


def init_app(app: Flask, the_site: Site) -> None:
    """Attach the site to its application."""
    app.extensions["site"] = the_site
    app.teardown_appcontext(close_reading)
