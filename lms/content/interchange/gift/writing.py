"""A bank as GIFT: Markdown texts, ids and tags in the comment above each question; pictures and some kinds do not travel."""

from collections.abc import Iterator

from lms.content.interchange.carrying import tags_of
from lms.content.interchange.gapping import blanked, gaps_of, with_gaps
from lms.content.interchange.gift.signs import FORMAT, escaped
from lms.content.interchange.model import Bank, BankItem
from lms.content.interchange.moodle.writing import fractions, rubric_lines
from lms.content.interchange.pictures import names_in
from lms.content.interchange.report import Losses
from lms.content.interchange.texts import short_name
from lms.content.interchange.to_html import to_plain
from lms.platform.rules import phrase

GAP_HERE = "\ue010"


def write_gift(bank: Bank, losses: Losses) -> bytes:
    """The bank as one text file."""
    blocks = [f"$CATEGORY: $course$/top/{' '.join(bank.title.split()).replace('/', '//')}"] if bank.title.strip() else []
    for item in bank.items:
        blocks += _blocks(item, "", bank, losses)
        for part in item.parts:
            blocks += _blocks(part, item.id, bank, losses)
    return ("\n\n".join(blocks) + "\n").encode()


def _blocks(item: BankItem, case: str, bank: Bank, losses: Losses) -> Iterator[str]:
    answers = _answers(item, losses)
    if answers is None:
        return
    if item.kind == "case":
        losses.add(item, phrase("GIFT draws the items of a case one by one, not together."))
    if any(names_in("\n".join([item.whole, item.explanation, *(f"{a.text}\n{a.feedback}" for a in item.answers)]))):
        losses.add(item, phrase("GIFT carries no pictures: only their names stand in the text."))
    tags = tags_of(item, case=case, kind=_kind(item), number=True)
    signs = " ".join([f"[id:{item.id}]"] * bool(item.id) + [f"[tag:{tag.replace(']', chr(92) + ']')}]" for tag in tags])
    title = short_name(to_plain(blanked(item), bank.lang), 60) or item.id
    explanation = f"####{_rich(item.explanation)}" if item.explanation else ""
    before, _, after = with_gaps(item.whole, lambda _: GAP_HERE).partition(GAP_HERE) if item.kind == "gaps" else (item.whole, "", "")
    braces = "" if item.kind == "case" else f"{{{answers}{explanation}}}"
    if item.kind == "case" and explanation:
        losses.add(item, phrase("The explanation of a case is left out."))
    yield f"// {signs}\n::{escaped(title)}::[markdown]{escaped(before)}{braces}{escaped(after)}"


def _kind(item: BankItem) -> str:
    """The kind, where the answers alone could be read as another."""
    one_right = item.kind == "multiple" and sum(answer.right for answer in item.answers) == 1
    return item.kind if one_right or item.kind == "ordering" else ""


def _rich(text: str) -> str:
    return f"[markdown]{escaped(text)}" if FORMAT.match(text) or text.startswith("%") else escaped(text)


def _cell(text: str) -> str:
    """One side of a pair; an arrow in it must not part it."""
    return _rich(text.replace("->", "-&gt;"))


def _answers(item: BankItem, losses: Losses) -> str | None:  # noqa: C901, PLR0911  (one way out for each kind of item)
    """What stands in the braces; None for an item that GIFT cannot hold."""
    match item.kind:
        case "single" | "multiple":
            lines = []
            for answer, share in zip(item.answers, fractions(item), strict=True):
                mark = "=" if item.kind == "single" and share == "100" else "~" if item.kind == "single" and share == "0" else f"~%{share}%"
                lines.append(f"\t{mark}{_rich(answer.text)}" + (f"#{_rich(answer.feedback)}" if answer.feedback else ""))
            return "\n" + "\n".join(lines) + "\n"
        case "numeric":
            number = item.number
            assert number is not None
            if number.relative:
                low, high = sorted(float(number.value) * (1 + sign * float(number.tolerance) / 100) for sign in (-1, 1))
                return f"#{low:.10g}..{high:.10g}"
            return f"#{number.value}:{number.tolerance}"
        case "short":
            return " ".join(f"={escaped(answer.text)}" for answer in item.answers)
        case "gaps":
            return _gap(item, losses)
        case "matching":
            return "\n" + "\n".join(f"\t={_cell(left)} -> {_cell(right)}" for left, right in item.pairs) + "\n"
        case "ordering":
            losses.add(item, phrase("GIFT knows no ordering: it becomes a matching of the steps with their numbers."))
            return "\n" + "\n".join(f"\t={_cell(step.text)} -> {number}" for number, step in enumerate(item.answers, 1)) + "\n"
        case "essay":
            if item.answers:
                losses.add(item, phrase("GIFT has no place for a rubric: it is left out: %(text)s", text="; ".join(rubric_lines(item))[:200]))
            return ""
        case "case":
            return ""
        case _:
            losses.add(item, phrase("GIFT knows no question of this kind, so the item is left out."))
            return None


def _gap(item: BankItem, losses: Losses) -> str | None:
    gaps = gaps_of(item)
    if len(gaps) != 1:
        losses.add(item, phrase("GIFT knows one gap in a question; this one has %(n)s, so the item is left out.", n=len(gaps)))
        return None
    return " ".join(f"={escaped(accepted)}" for accepted in gaps[0])
