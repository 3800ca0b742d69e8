"""Pages of signing in: own devices, second step, passkeys."""

from lms.people.signing.views import devices, passkeys, protection
from lms.people.signing.views.blueprint import bp

__all__ = ["bp", "devices", "passkeys", "protection"]
