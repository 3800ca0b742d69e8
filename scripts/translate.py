"""Catalogues: `extract` gathers source texts into vi and zh_Hans, `compile` makes them ready, `check` says what is missing.

A translation that equals its source counts as missing, unless the text stands in scripts/untranslated.txt.
"""

import os
import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "lms" / "translations"
LOCALES = ("vi", "zh_Hans")
ALLOWED = Path(__file__).parent / "untranslated.txt"
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "phrase": None, "NotFound": None, "NotAllowed": None,
    "Conflict": None, "Invalid": None, "NavEntry": None, "AttemptOpen": None, "NoAttemptsLeft": None, "Busy": None, "AnswerRefused": None,
    "Lost": None, "Unreadable": None, "Unfit": None, "QuestionClosed": None, "TooEarly": None, "LessonsFirst": None, "told": None,
}  # fmt: skip


HALF_WIDTH = re.compile(r"[\u4e00-\u9fff](?:[,;?!]|:(?!行号))")
"""Chinese sentences have punctuation of full width."""


def path_of(locale: str) -> Path:
    """The catalogue of a locale."""
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def gather() -> Catalog:
    """Every source text of the program, with where it stands."""
    found = Catalog(project="vean", charset="utf-8", fuzzy=False)
    for filename, line, message, _comments, context in extract_from_dir(ROOT / "lms", METHODS, OPTIONS, KEYWORDS):
        found.add(message, None, [(filename, line)], context=context)
    return found


def load(locale: str) -> Catalog:
    """The catalogue of a locale as it stands in the file."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as source:
        return read_po(source, locale=locale)


def extract() -> int:
    """Bring the catalogues up to the program; translations are kept, new texts come in empty, old ones go."""
    template = gather()
    for locale in LOCALES:
        catalogue = load(locale)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path_of(locale).parent.mkdir(parents=True, exist_ok=True)
        buffer = BytesIO()
        write_po(buffer, catalogue, width=140, sort_output=True, omit_header=False, no_location=True)
        lines = [line for line in buffer.getvalue().decode().splitlines() if not line.startswith(('"POT-Creation', '"PO-Revision', '"Generated-By'))]
        path_of(locale).write_text("\n".join(lines) + "\n", "utf-8")
    return 0


def compile_all() -> int:
    """Write the .mo files, each whole at once: a site may be running on them."""
    for locale in LOCALES:
        buffer = BytesIO()
        write_mo(buffer, load(locale))
        target = path_of(locale).with_suffix(".mo")
        if target.exists() and target.read_bytes() == buffer.getvalue():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        unfinished.write_bytes(buffer.getvalue())
        unfinished.replace(target)
    return 0


def check() -> int:
    """Print every text that lacks a translation; 1 if there is any."""
    allowed = set(ALLOWED.read_text("utf-8").splitlines())
    missing = 0
    for locale in LOCALES:
        catalogue = load(locale)
        for wanted in gather():
            if not wanted.id:
                continue
            kept = catalogue.get(wanted.id, wanted.context)
            texts = _forms(kept.string if kept else "")
            sources = _forms(wanted.id)
            if not all(texts) or (kept and kept.fuzzy) or any(text in sources and text not in allowed for text in texts):
                missing += 1
                where = ", ".join(f"lms/{name}:{line}" for name, line in wanted.locations[:2])
                print(f"{locale}: not translated: {sources[0]!r} ({where})")
            elif any(_places(text) not in {_places(source) for source in sources} for text in texts):
                missing += 1
                print(f"{locale}: other places than the source: {sources[0]!r} -> {texts!r}")
            elif locale == "zh_Hans" and any(HALF_WIDTH.search(text) for text in texts):
                missing += 1
                print(f"{locale}: punctuation of half width after a character: {texts!r}")
    print(f"catalogues: {missing} missing" if missing else "catalogues: complete")
    return 1 if missing else 0


def _forms(text: object) -> tuple[str, ...]:
    return tuple(str(form) for form in text) if isinstance(text, tuple | list) else (str(text or ""),)


def _places(text: str) -> str:
    return " ".join(sorted(part.split(")")[0] for part in text.split("%(")[1:]))


if __name__ == "__main__":
    sys.exit({"extract": extract, "compile": compile_all, "check": check}[sys.argv[1]]())
