"""Files of new packages, made of the templates beside this file; nothing is written here."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from string import Template

from lms.content.packages.shapes import SLUG
from lms.content.source.tree import ContentTree
from lms.errors import Invalid, NotFound

FOLDER = Path(__file__).parent
KINDS = {"course": "courses", "quiz": "quizzes", "contest": "contests", "scheme": "schemes"}
FIRST = {"vi": ("khoa-dau-tien", "bai-kiem-tra-dau-tien"), "zh": ("di-yi-ke", "di-yi-ce"), "en": ("first-course", "first-quiz")}
PLACED = {
    "github-content.yml": ".github/workflows/content.yml",
    "gitlab-ci.yml": ".gitlab-ci.yml",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "gitattributes": ".gitattributes",
    "editorconfig": ".editorconfig",
    "vscode-settings.json": ".vscode/settings.json",
}

SPOKEN = "LMS_DEFAULT_LANG: vi"
"""The line of a workflow that says in which language it speaks."""


@dataclass(frozen=True)
class Wanted:
    """What is to be made: slug, language of the remarks and the source, today's date, and what gives ids to items."""

    slug: str
    lang: str
    today: date
    new_id: Callable[[], str]


def require_slug(slug: str) -> None:
    """Raises Invalid, with the rules and a name near the given one, if it cannot be the name of a package."""
    if re.fullmatch(SLUG, slug) and not slug.endswith("\n"):
        return
    raise Invalid(
        "%(slug)s cannot be a name. Use small letters a-z, digits and hyphens, a letter or digit first, at most 80 characters: %(example)s",
        slug=slug[:80] or "–",
        example=near_slug(slug),
    )


def near_slug(text: str) -> str:
    """A slug like a text: accents off, blanks as hyphens."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:80].strip("-") or "khoa-moi"


def new_package(kind: str, wanted: Wanted, tree: ContentTree | None) -> dict[str, str]:
    """The files of a new package by their paths below the content folder. A contest draws from a bank of the tree, else from a quiz made with it."""
    require_slug(wanted.slug)
    if kind in ("course", "quiz"):
        folder = FOLDER / wanted.lang / kind
        return {f"{KINDS[kind]}/{wanted.slug}/{path.name}": _filled(path, wanted, {}) for path in sorted(folder.iterdir())}
    more: dict[str, str] = {}
    values: dict[str, str] = {}
    if kind == "contest":
        bank = _some_bank(tree)
        if bank is None:
            more = new_package("quiz", wanted, tree)
            bank = next(f"{wanted.slug}/{path.split('/')[-1].split('.')[0]}" for path in more if path.endswith(".md"))
        values = {"bank": bank, "pick": "3" if more else "1"}
    return {f"{KINDS[kind]}/{wanted.slug}.yml": _filled(FOLDER / wanted.lang / f"{kind}.yml", wanted, values)} | more


def _some_bank(tree: ContentTree | None) -> str | None:
    """A bank in Markdown that a contest can draw from."""
    for path in sorted(tree.files) if tree else ():
        match = re.fullmatch(r"quizzes/([^/]+)/([^/]+)\.[a-z]{2}\.md", path)
        if match and tree and b"{#" in tree.files[path] and f"quizzes/{match[1]}/quiz.yml" in tree.files:
            return f"{match[1]}/{match[2]}"
    return None


def _filled(path: Path, wanted: Wanted, values: Mapping[str, str]) -> str:
    opens = wanted.today + timedelta(days=30)
    known = {
        "slug": wanted.slug,
        "year": str(wanted.today.year),
        "today": wanted.today.isoformat(),
        "opens": f"{opens.isoformat()}T08:00",
        "closes": f"{(opens + timedelta(days=7)).isoformat()}T17:00",
    }
    ids = {f"id{number}": wanted.new_id() for number in range(1, 4)}
    return Template(path.read_text("utf-8")).substitute({**known, **ids, **values})


def new_repository(wanted: Wanted, schemas: Mapping[str, str]) -> dict[str, str]:
    """The files of a content repository by their paths: checks, hooks, schemas for editors, and a first course and quiz. schemas: texts by file name."""
    if not (FOLDER / wanted.lang).is_dir():
        raise NotFound("There are no templates in %(lang)s.", lang=wanted.lang)
    below = FOLDER / "repository"
    files = {place: (below / name).read_text("utf-8").replace(SPOKEN, SPOKEN.replace("vi", wanted.lang)) for name, place in PLACED.items()}
    files["README.md"] = (below / f"README.{wanted.lang}.md").read_text("utf-8")
    files |= {f".schemas/{name}": text for name, text in schemas.items()}
    for kind, slug in zip(("course", "quiz"), FIRST[wanted.lang], strict=True):
        made = new_package(kind, Wanted(slug, wanted.lang, wanted.today, wanted.new_id), None)
        files |= {f"content/{path}": text for path, text in made.items()}
    return files
