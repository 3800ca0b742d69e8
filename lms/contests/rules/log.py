"""The log of a round: everything that its result is computed from, as text that anybody can read and keep; docs/contest-log.md describes it.

One JSON object a line: first the rules, then the units, then every closed try, last the number of lines and their SHA-256.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lms.contests.rules.keys import check_keys
from lms.contests.rules.prizes import Prize, Tier
from lms.contests.rules.rounds import REGISTRY
from lms.contests.rules.values import RoundRules, Sat
from lms.platform.rules import Phrase, phrase

FORMAT = "vean-round-log/1"
SHORT = {"n": "attempt_id", "unit": "unit_id", "valid": "valid", "start": "started_ms", "end": "submitted_ms", "took": "elapsed_ms"}
SHORT |= {"right": "correct", "of": "item_count"}
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Damaged(ValueError):
    """A log that cannot be what a site has written. line: from 1; words: what is wrong there."""

    def __init__(self, line: int, words: Phrase) -> None:
        super().__init__(f"{line}: {words}")
        self.line = line
        self.words = words


@dataclass(frozen=True, slots=True)
class LoggedUnit:
    """A unit of the tree: `path` as '/1/4/9/'; members: how many people have it as their main unit."""

    id: int
    path: str
    code: str
    members: int


@dataclass(frozen=True)
class RoundLog:
    """A log as it was read. tries: by the number that stands for the person. digest: the SHA-256 of all lines but the last."""

    contest: str
    rules: RoundRules
    prizes: tuple[Prize, ...]
    seed: str | None
    units: tuple[LoggedUnit, ...]
    tries: Mapping[int, Sequence[Sat]]
    digest: str


def written(values: Mapping[str, object]) -> str:
    """A line: keys in the order of the alphabet, no blanks, every character as it is."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def log_lines(
    contest: str, rules: RoundRules, prizes: Sequence[Prize], seed: str | None, units: Iterable[LoggedUnit], tries: Iterable[tuple[int, Sat]]
) -> Iterator[str]:
    """The lines of a log without their ends."""
    digest, n = hashlib.sha256(), 0
    for line in _lines(contest, rules, prizes, seed, units, tries):
        digest.update(f"{line}\n".encode())
        n += 1
        yield line
    yield written({"t": "end", "lines": n, "sha256": digest.hexdigest()})


def _lines(
    contest: str, rules: RoundRules, prizes: Sequence[Prize], seed: str | None, units: Iterable[LoggedUnit], tries: Iterable[tuple[int, Sat]]
) -> Iterator[str]:
    kind = REGISTRY[rules.kind]
    head: dict[str, object] = {"t": "round", "format": FORMAT, "contest": contest, "round": rules.slug, "kind": rules.kind, "rank": list(rules.rank)}
    yield written(head | {"basis": kind.dump(rules), "prizes": [_prize(one) for one in prizes], "seed": seed})
    for unit in units:
        yield written({"t": "unit", "id": unit.id, "path": unit.path, "code": unit.code, "members": unit.members})
    for who, sat in tries:
        yield written({"t": "try", "who": who} | {short: getattr(sat, name) for short, name in SHORT.items()})


def _prize(one: Prize) -> dict[str, object]:
    tiers = [{"name": tier.name, "number": tier.number, "percent": tier.percent} for tier in one.tiers]
    kept = {name: getattr(one, name) for name in ("slug", "crossing", "all_correct", "best_of_unit", "beside")}
    return kept | {"tiers": tiers}


def read_log(lines: Iterable[str]) -> RoundLog:
    """A log from its lines, with or without their ends. Raises Damaged, naming the line, for anything that was not written so."""
    reader = _Reader()
    n = 0
    for n, raw in enumerate(lines, 1):
        try:
            reader.take(n, raw.rstrip("\n"))
        except (KeyError, TypeError, ValueError) as unfit:
            raise unfit if isinstance(unfit, Damaged) else Damaged(n, phrase("This line is not as a site writes it.")) from unfit
    if not reader.ended:
        raise Damaged(n + 1, phrase("The end is missing: the file was cut off."))
    return reader.log()


class _Reader:
    """Takes the lines of a log one after the other."""

    def __init__(self) -> None:
        self.ended = False
        self._head: dict[str, Any] = {}
        self._units: list[LoggedUnit] = []
        self._tries: defaultdict[int, list[Sat]] = defaultdict(list)
        self._seen: set[int] = set()
        self._digest = hashlib.sha256()

    def take(self, n: int, line: str) -> None:
        """The line of that number. Raises Damaged, or what Python raises for values of another shape."""
        if self.ended:
            raise Damaged(n, phrase("Something stands after the end."))
        values = _values(n, line)
        kind = values.pop("t", None)
        if (kind == "round") != (n == 1):
            raise Damaged(n, phrase("The first line, and only that, tells the rules of the round."))
        if kind == "end":
            if values != {"lines": n - 1, "sha256": self._digest.hexdigest()}:
                raise Damaged(n, phrase("The log was changed: its lines do not have the SHA-256 that its end says."))
            self.ended = True
            return
        self._digest.update(f"{line}\n".encode())
        if kind == "round":
            self._head = _head(values)
        elif kind == "unit":
            self._units.append(LoggedUnit(**_typed(values, {"id": int, "path": str, "code": str, "members": int})))
        elif kind == "try":
            self._try(n, values)
        else:
            raise Damaged(n, phrase("There is no such kind of line."))

    def _try(self, n: int, values: dict[str, Any]) -> None:
        who, sat = _sat(values)
        if sat.attempt_id in self._seen:
            raise Damaged(n, phrase("This try stands here a second time."))
        self._seen.add(sat.attempt_id)
        self._tries[who].append(sat)

    def log(self) -> RoundLog:
        """What was read."""
        head = self._head
        config = REGISTRY[head["kind"]].load(head["basis"])
        rules = RoundRules(head["round"], {}, head["kind"], NEVER, NEVER, tuple(head["rank"]), "live", config)
        prizes = tuple(_to_prize(one) for one in head["prizes"])
        return RoundLog(head["contest"], rules, prizes, head["seed"], tuple(self._units), self._tries, self._digest.hexdigest())


def _values(n: int, line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError as broken:
        raise Damaged(n, phrase("This line is no JSON.")) from broken
    if not isinstance(values, dict) or written(values) != line:
        raise Damaged(n, phrase("This line is not as a site writes it."))
    return values


def _head(values: dict[str, Any]) -> dict[str, Any]:
    if values.get("format") != FORMAT or values.get("kind") not in REGISTRY or check_keys(values["rank"]):
        raise ValueError
    REGISTRY[values["kind"]].load(values["basis"])
    for one in values["prizes"]:
        _to_prize(one)
    return values


def _to_prize(one: dict[str, Any]) -> Prize:
    tiers = tuple(Tier(**tier) for tier in one["tiers"])
    return Prize(**{**one, "tiers": tiers})


def _sat(values: dict[str, Any]) -> tuple[int, Sat]:
    who = values.pop("who")
    kept = {name: values.pop(short) for short, name in SHORT.items()}
    numbers = [value for name, value in kept.items() if name not in ("valid", "unit_id")]
    if values or type(who) is not int or type(kept["valid"]) is not bool or not all(type(value) is int for value in numbers):
        raise ValueError
    if kept["unit_id"] is not None and type(kept["unit_id"]) is not int:
        raise ValueError
    return who, Sat(**kept)


def _typed(values: dict[str, Any], wanted: Mapping[str, type]) -> dict[str, Any]:
    if values.keys() != wanted.keys() or not all(type(values[name]) is kind for name, kind in wanted.items()):
        raise ValueError
    return values
