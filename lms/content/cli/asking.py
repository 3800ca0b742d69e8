"""What the commands of content ask the surroundings: where content lies."""

from pathlib import Path

from lms.content.source.tree import KINDS
from lms.errors import NotFound, SiteError
from lms.platform.speaking import complain

WRONG_USE = 2


def refused(error: SiteError, lang: str) -> int:
    """Say in one line why nothing could be done; the exit status of wrong use."""
    complain(lang, error)
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
