"""Certification schemes: law as dated data."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from lms.content.catalogue import PARTS, Ruled, Scheme, SchemeVersion
from lms.content.digests import digest_json
from lms.content.packages.setting_shapes import HoursShape, RuledShape, SchemeShape, VersionShape
from lms.content.packages.shapes import read_shape
from lms.content.packages.workspace import Package, Workspace, words
from lms.content.source.yamlish import Node
from lms.platform.rules import phrase


def read_scheme(work: Workspace, slug: str) -> Package:
    """Read a scheme file."""
    package = Package(f"schemes/{slug}", None)
    node = work.settings(f"schemes/{slug}.yml")
    shape = read_shape(SchemeShape, node, work.found) if node else None
    if node is None or shape is None:
        return package
    work.check_id(node, shape.id, slug)
    work.check_words(node, ["title", "summary"], shape.source_lang)
    _check_versions(work, node, shape)
    scheme = Scheme(
        slug=slug,
        digest="",
        country=shape.country,
        group=shape.group,
        title=words(shape.title),
        summary=words(shape.summary),
        valid_label=shape.valid_label,
        versions=tuple(_version(version) for version in sorted(shape.versions, key=lambda version: version.from_)),
    )
    package.made = replace(scheme, digest=digest_json("scheme", repr(scheme)))
    return package


def _check_versions(work: Workspace, node: Node, shape: SchemeShape) -> None:
    """Versions follow each other day by day; only the last may be open."""
    numbered = sorted(enumerate(shape.versions), key=lambda pair: pair[1].from_)
    for number, version in numbered:
        if version.to and version.to < version.from_:
            message = phrase("This version ends (%(to)s) before it begins (%(begins)s).", to=version.to, begins=version.from_)
            work.found.error(node.place_of(["versions", number, "to"]), "dates-order", message)
        parts = version.initial.parts
        total = sum(getattr(parts, part) for part in PARTS) if parts else version.initial.total_minutes
        if total != version.initial.total_minutes:
            message = phrase("The parts add up to %(sum)s minutes, not to %(total)s.", sum=total, total=version.initial.total_minutes)
            work.found.error(node.place_of(["versions", number, "initial", "parts"], key=True), "scheme-parts", message)
    for (_, earlier), (number, later) in pairwise(numbered):
        place = node.place_of(["versions", number, "from"])
        if earlier.to is None or earlier.to >= later.from_:
            message = phrase("This version begins on %(begins)s, while the one before it still holds.", begins=later.from_)
            work.found.error(place, "scheme-overlap", message, phrase("Let the earlier version end on %(day)s.", day=later.from_ - timedelta(days=1)))
        elif earlier.to + timedelta(days=1) < later.from_:
            message = phrase("No version holds from %(begins)s to %(ends)s.", begins=earlier.to + timedelta(days=1), ends=later.from_ - timedelta(days=1))
            work.found.error(place, "scheme-gap", message, phrase("Let the versions follow each other day by day."))


def _ruled(shape: RuledShape) -> Ruled:
    return Ruled(shape.value, shape.certainty, shape.source)


def _minutes(shape: HoursShape) -> Ruled:
    return Ruled(shape.total_minutes, shape.certainty, shape.source)


def _version(shape: VersionShape) -> SchemeVersion:
    parts = shape.initial.parts
    rulings = {
        "test": Ruled(shape.test.pass_percent_rule, shape.test.certainty, shape.test.source),
        "document": Ruled(shape.document.form, shape.document.certainty, shape.document.source),
        "issuer": Ruled(shape.issuer.kind, shape.issuer.certainty, shape.issuer.source),
    }
    return SchemeVersion(
        from_on=shape.from_,
        to_on=shape.to,
        legal_basis=tuple((words(basis.text), basis.certainty) for basis in shape.legal_basis),
        initial_minutes=_minutes(shape.initial),
        initial_parts={part: minutes for part in PARTS if (minutes := getattr(parts, part))} if parts else {},
        parts_certainty=parts.certainty if parts else None,
        refresher_minutes=_minutes(shape.refresher),
        cycle_months=_ruled(shape.cycle_months),
        counting=_ruled(shape.counting),
        renewal_starts=_ruled(shape.renewal_starts),
        renewal_window_days=_ruled(shape.renewal_window_days),
        warn_days=_ruled(shape.warn_days),
        test_required=shape.test.required,
        max_online_minutes=_ruled(shape.max_online_minutes),
        document_kind=shape.document.kind,
        document_form=shape.document.form,
        document_expires=shape.document.expires,
        issuer_kind=shape.issuer.kind,
        provider_classes=tuple(shape.issuer.provider_classes),
        triggers=tuple({key: str(value) for key, value in trigger.model_dump().items() if value is not None} for trigger in shape.triggers),
        note=words(shape.note),
        max_online_refresher_minutes=shape.max_online_minutes.refresher,
        rulings=rulings | ({"parts": Ruled("", parts.certainty, parts.source)} if parts else {}),
    )
