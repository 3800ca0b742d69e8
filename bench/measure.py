"""Measuring: CPU of whole process trees from /proc, latencies, and the load generator's process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
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


def drive(name: str, port: int, plan: list[list[dict[str, Any]]], roots: Iterable[int], *, warm: int = 40) -> Load:
    """Send the plan (one list of requests a connection) from a second process and measure both sides."""
    roots = list(roots)
    generator = [sys.executable, "-m", "bench.generator", str(port)]
    if warm:
        subprocess.run(generator, input=json.dumps([requests[:warm] for requests in plan]), text=True, check=True, capture_output=True)
    before = cpu_ms(roots)
    done = subprocess.run(generator, input=json.dumps([requests[warm:] for requests in plan]), text=True, check=True, capture_output=True)
    used = cpu_ms(roots) - before
    said = json.loads(done.stdout)
    times = sorted(said["ms"])
    count = len(times)
    return Load(
        name, count, said["errors"], count / said["seconds"], used / count, said["cpu_ms"] / count,
        times[count // 2], times[int(count * 0.95)], times[int(count * 0.99)], said["size"],
    )  # fmt: skip
