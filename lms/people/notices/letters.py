"""The texts that leave the site, in the language of whoever gets them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from lms.people.notices.service.delivering import Due
from lms.people.notices.words import TOPICS
from lms.platform.i18n import HTML
from lms.platform.mail import Letter
from lms.platform.rules import Phrase, phrase
from lms.platform.speaking import say_in

SUBJECT_MOST = 90
TEXTS = Environment(loader=PackageLoader("lms.people.notices"), autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # noqa: S701  (plain text)
PAGES = Environment(loader=PackageLoader("lms.people.notices"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def plain_letter(to: str, site_name: str, words: str, lang: str) -> Letter:
    """A letter of one sentence."""
    page = PAGES.from_string('<!doctype html><html lang="{{ lang }}"><body><p>{{ words }}</p></body></html>').render(lang=HTML[lang], words=words)
    return Letter(to, site_name, f"{words}\n", page, f"try.{secrets.token_hex(8)}")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes for a site: its name, its address, its time zone."""

    site_name: str
    public_url: str
    zone: ZoneInfo

    def url(self, address: str) -> str:
        """The whole address of a page of the site."""
        return self.public_url.rstrip("/") + (address or "/notices")

    def say(self, lang: str, words: Phrase) -> str:
        """A phrase with dates as people write them."""
        return say_in(lang, words, self.zone)

    def message(self, due: Sequence[Due]) -> tuple[str, str, str]:
        """A short message of what one person is told: title, text, and where it leads."""
        first, lang = due[-1], due[-1].lang
        if len(due) == 1:
            return self.say(lang, TOPICS[first.topic]), self.say(lang, first.words), self.url(first.address)
        text = self.say(lang, phrase("%(n)s notices wait for you.", n=len(due)))
        return self.site_name, text, self.url("")

    def letter(self, due: Sequence[Due], stop_url: str) -> Letter:
        """The letter of what one person is told."""
        lang, to = due[0].lang, due[0].email or ""
        lines = [(self.say(lang, one.words), self.url(one.address)) for one in due]
        many = phrase("%(site)s: %(n)s notices", site=self.site_name, n=len(due))
        subject = lines[0][0] if len(due) == 1 and len(lines[0][0]) <= SUBJECT_MOST else self.say(lang, many if len(due) > 1 else TOPICS[due[0].topic])
        words = {
            "html_lang": HTML[lang],
            "site_name": self.site_name,
            "subject": subject,
            "greeting": self.say(lang, phrase("Dear %(name)s,", name=due[0].name)),
            "lines": lines,
            "open": self.say(lang, phrase("Open")),
            "why": self.say(lang, phrase("You get this letter because %(site)s keeps your training records.", site=self.site_name)),
            "choose": self.say(lang, phrase("Choose what comes by e-mail")),
            "choose_url": self.url("/notices/choices"),
            "stop": self.say(lang, phrase("No e-mail any more")),
            "stop_url": stop_url,
        }
        key = f"notice.{due[0].delivery_id}-{due[-1].delivery_id}"
        return Letter(
            to, subject, TEXTS.get_template("notices/letter.txt").render(words), PAGES.get_template("notices/letter.html").render(words), key, stop_url
        )
