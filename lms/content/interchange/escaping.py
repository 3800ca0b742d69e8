"""Plain text as Markdown that shows exactly that text, and foreign Markdown made fit to stand in an item of ours."""

import re
import unicodedata
from collections.abc import Iterator

from lms.content.items.forms import CHOICE
from lms.content.items.headers import HEADING
from lms.content.markup.html_check import AUTOLINK, CODE, TAG
from lms.content.markup.rendering import FENCE, INLINE_TAGS
from lms.content.source.plain import CONTROL

INLINE = re.compile(
    r"(?P<slash>\\(?=[^\w\s]|$))|(?P<mark>[`\[]|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_]))|(?P<less><(?=\s*[A-Za-z/!?]|\s*$))|(?P<and>&(?=#?\w+;))|(?P<wide>【(?=【)|［(?=［))",
    re.MULTILINE,
)
START = re.compile(
    r"(?P<bullet>[-+*](?=\s|$|[(（\[【［]))|(?P<number>\d{1,9})(?P<point>[.)](?=\s|$))|(?P<sign>[>#|])|(?P<coded>[:=＝＞](?=.)|[=]$|~(?=~~)|[–—－](?=\s*[(（\[【［]))"
)
RULE = re.compile(r"[-:|\s=]+$")
BREAK = "<br>"


def normal(text: str) -> str:
    """NFC, one kind of line end, no control characters, no odd blanks: what the reader of banks would make of it anyway."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    text = text.replace("\ufeff", "").replace("\u2028", "\n").replace("\u2029", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return CONTROL.sub("", re.sub(r"[\ud800-\udfff\x85\x1c-\x1e]", "", text))


def escape_inline(text: str) -> str:
    """Signs that Markdown would take for marks, wherever they stand in a line."""
    return INLINE.sub(_escaped, normal(text))


def _escaped(match: re.Match[str]) -> str:
    if match["wide"]:
        return f"&#{ord(match[0])};"
    return "\\\\" if match["slash"] else "&lt;" if match["less"] else "&amp;" if match["and"] else "\\" + match[0]


def escape_start(line: str) -> str:
    """A line whose beginning Markdown or the form of items would take for a list, quotation, heading, table, rule or key."""
    line = line.strip()
    match = START.match(line)
    if match and match["number"]:
        return f"{match['number']}\\{match['point']}{line[match.end() :]}"
    if match and match["coded"]:
        return f"&#{ord(line[0])};{line[1:]}"
    if match or (RULE.match(line) and line.startswith("-")):
        return "\\" + line
    return line


def escape(text: str, *, inline: bool = False) -> str:
    """Plain text as Markdown. inline: on one line, its line ends as `<br>`."""
    paragraphs = [[line.strip() for line in part.split("\n") if line.strip()] for part in re.split(r"\n\s*\n", normal(text))]
    if inline:
        return escape_start(escape_inline_lines([line for lines in paragraphs for line in lines], BREAK))
    return "\n\n".join(escape_inline_lines(lines, BREAK + "\n") for lines in paragraphs if lines)


def escape_inline_lines(lines: list[str], joint: str) -> str:
    """Plain lines, each escaped, joined."""
    return joint.join(escape_start(escape_inline(line)) for line in lines)


def tame(markdown: str, *, inline: bool = False) -> str:
    """Markdown from elsewhere that leaves the form of an item whole: no headings, no choices, no HTML but the little that is allowed."""
    lines = list(_tamed(normal(markdown)))
    if inline:
        return BREAK.join(part.strip() for part in re.split(r"\n\s*\n", "\n".join(lines)) if part.strip()).replace("\n", " ")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def _tamed(markdown: str) -> Iterator[str]:
    fence = ""
    for line in markdown.split("\n"):
        mark = FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
            yield line
        elif fence:
            yield " " + line if HEADING.match(line) else line
        else:
            yield _tame_line(line)
    if fence:
        yield fence


def _tame_line(line: str) -> str:
    line = _without_tags(line)
    heading = HEADING.match(line)
    if heading:
        text = line[heading.end() :].strip().strip("#").strip()
        return f"**{text}**" if text and "**" not in text else text
    if CHOICE.match(line):
        indent = len(line) - len(line.lstrip())
        return line[:indent] + (f"\\{line[indent:]}" if line[indent] in "-*+" else f"&#{ord(line[indent])};{line[indent + 1 :]}")
    return f"&#{ord(line[0])};{line[1:]}" if line[:1] in ("=", "＝") else line


def _without_tags(line: str) -> str:
    """Raw HTML that our banks do not take, as text that shows it."""
    bare = CODE.sub(lambda code: " " * len(code[0]), line)
    for tag in reversed(list(TAG.finditer(bare))):
        name = tag["what"].lstrip("/").lower()
        if not ((name in INLINE_TAGS and not tag["rest"].strip(" /")) or AUTOLINK.match(tag["what"] + tag["rest"])):
            slashes = len(line[: tag.start()]) - len(line[: tag.start()].rstrip("\\"))
            line = f"{line[: tag.start() - slashes % 2]}&lt;{line[tag.start() + 1 :]}"
    return line
