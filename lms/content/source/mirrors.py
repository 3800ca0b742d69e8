"""The site's own bare clones of remote repositories, one folder each in the instance."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lms.content.source.fetching import Order
from lms.errors import Conflict
from lms.platform.rules import Phrase, phrase
from lms.settings import ContentSource, Settings

MEMORY_MB = 2048
WORDS: Mapping[str, Phrase] = {
    "unreachable": phrase("The repository cannot be reached."),
    "refused": phrase("The repository refuses the token of the site, or asks for one."),
    "none": phrase("There is no repository at this address, or the token of the site may not see it."),
    "broken": phrase("What the repository sent is broken."),
    "too_large": phrase("The repository is larger than the site takes."),
    "full": phrase("There is no room left on the disk."),
    "slow": phrase("Fetching took too long and was stopped."),
    "failed": phrase("Fetching ended without a word."),
}
PASSED_ON = ("PATH", "HOME", "LANG", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "https_proxy", "http_proxy", "no_proxy", "all_proxy", "PYTHONPATH")
"""What of the environment the fetching process sees: neither tokens nor keys."""


class Unfetched(Conflict):
    """A repository could not be fetched; the clone stays as it was."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why.message, **why.params)
        self.why = why


@dataclass(frozen=True)
class Mirrors:
    """Where the clones are, and what may be spent on one fetch: seconds in all, megabytes at once."""

    folder: Path
    seconds: int = 120
    megabytes: int = 500
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, settings: Settings, environ: Mapping[str, str]) -> "Mirrors":
        """Those of a site."""
        return cls(settings.instance / "sources", settings.content_fetch_s, settings.content_fetch_mb, environ)

    def path(self, source: ContentSource) -> Path:
        """The clone of a source, which may not be there yet."""
        return self.folder / f"{source.name}.git"

    def order(self, source: ContentSource) -> Order:
        """What the fetching process is told."""
        token = source.secret("TOKEN", self.environ)
        return Order(str(self.path(source)), source.at, source.username, token, self.seconds, self.megabytes, MEMORY_MB)

    def fetch(self, source: ContentSource) -> str:
        """Bring the clone of a source up to date, in a process that is stopped when its time is over; gives the repository's own branch.

        Raises Unfetched; the clone is then as it was before.
        """
        passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        command = [sys.executable, "-m", "lms.content.source.fetching"]
        try:
            done = subprocess.run(  # noqa: S603  (our own program)
                command, input=self.order(source).to_json(), capture_output=True, text=True, timeout=self.seconds, env=passed, check=False
            )
        except subprocess.TimeoutExpired as slow:
            raise Unfetched(WORDS["slow"]) from slow
        try:
            said: dict[str, str] = json.loads(done.stdout)
        except ValueError:
            said = {"error": "too_large" if "MemoryError" in done.stderr else "failed"}
        if "error" in said:
            raise Unfetched(WORDS[said["error"]])
        return said["branch"]
