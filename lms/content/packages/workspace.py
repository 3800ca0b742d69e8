"""What the readers of packages share while a tree is compiled."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from lms.content.catalogue import Contest, Course, Glossary, Item, Quiz, Scheme
from lms.content.items.folding import likeness
from lms.content.items.making import ItemMaker, propose_id
from lms.content.items.parser import Form, ItemDraft, Part, TextPart, split
from lms.content.markup import rendering
from lms.content.markup.html_check import check_lines
from lms.content.markup.rendering import Renderer
from lms.content.markup.words import LANGS
from lms.content.packages.keeping import Digests, Kept, Outcome
from lms.content.source.media import Media
from lms.content.source.plain import read_lines
from lms.content.source.problems import Findings, Place, did_you_mean
from lms.content.source.texts import TextFile, read_text_file
from lms.content.source.tree import ContentTree
from lms.content.source.yamlish import Node, load
from lms.platform.rules import phrase

T = TypeVar("T")


@dataclass
class Package:
    """A course, quiz, contest or scheme as read; `needs` are the packages ('quizzes/x') it cannot do without."""

    name: str
    made: Course | Quiz | Contest | Scheme | Glossary | None
    needs: set[str] = field(default_factory=set)
    items: list[Item] = field(default_factory=list)


@dataclass
class Workspace:
    """The tree, what was found, and the tools that read it."""

    tree: ContentTree
    zone: ZoneInfo
    found: Findings = field(default_factory=Findings)
    ids: dict[str, list[Place]] = field(default_factory=dict)
    alike: dict[str, list[Place]] = field(default_factory=dict)
    kept: Kept | None = None
    renderer: Renderer = field(default_factory=Renderer)

    def __post_init__(self) -> None:
        self.media = Media(self.tree, self.found)
        self.maker = ItemMaker(self.found, self.media, self.renderer)
        self.digests = Digests(self.tree)

    def once(self, what: Hashable, folder: str, paths: Iterable[str], read: "Callable[[Workspace], T]") -> T:
        """Read a part of the tree, or take what was kept of it when the same bytes were read before.

        `read` gets a workspace whose tree holds these paths and the pictures below the folder and nothing else: what it gives may depend on
        them, on `what`, and on the zone only.
        """
        inputs = (*paths, *self.digests.media_below(folder))
        key = (rendering.VERSION, str(self.zone), what, self.digests.of(inputs))
        outcome = self.kept.find(key) if self.kept else None
        if outcome is None:
            inner = Workspace(ContentTree({path: self.tree.files[path] for path in inputs}, ""), self.zone, renderer=self.renderer)
            made = read(inner)
            ids = {id_: tuple(places) for id_, places in inner.ids.items()}
            alike = {words: tuple(places) for words, places in inner.alike.items()}
            outcome = Outcome(made, tuple(inner.found.problems), ids, inner.media.blobs, alike)
            if self.kept:
                self.kept.keep(key, outcome)
        self.found.problems += outcome.problems
        self.media.blobs |= outcome.blobs
        for id_, places in outcome.ids.items():
            self.ids.setdefault(id_, []).extend(places)
        for words_, places in outcome.alike.items():
            self.alike.setdefault(words_, []).extend(places)
        given: T = outcome.made
        return given

    def settings(self, path: str) -> Node | None:
        """The settings file at a path; None (and an error) where there is none."""
        if path not in self.tree.files:
            self.found.error(Place(path), "settings-missing", phrase("The file %(name)s is missing.", name=path.rpartition("/")[2]))
            return None
        return load(read_lines(self.tree.files[path], Place(path), self.found), Place(path), self.found)

    def text(self, path: str, lang: str) -> TextFile:
        """A Markdown file, with raw HTML noted and excess taken out."""
        text = read_text_file(self.tree, path, lang, self.found)
        body = check_lines(text.body, Place(path, text.body_line), self.found)
        return TextFile(text.path, text.lang, text.front, tuple(body), text.body_line)

    def parts(self, text: TextFile, *, in_bank: bool, source: bool, kinds: Mapping[str, Form] | None = None) -> list[Part]:
        """Items and text of a file; the ids of the source language are remembered. kinds: of its items, for a translation (`kinds_of`)."""
        parts = split(text.body, Place(text.path, text.body_line), self.found, in_bank=in_bank, kinds=kinds)
        seen: dict[str, int] = {}
        for part in parts:
            if not isinstance(part, TextPart):
                if source:
                    self.ids.setdefault(part.id, []).append(part.place)
                elif part.id in seen:
                    message = phrase("The id %(id)s stands also in %(place)s.", id=part.id, place=f"{part.place.file}:{seen[part.id]}")
                    self.found.error(part.place, "item-duplicate-id", message)
                seen[part.id] = part.place.line
            if source and isinstance(part, ItemDraft):
                self.alike.setdefault(likeness(part), []).append(part.place)
        return parts

    def check_ids(self) -> None:
        """Note ids that stand twice in the tree, at each of their lines."""
        for id_, places in self.ids.items():
            for place in places if len(places) > 1 and id_ else []:
                other = next(one for one in places if one != place) if any(one != place for one in places) else place
                message = phrase("The id %(id)s stands also in %(place)s.", id=id_, place=f"{other.file}:{other.line}")
                self.found.error(
                    place,
                    "item-duplicate-id",
                    message,
                    phrase("Give the newer one an id of its own, for example #%(example)s.", example=propose_id(str(place))),
                )

    def check_alike(self) -> None:
        """Note items that say the same, at each but the first of their lines."""
        for first, *others in self.alike.values():
            for place in others:
                message = phrase("The same question with the same choices stands in %(place)s.", place=f"{first.file}:{first.line}")
                self.found.warning(place, "item-similar", message, phrase("Keep one of them; a draw can take it from there."))

    def check_translations(self, place: Place, there: Iterable[str], source_lang: str) -> None:
        """Note the languages in which a text is missing."""
        for lang in LANGS:
            if lang not in there and lang != source_lang:
                message = phrase("The translation into %(lang)s is missing; readers see the source language with a notice.", lang=lang)
                self.found.warning(place, "translation-missing", message)

    def check_words(self, node: Node, keys: Iterable[str], source_lang: str) -> None:
        """Note titles and the like that lack a language; the source language must be there."""
        for key in keys:
            inner = node.value.get(key) if isinstance(node.value, dict) else None
            if inner is None or not isinstance(inner.value, dict) or not inner.value:
                continue
            if source_lang not in inner.value:
                self.found.error(inner.place, "words-no-source", phrase("%(key)s has no text in the source language %(lang)s.", key=key, lang=source_lang))
            self.check_translations(inner.place, inner.value, source_lang)

    def check_reference(self, place: Place, kind: str, slug: str) -> str | None:
        """The package of a reference ('quizzes/x'), or None and an error if the tree has none of that name."""
        names = [name.removesuffix(".yml") for name in self.tree.names(kind)]
        if slug in names:
            return f"{kind}/{slug}"
        message = phrase("There is no %(slug)s in %(kind)s.", slug=slug, kind=kind)
        self.found.error(place, "reference-unknown", message, did_you_mean(slug, names) if names else None)
        return None

    def check_id(self, node: Node, id_: str, slug: str) -> None:
        """The id of a package is the name of its folder or file."""
        if id_ != slug:
            message = phrase("The id is %(id)s, but the folder or file is named %(slug)s.", id=id_, slug=slug)
            self.found.error(node.place_of(["id"]), "id-name", message, phrase("Give both the same name."))


def words(given: Mapping[Any, str]) -> dict[str, str]:
    """A text by language in the fixed order of languages."""
    return {lang: given[lang] for lang in LANGS if lang in given}
