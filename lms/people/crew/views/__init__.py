"""Pages of crew mode: on the shared device, and the desk where devices are opened and closed and badges printed."""

from lms.people.crew.views import desk, device
from lms.people.crew.views.blueprint import bp

__all__ = ["bp", "desk", "device"]
