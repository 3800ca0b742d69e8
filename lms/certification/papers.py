"""Papers as PDF: what a document's payload looks like on A5 or A4, and the register as a list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from lms.certification.labels import COLUMNS, LABELS, NATION, NATION_BESIDE, NOTES, PREPARES, REGISTER, TITLES, beside
from lms.certification.service.register import Entry
from lms.platform.documents.pdf import render_apart, render_pdf
from lms.platform.documents.qr import qr_svg

TYPST = Path(__file__).parent / "typst"
Paper = Literal["a5", "a4"]
Layout = Literal["a5", "a4", "wallet"]
Lang = Literal["vi", "zh", "en"]
Printed = tuple[str, Mapping[str, Any], Lang]
"""A document's kind, its payload, and the language beside the Vietnamese."""


def certificate_pdf(kind: str, payload: Mapping[str, Any], *, lang: Lang, paper: Paper = "a5") -> bytes:
    """The paper of a document, in Vietnamese, or with Chinese or English beside it."""
    return render_pdf(_template(paper), {"papers": [_data((kind, payload, lang), paper)]})


def papers_pdf(papers: Sequence[Printed], *, layout: Layout) -> bytes:
    """The papers of documents in this order, in one file: a page for each, or for the wallet ten to a sheet. Made by a process of its own."""
    return render_apart(_template(layout), [{"papers": [_data(paper, layout) for paper in papers]}])[0]


def single_pdfs(papers: Sequence[Printed], *, layout: Layout) -> list[bytes]:
    """A file for each of the papers. Made by a process of their own."""
    return render_apart(_template(layout), [{"papers": [_data(paper, layout)]} for paper in papers])


def _template(layout: Layout) -> Path:
    return TYPST / ("wallet.typ" if layout == "wallet" else "certificate.typ")


def _data(paper: Printed, layout: Layout) -> dict[str, object]:
    kind, payload, lang = paper
    return wallet_data(kind, payload, lang=lang) if layout == "wallet" else certificate_data(kind, payload, lang=lang, paper=layout)


def wallet_data(kind: str, payload: Mapping[str, Any], *, lang: Lang) -> dict[str, object]:
    """The values of a card of wallet.typ."""
    rows = [{"label": beside(LABELS["number"], lang), "value": payload["number"]}]
    if payload["until"] and payload["expires"]:
        rows.append({"label": beside(LABELS["valid"], lang), "value": _span(payload["from"], payload["until"])})
    elif payload["until"]:
        rows.append({"label": beside(LABELS["next"], lang), "value": _day(payload["until"])})
    return {
        "title": [" ".join(words.split()) for words in beside(TITLES[kind], lang)],
        "scheme": beside(payload["scheme"], lang),
        "number": payload["number"],
        "name": payload["name"],
        "unit": payload["unit"],
        "rows": rows,
        "qr": qr_svg(str(payload["url"])),
        "url": payload["url"],
        "issuer": payload["issuer"],
        "demo": payload["demo"],
        "stamp": beside(LABELS["stamp"], lang),
        "note": beside(LABELS["wallet"], lang),
    }


def certificate_data(kind: str, payload: Mapping[str, Any], *, lang: Lang, paper: Paper) -> dict[str, object]:
    """The values of certificate.typ."""
    recorded = not payload["expires"]
    notes = [] if recorded else [" / ".join(beside(note, lang)) for note in NOTES]
    if payload["self_issued"]:
        notes.insert(0, " / ".join(beside(PREPARES, lang)))
    return {
        "paper": paper,
        "number": payload["number"],
        "url": payload["url"],
        "qr": qr_svg(str(payload["url"])),
        "demo": payload["demo"],
        "stamp": beside(LABELS["stamp"], lang),
        "nation": [*NATION, *([NATION_BESIDE[lang]] if lang in NATION_BESIDE else [])],
        "title": beside(TITLES[kind], lang),
        "scheme": beside(payload["scheme"], lang),
        "issuer": payload["issuer"],
        "issuer_note": f"{'/'.join(beside(LABELS['class'], lang))} {payload['issuer_class']}" if payload["issuer_class"] else "",
        "label": {name: beside(LABELS[name], lang) for name in ("number", "photo", "check", "signer")},
        "rows": list(_rows(payload, lang, recorded=recorded)),
        "notes": notes,
        "place_date": _long_date(payload["issued_on"], lang),
        "signer": payload["signer"],
    }


def _rows(payload: Mapping[str, Any], lang: Lang, *, recorded: bool) -> Iterable[dict[str, object]]:
    def row(label: str, value: str, *, strong: bool = False) -> dict[str, object]:
        return {"label": beside(LABELS[label], lang), "value": value, "strong": strong}

    yield row("name", payload["name"], strong=True)
    if payload["birth"]:
        yield row("birth", _day(payload["birth"]))
    if payload["national_id_last"]:
        yield row("national_id", f"•••• {payload['national_id_last']} {'/'.join(beside(LABELS['only_last'], lang))}")
    yield row("position", payload["position"] or "–")
    yield row("unit", payload["unit"])
    kind = " / ".join(beside(LABELS[payload["basis"]], lang))
    yield row("course", f"{kind}, {_span(payload['trained_from'], payload['trained_until'])}")
    yield row("hours", _hours(payload["minutes"]))
    if payload["test_passed"]:
        yield row("result", " / ".join(beside(LABELS["passed"], lang)))
    if recorded:
        yield row("recorded", _day(payload["issued_on"]))
    if payload["until"]:
        yield row("next", _day(payload["until"])) if recorded else row("valid", _span(payload["from"], payload["until"]))


def register_pdf(entries: Sequence[Entry], *, unit: str, scheme: Mapping[str, str], group: str, from_on: date, until_on: date, demo: bool, lang: Lang) -> bytes:
    """The register of a unit for a stretch of time, in the columns of Mẫu 11."""
    data = {
        "unit": unit,
        "title": beside(REGISTER["title" if group == "nhom-4" else "title_other"], lang),
        "subtitle": [*beside(scheme, lang), f"{from_on:%d/%m/%Y} – {until_on:%d/%m/%Y}"],
        "headers": [beside(REGISTER[name], lang) for name in COLUMNS],
        "lines": [{"struck": entry.revoked, "cells": _cells(n, entry, lang)} for n, entry in enumerate(entries, 1)],
        "notes": [" / ".join(beside(PREPARES, lang))],
        "empty": beside(REGISTER["empty"], lang),
        "signer": beside(REGISTER["signer"], lang),
        "demo": demo or any(entry.printed["demo"] for entry in entries),
        "stamp": beside(LABELS["stamp"], lang),
    }
    return render_pdf(TYPST / "register.typ", data)


def _cells(n: int, entry: Entry, lang: Lang) -> list[str]:
    printed: Mapping[str, Any] = entry.printed
    return [
        str(n),
        entry.number,
        printed["name"],
        str(printed["birth"])[:4],
        printed["position"],
        printed["unit"],
        "; ".join(printed["subjects"]) or " / ".join(beside(printed["scheme"], lang)),
        _span(printed["trained_from"], printed["trained_until"]),
        _hours(printed["minutes"]),
        " / ".join(beside(LABELS["passed"], lang)),
        "; ".join(printed["trainers"]),
        "",
        " / ".join(beside(REGISTER["struck"], lang)) if entry.revoked else "",
    ]


def _hours(minutes: int) -> str:
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes // 60} h {minutes % 60:02} min"


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


def _span(first: str, last: str) -> str:
    return f"{_day(first)} – {_day(last)}"


def _long_date(iso: str, lang: Lang) -> list[str]:
    day = date.fromisoformat(iso)
    return beside(
        {"vi": f"Ngày {day.day:02} tháng {day.month:02} năm {day.year}", "zh": f"{day.year}年{day.month}月{day.day}日", "en": f"{day.day} {day:%B} {day.year}"},
        lang,
    )
