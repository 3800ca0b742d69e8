"""Measuring: CPU of whole process trees from /proc, latencies, and the load generator's process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def tree_of(roots: Iterable[int]) -> set[int]:
    """The processes and all their descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += children.get(pid, [])
    return found


def cpu_ms(roots: Iterable[int]) -> float:
    """CPU time, user and system, that the trees have used so far, ended children that were waited for included."""
    total = 0.0
    for pid in tree_of(roots):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(value) for value in fields[11:15]) * TICK_MS
    return total


def memory_mb(roots: Iterable[int]) -> float:
    """Proportional memory (PSS) of the trees, so that shared pages count once."""
    total = 0
    for pid in tree_of(roots):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1024


@dataclass(frozen=True)
class Load:
    """What one load gave: per request, server CPU in ms, generator CPU in ms, latencies in ms."""

    name: str
    requests: int
    errors: int
    per_s: float
    server_ms: float
    generator_ms: float
    p50: float
    p95: float
    p99: float
    size: int


@dataclass(frozen=True)
class Asked:
    """A load to drive: one list of requests a connection, to a port, whose work is done by the trees of processes `roots`."""

    name: str
    port: int
    plan: list[list[dict[str, Any]]]
    roots: list[int]


@dataclass
class _Sum:
    times: list[float]
    errors: int = 0
    seconds: float = 0.0
    server_ms: float = 0.0
    generator_ms: float = 0.0
    size: int = 0


def drive(*loads: Asked, warm: int = 40, rounds: int = 5, between: Callable[[], None] = lambda: None) -> list[Load]:
    """Drive loads by turns, a part of each in every round, from a second process, and measure both sides.

    By turns, because other work on the machine makes it slower for seconds at a time: what is compared must have had the same weather.
    """
    sums = [_Sum([]) for _ in loads]
    for asked in loads:
        _send(asked, slice(0, warm))
    for number in range(rounds):
        between()
        for asked, total in zip(loads, sums, strict=True):
            each = (len(asked.plan[0]) - warm) // rounds
            before = cpu_ms(asked.roots)
            said = _send(asked, slice(warm + number * each, warm + (number + 1) * each))
            total.server_ms += cpu_ms(asked.roots) - before
            total.times += said["ms"]
            total.errors += said["errors"]
            total.seconds += said["seconds"]
            total.generator_ms += said["cpu_ms"]
            total.size = said["size"]
    return [_load(asked.name, total) for asked, total in zip(loads, sums, strict=True)]


def _send(asked: Asked, part: slice) -> Any:
    plan = json.dumps([requests[part] for requests in asked.plan])
    done = subprocess.run([sys.executable, "-m", "bench.generator", str(asked.port)], input=plan, text=True, check=True, capture_output=True)
    return json.loads(done.stdout)


def _load(name: str, total: _Sum) -> Load:
    times = sorted(total.times)
    count = len(times)
    return Load(
        name, count, total.errors, count / total.seconds, total.server_ms / count, total.generator_ms / count,
        times[count // 2], times[int(count * 0.95)], times[int(count * 0.99)], total.size,
    )  # fmt: skip
