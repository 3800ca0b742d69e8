"""A person's calendar as a file that calendar programs read (iCalendar, RFC 5545)."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event

from lms.certification.service.feeds import Feed
from lms.platform.rules import phrase
from lms.platform.speaking import say_in

EVERY = timedelta(hours=12)
"""How often a calendar program may ask again."""


def calendar_of(feed: Feed, *, site_name: str, public_url: str, now: datetime) -> bytes:
    """The calendar of a feed, in its person's language."""
    made = Calendar()
    made.add("prodid", "-//Ve An//vean//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", say_in(feed.lang, phrase("%(site)s: certificates and tests", site=site_name)))
    made.add("refresh-interval", EVERY)
    host = urlsplit(public_url).hostname or "vean"
    for one in feed.entries:
        event = Event()
        event.add("uid", f"{one.key}-{feed.person_id}@{host}")
        event.add("dtstamp", now)
        event.add("summary", say_in(feed.lang, one.words))
        event.add("url", public_url.rstrip("/") + one.address)
        event.add("dtstart", one.begins)
        if one.ends is not None:
            event.add("dtend", one.ends)
        else:
            event.add("transp", "TRANSPARENT")
        if one.remind_days:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", say_in(feed.lang, one.words))
            alarm.add("trigger", timedelta(days=-one.remind_days))
            event.add_component(alarm)
        made.add_component(event)
    return bytes(made.to_ical())
