"""Pages of the people room: sign-in, the own page, people, units, slips, audit trail."""

from lms.people.views import audit, me, person, persons, sign_in, slips, unit_history, units
from lms.people.views.blueprint import bp, me_bp, units_bp

bp.register_blueprint(units_bp)
BLUEPRINTS = (bp, me_bp)

__all__ = ["BLUEPRINTS", "audit", "bp", "me", "me_bp", "person", "persons", "sign_in", "slips", "unit_history", "units", "units_bp"]
