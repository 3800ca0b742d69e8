"""As much of JSON Schema 2020-12 as our schemas use, and of draft 4 as SARIF's does, to try them on files without another library."""

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
KNOWN = {
    "$schema",
    "$id",
    "$defs",
    "$ref",
    "title",
    "description",
    "default",
    "type",
    "enum",
    "const",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
}
KNOWN |= {"minItems", "maxItems", "items", "properties", "required", "additionalProperties", "propertyNames", "anyOf", "minProperties"}
KNOWN |= {"id", "definitions", "oneOf", "uniqueItems", "format"}
URI = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")


def faults(value: Any, schema: Any, root: dict[str, Any], where: str = "") -> list[str]:
    """Where a value does not fit a schema; empty if it does. An unknown word of the schema is a fault too."""
    if schema is True or schema is False:
        return [] if schema else [f"{where} not allowed"]
    bad = [f"unknown word {word}" for word in set(schema) - KNOWN]
    if "$ref" in schema:
        bad += faults(value, _referred(root, schema["$ref"]), root, where)
    if "anyOf" in schema:
        tried = [faults(value, one, root, where) for one in schema["anyOf"]]
        bad += [] if not all(tried) else [f"{where} fits none", *min(tried, key=len)]
    if "oneOf" in schema:
        fitting = sum(not faults(value, one, root, where) for one in schema["oneOf"])
        bad += [] if fitting == 1 else [f"{where} fits {fitting} of what it should fit one of"]
    kinds = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", list(TYPES))
    if not any(isinstance(value, TYPES[kind]) and not (isinstance(value, bool) and kind in ("integer", "number")) for kind in kinds):
        return [*bad, f"{where} is {value!r}, not {kinds}"]
    bad += [f"{where} {value!r} not in {schema['enum']}"] if "enum" in schema and value not in schema["enum"] else []
    bad += [f"{where} {value!r} not {schema['const']}"] if "const" in schema and value != schema["const"] else []
    return bad + _of_kind(value, schema, root, where)


def _referred(root: dict[str, Any], pointer: str) -> Any:
    found: Any = root
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _has_format(text: str, name: str | None) -> bool:
    """Whether a text has a form; a form that is not known here has none."""
    if name in ("uri", "uri-reference"):
        return bool(URI.fullmatch(text)) and (name == "uri-reference" or bool(urlsplit(text).scheme))
    if name == "date-time":
        try:
            return datetime.fromisoformat(text).tzinfo is not None
        except ValueError:
            return False
    return name is None


def _of_kind(value: Any, schema: dict[str, Any], root: dict[str, Any], where: str) -> list[str]:
    bad: list[str] = []
    if isinstance(value, str):
        fits = re.search(schema.get("pattern", ""), value) and schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**6)
        bad += [] if fits and _has_format(value, schema.get("format")) else [f"{where} {value!r} has not the form"]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        bad += [] if schema.get("minimum", value) <= value <= schema.get("maximum", value) else [f"{where} {value} is out of range"]
    elif isinstance(value, list):
        bad += [] if schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**6) else [f"{where} has {len(value)} entries"]
        once = {json.dumps(each, sort_keys=True) for each in value} if schema.get("uniqueItems") else value
        bad += [] if len(once) == len(value) else [f"{where} has an entry twice"]
        bad += [one for number, each in enumerate(value) for one in faults(each, schema.get("items", True), root, f"{where}[{number}]")]
    elif isinstance(value, dict):
        bad += [f"{where}.{key} is missing" for key in schema.get("required", []) if key not in value]
        bad += [] if schema.get("minProperties", 0) <= len(value) else [f"{where} is empty"]
        for key, each in value.items():
            bad += faults(key, schema.get("propertyNames", True), root, f"{where}.{key}")
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", True))
            bad += faults(each, inner, root, f"{where}.{key}")
    return bad
