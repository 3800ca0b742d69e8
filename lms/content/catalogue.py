"""The frozen catalogue: what every other room sees of the content. Built at publishing, never changed, identified by its digest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from lms.content.policy import Policy
from lms.content.prizes import ContestPrize
from lms.platform.rules import Phrase

Words = Mapping[str, str]
"""A text by language: {'vi': ..., 'zh': ..., 'en': ...}; the source language is always there."""

Part = Literal["law", "management", "theory", "practice", "test"]
PARTS: tuple[Part, ...] = ("law", "management", "theory", "practice", "test")
Certainty = Literal["S", "D", "S2", "K", "site"]


@dataclass(frozen=True, slots=True)
class Basis:
    """A source of a statement and how sure it is: S seen in a source, D derived, S2 secondary source, K good practice, site: own rule."""

    text: str
    certainty: Certainty


Kind = Literal["single", "multiple", "numeric", "short", "ordering", "matching", "gaps", "hotspot", "essay"]
PERFORMED = "performed"
KINDS: tuple[Kind, ...] = ("single", "multiple", "numeric", "short", "ordering", "matching", "gaps", "hotspot", "essay")


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of a picture, in hundredths of a percent of its width and height (0 to 10000), from its upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tick, to put in order, to match, or to find in a picture. `letter` names it within the revision and never changes.

    Choices to tick and regions are lettered in the order of the file; the parts of an ordering and the right side of a matching in an order
    that tells nothing of the key. percent: what ticking it brings (a wrong one may cost: -100 to 100); fixed: stays last when choices are shuffled.
    A single item's right choice brings all, whatever its percent says (100; 0 in revisions of before there were percents). A multiple item whose
    percents are all 0 is all or nothing; elsewhere the percents of the right choices are 100 together. name: given by the author, to know the choice again in
    another revision; '' if none was.
    """

    letter: str
    html: Words
    feedback: Words
    correct: bool
    percent: int = 0
    fixed: bool = False
    region: Region | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A right number and how far off is still right: plain decimal texts ('85', '-0.5'); tolerance in the same unit, or in percent of the value.

    tolerance: '0' or more. unit: plain text by language ('dBA'), empty if there is none.
    """

    value: str
    tolerance: str
    relative: bool
    unit: Words


@dataclass(frozen=True, slots=True)
class Blank:
    """One text to fill in. accepted: plain texts by language; an answer in any of them is right. keep_accents, keep_case: compared without folding."""

    accepted: Mapping[str, tuple[str, ...]]
    keep_accents: bool = False
    keep_case: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of an essay's rubric, plain text; percent of the item's points that it brings. All lines together are 100."""

    text: Words
    percent: int


@dataclass(frozen=True, slots=True)
class Case:
    """A common text or picture above several items, which are drawn and shown together in the order of the file. prompt: clean HTML.

    place counts from 1 to size, in the order of the file; void items are counted, though they are not drawn. See `Draw.expand`.
    """

    id: str
    prompt: Words
    place: int
    size: int


@dataclass(frozen=True, slots=True)
class Item:
    """One revision of a question. `digest` names it for ever; `key_digest` changes only when what is right changes.

    prompt, explanation and the choices' html and feedback are clean HTML by language (`|pick|safe`); a choice's html is inline.
    By kind: single, multiple: choices. ordering: choices, and `order` with their letters as is right. matching: choices (left), targets (right;
    some may be nobody's), and `pairs` left -> right. hotspot: choices with regions of `picture` (an address) of which the correct ones are to be found.
    numeric: `number`. short: one blank. gaps: as many blanks as the prompt has elements `<span data-gap="0">`, counted from 0. essay: `rubric`.
    partial: a share of the points for a share of the answer (ordering, matching, gaps, hotspot). accept: any answer is right.
    void: never drawn again. case: the case it belongs to.
    practical: of an essay; nothing is written, it is done before an assessor, who marks it by the rubric.
    picture, picture_alt, picture_size: of a hotspot, which has it here and not in its prompt: address and plain text by language; width and height in
    pixels where they are known, of the source language's picture. columns: headings of the two sides of a matching (inline HTML), if it has any.
    In another language the gaps may stand in another order in the prompt: `data-gap` is the place in `blanks`.
    """

    id: str
    digest: str
    presentation_digest: str
    key_digest: str
    kind: Kind
    points: int
    critical: bool
    difficulty: int
    topic: str
    tags: tuple[str, ...]
    prompt: Words
    choices: tuple[Choice, ...]
    explanation: Words
    basis: Mapping[str, tuple[Basis, ...]]
    source: Words
    bank: str
    place: str
    targets: tuple[Choice, ...] = ()
    order: str = ""
    pairs: Mapping[str, str] = field(default_factory=dict)
    number: Number | None = None
    blanks: tuple[Blank, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    picture: Words = field(default_factory=dict)
    picture_alt: Words = field(default_factory=dict)
    picture_size: tuple[int, int] | None = None
    columns: tuple[Words, ...] = ()
    partial: bool = False
    accept: bool = False
    void: bool = False
    case: Case | None = None
    practical: bool = False

    @property
    def shown_kind(self) -> str:
        """The kind as it is shown and answered: of a practical there is nothing to write."""
        return PERFORMED if self.practical else self.kind

    @property
    def key(self) -> frozenset[str]:
        """The letters of the right choices."""
        return frozenset(choice.letter for choice in self.choices if choice.correct)


@dataclass(frozen=True, slots=True)
class Draw:
    """One line of a blueprint: how many entries from a bank ('quiz/bank'), narrowed by tags and difficulty. `pool` holds the digests that fit.

    An entry is an item, or a whole case, for which the digest of its first item stands: `cases` has all items of each case of the pool by that digest,
    in the order of the file. Draw entries first, shuffle them, then put `expand` of each in its place: the items of a case stay together and in order.
    """

    bank: str
    pick: int
    tags: tuple[str, ...]
    difficulty: int | None
    pool: tuple[str, ...]
    cases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def expand(self, digest: str) -> tuple[str, ...]:
        """The items that a drawn entry brings: itself, or the items of its case."""
        return self.cases.get(digest, (digest,))

    @property
    def digests(self) -> tuple[str, ...]:
        """Every item that may come up."""
        return tuple(one for digest in self.pool for one in self.expand(digest))

    @property
    def item_count(self) -> int:
        """How many items it brings; where cases differ in length, the most."""
        return sum(sorted((len(self.expand(digest)) for digest in self.pool), reverse=True)[: self.pick]) if self.cases else self.pick


@dataclass(frozen=True, slots=True)
class Quiz:
    """How papers are drawn and judged. review: never | after_each | after_submit | after_close; times are instants.

    sealed_until: before it the quiz is not for practice, search, previews and exports (`lms.content.sealing`); sealed_banks: the same for
    its own banks, 'quiz/bank' -> instant. Contests and exams draw from sealed banks. markers: how many people mark each essay.
    """

    slug: str
    digest: str
    title: Words
    pass_percent: int
    time_limit_s: int
    attempts: int | None
    draws: tuple[Draw, ...]
    shuffle_items: bool
    shuffle_choices: bool
    review: Literal["never", "after_each", "after_submit", "after_close"]
    review_keys: Literal["always", "when_no_tries_remain_or_passed"]
    opens_at: datetime | None
    closes_at: datetime | None
    practice: bool = False
    sealed_until: datetime | None = None
    sealed_banks: Mapping[str, datetime] = field(default_factory=dict)
    policy: Policy = field(default=Policy(), repr=False)
    markers: int = field(default=1, repr=False)

    @property
    def item_count(self) -> int:
        """How many items a paper has; where cases differ in length, the most."""
        return sum(draw.item_count for draw in self.draws)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson. html and outline by language; `minutes` is the declared study time; self-check items stand in the html in their place."""

    slug: str
    title: Words
    minutes: int
    part: Part
    topic: str
    basis: Mapping[str, tuple[Basis, ...]]
    html: Words
    outline: Mapping[str, tuple[tuple[str, str], ...]]
    digest: str
    self_checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a course's changes; `retrain` sends people back to learn when that version is published."""

    version: int
    kind: Literal["minor", "retrain"]
    why: str


@dataclass(frozen=True, slots=True)
class Course:
    """A course in the order of its lessons. `version` is the highest of its changes."""

    slug: str
    digest: str
    title: Words
    summary: Words
    audience: tuple[str, ...]
    cover: str | None
    lessons: tuple[Lesson, ...]
    quiz: str | None
    schemes: tuple[str, ...]
    version: int
    source_rev: str
    minutes_by_part: Mapping[str, int] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    def find_lesson(self, slug: str) -> Lesson | None:
        """The lesson of that slug, if the course has it."""
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)


@dataclass(frozen=True, slots=True)
class Round:
    """One quiz round of a contest. attempts_per: round | day | week; count: best | first | last; marks are whole points; appeals_days: 0 is none promised."""

    slug: str
    title: Words
    quiz: Quiz
    grace_s: int
    attempts_max: int
    attempts_per: Literal["round", "day", "week"]
    count: Literal["best", "first", "last"]
    marks: tuple[int, int, int]
    appeals_days: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a contest: who enters (person), its rounds, the keys that rank them, and what happens to ties."""

    slug: str
    title: Words
    entrant: Literal["person"]
    rounds: tuple[Round, ...]
    rank: tuple[Literal["correct", "elapsed", "submitted"], ...]
    ties: Literal["share"]


@dataclass(frozen=True, slots=True)
class Contest:
    """A contest as its file says it. public: all know its questions, so reviews elsewhere show keys. lot_seed: what draws lots; lot_sha256: its promise."""

    slug: str
    digest: str
    title: Words
    rules_note: Words
    season: str
    unique: tuple[str, ...]
    stages: tuple[Stage, ...]
    public: bool = False
    prizes: tuple[ContestPrize, ...] = ()
    lot_sha256: str = ""
    lot_seed: str = ""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A value of the law or of the site, with where it comes from and how sure it is."""

    value: object
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True)
class SchemeVersion:
    """A scheme as it stands from a date until a date (both included; open if none). Minutes; parts may be empty.

    rulings: where the values that are not Ruled themselves come from: 'parts', 'test', 'document', 'issuer'.
    """

    from_on: date
    to_on: date | None
    legal_basis: tuple[tuple[Words, Certainty], ...]
    initial_minutes: Ruled
    initial_parts: Mapping[str, int]
    parts_certainty: Certainty | None
    refresher_minutes: Ruled
    cycle_months: Ruled
    counting: Ruled
    renewal_starts: Ruled
    renewal_window_days: Ruled
    warn_days: Ruled
    test_required: bool
    max_online_minutes: Ruled
    document_kind: Literal["certificate", "card", "register_entry"]
    document_form: str
    document_expires: bool
    issuer_kind: Literal["employer", "training_org"]
    provider_classes: tuple[str, ...]
    triggers: tuple[Mapping[str, str], ...]
    note: Words
    max_online_refresher_minutes: int | None = None
    rulings: Mapping[str, Ruled] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A certification scheme: dated versions without gaps or overlaps."""

    slug: str
    digest: str
    country: str
    group: str
    title: Words
    summary: Words
    valid_label: Literal["valid", "recorded"]
    versions: tuple[SchemeVersion, ...]

    def version_on(self, on: date) -> SchemeVersion | None:
        """The version in force on a date."""
        return next((v for v in self.versions if v.from_on <= on and (v.to_on is None or on <= v.to_on)), None)


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of a glossary. words: the term by language; also: its other spellings; meaning and source: plain text by language."""

    id: str
    words: Words
    also: Mapping[str, tuple[str, ...]]
    meaning: Words
    source: Words
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms of one field, in the order of the file. An id and a spelling stand once in all glossaries of a site."""

    slug: str
    digest: str
    title: Words
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A lesson in one language whose terms lead to their meaning at its foot: clean HTML, and the ids of the terms in reading order."""

    html: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pin:
    """What a contest that stayed as it was keeps of the time before the quizzes that it draws from went on without it.

    titles: of these quizzes, by slug, as its printed rules name them. stale: the languages in which the revisions that it draws are older than their
    source, by subject (`lms.content.subjects`); a subject that is not there is drawn as it is published now.
    """

    titles: Mapping[str, Words] = field(default_factory=dict)
    stale: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything published at one time. `held` lists packages ('courses/x') that stay at their former state or absent, with why.

    digest: of the manifest. publication_id: 0 before anything was published. stale: languages of translations that are older than their
    source, by subject (`lms.content.subjects`). terms: of all glossaries by id.
    explained: lessons with their terms marked, by digest of the lesson and language; made once for each publication.
    pins: of contests that are older than what they draw from, by slug.
    """

    digest: str
    courses: Mapping[str, Course] = field(default_factory=dict)
    quizzes: Mapping[str, Quiz] = field(default_factory=dict)
    contests: Mapping[str, Contest] = field(default_factory=dict)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    glossary: Mapping[str, Glossary] = field(default_factory=dict)
    held: Mapping[str, Phrase] = field(default_factory=dict)
    publication_id: int = 0
    stale: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)
    explained: Mapping[str, Mapping[str, Explained]] = field(default_factory=dict)
    pins: Mapping[str, Pin] = field(default_factory=dict)

    def quizzes_of(self, contest: str) -> Mapping[str, Quiz]:
        """The quizzes by slug, titled as the rules of this contest name them."""
        titles = self.pins[contest].titles if contest in self.pins else {}
        return {slug: replace(quiz, title=titles.get(slug, quiz.title)) for slug, quiz in self.quizzes.items()} if titles else self.quizzes
