"""What a contest keeps of the time before the quizzes that it draws from went on without it: see `Pin`."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.catalogue import Contest, Pin, Quiz
from lms.content.models import ItemRevision
from lms.content.needs import needs_of
from lms.content.service.former import FormerPackages, named
from lms.content.subjects import item_subject

BATCH = 500
Manifest = Mapping[str, Mapping[str, str]]
Pins = dict[str, dict[str, dict[str, Any]]]


def pins_of(session: Session, before: Manifest, held: Collection[str], report: Mapping[str, Any], live: Collection[str] = ()) -> Pins:
    """The pins of the contests that stay as they are in `before`, as a publication keeps them.

    report: of the publication that is shown. live: digests of items that are published as they stand in the sources; of these, whether they are
    stale is not pinned, so that a person may confirm their translations.
    """
    former = FormerPackages(session)
    contests = named(former, before, {name for name in held if name.startswith("contests/")})
    pins: Pins = {}
    for _, contest in sorted(contests.items()):
        assert isinstance(contest, Contest)
        known = report.get("pins", {}).get(contest.slug, {"titles": {}, "stale": {}})
        quizzes = named(former, before, needs_of(contest)).values()
        titles = {quiz.slug: known["titles"].get(quiz.slug, dict(quiz.title)) for quiz in quizzes if isinstance(quiz, Quiz)}
        drawn = {digest for stage in contest.stages for one in stage.rounds for draw in one.quiz.draws for digest in draw.digests}
        subjects = sorted(item_subject(id_) for id_ in _ids(session, sorted(drawn.difference(live))))
        stale = {subject: known["stale"].get(subject, report.get("stale", {}).get(subject, [])) for subject in subjects}
        pins[contest.slug] = {"titles": titles, "stale": stale}
    return pins


def pins_from(report: Mapping[str, Any]) -> dict[str, Pin]:
    """The pins that a publication's report holds, by slug of the contest."""
    found = report.get("pins", {}).items()
    return {slug: Pin(pin["titles"], {subject: tuple(langs) for subject, langs in pin["stale"].items()}) for slug, pin in found}


def _ids(session: Session, digests: list[str]) -> Iterator[str]:
    for start in range(0, len(digests), BATCH):
        yield from session.scalars(select(ItemRevision.item_id).where(ItemRevision.digest.in_(digests[start : start + BATCH])))
