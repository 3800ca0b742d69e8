"""Markdown as well-formed XHTML for formats that know no Markdown, and as plain text for those that know nothing."""

import re
import threading
from collections.abc import Callable
from html import escape

from lms.content.interchange.from_html import Node, parse_html
from lms.content.markup.rendering import Renderer, prepare

PREFIX = "/content/blob/"
KEPT = {"src", "alt", "href", "start"}
VOID = {"br", "img", "hr", "input"}
RENAMED = {"del": "span", "kbd": "code", "h2": "p", "h3": "p", "h4": "p", "h5": "p", "h6": "p"}
_renderer = Renderer()
_one = threading.Lock()


def to_tree(markdown: str, lang: str) -> Node:
    """The elements that the site itself would show; pictures keep the names of the text."""
    text = "\n".join(prepare(markdown.split("\n"))).strip()
    with _one:
        made = _renderer.render(text, lang, lambda source: (PREFIX + source, None, None))
    return parse_html(made.html)


def to_xhtml(markdown: str, lang: str, picture: Callable[[str], str], *, inline: bool = False) -> str:
    """XHTML of a text; `picture` gives the address of a picture by its name. inline: without the paragraph round it."""
    tree = to_tree(markdown, lang)
    inside = [child for child in tree.children if not isinstance(child, str) or child.strip()]
    if inline and len(inside) == 1 and isinstance(inside[0], Node) and inside[0].tag == "p":
        inside = inside[0].children
    return "".join(_written(child, picture) for child in inside)


def _written(node: Node | str, picture: Callable[[str], str]) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    tag = RENAMED.get(node.tag, node.tag)
    inside = "".join(_written(child, picture) for child in node.children)
    if node.tag == "input":
        return "☑ " if "checked" in node.attributes else "☐ "
    kept = {name: value for name, value in node.attributes.items() if name in KEPT}
    if tag == "img":
        kept["src"] = picture(kept.get("src", "").removeprefix(PREFIX))
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
    if tag in VOID:
        return f"<{tag}{attributes}/>"
    return f"<{tag}{attributes}><strong>{inside}</strong></{tag}>" if node.tag in {"h2", "h3", "h4", "h5", "h6"} else f"<{tag}{attributes}>{inside}</{tag}>"


def to_plain(markdown: str, lang: str = "vi") -> str:
    """The bare text: paragraphs and lines parted by line ends, a picture as its words in brackets."""
    lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in _plain(to_tree(markdown, lang)).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _plain(node: Node | str) -> str:
    if isinstance(node, str):
        return node
    if node.tag == "img":
        return f"[{node.attributes.get('alt', '')}]"
    if node.tag == "br":
        return "\n"
    inside = "".join(_plain(child) for child in node.children)
    if node.tag in {"p", "ul", "ol", "table", "blockquote", "pre", "div"}:
        return f"\n\n{inside.strip()}\n\n"
    return f"\n{inside.strip()}" if node.tag in {"li", "tr"} else f"{inside} | " if node.tag == "td" else inside
