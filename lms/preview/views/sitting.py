"""Sitting unrecorded: one question a page, every answer carried by the page itself, so that it works without a script and leaves nothing."""

import secrets
from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.assessment.rules.answers.canonical import Refused, canonical
from lms.assessment.rules.answers.parts import compose, fields_of
from lms.assessment.rules.scoring import by_topic, points_to_pass
from lms.assessment.rules.sections import SectionTerms
from lms.assessment.service.papers import Placed, asked_of
from lms.assessment.service.sheet import Question, question_of
from lms.assessment.views.saves import fields_of_form
from lms.platform.i18n import LANGUAGES, say
from lms.preview.drawing import Sittable, find_sittable, fitting, paper_of, score
from lms.preview.parts import state
from lms.preview.views.blueprint import bp

SEED_BITS = 62
GIVEN = "given."


@bp.route("/<any(quizzes, contests):kind>/<slug>/sit", methods=("GET", "POST"))
@bp.route("/<any(quizzes, contests):kind>/<slug>/sit/<round_slug>", methods=("GET", "POST"))
def sit(kind: str, slug: str, round_slug: str = "") -> str | Response:
    """A paper of a seed: its questions, then the result."""
    sittable = find_sittable(state().catalogue, kind, slug, round_slug)
    seed = request.args.get("seed", "")
    if not (seed.isascii() and seed.isdecimal() and len(seed) <= len(str(2**SEED_BITS))):
        return redirect(url_for(".sit", kind=kind, slug=slug, round_slug=round_slug or None, seed=secrets.randbits(SEED_BITS)), 302)
    placed, sections = paper_of(state(), sittable.quiz, int(seed))
    return _answered(sittable, placed, sections) if request.method == "POST" else _question(sittable, placed, 1, {})


def _answered(sittable: Sittable, placed: Sequence[Placed], sections: Sequence[SectionTerms]) -> str:
    """Take the answer of the page, then show what was asked for next."""
    form = request.form
    given = fitting(placed, {name.removeprefix(GIVEN): value for name, value in form.items() if name.startswith(GIVEN)})
    here = next((place for place in placed if place.item.id == form.get("item")), None)
    refused = None
    if here is not None and form.get("kind") == here.item.kind:
        try:
            given[here.item.id] = canonical(asked_of(here.item), compose(here.item.kind, form.getlist("answer"), fields_of_form(form)))
        except Refused as why:
            refused = say(why.words)
    n = here.n if here else 1
    if refused:
        return _question(sittable, placed, n, given, refused)
    go = form.get("go", "")
    if go == "submit":
        return _result(sittable, placed, given, sections)
    asked = int(go) if go.isascii() and go.isdecimal() and len(go) < len("1000") else n + 1 if go == "next" else n - 1 if go == "previous" else n
    return _question(sittable, placed, min(max(asked, 1), len(placed)), given)


def _question(sittable: Sittable, placed: Sequence[Placed], n: int, given: dict[str, str], refused: str | None = None) -> str:
    place = next((one for one in placed if one.n == n), None)
    if place is None:
        return render_template("preview/no_paper.html", sittable=sittable)
    question = question_of(place, None, frozenset())
    answer = given.get(place.item.id, "")
    shown: Question = question.as_sent(answer, fields_of(place.item.kind, answer))
    if refused:
        shown = question.as_sent("".join(request.form.getlist("answer")), fields_of_form(request.form))
    seed = request.args["seed"]
    common = {"sittable": sittable, "q": shown, "given": given, "total": len(placed), "refused": refused, "seed": seed}
    return render_template("preview/sitting.html", **common, languages=LANGUAGES.items())


def _result(sittable: Sittable, placed: Sequence[Placed], given: dict[str, str], sections: Sequence[SectionTerms]) -> str:
    result, reviewed = score(sittable, placed, given, sections)
    need = None if sittable.pass_percent is None else points_to_pass(sittable.pass_percent, result.max_points)
    topics = by_topic([(one.item.topic, one.verdict) for one in reviewed])
    return render_template("preview/result.html", sittable=sittable, result=result, reviewed=reviewed, need=need, topics=topics)
