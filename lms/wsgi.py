"""The WSGI application of the site in LMS_INSTANCE, for granian, gunicorn and their like; its jobs run beside it."""

import os
from pathlib import Path

from lms.app import create_app
from lms.platform.jobs import start
from lms.settings import load_settings

app = create_app(load_settings(Path(os.environ.get("LMS_INSTANCE", "instance")), os.environ))
the_site = app.extensions["site"]
start(the_site.jobs, the_site.clock, the_site.settings.redis_url)
