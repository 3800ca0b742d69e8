"""A learner who answers over HTTP as the page's script does: every save has its own id and is sent again until it is acknowledged."""

import itertools
import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.make import PIN
from tests.operations.processes import Answer, Browser

OFFERING = "course:an-toan-nguoi-lao-dong"
ITEM = re.compile(r'data-item="([^"]+)"')
TOKEN = re.compile(r'data-csrf="([^"]+)"')
BUSY = {429, 502, 503}


@dataclass
class Learner:
    """What one learner sent and what was acknowledged of it. `doubtful`: sent, and no answer came back yet."""

    url: str
    code: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    doubtful: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    saves: int = 0

    def __post_init__(self) -> None:
        self.browser = Browser(self.url, timeout=10)
        self.seqs: dict[str, int] = {}

    def begin(self, *, patience_s: float = 60) -> None:
        """Sign in and open the sitting, trying again while the site is busy."""
        end = time.monotonic() + patience_s
        while (answer := self.browser.sign_in(self.code, PIN)).status != 302:
            assert answer.status in BUSY, f"{self.code}: {answer.status} {answer.text[:500]}"
            assert time.monotonic() < end, f"{self.code} could not sign in for {patience_s} s"
            time.sleep(0.2)
        started = self.browser.submit(f"/offerings/{OFFERING}", {})
        assert started.status == 303, started.text[:500]
        self.open(started.headers["Location"])

    def open(self, path: str) -> None:
        """Read the paper: the page of the sitting."""
        page = self.browser.get(path)
        assert page.status == 200, f"{self.code}: {page.status} {page.text[:500]}"
        self.path, self.items = path, ITEM.findall(page.text)
        token = TOKEN.search(page.text)
        assert token
        assert len(self.items) > 5
        self.token = token[1]

    def resume(self, stored: dict[str, dict[str, Any]]) -> None:
        """Go on from what the site says is stored: what was doubtful is now known, one way or the other."""
        self.doubtful.clear()
        self.acknowledged = {item: answer["answer"] for item, answer in stored.items()}
        self.seqs = {item: answer["seq"] for item, answer in stored.items()}

    def send(self, item: str, letters: str, save_id: str) -> Answer:
        """One save, once."""
        body = json.dumps({"item": item, "answer": letters, "save_id": save_id, "seen": self.seqs.get(item, 0), "client_at": None}).encode()
        return self.browser.post(f"{self.path}/answers", body=body, Content_Type="application/json", X_CSRFToken=self.token)

    def answer(self, item: str, letters: str, stop: threading.Event, pause_s: float = 0.02) -> None:
        """Save an answer, again and again with the same id until it is acknowledged or everything stops."""
        save_id = str(uuid4())
        self.doubtful[item] = letters
        while not stop.is_set():
            try:
                answer = self.send(item, letters, save_id)
            except (OSError, ValueError):
                time.sleep(pause_s)
                continue
            if answer.status == 200:
                self.acknowledged[item] = letters
                self.doubtful.pop(item, None)
                self.seqs[item] = json.loads(answer.text)["seq"]
                self.saves += 1
                return
            self.refused.append(f"{answer.status} {answer.text[:200]}")
            if answer.status not in BUSY:
                return
            time.sleep(pause_s)

    def answer_once(self, item: str, letters: str) -> None:
        """Save an answer with a single try; what is refused is noted."""
        self.doubtful[item] = letters
        answer = self.send(item, letters, str(uuid4()))
        if answer.status == 200:
            self.acknowledged[item] = letters
            self.doubtful.pop(item)
            self.seqs[item] = json.loads(answer.text)["seq"]
        else:
            self.refused.append(f"{answer.status} {answer.text[:200]}")

    def answer_on(self, stop: threading.Event, *, most: int = 200) -> None:
        """Go through the paper again and again, another letter each time (below the pace of 240 a minute)."""
        turns = itertools.cycle("abcd")
        for letters in itertools.islice(turns, most // len(self.items) + 1):
            for item in self.items:
                if stop.is_set():
                    return
                self.answer(item, letters, stop)

    def lost(self, stored: dict[tuple[str, str], str]) -> list[str]:
        """What was acknowledged and is not in the database, nor a later answer of the same learner."""
        found = []
        for item, letters in self.acknowledged.items():
            kept = stored.get((self.code, item))
            if kept != letters and kept != self.doubtful.get(item, letters):
                found.append(f"{self.code} {item}: {letters} acknowledged, {kept} stored")
        return found
