"""Quizzes: quiz.yml and its banks; blueprints and their pools."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import combinations

from lms.content.catalogue import Draw, Item, Quiz
from lms.content.digests import digest_json
from lms.content.items.anchors import check_anchors
from lms.content.items.cases import cases_of, check_cases, entries_of, fits
from lms.content.items.making import Written, propose_id
from lms.content.items.parser import Form, Part, TextPart, items_in, kinds_of
from lms.content.packages.policies import read_policy, shows_keys
from lms.content.packages.quiz_shapes import DrawShape, QuizShape
from lms.content.packages.setting_shapes import BankShape
from lms.content.packages.shapes import read_shape
from lms.content.packages.workspace import Package, Workspace, words
from lms.content.policy import Policy
from lms.content.source.problems import Place, did_you_mean
from lms.content.source.texts import texts_of
from lms.content.source.yamlish import Node
from lms.platform.rules import phrase

BANK_TEXT = phrase("This line stands outside of any item.")
MAX_DRAWS_COMPARED = 10


@dataclass
class Banks:
    """The items of every bank of the tree, by 'quiz/bank'; `broken` banks have fewer items than they should.

    seals: until when a quiz ('quiz') or a bank ('quiz/bank') is sealed.
    """

    items: dict[str, list[Item]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    seals: dict[str, datetime] = field(default_factory=dict)

    def seal(self, name: str, until: datetime | None) -> None:
        """Keep a quiz or bank sealed until an instant; the later of two holds."""
        if until is not None:
            self.seals[name] = max(until, self.seals.get(name, until))

    def sealed_of(self, slug: str) -> dict[str, datetime]:
        """The sealed banks of a quiz."""
        return {name: until for name, until in sorted(self.seals.items()) if name.startswith(slug + "/")}

    def seal_of(self, slug: str, draws: Sequence[Draw]) -> datetime | None:
        """Until when a quiz is sealed: by its own settings, or by the banks it draws from."""
        mine = [self.seals[slug]] if slug in self.seals else []
        drawn = (self.sealed_of(draw.bank[:-2]).values() if draw.bank.endswith("/*") else [self.seals.get(draw.bank)] for draw in draws)
        return max([*mine, *(until for some in drawn for until in some if until is not None)], default=None)


def read_banks(work: Workspace, slug: str, source_lang: str, banks: Banks) -> None:
    """Read the banks of one quiz."""
    folder = f"quizzes/{slug}"
    for name, paths in texts_of(work.tree, folder, work.found).items():
        bank = f"{slug}/{name}"
        banks.items[bank] = []
        before = len(work.found.problems)
        if source_lang not in paths:
            place = Place(next(iter(paths.values())))
            work.found.error(place, "source-missing", phrase("The file in the source language (%(lang)s) is missing.", lang=source_lang))
        else:
            work.check_translations(Place(paths[source_lang]), paths, source_lang)
            banks.seal(bank, banks.seals.get(slug))
            ordered = {lang: paths[lang] for lang in sorted(paths, key=lambda lang: lang != source_lang)}
            read = partial(_read_bank, bank=bank, paths=ordered, source_lang=source_lang)
            banks.items[bank], sealed = work.once(("bank", bank, source_lang), folder, ordered.values(), read)
            banks.seal(bank, sealed)
        if any(problem.severity == "error" for problem in work.found.problems[before:]):
            banks.broken.add(bank)


def _read_bank(work: Workspace, *, bank: str, paths: dict[str, str], source_lang: str) -> tuple[list[Item], datetime | None]:
    """The items of a bank, and until when its front matter seals it."""
    written: dict[str, dict[str, Written]] = {}
    sealed: datetime | None = None
    kinds: dict[str, Form] = {}
    for lang, path in paths.items():
        text = work.text(path, lang)
        head = read_shape(BankShape, text.front, work.found)
        sealed = at(work, head.sealed_until) if head and lang == source_lang else sealed
        parts = work.parts(text, in_bank=True, source=lang == source_lang, kinds=kinds)
        if lang == source_lang:
            kinds = kinds_of(parts)
            check_cases(parts, work.found)
        _check_between(work, parts)
        drafts = items_in(parts)
        if lang == source_lang:
            check_anchors(drafts, work.found)
        for draft in drafts:
            if lang != source_lang and draft.id not in written:
                hint = did_you_mean(draft.id, written) if written else None
                work.found.error(draft.place, "translation-unknown-item", phrase("The source has no item %(id)s.", id=draft.id), hint)
            elif lang == source_lang or lang not in written[draft.id]:
                written.setdefault(draft.id, {}).setdefault(lang, Written(draft, text))
        check_missing(work, written, {draft.id for draft in drafts}, lang, source_lang)
    topic = bank.rpartition("/")[2]
    return [item for one in written.values() if (item := work.maker.make(one, source_lang, bank, {"topic": topic}))], sealed


def check_missing(work: Workspace, written: dict[str, dict[str, Written]], there: set[str], lang: str, source_lang: str) -> None:
    """Note the items that a translation lacks, at their lines in the source."""
    for id_, one in written.items():
        if lang != source_lang and id_ not in there:
            work.found.warning(
                one[source_lang].draft.place, "translation-missing-item", phrase("The item %(id)s is not translated into %(lang)s.", id=id_, lang=lang)
            )


def _check_between(work: Workspace, parts: Sequence[Part]) -> None:
    for part in parts:
        if not isinstance(part, TextPart):
            continue
        for number, line in enumerate(part.lines):
            if line.startswith("## "):
                hint = phrase("Put {#%(example)s} at the end of the line; the id stays with the item for ever.", example=propose_id(line))
                work.found.error(part.place.down(number), "item-no-id", phrase("This item has no id."), hint)
            elif line.strip() and not line.startswith("# "):
                work.found.error(part.place.down(number), "bank-text", BANK_TEXT, phrase("An item begins with `## Question {#id}`."))


def read_quiz(work: Workspace, slug: str, banks: Banks) -> Package:
    """Read quiz.yml; its banks have been read before."""
    package = Package(f"quizzes/{slug}", None, items=[item for bank, items in banks.items.items() if bank.startswith(slug + "/") for item in items])
    node = work.settings(f"quizzes/{slug}/quiz.yml")
    shape = read_shape(QuizShape, node, work.found) if node else None
    if node is None or shape is None:
        return package
    work.check_id(node, shape.id, slug)
    work.check_words(node, ["title"], shape.source_lang)
    if not 1 <= shape.pass_percent <= 100:  # noqa: PLR2004
        message = phrase("Nobody can reach a pass mark of %(n)s %%, or everybody does.", n=shape.pass_percent)
        work.found.error(node.place_of(["pass_percent"]), "pass-mark", message, phrase("Write a whole number from 1 to 100."))
    check_dates(work, node, shape.opens, shape.closes)
    _check_review(work, node, shape)
    draws = _quiz_draws(work, node, shape, banks, package, slug)
    quiz = Quiz(
        slug=slug,
        digest="",
        title=words(shape.title),
        pass_percent=shape.pass_percent,
        time_limit_s=shape.time_limit_s,
        attempts=shape.attempts,
        draws=draws,
        shuffle_items=shape.shuffle.items,
        shuffle_choices=shape.shuffle.choices,
        review=shape.review.when,
        review_keys=shape.review_keys,
        opens_at=at(work, shape.opens),
        closes_at=at(work, shape.closes),
        practice=shape.practice,
        sealed_until=banks.seal_of(slug, draws),
        sealed_banks=banks.sealed_of(slug),
        policy=read_policy(work, node, shape),
        markers=shape.markers,
    )
    package.made = replace(quiz, digest=digest_of(quiz))
    return package


def digest_of(quiz: Quiz) -> str:
    """The digest of a quiz: that of a quiz without a policy or markers of its own is what it was before there were any."""
    own = ([repr(quiz.policy)] if quiz.policy != Policy() else []) + ([f"markers {quiz.markers}"] if quiz.markers != 1 else [])
    return digest_json("quiz", repr(quiz), *own)


def at(work: Workspace, local: datetime | None) -> datetime | None:
    """The instant of a wall-clock time in the site's zone."""
    return None if local is None else local.replace(tzinfo=work.zone).astimezone(UTC)


def check_dates(work: Workspace, node: Node, opens: datetime | None, closes: datetime | None) -> None:
    """A closing time lies after the opening time."""
    if opens and closes and opens >= closes:
        message = phrase("It closes (%(closes)s) before it opens (%(opens)s).", closes=f"{closes:%Y-%m-%d %H:%M}", opens=f"{opens:%Y-%m-%d %H:%M}")
        work.found.error(node.place_of(["closes"]), "dates-order", message)


def _check_review(work: Workspace, node: Node, shape: QuizShape) -> None:
    place = node.place_of(["review"])
    when = shape.review.when
    if when == "after_close" and shape.closes is None:
        work.found.error(
            place, "review-no-close", phrase("The review waits for a closing time, and there is none."), phrase("Add `closes`, or choose another review.")
        )
    if shape.practice or not shows_keys(shape):
        return
    if when == "after_each":
        hint = phrase("Write `practice: yes` if nothing depends on the result, or review after_submit.")
        work.found.error(place, "review-keys", phrase("A review after each answer hands over the keys in the middle of a test."), hint)
    if when == "after_submit" and shape.attempts != 1 and shape.review_keys == "always":
        hint = phrase("Add `review_keys: when_no_tries_remain_or_passed`.")
        work.found.error(place, "review-keys", phrase("This review hands over the keys while tries remain."), hint)


def _quiz_draws(work: Workspace, node: Node, shape: QuizShape, banks: Banks, package: Package, slug: str) -> tuple[Draw, ...]:
    """The blueprint of a quiz: its draw, or those of its sections one after the other; no item is drawn for two of them."""
    if shape.sections is None:
        return read_draws(work, node, shape.draw or (), banks, package, slug)
    below = [("sections", number, "draw") for number in range(len(shape.sections))]
    read = [_read_lines(work, node, path, one.draw, banks, package, slug) for path, one in zip(below, shape.sections, strict=True)]
    draws = [draw for lines, _ in read for draw in lines]
    if all(sound for _, sound in read):
        _check_together(work, node, "sections", draws)
    return tuple(draws)


def read_draws(work: Workspace, node: Node, lines: Sequence[DrawShape], banks: Banks, package: Package, slug: str | None) -> tuple[Draw, ...]:
    """The blueprint with its pools; a pool that is too small or a bank that does not exist is noted."""
    draws, sound = _read_lines(work, node, ("draw",), lines, banks, package, slug)
    if sound:
        _check_together(work, node, "draw", draws)
    return tuple(draws)


def _read_lines(
    work: Workspace, node: Node, path: Sequence[str | int], lines: Sequence[DrawShape], banks: Banks, package: Package, slug: str | None
) -> tuple[list[Draw], bool]:
    draws: list[Draw] = []
    sound = True
    for number, line in enumerate(lines):
        place = node.place_of([*path, number, "from" if line.from_ else "pick"])
        bank = f"{slug or ''}/*" if line.from_ is None else line.from_ if "/" in line.from_ else f"{slug or ''}/{line.from_}"
        own = [name for name in banks.items if name.startswith(f"{slug}/")] if line.from_ is None else [bank] if bank in banks.items else []
        if not own:
            known = [name.removeprefix(f"{slug}/") for name in banks.items]
            message = phrase("There is no bank %(name)s.", name=line.from_ or bank)
            work.found.error(place, "bank-unknown", message, did_you_mean(line.from_ or "", known) if known else None)
            sound = False
            continue
        if not bank.startswith(f"{slug}/"):
            package.needs.add(f"quizzes/{bank.split('/')[0]}")
        wanted = set(line.tags)
        fitting = [entry for name in own for entry in entries_of(banks.items[name]) if fits(entry, wanted, line.difficulty)]
        pool = tuple(entry[0].digest for entry in fitting)
        draws.append(Draw(bank, line.pick, tuple(line.tags), line.difficulty, pool, cases_of(fitting)))
        sound = sound and not (set(own) & banks.broken)
        if line.pick > len(fitting) and not set(own) & banks.broken:
            message = phrase("%(pick)s items are to be drawn, but only %(n)s fit.", pick=line.pick, n=len(fitting))
            work.found.error(node.place_of([*path, number, "pick"]), "draw-too-large", message, phrase("Draw fewer, or ask for fewer tags."))
            sound = False
        elif 0 < line.pick < len(fitting) and len({len(entry) for entry in fitting}) > 1:
            message = phrase("Cases and items, or cases of different length, share this line: papers drawn from it differ in length.")
            work.found.warning(place, "draw-uneven", message, phrase("Keep cases in a bank of their own, or under a tag of their own."))
    return draws, sound


def _check_together(work: Workspace, node: Node, key: str, draws: Sequence[Draw]) -> None:
    """No item is drawn twice: every group of lines needs as many items as it picks (Hall's condition)."""
    for component in _overlapping(draws):
        lines = component[:MAX_DRAWS_COMPARED]
        for size in range(2, len(lines) + 1):
            for group in combinations(lines, size):
                pool = 0
                for _, bits in group:
                    pool |= bits
                picked = sum(pick for pick, _ in group)
                if picked > pool.bit_count():
                    message = phrase("%(n)s lines of the draw share %(pool)s items, but pick %(picked)s of them.", n=size, pool=pool.bit_count(), picked=picked)
                    work.found.error(
                        node.place_of([key], key=True), "draw-too-large", message, phrase("An item is drawn once; let the lines ask for different items.")
                    )
                    return


def _overlapping(draws: Sequence[Draw]) -> list[list[tuple[int, int]]]:
    """The lines that share items, directly or through others: of each what it picks, and its pool as bits."""
    bit: dict[str, int] = {}
    components: list[tuple[int, list[tuple[int, int]]]] = []
    for draw in draws:
        pool = 0
        for digest in draw.pool:
            pool |= 1 << bit.setdefault(digest, len(bit))
        touching = [one for one in components if one[0] & pool]
        components = [one for one in components if not one[0] & pool]
        union, lines = pool, [(draw.pick, pool)]
        for bits, others in touching:
            union, lines = union | bits, others + lines
        components.append((union, lines))
    return [lines for _, lines in components]
