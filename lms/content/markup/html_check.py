"""Raw HTML in Markdown: refused with its line, but for a few harmless tags; and nesting that no reader needs."""

import re
from collections.abc import Sequence

from lms.content.markup.rendering import FENCE, INLINE_TAGS
from lms.content.source.problems import Findings, Place
from lms.platform.rules import phrase

CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
TAG = re.compile(r"<\s*(?P<what>/?[a-zA-Z][^\s<>/]*|!--|!\[|!DOCTYPE|\?)(?P<rest>[^<>]*)>?", re.IGNORECASE)
AUTOLINK = re.compile(r"(?:https?://|mailto:|tel:)|[\w.+-]+@[\w-]+\.[\w.]+$", re.IGNORECASE)
MAX_QUOTES, MAX_INDENT, MAX_RUN, MAX_BRACKETS = 4, 24, 120, 200
RUN = re.compile(r"([*_`~\[\](){}<>!^|\\=#+&;:.-])\1{119,}")


def check_lines(lines: Sequence[str], place: Place, found: Findings) -> list[str]:
    """Note raw HTML and excess; gives the lines with what would be slow to read taken out."""
    made, fence, brackets, opened = [], "", 0, place
    for number, line in enumerate(lines):
        here = place.down(number)
        brackets = brackets + line.count("[") if line.strip() else 0
        mark = FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence, opened = "" if fence else mark[1], here
        elif not fence:
            _tags(line, here, found)
        made.append("" if _too_much(line, brackets, here, found) else line)
    if fence:
        message = phrase("The code that begins here has no closing line, so the rest of the file is code.")
        found.error(opened, "fence-open", message, phrase("Write %(fence)s on a line of its own below the code.", fence=fence))
    return made


def _tags(line: str, here: Place, found: Findings) -> None:
    bare = CODE.sub(lambda code: " " * len(code[0]), line)
    for tag in TAG.finditer(bare):
        name = tag["what"].lstrip("/").lower()
        if (name in INLINE_TAGS and not tag["rest"].strip(" /")) or AUTOLINK.match(tag["what"] + tag["rest"]) or bare[tag.start() - 1 : tag.start()] == "\\":
            continue
        message = phrase("Raw HTML is not used here: %(tag)s", tag=line[tag.start() : tag.end()][:60])
        hint = phrase(
            "Write it in Markdown. To show the sign itself, put it between backticks. Allowed are only %(tags)s.",
            tags=" ".join(f"<{t}>" for t in sorted(INLINE_TAGS)),
        )
        found.error(Place(here.file, here.line, tag.start() + 1), "raw-html", message, hint)


def _too_much(line: str, brackets: int, here: Place, found: Findings) -> bool:
    """Whether a line (with so many brackets since the last empty one) would cost more to read than it can be worth."""
    quotes = re.match(r"[\s>]*", line)
    depth = quotes.group().count(">") if quotes else 0
    indent = len(line) - len(line.lstrip())
    if depth <= MAX_QUOTES and indent <= MAX_INDENT and brackets <= MAX_BRACKETS and not RUN.search(line):
        return False
    hint = phrase(
        "At most %(quotes)s quotations and %(lists)s lists lie inside each other, and no sign is repeated more than %(run)s times.",
        quotes=MAX_QUOTES,
        lists=MAX_INDENT // 4,
        run=MAX_RUN - 1,
    )
    found.error(here, "too-deep", phrase("This line nests or repeats signs more than any reader needs."), hint)
    return True
