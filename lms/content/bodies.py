"""Packages and items as JSON and back."""

from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from lms.content.catalogue import Contest, Course, Item, Quiz, Scheme

KINDS: dict[str, type[Any]] = {"courses": Course, "quizzes": Quiz, "contests": Contest, "schemes": Scheme}


@lru_cache(maxsize=8)
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_body(made: Course | Quiz | Contest | Scheme | Item) -> str:
    """The JSON that is stored."""
    return _adapter(type(made)).dump_json(made).decode()


def package_from(kind: str, body: str) -> Course | Quiz | Contest | Scheme:
    """The package of a stored body."""
    made: Course | Quiz | Contest | Scheme = _adapter(KINDS[kind]).validate_json(body)
    return made


def item_from(body: str) -> Item:
    """The item of a stored body."""
    made: Item = _adapter(Item).validate_json(body)
    return made
