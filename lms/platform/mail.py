"""E-mail through the server that the site was given: letters of plain text and HTML, many over one connection."""

import os
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.header import Header
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, formataddr, parseaddr
from types import TracebackType
from typing import Self

from lms.clock import Clock
from lms.errors import Invalid
from lms.settings import Settings

PASSWORD = "VEAN_SMTP_PASSWORD"  # noqa: S105  (the name of a variable)
TIMEOUT_S = 20
PERMANENT = 500


class _Whole(UnstructuredHeader):
    """A header that stays in one line however long it is: an address that is folded and encoded is known by no mail program."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Words(UnstructuredHeader):
    """A header of words, encoded by the older of the standard library's two ways: the newer loses blanks where it folds."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        encoded = Header(str(self), "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {encoded}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", _Whole)  # type: ignore[arg-type]  # the registry joins it with the base itself
HEADERS.map_to_type("subject", _Words)  # type: ignore[arg-type]
POLICY = SMTP.clone(header_factory=HEADERS)


class NotSent(Exception):
    """A letter did not go out. forever: no use to try again. said: what the server answered, without the address."""

    def __init__(self, said: str, *, forever: bool) -> None:
        super().__init__(said)
        self.said = said
        self.forever = forever


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one address. key: the same for the same letter, however often it is tried; stop_url: where its reader ends such letters."""

    to: str
    subject: str
    text: str
    html: str
    key: str
    stop_url: str = ""


@dataclass(frozen=True, slots=True)
class MailServer:
    """How letters leave: host, port, `starttls`, `tls` or `none`, name and password, and the address that they come from."""

    host: str
    port: int
    security: str
    user: str
    sender: str
    name: str
    clock: Clock
    password: str = field(default="", repr=False)

    def connect(self) -> "Posting":
        """A connection for letters. Raises NotSent."""
        return Posting(self)


def mail_server(settings: Settings, clock: Clock, environ: Mapping[str, str] = os.environ) -> MailServer | None:
    """The site's mail server; None where none is set. The password is read from the environment."""
    if not settings.smtp_host:
        return None
    port = settings.smtp_port or {"tls": 465, "starttls": 587, "none": 25}[settings.smtp_security]
    secret = environ.get(PASSWORD, "")
    return MailServer(settings.smtp_host, port, settings.smtp_security, settings.smtp_user, settings.mail_from, settings.site_name, clock, secret)


class Posting:
    """A connection to the mail server, as a context."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        server, safe = self._server, ssl.create_default_context()
        try:
            if server.security == "tls":
                self._line = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=safe)
            else:
                self._line = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
                if server.security == "starttls":
                    self._line.starttls(context=safe)
            if server.user:
                self._line.login(server.user, server.password)
        except (OSError, smtplib.SMTPException) as failed:
            self._close()
            raise NotSent(_said(failed), forever=False) from failed
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._close()

    def _close(self) -> None:
        if self._line is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._line.quit()
            self._line.close()

    def send(self, letter: Letter) -> None:
        """Hand one letter to the server. Raises NotSent."""
        if self._line is None:
            raise NotSent("not connected", forever=False)
        try:
            made = message_of(letter, self._server)
        except (ValueError, Invalid) as unfit:
            raise NotSent("the address cannot be written to", forever=True) from unfit
        try:
            self._line.send_message(made)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise NotSent(_short(code, said), forever=code >= PERMANENT) from refused
        except smtplib.SMTPResponseException as refused:
            with suppress(smtplib.SMTPException, OSError):
                self._line.rset()
            raise NotSent(_short(refused.smtp_code, refused.smtp_error), forever=refused.smtp_code >= PERMANENT) from refused
        except (OSError, smtplib.SMTPException) as failed:
            raise NotSent(_said(failed), forever=False) from failed


def message_of(letter: Letter, server: MailServer) -> EmailMessage:
    """The letter as it is sent. Raises ValueError or Invalid for an address or a subject that would break its headers."""
    name, address = parseaddr(letter.to)
    if name or address != letter.to or "@" not in address or not address.isascii():
        raise Invalid("This is no e-mail address.")
    made = EmailMessage(policy=POLICY)
    made["From"] = formataddr((server.name, server.sender))
    made["To"] = letter.to
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(server.clock.now())
    made["Message-ID"] = f"<{letter.key}@{server.sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    if letter.stop_url:
        made["List-Unsubscribe"] = f"<{letter.stop_url}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    return made


def _short(code: int, said: bytes | str) -> str:
    """The number that a server answered and the class of trouble that it names; its words may hold the address, so they are left out."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    enhanced = text.split(" ", 1)[0]
    return f"SMTP {code} {enhanced}" if enhanced.replace(".", "").isdigit() and "." in enhanced else f"SMTP {code}"


def _said(failed: Exception) -> str:
    if isinstance(failed, smtplib.SMTPResponseException):
        return _short(failed.smtp_code, failed.smtp_error)
    return type(failed).__name__
