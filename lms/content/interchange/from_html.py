"""HTML from other programs as Markdown. What has no Markdown of ours is left out by name, never by silence."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from lms.content.interchange.escaping import BREAK, escape_inline, escape_start
from lms.content.markup.rendering import SCHEMES, scheme_of

VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "col", "wbr", "source", "embed"})
BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "li", "table", "tr", "td", "th", "thead", "tbody", "tfoot", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"section", "article", "figure", "figcaption", "dl", "dt", "dd", "center", "body", "html", "caption", "header", "footer", "main", "itembody", "root"}
)
SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
DROPPED = frozenset({"iframe", "object", "embed", "video", "audio", "svg", "math", "canvas", "form", "input", "select", "textarea", "button", "applet"})
SPACES = re.compile(r"[^\S\xa0]+")
UNCLOSED = re.compile(r"<(?=[!?/a-zA-Z])(?![^<>]*>)")
"""A tag that does not end before the next one begins is text: looking for its end again and again is what makes readers of HTML slow."""

MAX_DEPTH = 60


@dataclass
class Node:
    """An element (or the text in one): its name in lower case, attributes, and children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def inner(self) -> str:
        """The text below it."""
        return "".join(child if isinstance(child, str) else child.inner() for child in self.children)


Picture = Callable[[str, str], str | None]
"""From the address and the alternative text of a picture to its name in the bank; None if there is none."""


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"p", "li", "tr", "td", "th"}:
            self._close_like(tag)
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID and len(self.open) < MAX_DEPTH:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open[-1].tag == tag:
            self.open.pop()

    def _close_like(self, tag: str) -> None:
        """An element that ends where the next of its kind begins."""
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag == tag or (tag in {"td", "th"} and self.open[at].tag in {"td", "th"}):
                del self.open[at:]
                return
            if self.open[at].tag in {"table", "ul", "ol", "div", "blockquote"}:
                return

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag == tag:
                del self.open[at:]
                return

    def handle_data(self, data: str) -> None:
        children = self.open[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += data
        else:
            children.append(data)


def parse_html(html: str) -> Node:
    """HTML as a tree; nothing is loaded and nothing run."""
    builder = _Builder()
    builder.feed(UNCLOSED.sub("&lt;", _without_comments(html)))
    builder.close()
    return builder.root


def _without_comments(html: str) -> str:
    """HTML without comments; one that is not closed takes the rest with it, as in a browser."""
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        kept.append(html[at:start])
        end = html.find("-->", start)
        at = len(html) if end < 0 else end + 3
    return "".join([*kept, html[at:]])


def from_html(html: str | Node, picture: Picture, *, inline: bool = False) -> tuple[str, list[str]]:
    """Markdown, and the names of elements that were left out. inline: one line, paragraphs parted by `<br>`."""
    writer = _Writer(picture)
    blocks = [block for block in writer.blocks(parse_html(html) if isinstance(html, str) else html) if block.strip()]
    if inline:
        return BREAK.join(BREAK.join(line.strip().removesuffix(BREAK) for line in block.split("\n")) for block in blocks), sorted(writer.dropped)
    return "\n\n".join(blocks), sorted(writer.dropped)


class _Writer:
    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.dropped: set[str] = set()

    def blocks(self, node: Node) -> list[str]:
        """The blocks of an element; text between blocks is a paragraph of its own."""
        made: list[str] = []
        running: list[Node | str] = []
        for child in [*node.children, Node("end")]:
            is_block = not isinstance(child, str) and (child.tag in BLOCKS or child.tag == "end" or _holds_block(child))
            if not is_block:
                running.append(child)
                continue
            made += self._paragraph(running)
            running = []
            assert isinstance(child, Node)
            made += self._block(child)
        return made

    def _paragraph(self, inside: list[Node | str]) -> list[str]:
        text = self.inline(Node("p", {}, inside))
        lines = [escape_start(line) if not line.startswith(("**", "*", "![", "`")) else line for part in text.split(BREAK) if (line := part.strip())]
        return [(BREAK + "\n").join(lines)] if lines else []

    def _block(self, node: Node) -> list[str]:  # noqa: PLR0911  (one way out for each kind of block)
        if node.tag in SILENT or node.tag == "end":
            return []
        if node.tag in DROPPED:
            self.dropped.add(node.tag)
            return []
        if re.fullmatch("h[1-6]", node.tag):
            text = self.inline(node).strip()
            return [f"**{text}**" if text and "**" not in text else text]
        if node.tag == "pre":
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", node.inner())), default=0))
            return [f"{fence}\n{node.inner().strip(chr(10))}\n{fence}"]
        if node.tag in {"ul", "ol"}:
            return [self._list(node)]
        if node.tag == "table":
            return self._table(node)
        if node.tag == "blockquote":
            return ["\n".join(f"> {line}".rstrip() for line in "\n\n".join(self.blocks(node)).split("\n"))]
        return ["\\---"[1:]] if node.tag == "hr" else self.blocks(node)

    def _list(self, node: Node) -> str:
        lines: list[str] = []
        points = [child for child in node.children if isinstance(child, Node) and child.tag == "li"]
        for number, point in enumerate(points, 1):
            mark = f"{number}. " if node.tag == "ol" else "- "
            blocks = self.blocks(point) or [""]
            pad = " " * len(mark)
            lines.append(f"{mark}{blocks[0]}".replace("\n", f"\n{pad}"))
            lines += [pad + block.replace("\n", f"\n{pad}") for block in blocks[1:]]
        return "\n".join(lines)

    def _table(self, node: Node) -> list[str]:
        rows = [[cell for cell in row.children if isinstance(cell, Node) and cell.tag in {"td", "th"}] for row in _rows(node)]
        rows = [row for row in rows if row]
        if not rows:
            return []
        width = max(len(row) for row in rows)
        lines = []
        for row in rows:
            cells = [BREAK.join(self.blocks(cell)).replace("\n", " ").replace("|", "\\|") for cell in row]
            lines.append("| " + " | ".join(cells + [""] * (width - len(cells))) + " |")
        return ["\n".join([lines[0], "|" + "---|" * width, *lines[1:]])]

    def inline(self, node: Node | str) -> str:  # noqa: C901, PLR0911  (one way out for each element)
        """The Markdown of what stands in a line."""
        if isinstance(node, str):
            return escape_inline(SPACES.sub(" ", node))
        if node.tag in SILENT:
            return ""
        if node.tag in DROPPED:
            self.dropped.add(node.tag)
            return ""
        if node.tag == "br":
            return BREAK
        if node.tag == "img":
            return self._img(node)
        if node.tag in {"code", "tt", "samp"} and node.inner().strip():
            ticks = "`" * (1 + max((len(run) for run in re.findall("`+", node.inner())), default=0))
            return f"{ticks}{node.inner()}{ticks}" if ticks == "`" else f"{ticks} {node.inner().strip()} {ticks}"
        inner = "".join(self.inline(child) for child in node.children)
        if node.tag in {"strong", "b"}:
            return _marked(inner, "**")
        if node.tag in {"em", "i"}:
            return _marked(inner, "*")
        if node.tag in {"sub", "sup", "kbd"}:
            return f"<{node.tag}>{inner}</{node.tag}>" if inner.strip() else inner
        if node.tag == "a":
            return self._link(node, inner)
        return f" {inner} " if node.tag in BLOCKS else inner

    def _img(self, node: Node) -> str:
        source, alt = node.attributes.get("src", ""), " ".join(node.attributes.get("alt", "").split())
        name = self.picture(source, alt)
        if name is None:
            self.dropped.add(f"img {source[:60]}" if not source.startswith("data:") else "img data:")
            return escape_inline(alt)
        alt = alt or name.rpartition("/")[2].rpartition(".")[0]
        words = " ".join(re.sub(r"[\[\]`*_<>\\]", " ", alt).split())
        return f"![{words}]({name})"

    def _link(self, node: Node, inner: str) -> str:
        address = node.attributes.get("href", "").strip()
        if scheme_of(address) not in SCHEMES or re.search(r"[\s()<>\\\[\]]", address):
            if address and not address.startswith("#"):
                self.dropped.add(f"a {address[:60]}")
            return inner
        return f"[{inner.strip() or address}]({address})"


def _rows(node: Node) -> list[Node]:
    """The rows of a table, through its groups."""
    rows = []
    for child in node.children:
        if isinstance(child, Node) and child.tag == "tr":
            rows.append(child)
        elif isinstance(child, Node) and child.tag in {"thead", "tbody", "tfoot"}:
            rows += _rows(child)
    return rows


def _holds_block(node: Node) -> bool:
    return node.tag not in {"code", "tt"} and any(not isinstance(child, str) and (child.tag in BLOCKS or _holds_block(child)) for child in node.children)


def _marked(inner: str, mark: str) -> str:
    """Text between marks, blanks outside; marks inside marks of the same kind would end them, so they go."""
    text = inner.strip()
    if not text or BREAK in text or "](" in text:
        return inner
    plain = text.replace("\\*", "\0")
    if "*" in plain:
        if mark == "**" and "**" not in plain:
            return inner.replace(text, f"***{plain.replace('*', '')}***".replace("\0", "\\*")) if plain.startswith("*") and plain.endswith("*") else inner
        return inner
    return inner.replace(text, f"{mark}{text}{mark}", 1)
