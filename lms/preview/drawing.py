"""Sitting a quiz unrecorded: the paper comes from a seed, the answers from the page, the score from the site's own rules. Nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.assessment.rules.answers.canonical import Refused, canonical
from lms.assessment.rules.scoring import Marks, Score, score_item, total
from lms.assessment.rules.sections import SectionTerms
from lms.assessment.service.keys import keyed
from lms.assessment.service.look import ItemResult
from lms.assessment.service.papers import Placed, asked_of
from lms.assessment.service.reviewed import Reviewed, reviewed_of
from lms.assessment.service.start import draw_sections, sections_of
from lms.content.catalogue import Catalogue, Item, Quiz, Words
from lms.errors import NotFound
from lms.preview.desk import State


@dataclass(frozen=True, slots=True)
class Sittable:
    """A quiz, or that of a contest's round, with what its answers bring."""

    title: Words
    quiz: Quiz
    marks: Marks
    back: str

    @property
    def pass_percent(self) -> int | None:
        """The pass mark; None where there is none."""
        return self.quiz.pass_percent or None


def find_sittable(catalogue: Catalogue, kind: str, slug: str, round_slug: str = "") -> Sittable:
    """What can be sat under these names. Raises NotFound."""
    if kind == "quizzes" and slug in catalogue.quizzes and not round_slug:
        quiz = catalogue.quizzes[slug]
        return Sittable(quiz.title, quiz, quiz.policy.marks, f"/quizzes/{slug}")
    if kind == "contests" and slug in catalogue.contests:
        for stage in catalogue.contests[slug].stages:
            for one in stage.rounds:
                if one.slug == round_slug:
                    return Sittable(one.title, one.quiz, one.marks, "/")
    raise NotFound("There is no such quiz in the files.")


def paper_of(state: State, quiz: Quiz, seed: int) -> tuple[list[Placed], tuple[SectionTerms, ...]]:
    """The paper that a seed draws of the files as they stand, and its sections. Raises Conflict if the banks hold too few sound items."""

    def load(digests: Sequence[str]) -> Mapping[str, Item]:
        return {digest: state.items[digest] for digest in digests}

    drawn = draw_sections(quiz, seed, load)
    rows = enumerate((row for rows in drawn for row in rows), 1)
    placed = [Placed(n, state.items[digest], letters, "".join(targets)) for n, (digest, _, letters, *targets) in rows]
    return placed, sections_of(quiz, drawn)


def fitting(placed: Sequence[Placed], given: Mapping[str, str]) -> dict[str, str]:
    """The answers, by item id, that the paper can still take: an item may have changed since it was answered."""
    kept: dict[str, str] = {}
    for place in placed:
        try:
            kept[place.item.id] = canonical(asked_of(place.item), given.get(place.item.id, ""))
        except Refused:
            kept[place.item.id] = ""
    return kept


def score(sittable: Sittable, placed: Sequence[Placed], given: Mapping[str, str], sections: Sequence[SectionTerms] = ()) -> tuple[Score, list[Reviewed]]:
    """The result and the paper with its keys."""
    scored = [score_item(keyed(place.item), given.get(place.item.id, ""), sittable.marks) for place in placed]
    reviewed = [
        reviewed_of(place, ItemResult(one.item.item_id, one.item.digest, one.item.topic, one.answer, one.verdict, one.points, one.max_points), None)
        for place, one in zip(placed, scored, strict=True)
    ]
    return total(scored, sittable.pass_percent, sections, below_zero=sittable.quiz.policy.below_zero), reviewed
