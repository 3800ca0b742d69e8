"""The settings of a quiz, quiz.yml, and what a contest's quiz round has in common with it, as shapes."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticKnownError

from lms.content.packages.shapes import NO, YES, Flag, Lang, Local, Shape, Slug, Tags, Words, as_list


class DrawShape(Shape):
    """One line of a blueprint."""

    from_: str | None = Field(default=None, alias="from")
    pick: int = Field(ge=1, le=500)
    tags: Tags = Field(default_factory=list)
    difficulty: int | None = Field(default=None, ge=1, le=3)


class ShuffleShape(Shape):
    """What is mixed on each paper."""

    items: Flag = True
    choices: Flag = True


Count = Annotated[int, Field(ge=1, le=1000)]


def _tries(value: object) -> object:
    return None if value in ("unlimited", "") else value


Tries = Annotated[Count | None, BeforeValidator(_tries, json_schema_input_type=Count | Literal["unlimited", ""] | None)]
Review = Literal["never", "after_each", "after_submit", "after_close"]
ReviewKeys = Literal["always", "when_no_tries_remain_or_passed"]


class SittingShape(Shape):
    """What quiz.yml and a contest's quiz round have in common."""

    time_limit_s: int = Field(ge=10, le=86_400)
    shuffle: ShuffleShape = ShuffleShape()
    review_keys: ReviewKeys = "always"
    markers: int = Field(default=1, ge=1, le=2)


class QuizDrawShape(DrawShape):
    """One line of a quiz's blueprint; its items may stay first or last in their section."""

    place: Literal["first", "last"] | None = None


class SectionShape(Shape):
    """A section of a quiz's papers."""

    id: Slug
    title: Words
    draw: list[QuizDrawShape] = Field(min_length=1, max_length=40)
    pass_percent: int | None = Field(default=None, ge=1, le=100)
    navigation: Literal["free", "sequential"] | None = None


class ReviewShape(Shape):
    """When a paper is shown again, and what of it."""

    when: Review = "never"
    show: list[Literal["score", "own", "right", "explanation"]] = Field(default=["score", "own", "right", "explanation"], max_length=4)


def _when(value: object) -> object:
    """One word is when; what a review shows is then everything."""
    if isinstance(value, str) and value not in get_args(Review):
        raise PydanticKnownError("literal_error", {"expected": ", ".join(get_args(Review))})
    return {"when": value} if isinstance(value, str) else value


WrittenMark = Annotated[str, Field(min_length=1, max_length=12)]


class QuizMarksShape(Shape):
    """Points of a right, a wrong and an unanswered item: 1, -0.25, -1/4."""

    right: WrittenMark = "1"
    wrong: WrittenMark = "0"
    blank: WrittenMark = "0"
    below_zero: Flag = False


def _lessons(value: object) -> object:
    word = str(value).lower()
    return "yes" if word in YES else "no" if word in NO else value


LessonsFirst = Annotated[Literal["no", "yes", "failed_topics"], BeforeValidator(_lessons, json_schema_input_type=Flag | Literal["failed_topics"])]


class RetakeShape(Shape):
    """What comes before another try."""

    wait: Annotated[str, Field(pattern=r"^[1-9]\d{0,3}[hd]$")] | None = None
    after: int = Field(default=1, ge=1, le=1000)
    lessons_first: LessonsFirst = "no"


Rehearsal = Annotated[list[Literal["practice", "mock"]], BeforeValidator(as_list, json_schema_input_type=list[str] | str | None), Field(max_length=2)]


class QuizShape(SittingShape):
    """The settings of a quiz, quiz.yml: with `draw`, or with `sections` that have their own."""

    id: Slug
    title: Words
    source_lang: Lang
    pass_percent: int
    draw: Annotated[list[QuizDrawShape], Field(min_length=1, max_length=40)] | None = None
    sections: Annotated[list[SectionShape], Field(min_length=1, max_length=20)] | None = None
    navigation: Literal["free", "sequential", "sections"] = "free"
    marks: QuizMarksShape = QuizMarksShape()
    review: Annotated[ReviewShape, BeforeValidator(_when, json_schema_input_type=ReviewShape | Review)] = ReviewShape()
    retake: RetakeShape = RetakeShape()
    rehearsal: Rehearsal = Field(default_factory=list)
    attempts: Tries = None
    opens: Local | None = None
    closes: Local | None = None
    practice: Flag = False
    sealed_until: Local | None = None
