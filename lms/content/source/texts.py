"""Text files of the tree: language from the name, front matter, and the body with its line numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lms.content.markup.words import LANGS
from lms.content.source.plain import read_lines
from lms.content.source.problems import Findings, Place
from lms.content.source.tree import ContentTree
from lms.content.source.yamlish import Node, load
from lms.platform.rules import phrase

NAME = re.compile(r"(?P<name>[^/]+)\.(?P<lang>[a-z]{2})\.md$")


@dataclass(frozen=True)
class TextFile:
    """A Markdown file. `body_line` is the number of the first line of `body`; `front` is empty where there is no front matter."""

    path: str
    lang: str
    front: Node
    body: tuple[str, ...]
    body_line: int

    @property
    def place(self) -> Place:
        """The beginning of the file."""
        return Place(self.path)

    @property
    def folder(self) -> str:
        """The folder it stands in: pictures are sought from there."""
        return self.path.rpartition("/")[0]

    def find(self, *texts: str) -> Place:
        """Where a piece of source text first stands in the body, else the next of the pieces, else the beginning of the body."""
        for text in texts:
            for number, line in enumerate(self.body):
                column = line.find(text) if text else -1
                if column >= 0:
                    return Place(self.path, self.body_line + number, column + 1)
        return Place(self.path, self.body_line)


def read_text_file(tree: ContentTree, path: str, lang: str, found: Findings) -> TextFile:
    """Read a lesson or bank; what is wrong with its front matter is noted."""
    lines = read_lines(tree.files[path], Place(path), found)
    front, body_at = Node({}, Place(path)), 0
    if lines and lines[0] == "---":
        end = next((number for number, line in enumerate(lines[1:], 1) if line == "---"), None)
        if end is None:
            found.error(
                Place(path), "front-matter-open", phrase("The front matter has no closing line of three hyphens."), phrase("Put `---` below its last key.")
            )
            end = 0
        else:
            front = load(lines[1:end], Place(path, 2), found)
        body_at = end + 1
    return TextFile(path, lang, front, tuple(lines[body_at:]), body_at + 1)


def texts_of(tree: ContentTree, folder: str, found: Findings) -> Mapping[str, Mapping[str, str]]:
    """The Markdown files of a folder: name -> language -> path."""
    texts: dict[str, dict[str, str]] = {}
    for path in tree.below(folder):
        name = path.removeprefix(folder + "/")
        if "/" in name or not name.endswith(".md"):
            continue
        match = NAME.match(name)
        if match and match["lang"] in LANGS:
            texts.setdefault(match["name"], {})[match["lang"]] = path
        elif name.lower() != "readme.md":
            found.warning(
                Place(path),
                "file-name",
                phrase("The name of this file says no language, so it is not read."),
                phrase("Name it like 10-name.vi.md, .zh.md or .en.md."),
            )
    return texts
