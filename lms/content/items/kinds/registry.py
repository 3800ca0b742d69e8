"""Every kind of item with its form, and the marks that it understands."""

from collections.abc import Mapping

from lms.content.catalogue import Kind
from lms.content.items.kinds import essay, hotspot, matching, numeric, ordering, ticks, typed
from lms.content.items.kinds.form import Form

FORMS: Mapping[Kind, Form] = {
    "single": ticks.FORM,
    "multiple": ticks.FORM,
    "numeric": numeric.FORM,
    "short": typed.SHORT,
    "ordering": ordering.FORM,
    "matching": matching.FORM,
    "gaps": typed.GAPS,
    "hotspot": hotspot.FORM,
    "essay": essay.FORM,
}
ALL = frozenset(FORMS)
FLAGS: Mapping[str, frozenset[Kind]] = {
    "critical": ALL,
    "accept": ALL,
    "void": ALL,
    "partial": frozenset({"ordering", "matching", "gaps", "hotspot"}),
    "accents": frozenset({"short", "gaps"}),
    "capitals": frozenset({"short", "gaps"}),
    "text": frozenset({"short"}),
    "order": frozenset({"ordering"}),
    "match": frozenset({"matching"}),
    "hotspot": frozenset({"hotspot"}),
    "essay": frozenset({"essay"}),
    "practical": frozenset({"essay"}),
}
