"""JSON Schemas of settings files and front matter, made of the shapes, so that an editor completes and marks keys while an author types."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from lms.content.packages.glossary import GlossaryShape
from lms.content.packages.quiz_shapes import QuizShape
from lms.content.packages.setting_shapes import BankShape, ContestHeadShape, ContestShape, CourseShape, LessonShape, SchemeShape
from lms.content.packages.shapes import SLUG, Shape

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHAPES: dict[str, tuple[type[Shape], str]] = {
    "course": (CourseShape, "course.yml"),
    "quiz": (QuizShape, "quiz.yml"),
    "contest": (ContestShape, "contests/<slug>.yml"),
    "scheme": (SchemeShape, "schemes/<id>.yml"),
    "glossary": (GlossaryShape, "glossary/<id>.yml"),
    "lesson": (LessonShape, "front matter of a lesson"),
    "bank": (BankShape, "front matter of a bank"),
}
TYPED = ["string", "number", "boolean"]
"""What an editor's YAML reader makes of a text that our reader keeps as it is: `group: 4`, `title: 2027`, `form: true`."""

HINTS = {
    "id": "The name of the folder or file.",
    "title": "By language: vi, zh, en. A text needs no quotes for our reader; some editors want them where it holds a colon and a blank.",
    "source_lang": "The language in which it was written first; what is right is read from there only.",
    "lessons": "File names without language and ending, in the order of reading.",
    "minutes": "About 130 Vietnamese words, 100 English words or 220 Chinese characters a minute.",
    "changes": "One entry a version; `retrain` sends people back to learn.",
    "pass_percent": "A whole number from 1 to 100.",
    "time_limit_s": "Seconds.",
    "attempts": "How often one may try: a number, or unlimited.",
    "draw": "What a paper is made of: from a bank, so many items, with these tags or this difficulty.",
    "pick": "How many items.",
    "sections": "Parts of every paper, each with a draw of its own; instead of `draw`.",
    "navigation": "free; sequential: a question once left is closed; sections: a section once left is closed.",
    "place": "Whether the items of this line stay first or last in their section.",
    "marks": "What a right, wrong and empty answer brings, times the item's points: 1, -0.25, -1/4.",
    "below_zero": "yes: a sum may be less than nothing.",
    "show": "What a review shows: score, own, right, explanation.",
    "retake": "What comes before another try: a wait, lessons to read.",
    "wait": "Hours or days after a try was handed in: 12h, 1d.",
    "after": "The wait begins with the try of this number.",
    "lessons_first": "Lessons to read again after a failed try: no, yes (all), failed_topics.",
    "rehearsal": "practice: learners may practise these banks, with answers; mock: they may sit the blueprint as a mock exam.",
    "review": "When answers are shown; a review hands over the keys, so mind `attempts`.",
    "opens": "A time like 2027-05-03T08:00, in the site's time zone.",
    "closes": "A time like 2027-05-03T08:00, in the site's time zone.",
    "sealed_until": "Kept out of practice, search, previews and exports until this time.",
    "practice": "yes: nothing depends on the result, so answers may be shown at once.",
    "certainty": "S seen in a source, D derived, S2 secondary source, K good practice, site: own rule.",
    "basis": "Sources, each ending in a mark: [S], [D], [S2], [K] or [site].",
    "from": "A bank (or quiz/bank) of a draw; a date of a version.",
    "to": "The last day of a version; empty while it holds.",
}
"""What an editor shows beside a key, wherever the key stands."""


class _Written(GenerateJsonSchema):
    """Numbers may also be texts, and texts may look like numbers: our reader keeps every value as it was written."""

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return {"anyOf": [super().int_schema(schema), {"type": "string", "pattern": r"^[+-]?\d+$"}]}

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        return {"anyOf": [super().float_schema(schema), {"type": "string", "pattern": r"^[+-]?\d*\.?\d+$"}]}

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = super().str_schema(schema)
        pattern = made.get("pattern")
        return made | {"type": TYPED if pattern is None else ["string", "integer"] if pattern == SLUG else "string"}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by its name: course, quiz, contest, scheme, glossary, lesson, bank."""
    made = {}
    for name, (shape, title) in SHAPES.items():
        schema = _of(shape)
        if shape is ContestShape:
            schema = _with_head(schema)
        made[name] = {"$schema": DIALECT, "$id": f"urn:vean:schema:{name}"} | schema | {"title": title}
    return made


def _of(shape: type[Shape]) -> dict[str, Any]:
    schema = shape.model_json_schema(by_alias=True, mode="validation", schema_generator=_Written)
    for group in (schema, *schema.get("$defs", {}).values()):
        for key, value in group.get("properties", {}).items():
            if key in HINTS:
                value.setdefault("description", HINTS[key])
    return schema


def _with_head(contest: dict[str, Any]) -> dict[str, Any]:
    """The head of a contest stands below `contest` or at the top: both are good."""
    head = _of(ContestHeadShape)
    properties = head["properties"] | contest["properties"]
    required = [key for key in contest["required"] if key != "contest"]
    either = [{"required": ["contest"]}, {"required": head["required"]}]
    return contest | {"properties": properties, "required": required, "anyOf": either, "$defs": contest["$defs"] | head.get("$defs", {})}
