"""The WSGI application of the site in LMS_INSTANCE, for granian, gunicorn and their like; its jobs run beside it."""

import os
import threading
import time
from pathlib import Path

from lms.app import create_app
from lms.platform.jobs import start
from lms.server import PARENT
from lms.settings import load_settings

LOOK_S = 0.5


def leave_with(parent: int) -> None:
    """End this process at once when its parent has been killed: an orphan would keep the port and serve for ever."""
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os._exit(1)


if PARENT in os.environ:
    threading.Thread(target=leave_with, args=(int(os.environ[PARENT]),), daemon=True, name="leave-with-parent").start()
app = create_app(load_settings(Path(os.environ.get("LMS_INSTANCE", "instance")), os.environ))
the_site = app.extensions["site"]
start(the_site.jobs, the_site.clock, the_site.settings.redis_url)
