"""Corrections of items in papers that have been or are being sat: how a paper is scored with those in force.

One function, `score_paper`, scores a paper when it closes and again after every correction, so that both come to the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lms.assessment.rules.answers.judging import Accepted, Key
from lms.assessment.rules.answers.numbers import Wanted, readings
from lms.assessment.rules.answers.parts import gaps_of, pairs_of
from lms.assessment.rules.rejudging import Letters, Unclear
from lms.assessment.rules.scoring import ItemScore, Keyed, Marks, Score, score_item, score_marked, total
from lms.assessment.rules.terms import Terms

Kind = Literal["full", "drop", "accept", "key"]
VOIDS = ("full", "drop")


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a correction says of one revision of an item.

    full: everybody has it right, whatever was answered; drop: it leaves the paper; accept: `key` is right beside the item's own; key: `key`
    takes the place of the item's own. Both are in the letters of that revision.
    """

    digest: str
    kind: Kind
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One correction in the order in which they were made. takes_back: the id of an earlier one that holds no more.

    never_lower: a paper that would lose by it stays as it was.
    """

    id: int
    amendment: Amendment
    takes_back: int | None = None
    never_lower: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """An item of a paper as it was answered. percents: what a person gave each criterion of its rubric; None where nobody has marked it."""

    item: Keyed
    answer: str
    percents: tuple[int, ...] | None = None


Memo = dict[tuple[str, str, tuple[int, ...] | None], ItemScore]
"""Scores by revision, answer and percents."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored paper. kept: the corrections that it does not follow, because it would lose by them."""

    items: tuple[ItemScore, ...]
    score: Score
    kept: tuple[int, ...] = ()


def score_paper(given: Sequence[Given], terms: Terms, steps: Sequence[Step] = (), memo: Memo | None = None) -> Scored:
    """Score a paper with the corrections in force, one after the other in the order in which they were made.

    Each is tried on the paper as the earlier ones left it; one that says `never_lower` is passed over where the paper would lose by it.
    memo: keeps what answers bring without a correction, for many papers of the same marks.
    """
    items = [_plain(one, terms.marks, memo) for one in given]
    score = sum_up(items, terms)
    adopted: dict[int, Amendment] = {}
    kept: list[int] = []
    for step in steps:
        places = [place for place, one in enumerate(given) if one.item.digest == step.amendment.digest]
        if not places or (step.takes_back is not None and step.takes_back not in adopted):
            continue
        wanted = {id_: one for id_, one in adopted.items() if id_ != step.takes_back}
        if step.takes_back is None:
            wanted[step.id] = step.amendment
        tried = list(items)
        for place in places:
            mine = [one for one in wanted.values() if one.digest == step.amendment.digest]
            tried[place] = _score(given[place], terms.marks, mine)
        after = sum_up(tried, terms)
        if step.never_lower and is_lower(score, after):
            kept.append(step.id)
            continue
        items, score, adopted = tried, after, wanted
    return Scored(tuple(items), score, tuple(kept))


def sum_up(scored: Sequence[ItemScore], terms: Terms) -> Score:
    """What the items of a paper come to under the terms of its attempt."""
    return total(scored, terms.pass_percent, terms.sections, below_zero=terms.below_zero)


def is_lower(before: Score, after: Score) -> bool:
    """Whether anything that is shown of a result became worse: a pass is lost, the share of the points or the number of right answers falls."""
    lost = bool(before.passed) and not after.passed
    return lost or after.points * before.max_points < before.points * after.max_points or after.correct < before.correct


def is_same(before: Sequence[ItemScore], after: Sequence[ItemScore]) -> bool:
    """Whether every item has the same verdict and points on the same answer."""
    return [_facts(one) for one in before] == [_facts(one) for one in after]


def _facts(one: ItemScore) -> tuple[object, ...]:
    return one.item.digest, one.answer, one.verdict, one.points, one.max_points


def _plain(one: Given, marks: Marks, memo: Memo | None) -> ItemScore:
    if memo is None:
        return _score(one, marks, ())
    key = (one.item.digest, one.answer, one.percents)
    if key not in memo:
        memo[key] = _score(one, marks, ())
    return memo[key]


def _score(one: Given, marks: Marks, amendments: Sequence[Amendment]) -> ItemScore:
    plain = _by_keys(one, marks, amendments)
    void = next((amendment.kind for amendment in reversed(amendments) if amendment.kind in VOIDS), None)
    if void == "drop":
        return ItemScore(one.item, one.answer, "void", 0, 0)
    return replace(plain, verdict="right", points=plain.max_points) if void == "full" else plain


def _by_keys(one: Given, marks: Marks, amendments: Sequence[Amendment]) -> ItemScore:
    """By the key that holds (a new one takes the place of the former); an answer that is accepted beside it is right, of gaps each accepted text."""
    if one.percents is not None:
        return score_marked(one.item, one.answer, one.percents, marks)
    if not amendments:
        return score_item(one.item, one.answer, marks)
    key = next((amendment.key for amendment in reversed(amendments) if amendment.kind == "key"), None) or one.item.key
    accepted = [amendment.key for amendment in amendments if amendment.kind == "accept" and amendment.key is not None]
    first, *others = (replace(score_item(replace(one.item, key=each), one.answer, marks), item=one.item) for each in (key, *accepted))
    return max((first, *(other for other in others if other.verdict == "right" or key.kind == "gaps")), key=lambda score: score.points)


class NoSuchAnswer(ValueError):
    """An answer that cannot be accepted beside the key."""


def accepted_key(key: Key, answer: str) -> Key:
    """The key of an item by which exactly this canonical answer is right too. Raises NoSuchAnswer where it is none, or an essay.

    A number keeps the item's tolerance; a blank text of a gap leaves that gap as it is.
    """
    if not answer or key.kind == "essay":
        raise NoSuchAnswer
    if key.kind in ("single", "multiple", "hotspot"):
        return replace(key, right=frozenset(answer), percents={})
    if key.kind == "ordering":
        return replace(key, order=answer)
    if key.kind == "matching":
        return replace(key, pairs=pairs_of(answer))
    if key.kind == "numeric":
        return replace(key, number=_near(key.number, answer))
    texts = gaps_of(answer) if key.kind == "gaps" else [answer]
    return replace(key, blanks=tuple(_with(blank, text) for blank, text in zip(key.blanks, texts, strict=True)))


def _near(number: Wanted | None, answer: str) -> Wanted:
    found = readings(answer, number.units if number else ())
    if number is None or len(found) != 1:
        raise NoSuchAnswer
    return replace(number, value=str(found.pop()))


def _with(blank: Accepted, text: str) -> Accepted:
    return replace(blank, texts=(*blank.texts, text)) if text else blank


def key_of_revision(old: Key, new: Key, letters: Letters) -> Key:
    """The key of another revision in the letters of the one that was sat. letters: which former letter is which of the other revision.

    A former choice that is gone can be no right one. Raises Unclear where the kinds differ, or something that is right now was not to be chosen then.
    """
    if old.kind != new.kind or old.kind == "essay" or len(old.blanks) != len(new.blanks):
        raise Unclear
    back = {now: then for then, now in letters.choices.items()}
    sides = {now: then for then, now in letters.targets.items()}
    try:
        return replace(
            new,
            letters=old.letters,
            right=frozenset(back[letter] for letter in new.right),
            percents={back[letter]: percent for letter, percent in new.percents.items() if letter in back},
            order=_whole("".join(back[letter] for letter in new.order), old.order),
            pairs={back[left]: sides[right] for left, right in new.pairs.items()},
        )
    except KeyError:
        raise Unclear from None


def _whole(order: str, former: str) -> str:
    if len(order) != len(former):
        raise Unclear
    return order
