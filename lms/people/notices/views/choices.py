"""What one wants to get where, and the end of letters for whoever is not signed in."""

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext
from itsdangerous import BadSignature
from werkzeug.wrappers import Response

from lms.errors import NotFound
from lms.people.access import current_person, login_required
from lms.people.notices.forms import ChoicesForm, values_of
from lms.people.notices.rules import Topic
from lms.people.notices.sender import JOB, NoticeSender, site_quiet, stop_signer
from lms.people.notices.service.browsers import list_browsers
from lms.people.notices.service.choosing import choose, find_choice, no_mail
from lms.people.notices.service.telling import tell_one
from lms.people.notices.views.blueprint import bp
from lms.people.notices.words import TOPICS
from lms.people.service.cards import get_card
from lms.people.service.scope import EVERYWHERE
from lms.people.signing.words import agent_words
from lms.platform.i18n import say
from lms.platform.rules import phrase
from lms.platform.site import now, reading, site, today, writing
from lms.web.frame import SHARED
from lms.web.posting import post


@bp.route("/choices", methods=["GET", "POST"])
@login_required
def choices() -> str | Response | tuple[str, int]:
    """How notices come to oneself besides the list in the site."""
    me, quiet, sender = current_person().person_id, site_quiet(site().settings), site().part(NoticeSender)
    former = find_choice(reading(), person_id=me, quiet=quiet)
    form = ChoicesForm(data=values_of(former))
    form.topics.choices = [
        (topic.value, say(TOPICS[topic])) for topic in Topic if topic is not Topic.ACCOUNT and (topic is not Topic.DESK or current_person().staff)
    ]
    ways = sender.ways.channels
    card = get_card(reading(), person_id=me, paths=EVERYWHERE, on=today())
    email = card.person.email if "mail" in ways else None
    if email is None:
        del form.mail
    if "hook" not in ways or not (card.person.phone or card.person.staff_code):
        del form.hook
    browsers = list_browsers(reading(), person_id=me)
    posted = post(form, lambda session: choose(session, person_id=me, choice=form.chosen(former), site_quiet=quiet, now=now()))
    if posted.done:
        flash(gettext("Kept. It holds for what is told from now on."), "success")
        return redirect(url_for("notices.choices"))
    push = sender.push if SHARED not in session else None
    known = {
        "email": email,
        "ways": ways,
        "browsers": browsers,
        "push_key": push.public if push else "",
        "shared": SHARED in session,
        "agent_words": agent_words,
    }
    return render_template("notices/choices.html", form=form, **known), posted.status


@bp.post("/try")
@login_required
def try_out() -> Response:
    """Tell oneself something, so that one sees on which ways it comes."""
    at = now()
    with writing() as session:
        words = phrase("This is a notice to try out the ways that you chose. Nothing has to be done.")
        tell_one(session, current_person().person_id, Topic.ACCOUNT, f"try:{at:%Y%m%d%H%M}", words, now=at, address="/notices/choices")
    site().jobs.soon(JOB)
    flash(gettext("A notice is on its way to you."), "success")
    return redirect(url_for("notices.choices"))


@bp.get("/stop/<token>")
def stop_page(token: str) -> str:
    """Ask before letters end: mail programs open addresses by themselves."""
    _person_of(token)
    return render_template("notices/stop.html", token=token, done=False)


@bp.post("/stop/<token>")
def stop(token: str) -> str:
    """Send this person no letters any more. The signed address is proof enough, also for a mail program that asks without a form (RFC 8058)."""
    person_id = _person_of(token)
    with writing() as session:
        no_mail(session, person_id=person_id, site_quiet=site_quiet(site().settings), now=now())
    return render_template("notices/stop.html", token=token, done=True)


def _person_of(token: str) -> int:
    """Raises NotFound for an address that this site has not signed."""
    try:
        return int(stop_signer(site().settings.secret_key).loads(token))
    except (BadSignature, ValueError, TypeError) as unsigned:
        raise NotFound("This address has ended letters of nobody.") from unsigned
