"""What is the same for every site of a process is made once: compiled templates and addresses, which take most of the time of a small test.

Every test has a site of its own. Only what the texts of a template or a rule determine wholly is shared: the code that they compile to.
"""

from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class KeptCode(BytecodeCache):
    """The code of templates by environment, name and text: in memory, and in a folder that all processes of a run share."""

    def __init__(self, folder: Path) -> None:
        self._shared = FileSystemBytecodeCache(str(folder))
        self._kept: dict[tuple[str, str], CodeType] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """The bucket of a template; constant expressions were worked out by the environment's filters, so these are part of its name."""
        parts = (type(environment).__qualname__, *sorted(environment.filters), *sorted(environment.extensions), str(environment.trim_blocks))
        bucket = Bucket(environment, self.get_cache_key("|".join(parts) + name, filename), self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """From memory, else from the folder."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            self._shared.load_bytecode(bucket)
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Into memory and the folder."""
        self._keep(bucket)
        self._shared.dump_bytecode(bucket)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}


class KeptRule(Rule):
    """A rule whose address builder is taken from an equal one: it holds nothing of its map, whose converters it is given."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, tuple(self._trace), append_unknown)
        if self.defaults:
            return super()._compile_builder(append_unknown)
        if key not in _builders:
            _builders[key] = super()._compile_builder(append_unknown)
        return _builders[key]


def share(folder: Path) -> None:
    """From now on, every Flask application of this process takes them from here."""
    Flask.jinja_options = {"bytecode_cache": KeptCode(folder)}
    Flask.url_rule_class = KeptRule
