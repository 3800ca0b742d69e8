"""Which packages of a checked tree stay as they were: what is frozen, what brings back another item's id, what those and the kept ones need."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from lms.content.catalogue import Contest, Quiz
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
            why[name] = why_frozen(name, frozen[name])
    return hold(compiled, why)


def why_frozen(name: str, until: datetime) -> Phrase:
    """Why a package stays as it is; of a contest also what that means for the quizzes it draws from."""
    if name.startswith("contests/"):
        return phrase("It is open until %(until)s: till then it draws the questions it was opened with, whatever changes in the quizzes.", until=until)
    return phrase("It is frozen until %(until)s, because a contest or an exam is open.", until=until)


def why_unsealed(
    contests: Mapping[str, Contest], frozen: Mapping[str, datetime], before: Mapping[str, object], after: Mapping[str, object], now: datetime
) -> Mapping[str, Phrase]:
    """Quizzes that would open a bank to all while a frozen contest draws from it.

    contests: those that are frozen, by name; before, after: packages as they are shown and as they would be.
    """
    why: dict[str, Phrase] = {}
    for name, contest in sorted(contests.items()):
        for bank in sorted({draw.bank for stage in contest.stages for one in stage.rounds for draw in one.quiz.draws}):
            owner = f"quizzes/{bank.partition('/')[0]}"
            was, will = before.get(owner), after.get(owner)
            if not isinstance(was, Quiz) or not isinstance(will, Quiz):
                continue
            sealed = min(was.sealed_banks.get(bank, now), frozen[name])
            if sealed > now and will.sealed_banks.get(bank, now) < sealed:
                values = {"bank": bank, "name": name, "until": sealed}
                why[owner] = phrase("Its bank %(bank)s would no longer be sealed while %(name)s draws from it, until %(until)s.", **values)
    return why


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
