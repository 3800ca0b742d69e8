"""What befell an attempt, in words."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from lms.assessment.supervision.models import AttemptEvent
from lms.assessment.supervision.rules.events import Facts, Kind
from lms.platform.i18n import show_list

STATES = {
    "expected": _l("expected"),
    "open": _l("sits now"),
    "offline": _l("nothing heard"),
    "submitted": _l("handed in"),
    "lapsed": _l("ran out of time"),
    "void": _l("void"),
}
"""States of a seat."""

DOTS = {"expected": "wait", "open": "busy", "offline": "bad", "submitted": "ok", "lapsed": "ok", "void": "off"}
MINUTE_S = 60


PLAIN = {
    Kind.HANDED_IN: _l("Handed in by a supervisor"),
    Kind.VOIDED: _l("Made void: it does not count and uses up no try"),
    Kind.UNLOCKED: _l("Freed for another device"),
    Kind.BOUND: _l("Goes on with another device"),
    Kind.REFUSED_DEVICE: _l("Another device asked for the paper and was refused"),
    Kind.LEFT: _l("Left the page"),
}


def event_text(event: AttemptEvent) -> str:
    """One event in words, without its time and reason."""
    kind = Kind(event.kind)
    return str(PLAIN[kind]) if kind in PLAIN else _counted(kind, event.seconds or 0, int(event.detail) if event.detail.isdecimal() else 0)


def _counted(kind: Kind, seconds: int, chars: int) -> str:
    minutes = round(seconds / MINUTE_S)
    match kind:
        case Kind.EXTRA_TIME:
            return ngettext("%(num)s minute more", "%(num)s minutes more", minutes)
        case Kind.REOPENED:
            return ngettext("Opened again for %(num)s minute", "Opened again for %(num)s minutes", minutes)
        case Kind.BACK:
            return ngettext("Came back to the page after %(num)s second", "Came back to the page after %(num)s seconds", seconds)
        case Kind.PASTED:
            return ngettext("Pasted %(num)s character", "Pasted %(num)s characters", chars)
    if seconds < 0:
        return ngettext("The end was moved forward by %(num)s minute", "The end was moved forward by %(num)s minutes", -minutes)
    return ngettext("The end was put off by %(num)s minute", "The end was put off by %(num)s minutes", minutes)


def facts_text(facts: Facts) -> str:
    """The facts of a sitting in one line: what was noticed, without a verdict; empty where there is nothing."""
    said = []
    if facts.left:
        times = ngettext("left the page %(num)s time", "left the page %(num)s times", facts.left)
        said.append(gettext("%(times)s, longest %(s)s s", times=times, s=facts.longest_s) if facts.longest_s else times)
    if facts.pasted:
        said.append(ngettext("pasted text %(num)s time", "pasted text %(num)s times", facts.pasted))
    if facts.refused:
        said.append(ngettext("%(num)s other device asked", "%(num)s other devices asked", facts.refused))
    return show_list(said, clauses=True)
