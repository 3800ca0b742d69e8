"""What the commands of content ask their caller and the surroundings: language, settings, places."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from lms.content.source.tree import KINDS
from lms.content.speaking import say_in
from lms.errors import NotFound, SiteError
from lms.platform.i18n import LANGUAGES
from lms.platform.rules import Phrase

LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
WRONG_USE = 2


def add_lang(command: argparse.ArgumentParser) -> None:
    """`--lang`, the same for every command."""
    command.add_argument("--lang", choices=LANGUAGES, help="language of the messages (default: that of LANG, else the site's)")


def lang_of(given: str | None, default: str, environ: Mapping[str, str] = os.environ) -> str:
    """The language of messages: as asked, else that of the terminal where it is one of ours, else the default."""
    said = next((environ[name] for name in LOCALES if environ.get(name)), "")
    spoken = said.replace("-", "_").split("_")[0].split(".")[0].lower()
    return given or (spoken if spoken in LANGUAGES else default)


def refused(error: SiteError, lang: str) -> int:
    """Say in one line why nothing could be done; the exit status of wrong use."""
    print(f"lms: {say_in(lang, Phrase(error.message, error.params))}", file=sys.stderr)
    return WRONG_USE


def find_root(path: Path) -> Path:
    """The content folder that a path is, lies in, or holds as `content`. Raises NotFound if there is none."""
    if not path.exists():
        raise NotFound("There is no %(path)s.", path=str(path))
    for folder in (path, path / "content"):
        if any((folder / kind).is_dir() for kind in KINDS):
            return folder
    for folder in (*path.parents, *path.resolve().parents):
        inside = path.resolve().relative_to(folder.resolve()).parts if path.resolve().is_relative_to(folder.resolve()) else ()
        if inside and inside[0] in KINDS:
            return folder
    raise NotFound("%(path)s is in no content folder: none above it holds courses, quizzes, contests or schemes.", path=str(path))


def repository_of(root: Path) -> Path:
    """The root of the repository that a content folder lies in; where there is none, the current folder if it holds it, else the content folder."""
    whole = root.resolve()
    for folder in (whole, *whole.parents):
        if (folder / ".git").exists():
            return folder
    return Path.cwd() if whole.is_relative_to(Path.cwd()) else whole
