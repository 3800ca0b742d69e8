"""Packages and items as JSON and back."""

from typing import Any

from pydantic import TypeAdapter

from lms.content.catalogue import Contest, Course, Glossary, Item, Quiz, Scheme

KINDS: dict[str, type[Any]] = {"courses": Course, "quizzes": Quiz, "contests": Contest, "schemes": Scheme, "glossary": Glossary}


ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (*KINDS.values(), Item)}


def to_body(made: Course | Quiz | Contest | Scheme | Glossary | Item) -> str:
    """The JSON that is stored."""
    return ADAPTERS[type(made)].dump_json(made).decode()


def package_from(kind: str, body: str) -> Course | Quiz | Contest | Scheme | Glossary:
    """The package of a stored body."""
    made: Course | Quiz | Contest | Scheme | Glossary = ADAPTERS[KINDS[kind]].validate_json(body)
    return made


def item_from(body: str) -> Item:
    """The item of a stored body."""
    made: Item = ADAPTERS[Item].validate_json(body)
    return made
