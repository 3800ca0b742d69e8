"""Rounds as offerings of the assessment room."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from lms.assessment.offerings import Listed, Offering
from lms.content.catalogue import Catalogue, Contest, Round, Words
from lms.content.service.pools import PoolIds
from lms.contests.rules.schedule import period_key
from lms.contests.service.entrants import find_missing
from lms.contests.terms import find_round, key_of, slugs_of
from lms.platform.rules import phrase


class RoundSource:
    """Offers `round:<contest>/<round>`. zone: the site's, by which days and weeks are counted. A round is not sat in a stale translation."""

    def __init__(self, zone: ZoneInfo, pools: PoolIds | None = None) -> None:
        self._zone = zone
        self._pools = pools or PoolIds()

    def find(self, session: Session, catalogue: Catalogue, key: str, person_id: int, now: datetime) -> Offering | None:
        """The round as it is offered now; None if there is none, or the person lacks what the contest tells entrants apart by."""
        contest_slug, round_slug = slugs_of(key)
        found = find_round(catalogue, contest_slug, round_slug)
        if found is None:
            return None
        contest, _, one = found
        if find_missing(session, person_id=person_id, unique=contest.unique):
            return None
        return Offering(
            key=key,
            title=_title(contest, one),
            quiz=one.quiz,
            attempts_max=one.attempts_max,
            period=period_key(one.attempts_per, now, self._zone),
            grace_s=one.grace_s,
            opens_at=one.quiz.opens_at,
            closes_at=one.quiz.closes_at,
            review=one.quiz.review,
            pass_percent=one.quiz.pass_percent or None,
            marks=one.marks,
            back_url=f"/contests/{contest.slug}",
            stale_langs=self._pools.stale_langs(session, catalogue, one.quiz),
            refuses_stale=True,
            notes=(phrase("The printed rules of the contest hold; they are on the page of the contest."),),
        )

    def listed(self, session: Session, catalogue: Catalogue) -> list[Listed]:  # noqa: ARG002
        """The rounds of every contest, in the order of its file."""
        rounds = [(contest, one) for contest in catalogue.contests.values() for stage in contest.stages for one in stage.rounds]
        return [Listed(key_of(contest.slug, one.slug), _title(contest, one)) for contest, one in rounds]


def _title(contest: Contest, one: Round) -> Words:
    return {lang: f"{contest.title.get(lang, contest.title['vi'])} · {title}" for lang, title in one.title.items()}
