"""From the scheme files of the content to the terms that the rules reckon with."""

from lms.certification.rules.terms import SchemeTerms, Terms
from lms.content.catalogue import Catalogue, Ruled, Scheme, SchemeVersion
from lms.errors import NotFound

_made: dict[tuple[str, str], SchemeTerms] = {}


def get_scheme(catalogue: Catalogue, slug: str) -> Scheme:
    """The published scheme of that name. Raises NotFound."""
    scheme = catalogue.schemes.get(slug)
    if scheme is None:
        raise NotFound("There is no such scheme.")
    return scheme


def terms_of(scheme: Scheme) -> SchemeTerms:
    """The terms of a scheme, made once for each revision of its file."""
    key = (scheme.slug, scheme.digest)
    if key not in _made:
        _made[key] = SchemeTerms(scheme.slug, scheme.valid_label == "recorded", tuple(_terms(version) for version in scheme.versions))
    return _made[key]


def _terms(version: SchemeVersion) -> Terms:
    initial, refresher = _number(version.initial_minutes), _number(version.refresher_minutes)
    online, again = _number(version.max_online_minutes), version.max_online_refresher_minutes
    cycle = version.cycle_months.value
    return Terms(
        from_on=version.from_on,
        to_on=version.to_on,
        initial_minutes=initial,
        refresher_minutes=refresher,
        parts=version.initial_parts,
        online_initial=online,
        online_refresher=online * refresher // max(initial, 1) if again is None else again,
        cycle_months=int(str(cycle)) if cycle else None,
        counting="day_before" if version.counting.value == "day_before" else "corresponding_day",
        starts="previous_until" if version.renewal_starts.value == "previous_until" else "issue",
        window_days=_number(version.renewal_window_days),
        warn_days=_number(version.warn_days),
        test_required=version.test_required,
    )


def _number(ruled: Ruled) -> int:
    return int(str(ruled.value))
