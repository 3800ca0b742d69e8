"""The settings files of courses, quizzes, contests and schemes, and the front matter of lessons and banks, as shapes."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from lms.content.packages.quiz_shapes import Count, DrawShape, Review, SittingShape
from lms.content.packages.shapes import Certainty, Day, Flag, Lang, Local, Part, Shape, Slug, Tags, Text, Words


class ChangeShape(Shape):
    """One entry of `changes` of a course."""

    version: int = Field(ge=1)
    kind: Literal["minor", "retrain"]
    why: Text


class CourseShape(Shape):
    """The settings of a course, course.yml."""

    id: Slug
    title: Words
    summary: Words
    source_lang: Lang
    audience: Tags = Field(default_factory=list)
    hours: dict[Part, float] = Field(default_factory=dict)
    cover: str | None = None
    lessons: list[str] = Field(min_length=1, max_length=200)
    quiz: str | None = None
    schemes: Tags = Field(default_factory=list)
    changes: list[ChangeShape] = Field(min_length=1)


class LessonShape(Shape):
    """The front matter of a lesson."""

    title: Text
    minutes: int = Field(ge=1, le=600)
    part: Part
    topic: str = Field(min_length=1)
    basis: Tags = Field(default_factory=list)


class BankShape(Shape):
    """The front matter of a bank."""

    title: str | None = None
    sealed_until: Local | None = None


class TriesShape(Shape):
    """How often one may sit a round, and which of the attempts counts."""

    max: int = Field(ge=1, le=1000)
    per: Literal["round", "day", "week"] = "round"
    count: Literal["best", "first", "last"] = "best"


def _max_tries(value: object) -> object:
    return {"max": value} if isinstance(value, str) else value


class MarksShape(Shape):
    """Points of a right, a wrong and an unanswered item."""

    right: int = 1
    wrong: int = 0
    blank: int = 0


class RoundShape(SittingShape):
    """One quiz round of a contest."""

    id: Slug
    title: Words
    type: Literal["quiz"] = "quiz"
    draw: list[DrawShape] = Field(min_length=1, max_length=40)
    review: Review = "never"
    opens: Local
    closes: Local
    pass_percent: int = 0
    grace_s: int = Field(default=5, ge=0, le=300)
    appeals_days: int = Field(default=0, ge=0, le=60)
    attempts: Annotated[TriesShape, BeforeValidator(_max_tries, json_schema_input_type=TriesShape | Count)]
    marks: MarksShape = MarksShape()


def _key(value: object) -> object:
    """A rank key may say its direction, which is fixed: correct desc, elapsed asc, submitted asc."""
    if isinstance(value, str):
        word, _, way = value.partition(" ")
        return word if way in ("", "desc" if word == "correct" else "asc") else value
    return value


WrittenKey = Literal["correct", "correct desc", "elapsed", "elapsed asc", "submitted", "submitted asc"]
RankKey = Annotated[Literal["correct", "elapsed", "submitted"], BeforeValidator(_key, json_schema_input_type=WrittenKey)]


class StageShape(Shape):
    """One stage of a contest."""

    id: Slug
    title: Words
    entrant: Literal["person"] = "person"
    rounds: list[RoundShape] = Field(min_length=1, max_length=200)
    rank: list[RankKey] = Field(min_length=1, max_length=3)
    ties: Literal["share"] = "share"


class ContestHeadShape(Shape):
    """What a contest is called, and what its printed rules add."""

    id: Slug
    title: Words
    rules_note: Words = Field(default_factory=dict)
    season: str = ""
    source_lang: Lang = "vi"
    questions: Literal["secret", "public"] = "secret"


class IdentityShape(Shape):
    """What makes an entrant one person."""

    unique: Tags = Field(default_factory=lambda: ["staff_code"])
    unit_locks: Literal["first_start"] = "first_start"


class TierShape(Shape):
    """So many prizes of one name; a percentage is of the ranked, rounded down, at least one."""

    id: Slug
    title: Words
    quota: str = Field(pattern=r"^([1-9][0-9]{0,3}|(100|[1-9][0-9]?)%)$")


class PrizeShape(Shape):
    """Tiers that are given one after another by the ranking of a round. shared: what a place does that crosses the last prize of a tier."""

    id: Slug
    title: Words
    round: Slug
    tiers: list[TierShape] = Field(min_length=1, max_length=20)
    shared: Literal["expand", "lot"] = "expand"
    all_correct: Flag = False
    best_of_unit: Flag = False
    beside: Flag = False


class LotsShape(Shape):
    """What lots are drawn by: the SHA-256 of a secret text, published beforehand; the text itself is added after the close."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    seed: str = Field(default="", max_length=200)


class ContestShape(Shape):
    """A contest, contests/<slug>.yml; the reader puts the head below `contest` if it stands at the top level."""

    contest: ContestHeadShape
    identity: IdentityShape = IdentityShape()
    stages: list[StageShape] = Field(min_length=1, max_length=20)
    prizes: list[PrizeShape] = Field(default_factory=list, max_length=20)
    lots: LotsShape | None = None


class RuledShape(Shape):
    """A value with where it comes from and how sure it is."""

    value: str
    certainty: Certainty
    source: Text


class MonthsShape(RuledShape):
    """A number of months."""

    value: int = Field(ge=1, le=1200)  # type: ignore[assignment]


class DaysShape(RuledShape):
    """A number of days."""

    value: int = Field(ge=0, le=3660)  # type: ignore[assignment]


class CountingShape(RuledShape):
    """How a period's last day is found."""

    value: Literal["corresponding_day", "day_before"]


class RenewalShape(RuledShape):
    """Where a renewed period begins."""

    value: Literal["issue", "previous_until"]


class OnlineShape(RuledShape):
    """The most minutes that may be studied online, at first and at a refresher."""

    value: int = Field(ge=0)  # type: ignore[assignment]
    refresher: int | None = Field(default=None, ge=0)


class PartsShape(Shape):
    """Minutes by part, and how sure the split is."""

    certainty: Certainty
    source: Text
    law: int = Field(default=0, ge=0)
    management: int = Field(default=0, ge=0)
    theory: int = Field(default=0, ge=0)
    practice: int = Field(default=0, ge=0)
    test: int = Field(default=0, ge=0)


class HoursShape(Shape):
    """The minutes that the law asks for."""

    total_minutes: int = Field(ge=1)
    certainty: Certainty
    source: Text
    parts: PartsShape | None = None


class LegalShape(Shape):
    """One legal basis."""

    text: Words
    certainty: Certainty


class TestShape(Shape):
    """Whether a test is part of the training."""

    __test__ = False
    required: Flag
    pass_percent_rule: Literal["site", "law"] = "site"  # noqa: S105  (no password)
    certainty: Certainty
    source: Text


class DocumentShape(Shape):
    """What is issued or entered."""

    kind: Literal["certificate", "card", "register_entry"]
    form: str
    expires: Flag
    certainty: Certainty
    source: Text


class IssuerShape(Shape):
    """Who issues it."""

    kind: Literal["employer", "training_org"]
    provider_classes: Tags = Field(default_factory=list)
    certainty: Certainty
    source: Text


class TriggerShape(Shape):
    """What calls for new training."""

    id: Literal["job_change", "technology_change", "absence", "law_change", "accident", "near_miss"]
    action: str
    months: int | None = None
    certainty: Certainty
    source: Text


class VersionShape(Shape):
    """A scheme from a date to a date (both included; open without `to`)."""

    from_: Day = Field(alias="from")
    to: Day | None = None
    legal_basis: list[LegalShape] = Field(min_length=1)
    initial: HoursShape
    refresher: HoursShape
    cycle_months: MonthsShape
    counting: CountingShape
    renewal_starts: RenewalShape
    renewal_window_days: DaysShape
    warn_days: DaysShape
    test: TestShape
    max_online_minutes: OnlineShape
    document: DocumentShape
    issuer: IssuerShape
    triggers: list[TriggerShape] = Field(default_factory=list)
    note: Words = Field(default_factory=dict)


class SchemeShape(Shape):
    """A scheme, schemes/<id>.yml."""

    id: Slug
    country: str = Field(pattern="^[A-Z]{2}$")
    group: str = Field(min_length=1)
    title: Words
    summary: Words
    source_lang: Lang = "vi"
    valid_label: Literal["valid", "recorded"] = "valid"
    versions: list[VersionShape] = Field(min_length=1)
