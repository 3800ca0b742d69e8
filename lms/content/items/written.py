"""An item in one language with the file it stands in, and how its texts become pages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.content.items.drafts import CaseDraft, ItemDraft
from lms.content.markup.rendering import Renderer, prepare
from lms.content.source.media import Media
from lms.content.source.problems import Findings
from lms.content.source.texts import TextFile

PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<source>[^)\s]+)[^)]*\)")


@dataclass(frozen=True)
class Written:
    """An item in one language and the file it stands in."""

    draft: ItemDraft
    text: TextFile


ByLang = Mapping[str, Written]


@dataclass
class Texts:
    """Renders the texts of items and notes what is wrong with their pictures and links."""

    found: Findings
    media: Media
    renderer: Renderer

    def html(self, text: TextFile, lines: Sequence[str], *, inline: bool = False) -> str:
        """Lines of a file as clean HTML."""
        joined = "\n".join(prepare(lines)).strip()
        if not joined:
            return ""
        render = self.renderer.inline if inline else self.renderer.render
        made = render(joined, text.lang, lambda source: self.media.find(text.folder, source))
        self.media.check(made, text)
        return made.html

    def prompt(self, text: TextFile, lines: Sequence[str]) -> str:
        """What is asked: the first line stood in the header."""
        return f"<p>{self.html(text, lines[:1], inline=True)}</p>{self.html(text, lines[1:])}"

    def pictures(self, text: TextFile, lines: Iterable[str]) -> list[str]:
        """The addresses, which hold the digests, of the pictures that lines show."""
        return [self._address(text.folder, match["source"]) for line in lines for match in PICTURE.finditer(line)]

    def _address(self, folder: str, source: str) -> str:
        found = self.media.find(folder, source)
        return found[0] if found else ""


def lines_asked(draft: ItemDraft | CaseDraft) -> list[str]:
    """Header and body."""
    return [draft.text, *draft.body]
