"""A content tree as packages: everything is read and checked in one pass, and what is broken takes down what depends on it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from lms.content.packages.contests import read_contest
from lms.content.packages.courses import read_course
from lms.content.packages.glossary import Spellings, read_glossary
from lms.content.packages.keeping import Kept
from lms.content.packages.quizzes import Banks, at, read_banks, read_quiz
from lms.content.packages.schemes import read_scheme
from lms.content.packages.workspace import Package, Workspace
from lms.content.source.media import Blob
from lms.content.source.problems import Place, Problem
from lms.content.source.tree import ContentTree
from lms.platform.rules import Phrase, phrase

SITE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Compiled:
    """What a tree holds. `packages` are sound; `held` says why others are not: by name ('courses/x'), with the reason.

    broken: the others as far as they could be read, for the preview alone: never published.
    """

    packages: Mapping[str, Package]
    held: Mapping[str, Phrase]
    blobs: Mapping[str, Blob]
    problems: tuple[Problem, ...]
    broken: Mapping[str, Package] = field(default_factory=dict)


def compile_tree(tree: ContentTree, zone: ZoneInfo = SITE_ZONE, kept: Kept | None = None) -> Compiled:
    """Read and check a whole tree; times without a zone are wall-clock times of `zone`. What `kept` holds of an earlier time is not read again."""
    work = Workspace(tree, zone, kept=kept)
    banks = Banks()
    packages: dict[str, Package] = {}
    for slug in tree.names("quizzes"):
        lang, sealed = _head(work, slug)
        banks.seal(slug, sealed)
        read_banks(work, slug, lang, banks)
    for slug in tree.names("quizzes"):
        packages[f"quizzes/{slug}"] = read_quiz(work, slug, banks)
    for slug in tree.names("courses"):
        packages[f"courses/{slug}"] = read_course(work, slug)
    for slug in _settings_in(tree, "contests"):
        packages[f"contests/{slug}"] = read_contest(work, slug, banks)
    for slug in _settings_in(tree, "schemes"):
        packages[f"schemes/{slug}"] = read_scheme(work, slug)
    spellings = Spellings()
    for slug in _settings_in(tree, "glossary"):
        packages[f"glossary/{slug}"] = read_glossary(work, slug, spellings)
    work.check_ids()
    work.check_alike()
    for name, sources in tree.twice.items():
        message = phrase("The content sources %(sources)s all hold %(name)s; only the first one is read.", sources=sources, name=name)
        work.found.error(Place(name), "package-twice", message)
    for path in tree.oversize:
        work.found.error(Place(path), "file-too-large", phrase("The file is larger than 8 MB and is not read."))
    problems = tuple(work.found.sorted())
    held = _held(packages, problems)
    sound = {name: package for name, package in packages.items() if name not in held}
    return Compiled(sound, held, work.media.blobs, problems, {name: package for name, package in packages.items() if name in held})


def check(tree: ContentTree, zone: ZoneInfo = SITE_ZONE) -> list[Problem]:
    """Everything that is wrong with a tree, in reading order."""
    return list(compile_tree(tree, zone).problems)


def package_of(file: str) -> str:
    """The package a file belongs to."""
    return "/".join(file.split("/")[:2]).removesuffix(".yml")


def _settings_in(tree: ContentTree, kind: str) -> list[str]:
    return [name.removesuffix(".yml") for name in tree.names(kind) if name.endswith(".yml")]


def _head(work: Workspace, slug: str) -> tuple[str, datetime | None]:
    """The source language of a quiz and until when it is sealed, read before its settings are checked."""
    path = f"quizzes/{slug}/quiz.yml"
    node = Workspace(work.tree, work.zone).settings(path) if path in work.tree.files else None
    said = {key: inner.value for key, inner in node.value.items()} if node and isinstance(node.value, dict) else {}
    lang = said.get("source_lang")
    try:
        sealed = datetime.fromisoformat(str(said["sealed_until"])).replace(tzinfo=None) if said.get("sealed_until") else None
    except ValueError:
        sealed = None
    return str(lang) if lang in ("vi", "zh", "en") else "vi", at(work, sealed)


def _held(packages: Mapping[str, Package], problems: tuple[Problem, ...]) -> dict[str, Phrase]:
    """Packages with errors, then what needs them, and so on."""
    held: dict[str, Phrase] = {}
    errors = [(package_of(problem.file), problem) for problem in problems if problem.severity == "error"]
    counts = Counter(name for name, _ in errors)
    for name, problem in errors:
        if name not in held:
            held[name] = phrase("Errors: %(n)s; the first is in %(file)s, line %(line)s.", n=counts[name], file=problem.file, line=problem.line)
    grew = True
    while grew:
        waiting = {name: package.needs & set(held) for name, package in packages.items() if name not in held and package.needs & set(held)}
        held |= {name: phrase("It needs %(names)s, which has errors.", names=sorted(needs)) for name, needs in waiting.items()}
        grew = bool(waiting)
    return held
