"""The crowd of a storm: many learners, each on a connection of its own, who start, answer and hand in. A process of its own.

Reads a plan as JSON from standard input; after each part prints what it saw as one line of JSON and waits for a line to go on.
What was acknowledged is written to the file `acks` at the end: [attempt, item, answer, sequence] of the last acknowledged save of each item.
"""

import asyncio
import json
import random
import re
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

ITEM = re.compile(r'data-item="([a-z0-9]+)"')
TOKEN = re.compile(r'data-csrf="([^"]+)"')
PATIENCE_S = 30.0


@dataclass
class Seen:
    """What one part of the storm gave: latencies in ms, and the first words of what went wrong."""

    ms: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def note(self, what: str, ms: float) -> None:
        """One answer."""
        self.ms.setdefault(what, []).append(ms)


class Person:
    """A signed-in learner with a phone: one connection, opened again where it was closed."""

    def __init__(self, port: int, offering: str, cookie: str, token: str) -> None:
        self.port, self.offering, self.cookie, self.token = port, offering, cookie, token
        self.path = ""
        self.items: list[str] = []
        self.seqs: dict[str, int] = {}
        self.acked: dict[str, str] = {}
        self.handed_in = False
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: str = "", kind: str = "application/x-www-form-urlencoded") -> tuple[int, str, bytes]:
        """One request; gives status, location and body. Raises OSError or TimeoutError; the next one then takes a new connection."""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\nX-CSRFToken: {self.token}\r\n"
        data = body.encode()
        if method == "POST":
            head += f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n"
        try:
            async with asyncio.timeout(PATIENCE_S):
                reader, writer = self._streams = self._streams or await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(head.encode() + b"\r\n" + data)
                return await _answer(reader)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as failed:
            self.close()
            raise OSError(repr(failed)) from failed

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def start(self, seen: Seen) -> None:
        """Press the button that starts, and read the paper."""
        begun = time.perf_counter()
        status, location, content = await self.send("POST", f"/offerings/{self.offering}", urlencode({"csrf_token": self.token}))
        if status == 303:
            status, _, content = await self.send("GET", location)
            page = content.decode()
            self.path, self.items, token = location, ITEM.findall(page), TOKEN.search(page)
            self.token = token[1] if token else self.token
        if status != 200:
            raise OSError(f"start: {status} {content[:200]!r}")
        seen.note("start", (time.perf_counter() - begun) * 1000)

    async def save(self, seen: Seen, n: int, due: float) -> None:
        """Save the n-th answer. Its time counts from when it was due, so that a slow server cannot slow the clock down."""
        if not self.items:
            return
        item = self.items[n % len(self.items)]
        answer, before = "ab"[n // len(self.items) % 2], self.seqs.get(item, 0)
        save = {"item": item, "answer": answer, "save_id": str(uuid4()), "seen": before, "client_at": int(time.time() * 1000)}
        for _ in range(3):
            status, _, content = await self.send("POST", f"{self.path}/answers", json.dumps(save), "application/json")
            if status == 200:
                self.seqs[item], self.acked[item] = json.loads(content)["seq"], answer
                seen.note("save", (time.perf_counter() - due) * 1000)
                return
            seen.errors.append(f"save: {status} {content[:200]!r}")
            await asyncio.sleep(1)

    async def hand_in(self, seen: Seen) -> None:
        """Hand in and look at the result."""
        if not self.path:
            return
        begun = time.perf_counter()
        status, location, content = await self.send("POST", f"{self.path}/submit", urlencode({"csrf_token": self.token}))
        if status != 303:
            raise OSError(f"submit: {status} {content[:200]!r}")
        self.handed_in = True
        seen.note("submit", (time.perf_counter() - begun) * 1000)
        begun = time.perf_counter()
        status, _, content = await self.send("GET", location)
        if status != 200:
            raise OSError(f"result: {status} {content[:200]!r}")
        seen.note("result", (time.perf_counter() - begun) * 1000)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
    if headers.get("transfer-encoding") == "chunked":
        parts = []
        while size := int(await reader.readline(), 16):
            parts.append((await reader.readexactly(size + 2))[:-2])
        await reader.readline()
        content = b"".join(parts)
    else:
        content = await reader.readexactly(int(headers.get("content-length", 0)))
    return int(first.split()[1]), headers.get("location", ""), content


async def spread(people: list[Person], within_s: float, act: Callable[[Person], Awaitable[None]], seen: Seen) -> None:
    """Everybody acts once, at a moment of its own within so many seconds."""

    async def one(person: Person) -> None:
        await asyncio.sleep(random.random() * within_s)
        try:
            await act(person)
        except OSError as failed:
            seen.errors.append(str(failed))

    await asyncio.gather(*(one(person) for person in people))


async def answer_for(people: list[Person], seconds: float, every_s: float, seen: Seen, first: int = 0) -> int:
    """Everybody saves an answer each `every_s` seconds, from a moment of its own; gives how many each saved."""
    turns, begun = max(1, round(seconds / every_s)), time.perf_counter()

    async def one(person: Person) -> None:
        phase = random.random() * every_s
        for turn in range(turns):
            due = begun + phase + turn * every_s
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            try:
                await person.save(seen, first + turn, due)
            except OSError as failed:
                seen.errors.append(f"save: {failed}")

    await asyncio.gather(*(one(person) for person in people))
    return turns


class Teller:
    """Prints what a part gave, with the CPU that the crowd itself used, and waits to be told to go on."""

    def __init__(self) -> None:
        self._cpu, self._begun = _cpu_ms(), time.perf_counter()

    async def tell(self, part: str, seen: Seen, **more: Any) -> str:
        """Gives the line that came back."""
        said = {"part": part, "seconds": time.perf_counter() - self._begun, "cpu_ms": _cpu_ms() - self._cpu, "ms": seen.ms, "errors": len(seen.errors)}
        print(json.dumps(said | {"words": seen.errors[:3]} | more), flush=True)
        line = await asyncio.to_thread(sys.stdin.readline)
        self._cpu, self._begun = _cpu_ms(), time.perf_counter()
        return str(line.strip())


def _cpu_ms() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return (used.ru_utime + used.ru_stime) * 1000


async def storm(plan: dict[str, Any]) -> None:
    """Start, answer, answer faster if asked to, hand in."""
    people = [Person(plan["port"], plan["offering"], cookie, token) for cookie, token in plan["people"]]
    teller, seen = Teller(), Seen()
    await teller.tell("ready", seen)
    await spread(people, plan["within_s"], lambda person: person.start(seen), seen)
    await teller.tell("start", seen)
    seen = Seen()
    saved = await answer_for(people, plan["minutes"] * 60, plan["every_s"], seen)
    faster = await teller.tell("save", seen)
    while faster.startswith("faster"):
        every_s = float(faster.split()[1])
        seen = Seen()
        saved += await answer_for(people, max(plan["step_s"], every_s), every_s, seen, saved)
        faster = await teller.tell("faster", seen, every_s=every_s)
    seen = Seen()
    await spread(people, plan["within_s"], lambda person: person.hand_in(seen), seen)
    acks = [[int(p.path.rpartition("/")[2]), item, answer, p.seqs[item]] for p in people if p.path for item, answer in p.acked.items()]
    closed = [int(p.path.rpartition("/")[2]) for p in people if p.handed_in]
    with open(plan["acks"], "w", encoding="utf-8") as target:  # noqa: PTH123  (nothing else runs by now)
        json.dump({"answers": acks, "closed": closed}, target)
    await teller.tell("submit", seen)


if __name__ == "__main__":
    asyncio.run(storm(json.loads(sys.stdin.readline())))
