"""The benchmark of the search: 2,000 lessons in three languages beside one indexed SELECT of like size, in the same run.

    .venv/bin/python -m bench.search [--lessons 2000] [--postgres URL] [--profile]

The lessons are put together of the words of the sample content, so that words are as frequent as they are. Times are milliseconds on the clock and of
this process's CPU; of PostgreSQL the CPU of its own process stands beside, as a mean. The ratio is that of the clock to the bare SELECT's.
URL is that of an empty database that may be filled.
"""

import argparse
import cProfile
import pstats
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bench.measure import cpu_ms
from lms.content.bodies import to_body
from lms.content.catalogue import Course, Lesson
from lms.content.digests import digest_json
from lms.content.markup.words import LANGS
from lms.content.models import ContentPackage
from lms.content.packages.compiler import compile_tree
from lms.content.service.publishing import add_publication
from lms.content.source.tree import read_tree
from lms.library.models import SearchEntry, SearchWord
from lms.library.rules.words import RUN
from lms.library.service.indexing import refresh
from lms.library.service.searching import PAGE, find
from lms.platform.db import Base, Database

SAMPLE = Path(__file__).parents[1] / "content"
EACH, WORDS, ROUNDS, SEED = 20, 300, 40, 7
ASKED = {
    "one word": ("vi", "khoa"),
    "one rare word": ("vi", "amiăng"),
    "two words": ("vi", "tháo khóa"),
    "six words": ("vi", "người lao động phải được huấn luyện"),
    "a beginning": ("en", "prot"),
    "two Chinese characters": ("zh", "安全"),
    "four Chinese characters": ("zh", "安全生产"),
    "no hit": ("vi", "zzzzqqq"),
    "in another language": ("zh", "employer"),
    "the tenth page": ("vi", "an toan"),
}


@dataclass(frozen=True)
class Timed:
    """Milliseconds: median and the 95th of a hundred, on the clock and of CPU; of the database's process the mean."""

    p50: float
    p95: float
    cpu50: float
    cpu95: float
    server: float


def courses(lessons: int) -> list[Course]:
    """Courses of 20 lessons each, of the words of the sample content."""
    model = next(one.made for one in compile_tree(read_tree(SAMPLE, working=True)).packages.values() if isinstance(one.made, Course))
    assert isinstance(model, Course)
    words = {lang: [run for lesson in model.lessons for run in RUN.findall(_bare(lesson.html.get(lang, "")))] for lang in LANGS}
    chance = random.Random(SEED)
    made = []
    for number in range(-(-lessons // EACH)):
        mine = tuple(_lesson(model.lessons[0], f"bai-{number}-{place}", words, chance) for place in range(min(EACH, lessons - number * EACH)))
        course = replace(model, slug=f"khoa-{number}", lessons=mine, digest="", title={lang: f"{title} {number}" for lang, title in model.title.items()})
        made.append(replace(course, digest=digest_json("course", repr(course))))
    return made


def _bare(html: str) -> str:
    return " ".join(part.partition(">")[2] for part in html.split("<"))


def _lesson(model: Lesson, slug: str, words: dict[str, list[str]], chance: random.Random) -> Lesson:
    texts = {}
    for lang, known in words.items():
        some = chance.choices(known, k=WORDS)
        texts[lang] = ("，" if lang == "zh" else " ").join(some)
    title = {lang: " ".join(texts[lang].split("，" if lang == "zh" else " ")[:5]) for lang in texts}
    return replace(model, slug=slug, title=title, html={lang: f"<p>{one}</p>" for lang, one in texts.items()}, digest=digest_json(slug))


def fill(db: Database, made: Sequence[Course]) -> float:
    """Publish the courses, and give the seconds that their index took."""
    Base.metadata.create_all(db.engine)
    now = datetime.now(UTC)
    with db.writing() as session:
        for course in made:
            row = {"digest": course.digest, "kind": "courses", "slug": course.slug, "source_rev": "bench", "body": to_body(course)}
            session.add(ContentPackage(**row))
        session.flush()
        add_publication(session, {f"courses/{one.slug}": {"digest": one.digest, "source_rev": ""} for one in made}, {"held": {}}, now=now, actor_id=None)
        begun = time.perf_counter()
        refresh(session)
        took = time.perf_counter() - begun
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return took


def bare(session: Session, ids: Sequence[int]) -> None:
    """One SELECT of as many rows as a page of hits has, by their key."""
    columns = (SearchEntry.kind, SearchEntry.language, SearchEntry.course, SearchEntry.slug, SearchEntry.title, SearchEntry.text)
    session.execute(select(*columns).where(SearchEntry.id.in_(ids))).all()


def timed(db: Database, ask: Callable[[Session], object]) -> Timed:
    """An act, many times over, each in a transaction of its own as a request has it."""
    walls, used = [], []
    server = 0.0
    with db.reading() as session:
        backend = session.scalar(text("SELECT pg_backend_pid()")) if db.engine.dialect.name == "postgresql" else None
        ask(session)
        before = cpu_ms([backend]) if backend else 0.0
        for _ in range(ROUNDS):
            wall, cpu = time.perf_counter(), time.process_time()
            ask(session)
            walls.append((time.perf_counter() - wall) * 1000)
            used.append((time.process_time() - cpu) * 1000)
        server = (cpu_ms([backend]) - before) / ROUNDS if backend else 0.0
    return Timed(statistics.median(walls), _p95(walls), statistics.median(used), _p95(used), server)


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def measure(name: str, url: str, made: Sequence[Course]) -> None:
    """Fill one database and print its table."""
    db = Database(url)
    took = fill(db, made)
    with db.reading() as session:
        entries = len(session.scalars(select(SearchEntry.id)).all())
        rows = session.scalar(select(text("count(*)")).select_from(SearchWord))
        ids = list(session.scalars(select(SearchEntry.id).order_by(SearchEntry.id).limit(PAGE * 50)))[::50]
    print(f"\n{name}: {entries} entries, {rows} words, index made in {took:.1f} s")
    print(f"{'':26}{'p50 ms':>9}{'p95 ms':>9}{'CPU p50':>9}{'CPU p95':>9}{'database':>10}{'ratio':>8}{'hits':>7}")
    floor = timed(db, lambda session: bare(session, ids))
    _line("one SELECT of 20 rows", floor, floor, "")
    for what, (lang, question) in ASKED.items():
        page = 10 if "page" in what else 1
        with db.reading() as session:
            found = find(session, question=question, lang=lang, page=page)
        _line(what, timed(db, lambda session, q=question, la=lang, p=page: find(session, question=q, lang=la, page=p)), floor, str(found.total))  # type: ignore[misc]
    db.dispose()


def _line(what: str, one: Timed, floor: Timed, hits: str) -> None:
    print(f"{what:26}{one.p50:9.2f}{one.p95:9.2f}{one.cpu50:9.2f}{one.cpu95:9.2f}{one.server:10.2f}{one.p50 / floor.p50:8.1f}{hits:>7}", flush=True)


def main() -> None:
    """Measure SQLite, and PostgreSQL where it is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lessons", type=int, default=2000)
    parser.add_argument("--postgres", default="")
    parser.add_argument("--profile", action="store_true", help="print where the time goes on SQLite")
    asked = parser.parse_args()
    made = courses(asked.lessons)
    with tempfile.TemporaryDirectory(prefix="vean-bench") as name:
        watch = cProfile.Profile()
        if asked.profile:
            watch.enable()
        measure("SQLite", f"sqlite:///{name}/vean.db", made)
        if asked.profile:
            watch.disable()
            pstats.Stats(watch, stream=sys.stderr).sort_stats("tottime").print_stats(25)
    if asked.postgres:
        measure("PostgreSQL", asked.postgres, made)


if __name__ == "__main__":
    main()
