"""`lms mail`: one letter, to see whether the mail settings are right."""

import argparse
import os

from lms.clock import SystemClock
from lms.errors import Conflict, Invalid
from lms.people.notices.letters import plain_letter
from lms.platform.cli import require_site
from lms.platform.mail import NotSent, mail_server
from lms.platform.rules import phrase
from lms.platform.speaking import add_lang, say_in, told
from lms.settings import load_settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser("mail", help=told("send one letter, to see whether the mail settings are right"))
    command.add_argument("address", help=told("where to"))
    add_lang(command)
    command.set_defaults(run=run_mail)


def run_mail(arguments: argparse.Namespace) -> int:
    """`lms mail ADDRESS`."""
    settings = load_settings(arguments.instance, os.environ)
    require_site(settings)
    server = mail_server(settings, SystemClock())
    if server is None:
        raise Invalid("This site has no mail server: set smtp_host and mail_from.")
    words = phrase("This letter shows that e-mail from %(site)s arrives. Nothing has to be done.", site=settings.site_name)
    try:
        with server.connect() as posting:
            posting.send(plain_letter(arguments.address, settings.site_name, say_in(arguments.said_in, words), arguments.said_in))
    except NotSent as failed:
        raise Conflict("%(host)s:%(port)s did not take the letter: %(said)s", host=server.host, port=server.port, said=failed.said) from failed
    done = phrase("%(host)s:%(port)s has taken the letter to %(address)s.", host=server.host, port=server.port, address=arguments.address)
    print(say_in(arguments.said_in, done))
    return 0
