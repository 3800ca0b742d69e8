"""A question of a paper as HTML: what is the same for everybody is drawn once a process, and a person's own is filled in.

Drawn by Jinja for every page, twenty questions cost more than all the rest of a sitting together. What is drawn depends on the item's
revision, the language and a few facts of the test, all of them part of the key; nothing in it tells what is right.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from uuid import uuid4

from flask import current_app, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from lms.assessment.service.sheet import Option, Question
from lms.assessment.views.sheets import Cell, Sheet
from lms.platform.i18n import current_lang, say
from lms.platform.rules import Phrase
from lms.web.drawn import drawn, fill, slot

FILLED = frozenset({"single", "multiple", "numeric", "short", "essay", "performed"})
"""Kinds whose fields are drawn once. Those of the others hang together with the answer as a whole and are made for each page."""
ANY_ATTEMPT = 9_007_199_254_740_991
"""Stands in addresses for the attempt until a page is filled; no attempt has it."""


@dataclass(frozen=True, slots=True)
class At:
    """How a question stands on a page: in view or not, first or last of those that are open, and why its answer was just refused."""

    shown: bool
    first: bool
    last: bool
    refused: str = ""


class PaperPage:
    """Makes the questions and cells of one page. notices: what is to be said of a question, by item id."""

    def __init__(self, sheet: Sheet, notices: Mapping[str, Phrase]) -> None:
        self._sheet = sheet
        self._notices = notices
        self._drawn = drawn()
        self._place = (current_lang(), request.script_root)
        self._id = str(sheet.attempt.id)

    def question(self, q: Question, at: At) -> Markup:
        """A question that may be answered, as the form of its answer."""
        sheet = self._sheet
        note, steps, filled = sheet.note_on(q), sheet.progress.count > 1, q.kind in FILLED
        context: Callable[[], Mapping[str, object]] = lambda: {"q": _stand_in(q), "note": note, "steps": steps, "filled": filled, "url": _url}  # noqa: E731
        text = self._draw("assessment/_question.html", (q.digest, note, steps), context)
        own = self._common | {
            "n": str(q.n),
            "seq": str(q.seq),
            "stored": escape(q.stored),
            "save": str(uuid4()),
            "hidden": "" if at.shown else " hidden",
            "step": str(sheet.attempt.step),
            "refused": self._ui.notice("error", at.refused) if at.refused else "",
            "part": self._part(q),
            "notice": escape(say(self._notices[q.item_id])) if q.item_id in self._notices else "",
            "stem": self._answers.gaps(q) if q.kind == "gaps" else "",
            "fields": "" if filled else self._answers.fields(q),
            "answer": escape(q.answer),
            "choices": Markup("\n").join([self._choice(q, option) for option in q.options]) if q.kind in ("single", "multiple") else "",
            "nav": self._nav(q, at),
        }
        return fill(text, lambda name: own[name])

    def cell(self, one: Cell) -> Markup:
        """A question in the number grid."""
        key = (one.current, one.answered, one.flagged, one.state, bool(one.url))
        text = self._draw("assessment/_cell.html", key, lambda: {"e": Cell(slot("n"), slot("url") if one.url else "", *key[:-1])})  # type: ignore[arg-type]
        return fill(text, lambda name: escape(one.url) if name == "url" else str(one.n))

    def _nav(self, q: Question, at: At) -> Markup:
        sheet = self._sheet
        facts = {"first": at.first, "last": at.last, "leaves": at.last and not sheet.progress.is_last, "checks": sheet.checks, "one_by_one": sheet.one_by_one}
        facts |= {"flagged": q.flagged}
        return fill(self._draw("assessment/_sitting_nav.html", tuple(facts.values()), lambda: facts), str)

    def _choice(self, q: Question, option: Option) -> Markup:
        checked = option.letter in q.answer
        context: Callable[[], Mapping[str, object]] = lambda: {"q": q, "option": option, "checked": checked, "n": slot("n")}  # noqa: E731
        text = self._draw("assessment/_choice.html", (q.digest, option.letter, checked), context)
        return fill(text, lambda _n: str(q.n))

    def _part(self, q: Question) -> Markup | str:
        """The section of a question, over it."""
        found = self._sheet.section_of(q)
        if found is None:
            return ""
        number, section = found
        title: Mapping[str, str] = section.title
        key = (number, len(self._sheet.terms.sections), tuple(title.items()))
        return fill(self._draw("assessment/_part.html", key, lambda: {"number": number, "section": section, "all": key[1]}), str)

    def _draw(self, template: str, key: Hashable, context: Callable[[], Mapping[str, object]]) -> tuple[str, ...]:
        return self._drawn.find(template, (*self._place, key), context)

    @cached_property
    def _common(self) -> dict[str, str]:
        return {"id": self._id, "csrf": generate_csrf()}

    @cached_property
    def _answers(self) -> SimpleNamespace:
        module: SimpleNamespace = current_app.jinja_env.get_template("ui_answers.html").module  # type: ignore[assignment]
        return module

    @cached_property
    def _ui(self) -> SimpleNamespace:
        module: SimpleNamespace = current_app.jinja_env.get_template("ui.html").module  # type: ignore[assignment]
        return module


def frame_data(sheet: Sheet, own: Mapping[str, object]) -> Markup:
    """The attributes that the script of a sitting reads: words and addresses, drawn once, with a person's own values. own: by slot."""
    key = (current_lang(), request.script_root)
    text = drawn().find("assessment/_sitting_data.html", key, lambda: {"url": _url, "slot_of": slot})
    known = {"id": str(sheet.attempt.id), "csrf": generate_csrf()} | {name: escape(value) for name, value in own.items()}
    return fill(text, lambda name: known[name])


def _stand_in(q: Question) -> SimpleNamespace:
    """A question with slots for what is a person's own."""
    same = ("item_id", "kind", "critical", "prompt", "unit", "case", "part", "cost")
    return SimpleNamespace(**{name: getattr(q, name) for name in same}, n=slot("n"), seq=slot("seq"), stored=slot("stored"), answer=slot("answer"))


def _url(endpoint: str, **values: object) -> Markup:
    """An address of the attempt, with a slot for its id."""
    made = url_for(endpoint, attempt_id=ANY_ATTEMPT, **values)  # type: ignore[arg-type]
    return Markup(str(escape(made)).replace(str(ANY_ATTEMPT), slot("id")))  # noqa: S704  (escaped above)
