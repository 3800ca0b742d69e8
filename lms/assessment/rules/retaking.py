"""When another try may begin: after a wait, and after the lessons on what went wrong have been read again."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from lms.assessment.rules.answers.judging import Verdict


def next_try_at(closed: Sequence[datetime], *, hours: int, days: int, after: int, zone: tzinfo) -> datetime | None:
    """The instant from which (included) the next try may begin; None where there is nothing to wait for.

    closed: when the tries so far were handed in. The wait follows every try from the `after`-th on. Hours are hours; days keep the time of day
    on the clocks of the zone, so that "one day" is the same hour tomorrow also where clocks are put forward or back in between.
    """
    if not (hours or days) or len(closed) < after:
        return None
    last = max(closed)
    wall = last.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=zone).astimezone(UTC) + timedelta(hours=hours) if days else last + timedelta(hours=hours)


def failed_topics(rows: Iterable[tuple[str, Verdict]]) -> list[str]:
    """The topics of a try in which an item was not right, in the order of the paper."""
    return list(dict.fromkeys(topic for topic, verdict in rows if verdict != "right"))
