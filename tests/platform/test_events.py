"""Events: a lower room tells the higher ones within the same transaction."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from lms.platform.audit import AuditEvent, record
from lms.platform.events import Events, announce
from lms.platform.site import Site
from tests.conftest import NOW


@dataclass(frozen=True)
class Done:
    """An event of this test."""

    n: int


@dataclass(frozen=True)
class Other:
    """Another kind."""


def test_handlers_are_called_in_order_and_only_for_their_kind(the_site: Site) -> None:
    heard: list[tuple[str, int]] = []
    the_site.events.subscribe(Done, lambda _session, event: heard.append(("first", event.n)))
    the_site.events.subscribe(Done, lambda _session, event: heard.append(("second", event.n)))
    with the_site.db.writing() as session:
        announce(session, Done(3))
        announce(session, Other())
    assert heard == [("first", 3), ("second", 3)]


def test_cause_and_consequence_are_stored_together_or_not_at_all(the_site: Site) -> None:
    def refuse(session: object, event: Done) -> None:
        raise RuntimeError(event.n)

    the_site.events.subscribe(Done, lambda session, event: record(session, now=NOW, actor_id=None, action="x", subject_kind="x", subject_id=event.n))
    the_site.events.subscribe(Other, lambda session, event: refuse(session, Done(0)))
    with the_site.db.writing() as session:
        announce(session, Done(1))
    with pytest.raises(RuntimeError), the_site.db.writing() as session:
        announce(session, Done(2))
        announce(session, Other())
    with the_site.db.reading() as session:
        assert session.execute(select(AuditEvent.subject_id).where(AuditEvent.action == "x")).scalars().all() == ["1"]


def test_a_session_of_no_site_tells_nobody(the_site: Site) -> None:
    heard: list[object] = []
    Events().subscribe(Done, lambda _session, event: heard.append(event))
    the_site.db.info.clear()
    with the_site.db.reading() as session:
        announce(session, Done(1))
    assert heard == []
