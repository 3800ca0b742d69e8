"""The round type `quiz`: everybody sits a paper drawn for them, on their own, within the window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lms.contests.rules.keys import Tally, sort_values
from lms.contests.rules.ranking import Count, counted
from lms.contests.rules.rounds.kind import RoundType
from lms.contests.rules.schedule import Per
from lms.contests.rules.values import RoundRules, Sat, Words
from lms.platform.rules import Phrase, phrase

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class DrawRules:
    """How many questions of a paper come from which bank."""

    pick: int
    bank: Words | Phrase
    tags: tuple[str, ...]
    difficulty: int | None


@dataclass(frozen=True, slots=True)
class QuizConfig:
    """The settings of a quiz round. marks: what a right, a wrong and a blank answer bring, times the question's points."""

    draws: tuple[DrawRules, ...]
    limit_s: int
    grace_s: int
    tries_max: int
    tries_per: Per
    count: Count
    marks: tuple[int, int, int]
    pass_percent: int | None
    mixed_items: bool
    mixed_choices: bool
    review: Literal["never", "after_each", "after_submit", "after_close"]
    keys_always: bool

    @property
    def items(self) -> int:
        """How many questions a paper has."""
        return sum(draw.pick for draw in self.draws)

    @property
    def keys_at_once(self) -> bool:
        """Whether right answers are shown as soon as a try is handed in, rather than from the close on (or never)."""
        return self.keys_always and self.review in ("after_each", "after_submit")


def config_of(rules: RoundRules) -> QuizConfig:
    """The settings of a round of this type."""
    assert isinstance(rules.config, QuizConfig)
    return rules.config


def check(rules: RoundRules) -> list[Phrase]:
    """What is wrong with the settings of a quiz round."""
    config = config_of(rules)
    window_s = int((rules.closes_at - rules.opens_at).total_seconds())
    right, wrong, _ = config.marks
    found = (
        (window_s <= 0, phrase("It closes before it opens.")),
        (0 < window_s < config.limit_s, phrase("The time limit is longer than the round is open.")),
        (config.items < 1, phrase("A paper has no questions.")),
        (config.tries_max < 1, phrase("There is not even one try.")),
        (right <= wrong, phrase("A right answer scores no more than a wrong one.")),
        (config.keys_at_once, phrase("Right answers would be shown while others still sit the round.")),
    )
    return [words for is_wrong, words in found if is_wrong]


def sit(rules: RoundRules) -> list[Phrase]:
    """The rules of sitting, in words."""
    config = config_of(rules)
    right, wrong, blank = config.marks
    return [
        phrase("Each try has %(n)s questions, drawn anew by the server:", n=config.items),
        *(_drawn(draw) for draw in config.draws),
        *_mixed(config),
        phrase(
            "A try lasts %(time)s. If less time than that is left before the close, it ends at the close; the end is shown before the start.",
            time=length(config.limit_s),
        ),
        phrase("When time is up, the saved answers are scored; there is no need to hand in."),
        phrase(
            "An answer given in time that arrives up to %(s)s seconds after the end still counts; this is for slow networks and is not extra time.",
            s=config.grace_s,
        ),
        Phrase(TRIES[config.tries_per], {"n": config.tries_max}),
        *([] if config.tries_per == "round" else [phrase("A try counts for the day or week in which it is begun, in the site's time zone.")]),
        Phrase(COUNTS[config.count]),
        phrase(
            "Marks for each question: right %(right)s, wrong %(wrong)s, not answered %(blank)s, times the points of the question; the sum is never below zero.",
            right=right,
            wrong=wrong,
            blank=blank,
        ),
        phrase("Where several answers are to be ticked, a question is right only if exactly the right ones are ticked."),
        phrase("Where a question says so, a partly right answer brings its part of the marks; right answers are counted only where they are fully right."),
        *([] if config.pass_percent is None else [phrase("A try is passed with %(p)s%% of the marks.", p=config.pass_percent)]),
    ]


TRIES: Mapping[Per, str] = {
    "round": phrase("Tries per person in the whole round: at most %(n)s.").message,
    "day": phrase("Tries per person and day: at most %(n)s.").message,
    "week": phrase("Tries per person and week, from Monday to Sunday: at most %(n)s.").message,
}
COUNTS: Mapping[Count, str] = {
    "best": phrase("Of several tries the best counts: the first of them by the ranking below.").message,
    "first": phrase("Of several tries the first counts.").message,
    "last": phrase("Of several tries the last counts, even if it is worse.").message,
}


def _drawn(draw: DrawRules) -> Phrase:
    if draw.tags and draw.difficulty:
        return phrase(
            "– %(n)s from “%(bank)s”, of difficulty %(difficulty)s and marked %(tags)s",
            n=draw.pick,
            bank=draw.bank,
            difficulty=draw.difficulty,
            tags=draw.tags,
        )
    if draw.tags:
        return phrase("– %(n)s from “%(bank)s”, marked %(tags)s", n=draw.pick, bank=draw.bank, tags=draw.tags)
    if draw.difficulty:
        return phrase("– %(n)s from “%(bank)s”, of difficulty %(difficulty)s", n=draw.pick, bank=draw.bank, difficulty=draw.difficulty)
    return phrase("– %(n)s from “%(bank)s”", n=draw.pick, bank=draw.bank)


def _mixed(config: QuizConfig) -> list[Phrase]:
    if config.mixed_items and config.mixed_choices:
        return [phrase("Each person gets the questions and answers in a different order.")]
    if config.mixed_items:
        return [phrase("Each person gets the questions in a different order.")]
    return [phrase("Each person gets the answers in a different order.")] if config.mixed_choices else []


def length(seconds: int) -> Phrase:
    """A length of time in words, exact to the second."""
    minutes, rest = divmod(seconds, MINUTE_S)
    if not rest:
        return phrase("%(m)s min", m=minutes)
    return phrase("%(m)s min %(s)s s", m=minutes, s=rest) if minutes else phrase("%(s)s s", s=rest)


def review(rules: RoundRules) -> list[Phrase]:
    """What is shown of a try afterwards, in words."""
    config = config_of(rules)
    score = phrase("The score is shown as soon as a try is over.")
    if config.review == "never":
        return [score, phrase("Right answers are not shown.")]
    if config.keys_at_once:
        return [score, phrase("Right answers and their reasons are shown together with the score.")]
    return [score, phrase("Right answers and their reasons are shown from the close on, at %(at)s, and not before.", at=rules.closes_at)]


def tally(rules: RoundRules, sat: Sat) -> Tally:
    """The rank keys of an attempt: right answers, time from start to handing in (never more than the limit), moment of handing in."""
    return {"correct": sat.correct, "elapsed": min(sat.elapsed_ms, config_of(rules).limit_s * 1000), "submitted": sat.submitted_ms}


def choose(rules: RoundRules, attempts: Sequence[Sat]) -> Sat | None:
    """The attempt that counts."""
    return counted(config_of(rules).count, attempts, lambda sat: sort_values(rules.rank, tally(rules, sat)))


def dump(rules: RoundRules) -> Mapping[str, object]:
    """Which attempt counts, and the limit that a time is never longer than."""
    config = config_of(rules)
    return {"count": config.count, "limit_s": config.limit_s}


def load(basis: Mapping[str, object]) -> QuizConfig:
    """Settings that rank as those did whose basis this is. Raises ValueError for what is none."""
    limit_s = basis["limit_s"]
    count = next((one for one in COUNTS if one == basis["count"]), None)
    if basis.keys() != {"count", "limit_s"} or count is None or not isinstance(limit_s, int):
        raise ValueError
    return QuizConfig((), limit_s, 0, 1, "round", count, (1, 0, 0), None, mixed_items=False, mixed_choices=False, review="never", keys_always=False)


QUIZ = RoundType("quiz", check, sit, review, tally, choose, dump, load)
