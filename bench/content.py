"""The benchmark of content: 10,000 items in 200 files, checked from cold, checked again after one edit, published; beside Python-Markdown alone.

    .venv/bin/python -m bench.content [--files 200] [--each 50] [--profile]

Every step runs in a process of its own, so its memory is its own; times are CPU seconds of that process and seconds on the clock.
"""

import argparse
import cProfile
import json
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from markdown import Markdown

from bench.content_tree import write_tree
from lms.content.packages.compiler import compile_tree
from lms.content.packages.keeping import Kept
from lms.content.service.loading import load_catalogue
from lms.content.service.publishing import publish_compiled
from lms.content.source.tree import read_tree
from lms.platform.db import Base, Database

TARGETS = {"check from cold": 10.0, "check after one edit": 0.3, "publish after the check": 5.0}
MAX_MB = 400
Timed = tuple[float, float]
"""Seconds on the clock, and of this process's CPU: on a busy machine the second is the one to look at."""

Figures = dict[str, Timed]
EXTRA = "\n> Thêm một câu.\n"


def check_cold(folder: Path) -> Figures:
    """`lms check` as a new process does it: read the files, compile, list the problems."""
    return {"check from cold": _timed(lambda: _sound(folder))}


def check_again(folder: Path) -> Figures:
    """As the preview does: the same process checks again after one file was edited; the slowest of five edits."""
    kept = Kept()
    compile_tree(read_tree(folder, working=True), kept=kept)
    edited = sorted(folder.rglob("*.md"))[:: max(1, len(list(folder.rglob("*.md"))) // 5)][:5]
    seconds = []
    for path in edited:
        path.write_text(path.read_text("utf-8") + EXTRA, "utf-8")
        seconds.append(_timed(lambda: _sound(folder, kept)))
        path.write_text(path.read_text("utf-8").removesuffix(EXTRA), "utf-8")
    return {"check after one edit": max(seconds), "check of the same files": _timed(lambda: _sound(folder, kept))}


def publish(folder: Path) -> Figures:
    """Store what has been compiled in an empty SQLite database, and load the catalogue of it."""
    tree = read_tree(folder, working=True)
    compiled = compile_tree(tree)
    with tempfile.TemporaryDirectory(prefix="vean-bench") as name:
        db = Database(f"sqlite:///{name}/vean.db")
        Base.metadata.create_all(db.engine)

        def store() -> None:
            with db.writing() as session:
                publish_compiled(session, compiled, tree, now=datetime.now(UTC), actor_id=None)

        def load() -> None:
            with db.reading() as session:
                load_catalogue(session)

        figures = {"publish after the check": _timed(store), "load the catalogue": _timed(load)}
        db.dispose()
    return figures


def markdown_alone(folder: Path) -> Figures:
    """Python-Markdown with the extensions that the site uses for tables and footnotes, over the same files as they are: no ids, no checks, no cleaning."""
    texts = [data.decode() for path, data in read_tree(folder, working=True).files.items() if path.endswith(".md")]
    md = Markdown(extensions=["tables", "footnotes", "def_list", "sane_lists"])
    return {"Python-Markdown alone": _timed(lambda: [md.reset().convert(text) for text in texts])}


STEPS: dict[str, Callable[[Path], Figures]] = {"check": check_cold, "again": check_again, "publish": publish, "markdown": markdown_alone}


def _sound(folder: Path, kept: Kept | None = None) -> None:
    problems = [problem for problem in compile_tree(read_tree(folder, working=True), kept=kept).problems if problem.severity == "error"]
    assert not problems, problems[:3]


def _timed(work: Callable[[], object]) -> Timed:
    begun, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - used


def _in_a_process(step: str, folder: Path) -> tuple[Figures, float]:
    done = subprocess.run([sys.executable, "-m", "bench.content", "--step", step, "--folder", str(folder)], capture_output=True, text=True, check=True)
    figures, memory = json.loads(done.stdout)
    return figures, memory


def _run_step(step: str, folder: Path, *, profile: bool) -> None:
    watch = cProfile.Profile()
    if profile:
        watch.enable()
    figures = STEPS[step](folder)
    if profile:
        watch.disable()
        pstats.Stats(watch, stream=sys.stderr).sort_stats("tottime").print_stats(25)
    print(json.dumps([figures, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def main() -> None:
    """Make the tree, run every step in a process of its own, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--each", type=int, default=50, help="items a file")
    parser.add_argument("--profile", action="store_true", help="with --step: print where the time goes")
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.step and asked.folder:
        _run_step(asked.step, asked.folder, profile=asked.profile)
        return
    with tempfile.TemporaryDirectory(prefix="vean-bench") as name:
        folder = Path(name) / "content"
        write_tree(folder, files=asked.files, each=asked.each)
        size = sum(path.stat().st_size for path in folder.rglob("*.md")) / 1e6
        print(f"{asked.files * asked.each} items in {asked.files} files, {size:.1f} MB")
        print(f"{'':26}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}  target")
        for step in STEPS:
            figures, memory = _in_a_process(step, folder)
            for what, (seconds, cpu) in figures.items():
                target = f"< {TARGETS[what]} s" + (f", < {MAX_MB} MB" if what == "check from cold" else "") if what in TARGETS else ""
                print(f"{what:26}{seconds:9.2f}{cpu:9.2f}{memory:9.0f}  {target}")


if __name__ == "__main__":
    main()
