"""The figures as a file for spreadsheets."""

from collections.abc import Iterator

from flask import Response, request
from flask_babel import gettext
from markupsafe import Markup

from lms.assessment.quality.service.listing import Listed, each_item
from lms.assessment.quality.views.permits import SEERS, kept_back, may_see_keys, require_quality
from lms.assessment.quality.views.words import FLAGS
from lms.assessment.views.blueprint import bp
from lms.people.access import permission_required
from lms.platform.i18n import pick, show_list
from lms.platform.site import reading
from lms.web.files import csv_file

LETTERS = "abcdefgh"


@bp.get("/quality.csv")
@permission_required(*SEERS)
def quality_csv() -> Response:
    """Every item of a test (`?test=`) or of all. Choices and keys are empty where they are kept back, or not for who asks."""
    key = request.args.get("test", "")
    require_quality(key)
    listed = list(each_item(reading(), scope=key, bank=request.args.get("bank", "")))
    keys = may_see_keys()
    guarded = _guarded([one.item.id for one in listed])
    head = [
        *(gettext("Place in the files"), gettext("Question id"), gettext("Kind"), gettext("Question"), gettext("Look at"), gettext("Sittings")),
        *(gettext("Left empty"), gettext("Facility (0–1)"), gettext("Correlation with the rest"), gettext("Upper less lower 27 % (−1–1)")),
        *(gettext("Median time (s)"), gettext("Times known"), gettext("Reports"), gettext("Reports waiting"), gettext("Key")),
        *(gettext("Choice %(letter)s, share of all", letter=letter.upper()) for letter in LETTERS),
        *(gettext("Choice %(letter)s, upper group", letter=letter.upper()) for letter in LETTERS),
        *(gettext("Choice %(letter)s, lower group", letter=letter.upper()) for letter in LETTERS),
    ]
    rows = ([*_line(one, keys=keys and one.item.id not in guarded, guarded=one.item.id in guarded)] for one in listed)
    return csv_file("questions.csv", head, rows)


def _guarded(item_ids: list[str]) -> set[str]:
    """Those of the items whose keys are kept back; one question where none is."""
    if not item_ids or kept_back(item_ids) is None:
        return set()
    return {item_id for item_id in item_ids if kept_back([item_id]) is not None}


def _line(one: Listed, *, keys: bool, guarded: bool) -> Iterator[object]:
    figures = one.figures
    yield from (one.place, one.item.id, one.item.kind, _plain(pick(one.item.prompt)))
    yield show_list([FLAGS[flag][0] for flag in one.flags])
    yield from (figures.n, figures.blank, _part(figures.facility, 10_000), _part(figures.correlation, 1000), _part(figures.index, 10_000))
    yield from (figures.seconds, figures.timed, one.reports, one.waiting)
    yield "".join(sorted(one.item.key)).upper() if keys else ""
    uses = {} if guarded else {use.letter: use for use in figures.choices}
    for name in ("all", "upper", "lower"):
        yield from (_part(getattr(uses[letter], name), 10_000) if letter in uses else None for letter in LETTERS)


def _part(value: int | None, of: int) -> float | None:
    return None if value is None else value / of


def _plain(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704  (it becomes the text of a cell)
