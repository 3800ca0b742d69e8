"""What an open contest keeps as it is, and which keys it keeps back."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from lms.content.catalogue import Catalogue, Contest, Quiz, Round
from lms.content.service.pools import PoolIds


class OpenContests:
    """Freezes a contest from its first opening (included) to its last close (not).

    Not the quizzes that it draws from: its pools name revisions of items by their digests, so that its papers stay the same whatever becomes of the banks.
    """

    def frozen(self, session: Session, contests: Iterable[Contest], now: datetime) -> Mapping[str, datetime]:  # noqa: ARG002
        """Contests that may not change now, and until when."""
        found: dict[str, datetime] = {}
        for contest in contests:
            times = [(one.quiz.opens_at, one.quiz.closes_at) for one in rounds_of(contest)]
            opens = min((at for at, _ in times if at is not None), default=None)
            closes = max((at for _, at in times if at is not None), default=None)
            if opens is not None and closes is not None and opens <= now < closes:
                found[f"contests/{contest.slug}"] = closes
        return found


class OpenPools:
    """Keeps back the keys of items that a round may draw while it is open, unless the contest says that its questions are public."""

    def __init__(self, pools: PoolIds) -> None:
        self._pools = pools

    def guarded_until(self, session: Session, catalogue: Catalogue, item_ids: Collection[str], now: datetime) -> datetime | None:
        """The last close of the open rounds that may draw one of these items; None if none may."""
        open_now = _secret_and_open(catalogue, now)
        closes = [quiz.closes_at for quiz in open_now if quiz.closes_at and not self._pools.of(session, catalogue, quiz).isdisjoint(item_ids)]
        return max(closes, default=None)

    def guarded_ids(self, session: Session, catalogue: Catalogue, item_ids: Collection[str], now: datetime) -> frozenset[str]:
        """The items that an open round may draw."""
        guarded = (self._pools.of(session, catalogue, quiz) for quiz in _secret_and_open(catalogue, now))
        return frozenset(item_ids) & frozenset(id_ for ids in guarded for id_ in ids)


def _secret_and_open(catalogue: Catalogue, now: datetime) -> list[Quiz]:
    """The quizzes of the rounds that are open, of contests whose questions are not public."""
    secret = [contest for contest in catalogue.contests.values() if not contest.public]
    return [one.quiz for contest in secret for one in rounds_of(contest) if _is_open(one.quiz, now)]


def rounds_of(contest: Contest) -> Iterator[Round]:
    """All rounds of a contest."""
    return (one for stage in contest.stages for one in stage.rounds)


def _is_open(quiz: Quiz, now: datetime) -> bool:
    return quiz.opens_at is not None and quiz.closes_at is not None and quiz.opens_at <= now < quiz.closes_at
