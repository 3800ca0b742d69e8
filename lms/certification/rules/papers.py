"""What a document says of its period on a day, and how little of a name its public page shows."""

from dataclasses import dataclass
from datetime import date

from lms.certification.rules.terms import Period, marked
from lms.platform.rules import Phrase, phrase

CAUSES = {
    "error": phrase("issued by mistake"),
    "evidence": phrase("the evidence was found to be false"),
    "issuer": phrase("withdrawn by the issuer"),
    "authority": phrase("by decision of an authority"),
    "correction": phrase("replaced by a corrected document"),
}
"""Why a period was suspended, revoked or replaced, in words that name nobody."""


@dataclass(frozen=True, slots=True)
class PaperState:
    """kind: in_force | not_yet | over | suspended | revoked | superseded, with the sentence for the reader."""

    kind: str
    words: Phrase


def paper_state(period: Period, *, cause: str | None, recorded: bool, as_of: date) -> PaperState:
    """The state of a document on a day. recorded: an entry in a register, which does not expire but makes the next training due."""
    mark = marked(period, as_of)
    if mark is not None:
        since = max(m.on for m in period.marks if m.kind == mark and m.on <= as_of)
        return PaperState(mark, Phrase(MARK_WORDS[mark], {"day": since, "why": CAUSES.get(cause or "", CAUSES["issuer"])}))
    if as_of < period.from_on:
        return PaperState("not_yet", phrase("Not yet in force: it begins on %(day)s.", day=period.from_on))
    if period.until_on is None:
        return PaperState("in_force", phrase("In force from %(day)s.", day=period.from_on))
    if as_of <= period.until_on:
        words = (
            phrase("Recorded. The next training is due by %(day)s.", day=period.until_on)
            if recorded
            else phrase("In force through %(day)s.", day=period.until_on)
        )
        return PaperState("in_force", words)
    words = (
        phrase("The next training was due by %(day)s.", day=period.until_on)
        if recorded
        else phrase("No longer in force: it ended on %(day)s.", day=period.until_on)
    )
    return PaperState("over", words)


MARK_WORDS = {
    "suspended": phrase("Suspended from %(day)s: %(why)s.").message,
    "revoked": phrase("Revoked from %(day)s: %(why)s.").message,
    "superseded": phrase("Replaced from %(day)s: %(why)s.").message,
}


def mask_name(name: str) -> str:
    """A name that a holder of the paper can compare and a stranger cannot use: initials and the given name; of a Chinese name the first character."""
    words = name.split()
    if not words:
        return ""
    if len(words) == 1:
        return words[0][0] + "*" * min(max(len(words[0]) - 1, 1), 3)
    return " ".join([f"{word[0]}." for word in words[:-1]] + [words[-1]])
