"""The rules of a contest in words, made from the very values that are computed with."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.contests.rules.identity import IDENTITIES, check_identity
from lms.contests.rules.keys import KEYS, check_keys
from lms.contests.rules.prizes import Tier
from lms.contests.rules.rounds import REGISTRY
from lms.contests.rules.values import ContestRules, RoundRules, Words
from lms.platform.rules import Phrase, phrase


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its sentences. `numbered`: their order is a ranking."""

    title: Phrase
    lines: tuple[Phrase, ...]
    numbered: bool = False


def entrants_text(contest: ContestRules) -> Section:
    """Who may enter, and in which unit they count."""
    known = [phrase("Each entrant is one person, known by one %(mark)s; without it one cannot enter.", mark=IDENTITIES[name]) for name in contest.unique]
    lines = (
        phrase("Every person with an account on this site may enter, each for themselves."),
        *known,
        phrase("A person counts for what is their main unit on the day of their first start in the round. Moving to another unit later does not change that."),
        phrase(
            "Taking part, by unit: the number of different persons with a counted try out of the members of the unit with all units below it, at most 100%%."
        ),
        phrase("Time is the server's clock. Times are given in the time zone of the site."),
    )
    return Section(phrase("Who may enter"), lines)


def round_text(rules: RoundRules) -> list[Section]:
    """The rules of one round."""
    kind = REGISTRY[rules.kind]
    opening = phrase("Opens at %(opens)s and closes at %(closes)s.", opens=rules.opens_at, closes=rules.closes_at)
    return [
        Section(phrase("Sitting"), (opening, *kind.sit(rules))),
        Section(phrase("Ranking: the first difference decides"), tuple(KEYS[name].words for name in rules.rank), numbered=True),
        Section(phrase("Ties, ranking and review"), (TIES, _seen(rules), *kind.review(rules), _published(rules))),
    ]


def prizes_text(contest: ContestRules) -> list[Section]:
    """Which prizes there are and who gets them; nothing where there are none."""
    if not contest.prizes:
        return []
    titles = {one.slug: one.title for one in contest.rounds}
    lines: list[Phrase] = []
    for one in contest.prizes:
        lines.append(phrase("%(prize)s, by the ranking of the round %(round)s:", prize=one.title, round=titles[one.round]))
        lines += [_tier_words(tier, one.tier_titles[tier.name]) for tier in one.prize.tiers]
        lines += [words for holds, words in CONDITIONS if getattr(one.prize, holds)]
        lines.append(SHARED[one.prize.crossing])
    lines.append(phrase("The prizes of a round are given in this order, the highest first: whoever has one is left out of those that follow."))
    if contest.lot_sha256:
        lines.append(
            phrase("Lots are drawn by a text whose SHA-256 is %(sha)s; the text is shown after the close, so that anyone can check it.", sha=contest.lot_sha256)
        )
        lines.append(phrase("The lot of an entrant is the SHA-256 of that text, a line feed and the entrant's lot number; the smallest wins."))
    return [Section(phrase("Prizes"), tuple(lines))]


def _tier_words(tier: Tier, title: Words) -> Phrase:
    if tier.percent:
        return phrase("– %(tier)s: %(n)s%% of the ranked, rounded down, at least one", tier=title, n=tier.number)
    return phrase("– %(tier)s: %(n)s", tier=title, n=tier.number)


CONDITIONS = (
    ("all_correct", phrase("– only for entrants with every answer right")),
    ("best_of_unit", phrase("– only for the best placed of each unit; those who share that place all count")),
    ("beside", phrase("– beside other prizes: whoever has another may have this one too, and it takes nobody out of another")),
)
SHARED = {
    "expand": phrase("– where a shared place crosses the last prize, all who share it get it"),
    "lot": phrase("– where a shared place crosses the last prize, the lot decides among those who share it"),
}
TIES = phrase("Those equal in all of these share a place, and the next place counts them all: 1, 2, 2, 4.")


def _seen(rules: RoundRules) -> Phrase:
    if rules.ranking == "live":
        return phrase("The ranking, with names and units, can be seen by everybody signed in, also while the round is open.")
    return phrase("The ranking, with names and units, can be seen by everybody signed in from the close on, not before.")


def _published(rules: RoundRules) -> Phrase:
    if rules.appeals_days:
        return phrase(
            "After the close a provisional result is published; one may appeal to the organiser for at least %(n)s days from then on. After that the final "
            "result is published.",
            n=rules.appeals_days,
        )
    return phrase("After the close a provisional result is published with the last day for appeals; after that day the final result is published.")


def ranking_sentence(rank: Sequence[str]) -> Phrase:
    """The rule of a ranking in one short sentence; the printed rules have the full words of each key."""
    keys = [KEYS[name].better for name in rank]
    if len(keys) == 1:
        return phrase("Whoever has %(first)s is ahead; ties share a place.", first=keys[0])
    if len(keys) == 2:  # noqa: PLR2004
        return phrase("Whoever has %(first)s is ahead; if that is equal, %(second)s; ties share a place.", first=keys[0], second=keys[1])
    return phrase(
        "Whoever has %(first)s is ahead; if that is equal, %(second)s; then %(third)s; ties share a place.", first=keys[0], second=keys[1], third=keys[2]
    )


def check_contest(contest: ContestRules) -> list[tuple[RoundRules | None, Phrase]]:
    """Everything wrong with the settings of a contest: (the round, or None for the contest itself, what is wrong)."""
    found: list[tuple[RoundRules | None, Phrase]] = [(None, words) for words in check_identity(contest.unique)]
    slugs = [one.slug for one in contest.rounds]
    found += [(one, phrase("Another round has the same id.")) for one in contest.rounds if slugs.count(one.slug) > 1]
    for one in contest.rounds:
        kind = REGISTRY.get(one.kind)
        if kind is None:
            found.append((one, phrase("There is no type of round “%(name)s”.", name=one.kind)))
        else:
            found += [(one, words) for words in (*check_keys(one.rank), *kind.check(one))]
    return found
