"""Pages of certification: the officer's desk, confirmation, registers, one's own certificates, public verification."""

from flask import Flask

from lms.certification.views import (
    batches,
    calendar,
    confirm,
    desk,
    export,
    fitness,
    forecast,
    issuers,
    matrix,
    own,
    person,
    register,
    reminding,
    verify,
    waivers,
)

BLUEPRINTS = (desk.bp, own.bp, verify.bp)
PARTS = (batches, calendar, confirm, export, fitness, forecast, issuers, matrix, person, register, reminding, waivers)
"""Modules that add their pages to the blueprint of the desk when they are imported."""


def init_app(app: Flask) -> None:
    """Attach the pages."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
