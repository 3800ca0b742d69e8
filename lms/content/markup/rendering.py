"""Markdown to HTML that is safe to show: raw HTML is text, links and pictures are checked, and the result is cleaned again by an allow-list."""

import hashlib
import html
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import HTML_RE, HtmlInlineProcessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.highlight import HighlightExtension
from pymdownx.quotes import QuotesExtension
from pymdownx.superfences import SuperFencesCodeExtension
from pymdownx.tasklist import TasklistExtension

from lms.content.markup.words import CALLOUTS, FOOTNOTES_BACK

VERSION = "1"
"""Raise it when the same text must give other HTML: every digest changes with it."""

INLINE_TAGS = frozenset({"br", "kbd", "sub", "sup"})
TAGS = INLINE_TAGS | frozenset(
    [
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "a",
        "strong",
        "em",
        "code",
        "pre",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "img",
        "div",
        "hr",
        "input",
        "span",
        "del",
    ]
)
ATTRIBUTES = {
    "a": {"href", "title", "id", "role"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
    "input": {"type", "disabled", "checked"},
    "th": {"align"},
    "td": {"align"},
    "ol": {"start"},
    "li": {"id"},
    "sup": {"id"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "h6": {"id"},
    "div": {"tabindex"},
}
CLASSES = {
    "div": {"admonition", "footnote", "highlight", "table-wrap", "table-wrap--wide", *CALLOUTS},
    "p": {"admonition-title"},
    "ul": {"task-list"},
    "li": {"task-list-item"},
    "a": {"footnote-ref", "footnote-backref"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
MARKED = re.compile(r"[*_`\[\]!<>&\\#|~^\n]|https?:|^\s*(?:\d+[.)]\s|[-+:]\s)")
FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
HEADING = re.compile(r"h([1-6])$")


def is_plain(text: str) -> bool:
    """Whether Markdown would make nothing of a text but a paragraph."""
    return not MARKED.search(text)


def scheme_of(address: str) -> str:
    """The scheme of an address as a browser would read it: blanks and control characters inside do not hide it."""
    squeezed = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\ufeff]+", "", html.unescape(html.unescape(address)))
    match = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", squeezed)
    return match.group(1).lower() if match else ""


@dataclass
class Rendered:
    """HTML, the headings (id, text), and what the text points to."""

    html: str
    outline: tuple[tuple[str, str], ...] = ()
    images: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    too_deep: bool = False
    too_long: bool = False
    shown: str = ""
    """The text that was read, for finding the line of what it points to."""


Address = tuple[str, int | None, int | None]
Resolve = Callable[[str], Address | None]
"""From the address of a picture in the text to its address on the site with width and height; None if there is none."""

MAX_LINES, MAX_CHARACTERS = 3000, 120_000
"""What one text may have, a lesson or a part of an item: Markdown's cost grows with the square of some lines (headings, fences)."""

KEPT = 4096
_kept: dict[str, tuple[Rendered, dict[str, Address | None]]] = {}
_keeping = threading.Lock()
"""What has been rendered in this process by the digest of its text; it holds while the pictures it shows have the same addresses."""


class _Known(HtmlInlineProcessor):
    """Lets the few harmless tags through; any other raw HTML stays the text it is."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str | None, int | None, int | None]:  # type: ignore[override]  # noqa: ARG002, N802
        tag = re.fullmatch(r"<(/?)([a-zA-Z]+)\s*(/?)>", m.group(1))
        if not tag or tag[2].lower() not in INLINE_TAGS:
            return None, None, None
        return self.md.htmlStash.store(f"<{tag[1]}{tag[2].lower()}>"), m.start(0), m.end(0)


class _Finish(Treeprocessor):
    """Notes links and pictures, gives headings their ids, and wraps tables."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.result = Rendered("")
        self.resolve: Resolve = lambda _src: None

    def run(self, root: Element) -> Element:
        outline: list[tuple[str, str]] = []
        for element in root.iter():
            if element.tag == "img":
                self._image(element)
            elif element.tag == "a" and not element.get("class", "").startswith("footnote"):
                self._link(element)
            elif isinstance(element.tag, str) and HEADING.match(element.tag):
                element.tag = "h2" if element.tag == "h1" else element.tag
                element.set("id", f"s{len(outline) + 1}")
                outline.append((f"s{len(outline) + 1}", "".join(element.itertext()).strip()))
        for parent in list(root.iter()):
            for position, child in enumerate(list(parent)):
                if child.tag == "table":
                    wrap = Element("div", {"class": "table-wrap table-wrap--wide", "tabindex": "0"})
                    wrap.tail, child.tail = child.tail, None
                    parent[position] = wrap
                    wrap.append(child)
        self.result.outline = tuple(outline)
        return root

    def _image(self, element: Element) -> None:
        source, alt = element.get("src", ""), element.get("alt", "")
        self.result.images.append((source, alt))
        found = self.resolve(source)
        element.set("src", found[0] if found else "")
        for side, size in zip(("width", "height"), found[1:] if found else (), strict=False):
            if size:
                element.set(side, str(size))
        element.set("loading", "lazy")
        element.set("decoding", "async")

    def _link(self, element: Element) -> None:
        address = "".join(
            chr(int(c[1:-1])) if c.startswith("\x02") and c[1:-1].isdigit() else c for c in re.split("(\x02[^\x03]*\x03)", element.get("href", ""))
        )
        self.result.links.append(address)
        if scheme_of(address) not in SCHEMES and not address.startswith("#"):
            element.attrib.pop("href", None)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "input" and name == "type":
        return "checkbox"
    if tag == "img" and name == "src":
        return value if value.startswith("/content/blob/") else None
    return value


CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    allowed_classes={tag: set(names) for tag, names in CLASSES.items()},
    url_schemes=set(SCHEMES),
    attribute_filter=_attribute,
    link_rel="noopener noreferrer",
)


class Renderer:
    """One Markdown converter for each language; not for use by two threads at a time."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Markdown, _Finish]] = {}

    def render(self, text: str, lang: str, resolve: Resolve) -> Rendered:
        """A whole text: HTML, outline, pictures and links."""
        if is_plain(text):
            return Rendered(f"<p>{html.escape(text.strip(), quote=False)}</p>" if text.strip() else "")
        if len(text) > MAX_CHARACTERS or text.count("\n") >= MAX_LINES:
            return Rendered("", too_long=True)
        key = hashlib.sha256(f"{VERSION}\0{lang}\0{text}".encode()).hexdigest()
        kept = _kept.get(key)
        if kept and all(resolve(source) == address for source, address in kept[1].items()):
            return replace(kept[0])
        addresses: dict[str, Address | None] = {}
        made = self._convert(text, lang, lambda source: addresses.setdefault(source, resolve(source)))
        with _keeping:
            _kept[key] = (replace(made), addresses)
            while len(_kept) > KEPT:
                _kept.pop(next(iter(_kept)))
        return made

    def _convert(self, text: str, lang: str, resolve: Resolve) -> Rendered:
        md, finish = self._made.get(lang) or self._make(lang)
        md.reset()
        finish.result, finish.resolve = Rendered("", shown=text), resolve
        try:
            made = md.convert(text)
        except RecursionError:
            self._made.clear()
            return Rendered("", too_deep=True)
        finish.result.html = CLEANER.clean(made)
        return finish.result

    def inline(self, text: str, lang: str, resolve: Resolve) -> Rendered:
        """A text of one paragraph without its `<p>`; one of several keeps them."""
        made = self.render(text, lang, resolve)
        if made.html.startswith("<p>") and made.html.count("<p>") == 1 and made.html.rstrip().endswith("</p>"):
            made.html = made.html.strip()[3:-4]
        return made

    def _make(self, lang: str) -> tuple[Markdown, _Finish]:
        md = Markdown(
            output_format="html",
            tab_length=2,
            extensions=[
                TableExtension(use_align_attribute=True),
                FootnoteExtension(BACKLINK_TITLE=FOOTNOTES_BACK[lang], BACKLINK_TEXT="↩"),
                "def_list",
                "sane_lists",
                TasklistExtension(),
                QuotesExtension(callouts=True),
                SuperFencesCodeExtension(disable_indented_code_blocks=True),
                HighlightExtension(use_pygments=False),
            ],
        )
        md.preprocessors.deregister("html_block")
        for name in ("html", "entity"):
            md.inlinePatterns.deregister(name, strict=False)
        md.inlinePatterns.register(_Known(HTML_RE, md), "html", 90)
        finish = _Finish(md)
        md.treeprocessors.register(finish, "finish", 5)
        self._made[lang] = (md, finish)
        return self._made[lang]


LIST = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s+\S")
QUOTED = re.compile(r"((?:>\s?)*)(.*)$")


def prepare(lines: Sequence[str]) -> list[str]:
    """The lines as Markdown wants them: an empty one around fenced code, and before a list, table or quotation that follows a paragraph directly."""
    made: list[str] = []
    fence = ""
    for line in lines:
        mark = FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            if not fence and made and made[-1].strip() and not line.startswith(" "):
                made.append("")
            made.append(line)
            if fence and not line.startswith(" "):
                made.append("")
            fence = "" if fence else mark[1]
            continue
        if not fence and made and _parted(made[-1], line):
            made.append(">" if line.startswith(">") and made[-1].startswith(">") else "")
        made.append(line)
    return made


def _parted(before: str, line: str) -> bool:
    """Whether a line begins a block of its own though no empty line stands before it."""
    (quote_before, text_before), (quote, text) = (QUOTED.match(part).groups() for part in (before, line))  # type: ignore[union-attr]
    if bool(quote_before) != bool(quote):
        return bool(quote) and bool(text_before.strip()) and not before.startswith(" ")
    if not text_before.strip() or text_before.startswith(" "):
        return False
    if text.startswith("|"):
        return not text_before.startswith("|")
    return bool(LIST.match(text)) and not LIST.match(text_before)
