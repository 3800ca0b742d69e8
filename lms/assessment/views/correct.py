"""Correcting a question: what can be done, what it would do to whom, and doing it."""

from collections.abc import Callable, Iterator
from itertools import islice
from uuid import uuid4

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms.assessment.correction_models import Correction
from lms.assessment.service.correcting import make_correction
from lms.assessment.service.corrector import CORRECT_JOB
from lms.assessment.service.dry_run import Change, DryRun, Tally, count_concerned, dry_run, list_changes
from lms.assessment.service.look import ItemResult
from lms.assessment.service.naming import name_people
from lms.assessment.service.notices import watch_of
from lms.assessment.service.papers import Placed
from lms.assessment.service.reviewed import Reviewed, reviewed_of
from lms.assessment.service.settled import refuse_settled, tests_of
from lms.assessment.service.sheet import Question, question_of
from lms.assessment.service.wishes import REASON_MOST, Wish, find_published, get_item, pair, to_row
from lms.assessment.settling import ResultRooms
from lms.assessment.views.blueprint import RUNNERS, bp, desk_scope
from lms.assessment.views.corrections import KINDS, require_whole
from lms.assessment.views.saves import answer_of
from lms.content.access import catalogue
from lms.content.catalogue import Item
from lms.content.impact.rooms import ImpactRooms
from lms.content.impact.wording import resting_words
from lms.errors import NotAllowed, NotFound, SiteError
from lms.people.access import permission_required
from lms.platform.i18n import say
from lms.platform.sheet import csv_lines
from lms.platform.site import now, reading, site, today, writing

PART = 500
CHOSEN = frozenset({"test", "kind", "do", "answer", "never_lower", "everywhere", "undoes", "show", "page"})
"""The fields of a wish, in addresses and forms; `answer.*` and `map.*` beside them."""
SHOWN: dict[str, Callable[[Change], bool]] = {
    "changed": lambda change: change.became == "changed",
    "passes": lambda change: change.passes,
    "fails": lambda change: change.fails,
    "kept": lambda change: change.became == "kept",
    "unclear": lambda change: change.became == "unclear",
    "all": lambda _change: True,
}


@bp.get("/correct/<digest>")
@permission_required(*RUNNERS)
def correct(digest: str) -> str:
    """The question with its key, what can be done, and, once that is chosen, what it would do to whom."""
    return _page(digest, request.args, "")


def _page(digest: str, sent: MultiDict[str, str], refused: str) -> str:
    key = sent.get("test", "")
    require_whole([key])
    item = get_item(reading(), digest)
    if not any(count_concerned(reading(), Correction(offering=key, digest=digest))):
        raise NotFound("This question has not been sat in this test.")
    tried, why = _try(digest, sent) if sent.get("do") else (None, "")
    return render_template(
        "assessment/correct.html",
        item=item,
        test=key,
        question=_question(item, sent),
        reviewed=_with_key(item),
        published=find_published(reading(), item),
        pairs=_pairs(item),
        sent=sent,
        kinds=KINDS,
        refused=refused or why,
        tried=tried,
        ask_id=sent.get("ask_id") or str(uuid4()),
        most=REASON_MOST,
        without=_without,
    )


def _without(sent: MultiDict[str, str], *names: str) -> dict[str, list[str]]:
    """What was chosen, for an address, less some of it and what only a form sends."""
    kept = (name for name in sent if name not in names and (name in CHOSEN or name.startswith(("answer.", "map."))))
    return {name: sent.getlist(name) for name in kept}


def _pairs(item: Item) -> list[tuple[object, object]]:
    """Each former choice with what the published revision seems to have for it, and what it has to choose from."""
    new = find_published(reading(), item)
    if new is None or new.kind != item.kind:
        return []
    return [(one, new.choices if one.side == "choices" else new.targets) for one in pair(item, new)]


class Tried:
    """A dry run as the page shows it."""

    def __init__(self, session: Session, row: Correction, found: DryRun, page: int) -> None:
        self.row, self.found, self.page = row, found, page
        self.tests = tests_of(session, row)
        _, self.running = count_concerned(session, row)
        self.names = name_people(session, [change.person_id for change in found.rows])
        rests = site().part(ImpactRooms).resting(session, attempt_ids=found.tally.failing, today=today())
        self.resting = [resting_words(one) for one in rests]
        self.moves = site().part(ResultRooms).moves(session, catalogue(), found.tally.ranked)


def _try(digest: str, sent: MultiDict[str, str]) -> tuple[Tried | None, str]:
    """The dry run of what was chosen, or why it cannot be."""
    page = max(1, sent.get("page", default=1, type=int))
    try:
        row = to_row(reading(), _wish(digest, sent))
        require_whole(tests_of(reading(), row))
        refuse_settled(reading(), catalogue(), site().part(ResultRooms), tests_of(reading(), row))
        with site().db.reading() as session:
            found = dry_run(session, row, wanted=SHOWN.get(sent.get("show", ""), SHOWN["changed"]), page=page)
            return Tried(session, row, found, page), ""
    except (NotFound, NotAllowed):
        raise
    except SiteError as said:
        return None, say(said)


def _wish(digest: str, sent: MultiDict[str, str]) -> Wish:
    """What was chosen in the form. Raises Invalid where its fields make no answer."""
    kind = sent.get("do", "")
    return Wish(
        offering="" if sent.get("everywhere") else sent.get("test", ""),
        digest=digest,
        kind=kind,
        answer=answer_of(sent) if kind == "accept" else "",
        letters={name.removeprefix("map."): value for name, value in sent.items() if name.startswith("map.")},
        undoes=sent.get("undoes", type=int),
        never_lower=bool(sent.get("never_lower")),
    )


def _question(item: Item, sent: MultiDict[str, str]) -> Question:
    """The question as it is answered, with what was chosen to be accepted."""
    fields = {name.removeprefix("answer."): value for name, value in sent.items() if name.startswith("answer.")}
    return question_of(_placed(item), None, ()).as_sent("".join(sent.getlist("answer")), fields)


def _with_key(item: Item) -> Reviewed:
    return reviewed_of(_placed(item), ItemResult(item.id, item.digest, item.topic, "", "blank", 0, 0), None)


def _placed(item: Item) -> Placed:
    letters, targets = ("".join(choice.letter for choice in side) for side in (item.choices, item.targets))
    return Placed(1, item, letters, targets)


@bp.post("/correct/<digest>")
@permission_required(*RUNNERS)
def apply_correction(digest: str) -> Response | tuple[str, int]:
    """Make the correction that was looked at; it holds at once, and the papers that had closed follow in the background."""
    sent = request.form
    wish = _wish(digest, sent)
    try:
        row = to_row(reading(), wish)
        require_whole(tests_of(reading(), row))
        with site().db.reading() as session:
            tally = dry_run(session, row).tally
        with writing() as session:
            made = _make(session, wish, tally, sent)
    except (NotFound, NotAllowed):
        raise
    except SiteError as refused:
        return _page(digest, sent, say(refused)), refused.status
    watch_of(site().db).forget()
    site().jobs.soon(CORRECT_JOB)
    flash(gettext("The correction holds from now on. Results that change get a new version."), "success")
    return redirect(url_for("assessment.correction", correction_id=made, test=sent.get("test", "")), 303)


def _make(session: Session, wish: Wish, tally: Tally, sent: MultiDict[str, str]) -> int:
    row = to_row(session, wish)
    refuse_settled(session, catalogue(), site().part(ResultRooms), tests_of(session, row))
    scope = desk_scope()
    ask_id = sent.get("ask_id", "")[:36] or str(uuid4())
    return make_correction(session, row, reason=sent.get("reason", ""), ask_id=ask_id, tally=tally, actor_id=scope.person_id, now=now()).id


@bp.get("/correct/<digest>/changes.csv")
@permission_required(*RUNNERS)
def changes_csv(digest: str) -> FlaskResponse:
    """Every attempt concerned, before and after, as a file that is sent as it is read."""
    row = to_row(reading(), _wish(digest, request.args))
    require_whole(tests_of(reading(), row))
    head = [
        gettext("Try"),
        gettext("Person"),
        gettext("Test"),
        gettext("Points before"),
        gettext("Points after"),
        gettext("Passed before"),
        gettext("Passed after"),
        gettext("What becomes of it"),
    ]
    response = FlaskResponse(csv_lines(head, _lines(row)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="correction-{row.item_id}.csv"'
    return response


def _lines(row: Correction) -> Iterator[list[object]]:
    db = site().db

    def lines() -> Iterator[list[object]]:
        with db.reading() as session:
            changes = list_changes(session, row)
            while part := list(islice(changes, PART)):
                names = name_people(session, [one.person_id for one in part])
                for one in part:
                    points = [f"{score.points / 100:g}/{score.max_points / 100:g}" for score in (one.before, one.after)]
                    yield [one.attempt_id, names[one.person_id], one.offering, *points, _yes(one.before.passed), _yes(one.after.passed), one.became]

    return lines()


def _yes(passed: bool | None) -> str:  # noqa: FBT001
    return "" if passed is None else "1" if passed else "0"
