"""What is written, line by line: items, cases and the text between them, before anything is checked for its meaning."""

from dataclasses import dataclass, field
from typing import Literal

from lms.content.catalogue import Kind
from lms.content.source.problems import Place

Bracket = Literal["single", "multiple", "part"]


@dataclass
class ChoiceDraft:
    """One choice, region or part of an ordering (`part`: no bracket) as written. percent: what stands in the bracket instead of an x."""

    place: Place
    kind: Bracket
    right: bool
    text: list[str]
    feedback: list[str] = field(default_factory=list)
    percent: int | None = None
    name: str = ""
    fixed: bool = False


@dataclass
class LineDraft:
    """A line with a meaning of its own: `= answer`, or what follows the percent of a rubric."""

    place: Place
    text: str
    percent: int = 0


@dataclass
class RowDraft:
    """One row of a matching."""

    place: Place
    left: str
    right: str


@dataclass
class CaseDraft:
    """The head of a case as written in one language: what stands above its items."""

    place: Place
    id: str
    text: str
    body: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    flags: dict[str, Place] = field(default_factory=dict)
    attributes: dict[str, tuple[str, Place]] = field(default_factory=dict)


@dataclass
class ItemDraft:
    """One item as written in one language. The line of body[0] follows that of `place`."""

    place: Place
    id: str
    text: str
    kind: Kind = "single"
    body: list[str] = field(default_factory=list)
    choices: list[ChoiceDraft] = field(default_factory=list)
    answers: list[LineDraft] = field(default_factory=list)
    rows: list[RowDraft] = field(default_factory=list)
    columns: RowDraft | None = None
    rubric: list[LineDraft] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    attributes: dict[str, tuple[str, Place]] = field(default_factory=dict)
    flags: dict[str, Place] = field(default_factory=dict)
    case: CaseDraft | None = None

    @property
    def asked(self) -> list[tuple[Place, str]]:
        """The lines of the question with their places."""
        return [(self.place, self.text), *((self.place.down(number), line) for number, line in enumerate(self.body, 1))]


@dataclass
class TextPart:
    """Lines between items."""

    place: Place
    lines: list[str]


Part = ItemDraft | CaseDraft | TextPart
