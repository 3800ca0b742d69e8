"""What runs out in the months ahead, and whether the classes can keep up."""

from typing import NamedTuple

from flask import render_template, request

from lms.certification.forms import ForecastForm
from lms.certification.rules.forecast import Month, plan
from lms.certification.service.forecast import read_forecast
from lms.certification.service.units import list_units, narrow
from lms.certification.views.desk import bp, offer
from lms.content.access import catalogue
from lms.people.access import permission_required, scope
from lms.people.rules import Permission
from lms.platform.i18n import show_month
from lms.platform.site import reading, today


class Shown(NamedTuple):
    """A month with its name, and the height of its column in hundredths of the highest."""

    label: str
    month: Month
    height: int


@bp.get("/forecast")
@permission_required(Permission.SEE_STANDING)
def forecast_page() -> str | tuple[str, int]:
    """Twelve months as chart and table; with a number of places a month, how many wait at the end of each."""
    paths = scope(Permission.SEE_STANDING)
    units = list_units(reading(), paths=paths)
    form = ForecastForm(request.args)
    offer(form, units)
    narrowed, _ = narrow(units, paths, form.unit.data)
    sound = form.validate()
    found = read_forecast(reading(), catalogue=catalogue(), paths=narrowed, scheme=(form.scheme.data or None) if sound else None, today=today())
    places = form.places.data if sound else None
    months = plan(today(), found.waiting, found.due, places or 0)
    highest = max(1, *found.due)
    shown = [Shown(show_month(month.first), month, 100 * month.due // highest) for month in months]
    page = render_template("certification/forecast.html", form=form, found=found, months=shown, places=places, today=today())
    return page if sound else (page, 422)
