"""The plain form of the lines that answer: brackets, numbers, bars, signs of quotation. Their words stay as they are."""

import re

from lms.content.items.drafts import ItemDraft
from lms.content.items.forms import ANSWER, CHOICE, CRITERION, CROSSES, NUMBERED, PERCENT, PLAIN, QUOTE, ROUND, ROW, is_choice, is_row, is_rule
from lms.content.items.headers import AT_END

DIGITS = re.compile(r"[0-9０-９]+")
BAR = re.compile(r"(?<!\\)｜")
RULE_SIGNS = str.maketrans("｜：－–—", "|:---")


def answer_lines(item: ItemDraft) -> set[int]:
    """The numbers of the lines at which choices, parts, answers, rows and lines of a rubric begin."""
    rows = [row.place.line for row in [*item.rows, *([item.columns] if item.columns else [])]]
    table = set(range(min(rows, default=0), max(rows, default=-1) + 1))
    return {choice.place.line for choice in item.choices} | {line.place.line for line in [*item.answers, *item.rubric]} | table


def plain_answer(line: str, item: ItemDraft) -> str:
    """A line that answers in its plain form; one that is of no known form stays."""
    if item.kind == "ordering":
        return _part(line)
    if item.kind == "matching":
        return _row(line)
    if item.kind == "essay":
        match = CRITERION.match(line)
        return f"- {match['percent'].translate(PLAIN)}% {match['text'].strip()}".rstrip() if match else line
    if is_choice(line):
        return _choice(line)
    match = ANSWER.match(line)
    return f"= {match['text'].strip()}".rstrip() if match else line


def _choice(line: str) -> str:
    match = CHOICE.match(line)
    if match is None or (match["open"] in ROUND) != (match["close"] in ROUND):
        return line
    mark = match["mark"].strip()
    percent = PERCENT.match(mark)
    if percent:
        shown = ("-" if percent["sign"] in tuple("-−－–") else "") + percent["n"].translate(PLAIN) + "%"
    elif mark and mark not in CROSSES:
        return line
    else:
        shown = "x" if mark else " "
    left, right = "()" if match["open"] in ROUND else "[]"
    return f"- {left}{shown}{right} {_braces(match['text'].strip())}".rstrip()


def _braces(text: str) -> str:
    match = AT_END.search(text)
    if not match or not re.search("[｛｝＃]", match[0]):
        return text
    return f"{text[: match.start()].rstrip()} {{{match['attributes'].strip().replace('＃', '#')}}}".lstrip()


def _part(line: str) -> str:
    match = NUMBERED.match(line)
    number = DIGITS.search(line)
    return f"{number[0].translate(PLAIN)}. {_braces(match['text'].strip())}".rstrip() if match and number else line


def _row(line: str) -> str:
    if not is_row(line) or not ROW.match(line):
        return line
    return line.strip().translate(RULE_SIGNS) if is_rule(line) else BAR.sub("|", line.strip())


def plain_quote(line: str) -> str:
    """Feedback (indented) or explanation behind a plain sign."""
    match = QUOTE.match(line)
    if match is None:
        return line
    return f"{'  ' if match['indent'] else ''}> {match['text']}".rstrip()
