"""The forms of the lines that answer: brackets, numbered parts, rows of a table, `= answer`, and lines of a rubric."""

import re

from lms.content.items.drafts import Bracket, ChoiceDraft, LineDraft, RowDraft
from lms.content.items.headers import AT_END, read_braces
from lms.content.source.problems import Findings, Place, did_you_mean
from lms.platform.rules import phrase

CHOICE = re.compile(r"\s{0,3}[-*+－–—]\s*(?P<open>[(（\[【［])(?P<mark>[^()（）\[\]【】［］]{0,8})(?P<close>[)）\]】］])(?![(（])\s*(?P<text>.*)$")
NUMBERED = re.compile(r"\s{0,3}(?:[0-9０-９]{1,2}\s*[.)、．）。](?![0-9０-９])|[(（][0-9０-９]{1,2}[)）])\s*(?P<text>.*)$")
ROW = re.compile(r"\s{0,3}[|｜](?P<text>.*)$")
ANSWER = re.compile(r"\s{0,3}[=＝](?!\s*[=＝])(?P<text>.*)$")
CRITERION = re.compile(r"\s{0,3}[-*+－–—]\s*(?P<percent>[0-9０-９]{1,4})\s*[%％][\s:：]*(?P<text>.*)$")
QUOTE = re.compile(r"(?P<indent>\s*)[>＞]\s?(?P<text>.*)$")
PERCENT = re.compile(r"(?P<sign>[-+−－–＋]?)\s*(?P<n>[0-9０-９]{1,4})\s*[%％]$")
RULE = re.compile(r"[\s|｜:：\-－–—]*[-－–—][\s|｜:：\-－–—]*$")
CROSSES = frozenset("xX×ｘＸхХ")
ROUND, SQUARE = frozenset("(（)）"), frozenset("[【［]】］")
PLAIN = str.maketrans("０１２３４５６７８９", "0123456789")
FLAGS = ("fixed",)


def continues_callout(line: str, *, inside: bool) -> bool:
    """Whether a line is of a call-out: its head `> [!danger]`, or a quoted line right below one that is (`inside`)."""
    quote = QUOTE.match(line)
    return bool(quote) and (inside or quote["text"].startswith("[!"))  # type: ignore[index]


def is_choice(line: str) -> bool:
    """Whether a line is a choice: a bracket that is empty, crossed, or ends in a percent sign."""
    match = CHOICE.match(line)
    return bool(match) and (not match["mark"].strip() or match["mark"].strip() in CROSSES or match["mark"].strip().endswith(("%", "％")))  # type: ignore[index]


def check_mark(line: str, here: Place, found: Findings) -> bool:
    """Whether a line looks like a choice but for what its bracket holds, which is noted: `(đúng)`, `(1)`."""
    match = CHOICE.match(line)
    if not match or is_choice(line):
        return False
    _note_mark(match["mark"].strip(), Place(here.file, here.line, match.start("open") + 1), found)
    return True


def _note_mark(mark: str, place: Place, found: Findings) -> None:
    message = phrase("A bracket is empty or holds an x or a percentage; this one holds %(mark)s.", mark=mark)
    found.error(place, "item-mark", message, phrase("Write an x, or whole percents from -100 to 100: (x), (50%), [-25%]."))


def read_choice(line: str, here: Place, found: Findings) -> ChoiceDraft:
    """A line that is a choice."""
    match = CHOICE.match(line)
    assert match is not None
    mark = match["mark"].strip()
    kind: Bracket = "single" if match["open"] in ROUND else "multiple"
    place = Place(here.file, here.line, match.start("open") + 1)
    if (match["open"] in ROUND) != (match["close"] in ROUND):
        message = phrase("The bracket opens as one kind and closes as the other.")
        found.error(place, "item-brackets", message, phrase("( ) is for one right answer, [ ] for several."))
    percent = _percent(mark, place, found) if mark and mark not in CROSSES else None
    return ChoiceDraft(place, kind, mark in CROSSES or (kind == "multiple" and (percent or 0) > 0), [match["text"].strip()], percent=percent)


def _percent(mark: str, place: Place, found: Findings) -> int | None:
    match = PERCENT.match(mark)
    value = int(match["n"].translate(PLAIN)) * (-1 if match["sign"] in tuple("-−－–") else 1) if match else None
    if value is None or not -100 <= value <= 100:  # noqa: PLR2004
        _note_mark(mark, place, found)
        return None
    return value


def read_part(line: str, here: Place) -> ChoiceDraft | None:
    """A line of a numbered list as a part of an ordering."""
    match = NUMBERED.match(line)
    return ChoiceDraft(Place(here.file, here.line, match.start("text") + 1), "part", right=False, text=[match["text"].strip()]) if match else None


def finish_choice(choice: ChoiceDraft, found: Findings) -> None:
    """Take the braces off the end of a choice that has been read to its end: `{#name .fixed}`."""
    match = AT_END.search(choice.text[-1])
    if not match:
        return
    place = Place(choice.place.file, choice.place.line + len(choice.text) - 1, match.start("attributes") + 1)
    braces = read_braces(match["attributes"], place, found)
    choice.text[-1] = choice.text[-1][: match.start()].rstrip()
    choice.name, choice.fixed = braces.id[:32], "fixed" in braces.flags
    for flag, at in braces.flags.items():
        if flag not in FLAGS:
            found.error(at, "key-unknown", phrase("The key %(key)s is not known here.", key="." + flag), did_you_mean(flag, FLAGS))
    for key, (_, at) in braces.attributes.items():
        found.error(at, "key-unknown", phrase("The key %(key)s is not known here.", key=key), phrase("A choice may have a name {#b} and the mark {.fixed}."))


def read_answer(line: str, here: Place) -> LineDraft | None:
    """A line `= answer`."""
    match = ANSWER.match(line)
    return LineDraft(Place(here.file, here.line, match.start("text") + 1), match["text"].strip()) if match else None


def read_criterion(line: str, here: Place) -> LineDraft | None:
    """A line of a rubric, `- 40% what is looked for`."""
    match = CRITERION.match(line)
    return LineDraft(here, match["text"].strip(), int(match["percent"].translate(PLAIN))) if match else None


def is_row(line: str) -> bool:
    """Whether a line is a row of a table."""
    return bool(ROW.match(line))


def is_rule(line: str) -> bool:
    """Whether a row is the line of hyphens below the headings of a table."""
    return bool(RULE.match(line))


def read_row(line: str, here: Place, found: Findings) -> RowDraft:
    """A row of a table of two columns."""
    match = ROW.match(line)
    assert match is not None
    cells = [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)[|｜]", match["text"])]
    if len(cells) == 3 and not cells[2]:  # noqa: PLR2004
        cells.pop()
    if len(cells) != 2 or not cells[1]:  # noqa: PLR2004
        message = phrase("A row of a matching has two cells: what is to be matched, which may be empty, and what belongs to it.")
        found.error(here, "match-row", message, phrase("Write `| left | right |`, or `| | right |` for a right side that belongs to nothing."))
    return RowDraft(here, cells[0], cells[1] if len(cells) > 1 else "")
