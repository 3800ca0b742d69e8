"""Which packages of a checked tree stay as they were: what is frozen, what brings back another item's id, what those and the kept ones need."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from lms.content.needs import needs_of
from lms.content.packages.compiler import Compiled, package_of
from lms.content.source.problems import Problem
from lms.platform.rules import Phrase, phrase

Manifest = Mapping[str, Mapping[str, str]]


def hold(compiled: Compiled, why: Mapping[str, Phrase], problems: tuple[Problem, ...] = ()) -> Compiled:
    """Hold these packages back, and then what needs them, and so on; a reason that stands already stays."""
    held = {name: reason for name, reason in why.items() if name not in compiled.held} | dict(compiled.held)
    sound = {name: package for name, package in compiled.packages.items() if name not in held}
    while waiting := {name: package.needs & set(held) for name, package in sound.items() if package.needs & set(held)}:
        held |= {name: phrase("It needs %(names)s, which stays as it was.", names=sorted(needs)) for name, needs in waiting.items()}
        sound = {name: package for name, package in sound.items() if name not in waiting}
    found = {problem.order: problem for problem in (*compiled.problems, *problems)}
    return replace(compiled, packages=sound, held=held, problems=tuple(found[order] for order in sorted(found)))


def hold_problems(compiled: Compiled, problems: tuple[Problem, ...]) -> Compiled:
    """Hold back the packages in whose files these errors stand."""
    why: dict[str, Phrase] = {}
    for problem in problems:
        mine = [other for other in problems if package_of(other.file) == package_of(problem.file)]
        why[package_of(problem.file)] = phrase("Errors: %(n)s; the first is in %(file)s, line %(line)s.", n=len(mine), file=mine[0].file, line=mine[0].line)
    return hold(compiled, why, problems)


def hold_frozen(compiled: Compiled, before: Manifest, frozen: Mapping[str, datetime]) -> Compiled:
    """Hold back what would change while it is frozen, also what would go."""
    why: dict[str, Phrase] = {}
    for name in sorted(set(frozen) & set(before)):
        made = compiled.packages[name].made if name in compiled.packages else None
        if made is None or made.digest != before[name]["digest"]:
            why[name] = phrase("It is frozen until %(until)s, because a contest or an exam is open.", until=frozen[name])
    return hold(compiled, why)


def hold_needed(compiled: Compiled, before: Manifest, former: Callable[[Collection[str]], Mapping[str, object]]) -> Compiled:
    """Keep what has left the sources as long as a package that stays as it was still needs it. former: the stored packages of digests."""
    asked: set[str] = set()
    while new := {name for name in compiled.held if name in before and name not in asked}:
        asked |= new
        needed: dict[str, list[str]] = {}
        stored = former([before[name]["digest"] for name in new])
        for name in sorted(new):
            for other in needs_of(stored[before[name]["digest"]]):
                if other in before and other not in compiled.packages and other not in compiled.held:
                    needed.setdefault(other, []).append(name)
        compiled = hold(compiled, {other: phrase("It has left the sources, but %(names)s still needs it.", names=names) for other, names in needed.items()})
    return compiled
