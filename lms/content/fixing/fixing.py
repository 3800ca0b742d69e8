"""A whole tree in its plain form, file by file; nothing is written here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lms.content.fixing.ids import Ids, give_ids, heads_of, take_ids
from lms.content.fixing.lines import Note, NotText, bytes_of, plain_lines
from lms.content.fixing.settings import plain_settings
from lms.content.fixing.texts import Kinds, plain_text, read_parts
from lms.content.items.drafts import CaseDraft, ItemDraft
from lms.content.markup.words import LANGS
from lms.content.source.problems import Findings, Place
from lms.content.source.texts import texts_of
from lms.content.source.tree import ContentTree
from lms.content.source.yamlish import load
from lms.platform.rules import Phrase, phrase

SETTINGS = {"courses": "course.yml", "quizzes": "quiz.yml"}


@dataclass
class Fixed:
    """One file: what it was and is to be, what was done to it; `refused` says why nothing was."""

    path: str
    before: bytes
    after: bytes
    notes: list[Note] = field(default_factory=list)
    refused: tuple[int, Phrase] | None = None


@dataclass
class _Text:
    front: list[str]
    body: list[str]

    @property
    def first(self) -> int:
        return len(self.front) + 1


def fix_tree(tree: ContentTree, new_id: Callable[[], str] | None = None) -> list[Fixed]:
    """Every text and settings file of a tree in plain form, in the order of their names; those that are so already are left out."""
    fixed: dict[str, Fixed] = {}
    lines: dict[str, list[str]] = {}
    for path in sorted(tree.files):
        if path.endswith((".md", ".yml")):
            fixed[path] = Fixed(path, tree.files[path], tree.files[path])
            try:
                lines[path], fixed[path].notes = plain_lines(tree.files[path])
            except NotText as wrong:
                fixed[path].refused = (wrong.line, phrase("This file is not UTF-8 text, so it is left as it is. Save it with the encoding UTF-8."))
    for path in [path for path in lines if path.endswith(".yml")]:
        lines[path], notes = plain_settings(lines[path])
        fixed[path].notes += notes
    ids = Ids("\n".join(one) for path, one in lines.items() if path.endswith(".md"))
    for kind in SETTINGS:
        for slug in tree.names(kind):
            _fix_texts(tree, f"{kind}/{slug}", lines, fixed, new_id or ids.new)
    for path, one in lines.items():
        fixed[path].after = bytes_of(one)
    return [one for one in fixed.values() if one.refused or one.after != one.before]


def _fix_texts(tree: ContentTree, folder: str, lines: dict[str, list[str]], fixed: Mapping[str, Fixed], new_id: Callable[[], str]) -> None:
    """The banks or lessons of a package, each with its translations."""
    in_bank = folder.startswith("quizzes/")
    source_lang = _source_lang(lines.get(f"{folder}/{SETTINGS[folder.split('/', maxsplit=1)[0]]}", []))
    for paths in texts_of(tree, folder, Findings()).values():
        kinds: Kinds | None = None
        source: list[str] = []
        for lang in sorted(paths, key=lambda lang: lang != source_lang):
            path = paths[lang]
            if path not in lines:
                continue
            text = _split(lines[path])
            text.front, notes = _fix_front(text.front)
            text.body, more = plain_text(text.body, text.first, in_bank=in_bank, kinds=kinds)
            heads = heads_of(text.body, in_bank=in_bank)
            if lang == source_lang:
                text.body, given = give_ids(text.body, heads, text.first, new_id)
                source = [head.id for head in heads_of(text.body, in_bank=in_bank)]
            else:
                text.body, given = take_ids(text.body, heads, source, text.first)
            if given:
                text.body, last = plain_text(text.body, text.first, in_bank=in_bank, kinds=kinds)
                more += last
            if lang == source_lang:
                kinds = _kinds(text.body, in_bank=in_bank)
            fixed[path].notes = sorted([*fixed[path].notes, *notes, *more, *given], key=lambda note: note.line)
            lines[path] = text.front + text.body


def _kinds(body: list[str], *, in_bank: bool) -> Kinds:
    parts = read_parts(body, in_bank=in_bank, kinds=None)
    return {part.id: "case" if isinstance(part, CaseDraft) else part.kind for part in parts if isinstance(part, ItemDraft | CaseDraft)}


def _split(lines: list[str]) -> _Text:
    """Front matter, with its two lines of hyphens, and body."""
    end = next((at for at, line in enumerate(lines[1:], 1) if line == "---"), None) if lines and lines[0] == "---" else None
    return _Text(lines[: end + 1], lines[end + 1 :]) if end is not None else _Text([], lines)


def _fix_front(front: list[str]) -> tuple[list[str], list[Note]]:
    if not front:
        return front, []
    made, notes = plain_settings(front[1:-1], first=2)
    return [front[0], *made, front[-1]], notes


def _source_lang(settings: list[str]) -> str:
    node = load(settings, Place(""), Findings())
    said = node.value.get("source_lang") if isinstance(node.value, dict) else None
    return str(said.value) if said and said.value in LANGS else "vi"
