"""The job that sends notices: ways planned, what is due sent within a bounded time, the rest at the next tick."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog
from itsdangerous import URLSafeSerializer

from lms.clock import Clock
from lms.people.notices.channels.hook import Gateway, Message, gateway_of
from lms.people.notices.channels.outcome import SENT, UNTRIED, Outcome, Result
from lms.people.notices.channels.push import Browser, PushSender, push_sender
from lms.people.notices.letters import Writer
from lms.people.notices.rules import Quiet, minute_of
from lms.people.notices.service.browsers import browsers_of, note_browsers
from lms.people.notices.service.delivering import Due, Ways, by_person, give_up_late, note, plan, take, waits
from lms.people.notices.service.own import forget_notices
from lms.platform.db import Database
from lms.platform.mail import MailServer, NotSent, Posting, mail_server
from lms.settings import Settings

log = structlog.get_logger()
Sent = list[tuple[list[Due], Outcome]]
Way = Callable[[list[Due], float], Sent]
"""Sends what is due until an end in seconds, and gives what became of it."""
JOB = "people.notices"
AT_MOST_S = 40
"""Seconds that one tick sends; what is left goes with the next."""
AT_ONCE = 3
"""Single messages to a phone in one go; more are told as a number."""


def site_quiet(settings: Settings) -> Quiet:
    """The quiet hours of a site."""
    since, _, until = settings.quiet_hours.partition("-")
    return Quiet(minute_of(since) or 0, minute_of(until) or 0)


def stop_signer(secret_key: str) -> URLSafeSerializer:
    """Signs the addresses that end a person's letters."""
    return URLSafeSerializer(secret_key, salt="notices.stop")


@dataclass
class NoticeSender:
    """Sends the notices of a site. running_s: seconds that this process has been running, to end a tick in time."""

    db: Database
    clock: Clock
    settings: Settings
    mail: MailServer | None
    push: PushSender | None
    gateway: Gateway | None
    running_s: Callable[[], float] = field(default=time.monotonic)

    @classmethod
    def of(cls, db: Database, clock: Clock, settings: Settings) -> "NoticeSender":
        """The sender of a site, with the ways out that its settings give."""
        return cls(db, clock, settings, mail_server(settings, clock), push_sender(settings), gateway_of(settings))

    @property
    def ways(self) -> Ways:
        """The ways out, and when they may be used."""
        there = {"mail": self.mail, "push": self.push, "hook": self.gateway}
        channels = frozenset(name for name, way in there.items() if way is not None)
        return Ways(channels, site_quiet(self.settings), minute_of(self.settings.letters_at) or 0, self.settings.zone)

    @property
    def _writer(self) -> Writer:
        return Writer(self.settings.site_name, self.settings.public_url, self.settings.zone)

    def run(self, now: datetime) -> int:
        """One tick; gives how many notices went out on any way."""
        forget_notices(self.db, now)
        with self.db.reading() as session:
            if not waits(session, now=now):
                return 0
        end = self.running_s() + AT_MOST_S
        while self.running_s() < end and self._planned(now):
            pass
        ways: dict[str, Way] = {"mail": self._letters, "push": self._messages, "hook": self._handed_over}
        return sum(self._sent(channel, ways[channel], now, end) for channel in sorted(self.ways.channels))

    def _planned(self, now: datetime) -> int:
        with self.db.writing() as session:
            give_up_late(session, now=now)
            return plan(session, self.ways, now=now)

    def _sent(self, channel: str, send: Way, now: datetime, end: float) -> int:
        """Send what is due on one way, as long as there is time. No transaction is open meanwhile."""
        sent = 0
        while self.running_s() < end:
            with self.db.writing() as session:
                claim, due = take(session, channel, now=now)
            if not due:
                break
            outcomes = {one.delivery_id: (one.tries, outcome) for group, outcome in send(due, end) for one in group}
            with self.db.writing() as session:
                note(session, claim, outcomes, now=self.clock.now())
            sent += sum(outcome.result is Result.SENT for _, outcome in outcomes.values())
        return sent

    def _letters(self, due: list[Due], end: float) -> Sent:
        """One letter a person, over one connection."""
        if self.mail is None:
            return []
        try:
            with self.mail.connect() as posting:
                return [(group, self._tried(end, partial(self._posted, posting, group))) for group in by_person(due)]
        except NotSent as failed:
            log.warning("the mail server is not to be reached", said=failed.said)
            return [(due, Outcome(Result.LATER, failed.said))]

    def _posted(self, posting: Posting, group: Sequence[Due]) -> Outcome:
        stop_url = self.settings.public_url.rstrip("/") + "/notices/stop/" + str(stop_signer(self.settings.secret_key).dumps(group[0].person_id))
        try:
            posting.send(self._writer.letter(group, stop_url))
        except NotSent as failed:
            return Outcome(Result.NEVER if failed.forever else Result.LATER, failed.said)
        return SENT

    def _messages(self, due: list[Due], end: float) -> Sent:
        """To every browser of each person; sent where one has it."""
        if self.push is None:
            return []
        with self.db.reading() as session:
            browsers = browsers_of(session, {one.person_id for one in due})
        groups = [group for person in by_person(due) for group in ([[one] for one in person] if len(person) <= AT_ONCE else [person])]
        gone: set[int] = set()
        used: set[int] = set()
        found = [(group, self._tried(end, partial(self._pushed, self.push, group, browsers.get(group[0].person_id, []), gone, used))) for group in groups]
        with self.db.writing() as session:
            note_browsers(session, gone=gone, used=used, now=self.clock.now())
        return found

    def _pushed(self, push: PushSender, group: Sequence[Due], browsers: Sequence[tuple[int, Browser]], gone: set[int], used: set[int]) -> Outcome:
        title, text, url = self._writer.message(group)
        outcome = Outcome(Result.NEVER, "no browser")
        for subscription_id, browser in browsers:
            if subscription_id in gone:
                continue
            left, answered = push.send(browser, title=title, text=text, url=url, tag=f"notice-{group[-1].notice_id}", now=self.clock.now())
            (gone if left else used if answered.result is Result.SENT else set[int]()).add(subscription_id)
            outcome = outcome if outcome.result is Result.SENT else answered
        return outcome

    def _handed_over(self, due: list[Due], end: float) -> Sent:
        """One by one to the gateway."""
        if self.gateway is None:
            return []
        return [([one], self._tried(end, partial(self._handed, self.gateway, one))) for one in due]

    def _handed(self, gateway: Gateway, one: Due) -> Outcome:
        text, url = self._writer.say(one.lang, one.words), self._writer.url(one.address)
        message = Message(one.notice_id, one.topic.value, one.lang, one.staff_code, one.phone, text, url, one.made_at)
        return gateway.send(message, site=self.settings.site_name, now=self.clock.now())

    def _tried(self, end: float, send: Callable[[], Outcome]) -> Outcome:
        """One thing sent, if there is time; whatever goes wrong with it is told of it alone."""
        if self.running_s() >= end:
            return UNTRIED
        try:
            return send()
        except Exception as broken:
            log.exception("a notice could not be sent")
            return Outcome(Result.NEVER, type(broken).__name__)
