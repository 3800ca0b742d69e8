"""Published content for the tests of every room: a small tree of its own, or the real content of the repository.

`catalogue = publish_sample(db, now)`
"""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from lms.content.catalogue import Catalogue
from lms.content.packages.compiler import SITE_ZONE, Compiled, compile_tree
from lms.content.service.loading import load_catalogue
from lms.content.service.publishing import publish_compiled
from lms.content.source.tree import ContentTree, read_tree
from lms.platform.db import Database
from lms.platform.events import KEY, Events
from tests.content.kept_rows import Rows, count_rows, insert_kept, read_new

SAMPLE = Path(__file__).parent / "sample"
REAL = Path(__file__).parents[2] / "content"
COURSE, QUIZ, CONTEST, ROUND, LESSONS = "khoa-mau", "de-mau", "hoi-thi-mau", "vong-1", ("10-mo-dau", "20-quy-trinh")


@lru_cache(maxsize=2)
def compiled(folder: Path) -> tuple[ContentTree, Compiled]:
    """A folder as it stands, compiled once for all tests of a process."""
    tree = read_tree(folder, working=True)
    return tree, compile_tree(tree, SITE_ZONE)


def publish_sample(db: Database, now: datetime) -> Catalogue:
    """Publish the sample tree.

    Course khoa-mau (2 lessons), quiz de-mau (6 items, one critical), contest hoi-thi-mau (round vong-1, open 20-29/11/2026), two schemes.
    """
    return _publish(db, SAMPLE, now)


def publish_real(db: Database, now: datetime) -> Catalogue:
    """Publish the content of the repository."""
    return _publish(db, REAL, now)


_kept: dict[tuple[Path, datetime], tuple[Rows, Catalogue]] = {}


def _publish(db: Database, folder: Path, now: datetime) -> Catalogue:
    before = count_rows(db)
    if (folder, now) in _kept:
        rows, catalogue = _kept[folder, now]
        if not any(before[name] for name in rows):
            insert_kept(db, rows)
            return catalogue
    tree, made = compiled(folder)
    with db.writing() as session:
        report = publish_compiled(session, made, tree, now=now, actor_id=None)
    assert not report.held, {name: str(why) for name, why in report.held.items()}
    with db.reading() as session:
        catalogue = load_catalogue(session)
    if isinstance(db.info.get(KEY), Events) and (new := read_new(db, before)) is not None:
        _kept[folder, now] = new, catalogue
    return catalogue
