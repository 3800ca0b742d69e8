"""Contests: one settings file each; quiz rounds draw from the banks of quizzes."""

from dataclasses import replace
from hashlib import sha256

from lms.content.catalogue import Contest, Quiz, Round, Stage
from lms.content.digests import digest_json
from lms.content.packages.quizzes import Banks, at, check_dates, read_draws
from lms.content.packages.setting_shapes import ContestHeadShape, ContestShape, PrizeShape, RoundShape, StageShape
from lms.content.packages.shapes import read_shape
from lms.content.packages.workspace import Package, Workspace, words
from lms.content.prizes import ContestPrize, PrizeTier
from lms.content.source.problems import Place
from lms.content.source.yamlish import Node
from lms.platform.rules import phrase


def read_contest(work: Workspace, slug: str, banks: Banks) -> Package:
    """Read a contest file."""
    package = Package(f"contests/{slug}", None)
    node = work.settings(f"contests/{slug}.yml")
    node = _with_head(node) if node else None
    shape = read_shape(ContestShape, node, work.found) if node else None
    if node is None or shape is None:
        return package
    head = _inner(node, "contest")
    work.check_id(head, shape.contest.id, slug)
    work.check_words(head, ["title", "rules_note"], shape.contest.source_lang)
    seen: dict[str, Place] = {}
    stages = []
    for number, stage in enumerate(shape.stages):
        inner = _inner(node, "stages", number)
        _check_once(seen, stage.id, inner.place_of(["id"]), work)
        work.check_words(inner, ["title"], shape.contest.source_lang)
        rounds = []
        for place, round_ in enumerate(stage.rounds):
            below = _inner(inner, "rounds", place)
            _check_once(seen, round_.id, below.place_of(["id"]), work)
            work.check_words(below, ["title"], shape.contest.source_lang)
            rounds.append(_round(work, below, round_, slug, banks, package))
        stages.append(_stage(stage, rounds))
    contest = Contest(
        slug=slug,
        digest="",
        title=words(shape.contest.title),
        rules_note=words(shape.contest.rules_note),
        season=shape.contest.season,
        unique=tuple(shape.identity.unique),
        stages=tuple(stages),
        public=shape.contest.questions == "public",
        prizes=tuple(_prize(work, _inner(node, "prizes", place), prize, stages, seen, shape.contest.source_lang) for place, prize in enumerate(shape.prizes)),
        lot_sha256=shape.lots.sha256 if shape.lots else "",
        lot_seed=shape.lots.seed if shape.lots else "",
    )
    _check_lots(work, node, shape)
    package.made = replace(contest, digest=digest_json("contest", repr(contest)))
    return package


def _stage(stage: StageShape, rounds: list[Round]) -> Stage:
    return Stage(slug=stage.id, title=words(stage.title), entrant=stage.entrant, rounds=tuple(rounds), rank=tuple(stage.rank), ties=stage.ties)


def _round(work: Workspace, node: Node, shape: RoundShape, contest: str, banks: Banks, package: Package) -> Round:
    check_dates(work, node, shape.opens, shape.closes)
    if shape.review not in ("never", "after_close"):
        hint = phrase("In a contest review is never or after_close.")
        work.found.error(node.place_of(["review"]), "review-keys", phrase("This review hands over the keys while others are still answering."), hint)
    quiz = Quiz(
        slug=f"{contest}/{shape.id}",
        digest="",
        title=words(shape.title),
        pass_percent=shape.pass_percent,
        time_limit_s=shape.time_limit_s,
        attempts=shape.attempts.max,
        draws=read_draws(work, node, shape.draw, banks, package, None),
        shuffle_items=shape.shuffle.items,
        shuffle_choices=shape.shuffle.choices,
        review=shape.review,
        review_keys=shape.review_keys,
        opens_at=at(work, shape.opens),
        closes_at=at(work, shape.closes),
        markers=shape.markers,
    )
    return Round(
        slug=shape.id,
        title=words(shape.title),
        quiz=replace(quiz, digest=digest_json("quiz", repr(quiz))),
        grace_s=shape.grace_s,
        attempts_max=shape.attempts.max,
        attempts_per=shape.attempts.per,
        count=shape.attempts.count,
        marks=(shape.marks.right, shape.marks.wrong, shape.marks.blank),
        appeals_days=shape.appeals_days,
    )


def _prize(work: Workspace, node: Node, shape: PrizeShape, stages: list[Stage], seen: dict[str, Place], source_lang: str) -> ContestPrize:
    _check_once(seen, shape.id, node.place_of(["id"]), work)
    work.check_words(node, ["title"], source_lang)
    if shape.round not in {one.slug for stage in stages for one in stage.rounds}:
        message = phrase("There is no round %(id)s in this contest.", id=shape.round)
        work.found.error(node.place_of(["round"]), "reference-unknown", message, phrase("Correct the name, or add the round."))
    tiers, names = [], dict[str, Place]()
    for place, tier in enumerate(shape.tiers):
        below = _inner(node, "tiers", place)
        _check_once(names, tier.id, below.place_of(["id"]), work)
        work.check_words(below, ["title"], source_lang)
        tiers.append(PrizeTier(tier.id, words(tier.title), int(tier.quota.rstrip("%")), percent=tier.quota.endswith("%")))
    conditions = {"all_correct": shape.all_correct, "best_of_unit": shape.best_of_unit, "beside": shape.beside}
    return ContestPrize(shape.id, words(shape.title), shape.round, tuple(tiers), shape.shared, **conditions)


def _check_lots(work: Workspace, node: Node, shape: ContestShape) -> None:
    """Lots are drawn by a text whose SHA-256 is published before anybody can know the ranking."""
    hint = phrase("Write `lots: {sha256: …}` with the SHA-256 of a secret text, and add the text as `seed` after the close.")
    if shape.lots is None:
        if any(prize.shared == "lot" for prize in shape.prizes):
            work.found.error(node.place_of(["prizes"], key=True), "lot-seed", phrase("Lots are to be drawn, and nothing is promised by which."), hint)
    elif shape.lots.seed and sha256(shape.lots.seed.encode()).hexdigest() != shape.lots.sha256:
        message = phrase("The seed of the lots is not the one that was promised.")
        work.found.error(_inner(node, "lots").place_of(["seed"]), "lot-seed", message, phrase("Write the very text whose SHA-256 stands beside it."))


def _check_once(seen: dict[str, Place], slug: str, place: Place, work: Workspace) -> None:
    """Ids of stages and rounds stand once in a contest: addresses and results name them."""
    if slug in seen:
        work.found.error(
            place, "id-twice", phrase("The id %(id)s stands also in line %(line)s.", id=slug, line=seen[slug].line), phrase("Give this one an id of its own.")
        )
    seen.setdefault(slug, place)


def _with_head(node: Node) -> Node:
    """The file with its head below `contest`, wherever the author put it."""
    if not isinstance(node.value, dict) or "contest" in node.value:
        return node
    names = [key for key in ContestHeadShape.model_fields if key in node.value]
    head = Node({key: node.value[key] for key in names}, node.place, {key: node.keys[key] for key in names})
    rest = {key: inner for key, inner in node.value.items() if key not in names}
    return Node({"contest": head} | rest, node.place, {"contest": node.place} | {key: node.keys[key] for key in rest})


def _inner(node: Node, key: str, number: int | None = None) -> Node:
    """The node below a key, or the one of that number in its list, which the shape has found to be there."""
    assert isinstance(node.value, dict)
    inner = node.value[key]
    if number is None:
        return inner
    assert isinstance(inner.value, list)
    return inner.value[number]
