"""A contest of the catalogue as the rules see it."""

from collections.abc import Mapping

from lms.assessment.rules.topics import topic_words
from lms.content.catalogue import Catalogue, Contest, Draw, Quiz, Round, Stage
from lms.content.prizes import ContestPrize
from lms.contests.rules.prizes import Prize, Tier
from lms.contests.rules.rounds.quiz import DrawRules, QuizConfig
from lms.contests.rules.values import ContestRules, PrizeRules, RoundRules, StageRules, Words
from lms.errors import NotFound
from lms.platform.rules import Phrase, phrase

PREFIX = "round"


def key_of(contest: str, round_slug: str) -> str:
    """The offering that a round is."""
    return f"{PREFIX}:{contest}/{round_slug}"


def slugs_of(key: str) -> tuple[str, str]:
    """Contest and round of an offering's key, two empty texts if it is no round's."""
    prefix, _, rest = key.partition(":")
    contest, slash, round_slug = rest.partition("/")
    return (contest, round_slug) if prefix == PREFIX and slash else ("", "")


def rules_of(contest: Contest, quizzes: Mapping[str, Quiz]) -> ContestRules:
    """All rules of a contest. quizzes: `Catalogue.quizzes_of` it, for the names of banks."""
    return ContestRules(
        slug=contest.slug,
        title=contest.title,
        note=contest.rules_note,
        season=contest.season,
        unique=contest.unique,
        stages=tuple(StageRules(stage.slug, stage.title, tuple(round_rules(stage, one, quizzes) for one in stage.rounds)) for stage in contest.stages),
        prizes=tuple(_prize_rules(one) for one in contest.prizes),
        lot_sha256=contest.lot_sha256,
        lot_seed=contest.lot_seed or None,
    )


def _prize_rules(one: ContestPrize) -> PrizeRules:
    tiers = tuple(Tier(tier.slug, tier.number, tier.percent) for tier in one.tiers)
    prize = Prize(one.slug, tiers, one.shared, one.all_correct, one.best_of_unit, one.beside)
    return PrizeRules(one.round, prize, one.title, {tier.slug: tier.title for tier in one.tiers})


def round_rules(stage: Stage, one: Round, quizzes: Mapping[str, Quiz]) -> RoundRules:
    """The rules of one round. The content check sees to it that a round has both its times."""
    quiz = one.quiz
    assert quiz.opens_at is not None
    assert quiz.closes_at is not None
    return RoundRules(
        slug=one.slug,
        title=one.title,
        kind="quiz",
        opens_at=quiz.opens_at,
        closes_at=quiz.closes_at,
        rank=stage.rank,
        ranking=getattr(stage, "ranking", "live"),
        appeals_days=one.appeals_days,
        config=QuizConfig(
            draws=tuple(DrawRules(draw.pick, _bank_title(draw, quizzes), draw.tags, draw.difficulty) for draw in quiz.draws),
            limit_s=quiz.time_limit_s,
            grace_s=one.grace_s,
            tries_max=one.attempts_max,
            tries_per=one.attempts_per,
            count=one.count,
            marks=one.marks,
            pass_percent=quiz.pass_percent or None,
            mixed_items=quiz.shuffle_items,
            mixed_choices=quiz.shuffle_choices,
            review=quiz.review,
            keys_always=quiz.review_keys == "always",
        ),
    )


def _bank_title(draw: Draw, quizzes: Mapping[str, Quiz]) -> Words | Phrase:
    """What a bank is called: the title of its quiz and the bank's topic."""
    quiz_slug, _, bank = draw.bank.partition("/")
    quiz = quizzes.get(quiz_slug)
    return phrase("%(quiz)s: %(topic)s", quiz=quiz.title, topic=topic_words(bank)) if quiz else {"vi": draw.bank}


def get_contest(catalogue: Catalogue, slug: str) -> Contest:
    """The published contest. Raises NotFound."""
    contest = catalogue.contests.get(slug)
    if contest is None:
        raise NotFound("There is no such contest.")
    return contest


def find_round(catalogue: Catalogue, contest_slug: str, round_slug: str) -> tuple[Contest, Stage, Round] | None:
    """A published round with its contest and stage."""
    contest = catalogue.contests.get(contest_slug)
    found = ((contest, stage, one) for stage in contest.stages for one in stage.rounds if one.slug == round_slug) if contest else iter(())
    return next(found, None)


def get_rules(catalogue: Catalogue, contest_slug: str, round_slug: str) -> RoundRules:
    """The rules of a published round. Raises NotFound."""
    found = find_round(catalogue, contest_slug, round_slug)
    if found is None:
        raise NotFound("There is no such round.")
    _, stage, one = found
    return round_rules(stage, one, catalogue.quizzes_of(contest_slug))
