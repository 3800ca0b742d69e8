"""What a text in Markdown shows besides its words: call-outs, footnotes, tables, pictures and the like, counted, so that two texts can be told apart."""

from collections import Counter
from collections.abc import Iterator, Mapping

from lms.content.interchange.from_html import Node
from lms.content.interchange.to_html import PREFIX, to_tree
from lms.content.markup.rendering import HEADING, is_plain
from lms.platform.rules import Phrase, phrase

Feature = tuple[str, str]
"""A name of NAMES, and which one: the kind of a call-out, the name of a picture, the address of a link."""

NAMES: Mapping[str, Phrase] = {
    "callout": phrase("call-outs"),
    "footnote": phrase("footnotes"),
    "table": phrase("tables"),
    "align": phrase("the alignment of table columns"),
    "picture": phrase("pictures"),
    "alt": phrase("descriptions of pictures"),
    "heading": phrase("headings"),
    "task": phrase("task lists"),
    "list": phrase("lists"),
    "definition": phrase("definition lists"),
    "quotation": phrase("quotations"),
    "code": phrase("code"),
    "link": phrase("links"),
    "strong": phrase("bold"),
    "em": phrase("italics"),
    "del": phrase("text struck out"),
    "raised": phrase("raised and lowered signs, keys"),
    "rule": phrase("dividing lines"),
}
TAGS: Mapping[str, str] = {
    "table": "table",
    "ul": "list",
    "ol": "list",
    "dl": "definition",
    "blockquote": "quotation",
    "pre": "code",
    "code": "code",
    "strong": "strong",
    "em": "em",
    "del": "del",
    "sub": "raised",
    "sup": "raised",
    "kbd": "raised",
    "hr": "rule",
}


def features_of(markdown: str, lang: str) -> Counter[Feature]:
    """The features of a text, with how often each stands in it."""
    found: Counter[Feature] = Counter()
    if not is_plain(markdown):
        _count(to_tree(markdown, lang), found)
    return found


def _count(node: Node | str, found: Counter[Feature]) -> None:
    if isinstance(node, str):
        return
    classes = set(node.attributes.get("class", "").split())
    if classes & {"footnote", "footnote-backref"}:
        return
    if node.tag == "sup" and any(isinstance(child, Node) and "footnote-ref" in child.attributes.get("class", "") for child in node.children):
        found["footnote", ""] += 1
        return
    found.update(_own(node, classes))
    for child in node.children:
        _count(child, found)


def _own(node: Node, classes: set[str]) -> Iterator[Feature]:
    """What an element is by itself."""
    if "admonition" in classes:
        yield "callout", " ".join(sorted(classes - {"admonition"}))
    elif classes & {"task-list", "task-list-item"}:
        yield "task", node.tag
    elif node.tag == "img":
        yield "picture", node.attributes.get("src", "").removeprefix(PREFIX)
        yield "alt", node.attributes.get("alt", "")
    elif node.tag == "a":
        yield "link", node.attributes.get("href", "")
    elif HEADING.match(node.tag):
        yield "heading", ""
    elif node.tag in TAGS:
        yield TAGS[node.tag], node.tag
    if node.tag in ("th", "td") and node.attributes.get("align"):
        yield "align", node.attributes["align"]
