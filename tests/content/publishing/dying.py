"""A process that begins to publish and is killed: `python -m tests.content.publishing.dying DATABASE FOLDER ADDRESS NOW`."""

import sys
from datetime import datetime
from pathlib import Path

from lms.clock import MovableClock
from lms.content.packages.compiler import SITE_ZONE
from lms.content.service.desk import ContentDesk
from lms.content.service.sources import ContentSources
from lms.content.service.worker import PublishWorker
from lms.content.source.mirrors import Mirrors
from lms.platform.db import Database
from lms.settings import ContentSource

if __name__ == "__main__":
    url, folder, address, now = sys.argv[1:]
    sources = ContentSources((ContentSource(at=address),), Mirrors(Path(folder) / "dying", seconds=20))
    PublishWorker(Database(url), MovableClock(datetime.fromisoformat(now)), ContentDesk(sources, SITE_ZONE)).run()
