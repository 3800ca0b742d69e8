"""Items: what is written in the source language and its translations, checked and put together as one revision."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.content.catalogue import Basis, Choice, Item
from lms.content.digests import digest_json
from lms.content.items.parser import ChoiceDraft, ItemDraft
from lms.content.markup import rendering
from lms.content.markup.basis import read_bases
from lms.content.markup.rendering import Renderer, prepare
from lms.content.source.media import Media
from lms.content.source.plain import digest_text
from lms.content.source.problems import Findings, Place, did_you_mean
from lms.content.source.texts import TextFile
from lms.platform.rules import phrase

ID = re.compile(r"[a-z][a-z0-9-]{3,31}")
MAX_CHOICES = 10
ATTRIBUTES = ("points", "difficulty", "topic", "tags", "basis", "source")
TRANSLATED = ("basis", "source")
FLAGS = ("critical",)


@dataclass(frozen=True)
class Written:
    """An item in one language and the file it stands in."""

    draft: ItemDraft
    text: TextFile


@dataclass
class ItemMaker:
    """Checks drafts and makes items of them."""

    found: Findings
    media: Media
    renderer: Renderer

    def make(self, written: Mapping[str, Written], source_lang: str, bank: str, defaults: Mapping[str, str]) -> Item | None:
        """The item of all its languages; None if the source is not sound. A translation that does not line up is noted and left out."""
        source = written[source_lang]
        sound = self._check_source(source.draft)
        fitting = {lang: one for lang, one in written.items() if lang == source_lang or self._lines_up(one.draft, source.draft)}
        values = self._attributes(source.draft)
        if not sound:
            return None
        choices = tuple(self._choice(number, fitting, source_lang) for number in range(len(source.draft.choices)))
        basis = {lang: self._basis(one) for lang, one in fitting.items()}
        key = [choice.letter for choice in choices if choice.correct]
        kind = source.draft.choices[0].kind
        about = {
            "points": values.get("points", 1),
            "critical": "critical" in source.draft.flags,
            "difficulty": values.get("difficulty", 1),
            "topic": str(values.get("topic") or defaults.get("topic", "")),
            "tags": _tags(source.draft),
        }
        sources = {lang: one.draft.attributes["source"][0] for lang, one in fitting.items() if "source" in one.draft.attributes}
        shown = digest_json(rendering.VERSION, kind, {lang: self._shown(one) for lang, one in fitting.items()})
        right = digest_json(kind, sorted(key))
        told = {lang: [digest_text(one.draft.explanation), *(digest_text(choice.feedback) for choice in one.draft.choices)] for lang, one in fitting.items()}
        bases = {lang: [(one.text, one.certainty) for one in many] for lang, many in basis.items()}
        return Item(
            id=source.draft.id,
            digest=digest_json(source.draft.id, shown, right, about, told, bases, sources),
            presentation_digest=shown,
            key_digest=right,
            kind=kind,
            points=int(str(about["points"])),
            critical=bool(about["critical"]),
            difficulty=int(str(about["difficulty"])),
            topic=str(about["topic"]),
            tags=_tags(source.draft),
            prompt={lang: self._prompt(one) for lang, one in fitting.items()},
            choices=choices,
            explanation={lang: made for lang, one in fitting.items() if (made := self._html(one, one.draft.explanation))},
            basis=basis,
            source=sources,
            bank=bank,
            place=source.text.path,
        )

    def _check_source(self, item: ItemDraft) -> bool:
        before = len(self.found.problems)
        if not ID.fullmatch(item.id):
            message = phrase("The id %(id)s does not have the form of an id.", id=item.id[:40] or "–")
            self.found.error(
                item.place, "item-id", message, phrase("Use 8 letters a-z and digits 2-7, for example #%(example)s.", example=propose_id(item.text))
            )
        if not item.text.strip():
            self.found.error(item.place, "item-no-text", phrase("The item asks nothing: its header has no text."))
        kinds = {choice.kind for choice in item.choices}
        if len(kinds) > 1:
            other = next(choice for choice in item.choices if choice.kind != item.choices[0].kind)
            self.found.error(
                other.place,
                "item-brackets",
                phrase("Round and square brackets are mixed in one item."),
                phrase("( ) is for one right answer, [ ] for several."),
            )
        elif len(item.choices) < 2:  # noqa: PLR2004
            self.found.error(item.place, "item-few-choices", phrase("An item needs at least two choices; this one has %(n)s.", n=len(item.choices)))
        else:
            self._check_key(item)
        if len(item.choices) > MAX_CHOICES:
            self.found.error(item.choices[MAX_CHOICES].place, "item-many-choices", phrase("An item has at most %(n)s choices.", n=MAX_CHOICES))
        self._check_choices(item.choices)
        if not any(line.strip() for line in item.explanation):
            self.found.warning(
                item.place, "item-no-explanation", phrase("Nothing explains why the answer is right."), phrase("Add a last line that begins with `> `.")
            )
        return not any(problem.severity == "error" for problem in self.found.problems[before:])

    def _check_key(self, item: ItemDraft) -> None:
        right = [choice for choice in item.choices if choice.right]
        if not right:
            self.found.error(
                item.place, "item-no-right", phrase("No choice is marked as right."), phrase("Put an x into the bracket of the right one: (x) or [x].")
            )
        elif item.choices[0].kind == "single" and len(right) > 1:
            message = phrase(
                "%(n)s choices are marked as right, but round brackets ask for one; the first is in line %(line)s.", n=len(right), line=right[0].place.line
            )
            self.found.error(right[1].place, "item-several-right", message, phrase("Leave one (x), or write all brackets square: [ ] and [x]."))
        elif len(right) == len(item.choices):
            self.found.error(
                item.place, "item-all-right", phrase("Every choice is marked as right, so ticking all is enough."), phrase("Add a choice that is wrong.")
            )

    def _check_choices(self, choices: Sequence[ChoiceDraft]) -> None:
        seen: dict[str, int] = {}
        for choice in choices:
            text = digest_text([" ".join(choice.text)])
            if not text:
                self.found.error(choice.place, "item-empty-choice", phrase("The choice has no text."))
            elif text in seen:
                self.found.error(choice.place, "item-same-choice", phrase("The same choice stands in line %(line)s.", line=seen[text]))
            seen.setdefault(text, choice.place.line)

    def _lines_up(self, item: ItemDraft, source: ItemDraft) -> bool:
        """Whether a translation has as many choices of the same kind as the source."""
        mine, theirs = [choice.kind for choice in item.choices], [choice.kind for choice in source.choices]
        for choice in item.choices:
            if choice.right:
                message = phrase("The translation marks an answer; only the file of the source language does that.")
                self.found.warning(choice.place, "translation-key", message, phrase("Leave the bracket empty."))
        self._check_choices(item.choices)
        for key, (_, place) in item.attributes.items():
            if key not in TRANSLATED:
                self.found.warning(
                    place, "translation-attribute", phrase("%(key)s is read from the source language only.", key=key), phrase("Leave it out here.")
                )
        if mine == theirs:
            return True
        message = phrase(
            "The choices do not line up with the source: %(mine)s here, %(theirs)s in line %(line)s of the source.",
            mine=_count(mine),
            theirs=_count(theirs),
            line=source.place.line,
        )
        self.found.error(item.place, "translation-choices", message, phrase("Same number, same order, same kind of brackets."))
        return False

    def _attributes(self, item: ItemDraft) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, (value, place) in item.attributes.items():
            if key not in ATTRIBUTES:
                self.found.error(place, "key-unknown", phrase("The key %(key)s is not known here.", key=key), did_you_mean(key, ATTRIBUTES))
            elif key in ("points", "difficulty"):
                limit = 100 if key == "points" else 3
                if value.isascii() and value.isdigit() and 1 <= int(value) <= limit:
                    values[key] = int(value)
                else:
                    message = phrase("%(key)s is a whole number from 1 to %(max)s, not %(value)s.", key=key, max=limit, value=value[:20])
                    self.found.error(place, "value-wrong", message)
            else:
                values[key] = value
        for flag, place in item.flags.items():
            if flag not in FLAGS:
                self.found.error(place, "key-unknown", phrase("The key %(key)s is not known here.", key="." + flag), did_you_mean(flag, FLAGS))
        return values

    def _basis(self, one: Written) -> tuple[Basis, ...]:
        value, place = one.draft.attributes.get("basis", ("", one.draft.place))
        bases = read_bases(value, place, self.found)
        source = one.draft.attributes.get("source", ("", place))[0]
        if "critical" in one.draft.flags and any(basis.certainty == "K" for basis in bases) and len(re.split("[;；]", source)) < 2:  # noqa: PLR2004
            message = phrase("Good practice on which a life may hang needs two sources.")
            self.found.warning(place, "basis-sources", message, phrase('Name them: source="First; second".'))
        return bases

    def _choice(self, number: int, written: Mapping[str, Written], source_lang: str) -> Choice:
        drafts = {lang: one.draft.choices[number] for lang, one in written.items()}
        return Choice(
            letter=chr(ord("a") + number),
            html={lang: self._html(written[lang], draft.text, inline=True) for lang, draft in drafts.items()},
            feedback={lang: made for lang, draft in drafts.items() if (made := self._html(written[lang], draft.feedback))},
            correct=drafts[source_lang].right,
        )

    def _prompt(self, one: Written) -> str:
        return f"<p>{self._html(one, [one.draft.text], inline=True)}</p>{self._html(one, one.draft.body)}"

    def _html(self, one: Written, lines: Sequence[str], *, inline: bool = False) -> str:
        text = "\n".join(prepare(lines)).strip()
        if not text:
            return ""
        render = self.renderer.inline if inline else self.renderer.render
        made = render(text, one.text.lang, lambda source: self.media.find(one.text.folder, source))
        self.media.check(made, one.text)
        return made.html

    def _shown(self, one: Written) -> list[object]:
        """What a sitting shows of the item, with its pictures named by their bytes."""
        lines = [one.draft.text, *one.draft.body]
        pictures = [self._picture(one.text.folder, source) for line in lines for source in re.findall(r"!\[[^\]]*\]\(([^)\s]+)", line)]
        return [digest_text(lines), [digest_text([" ".join(choice.text)]) for choice in one.draft.choices], pictures]

    def _picture(self, folder: str, source: str) -> str:
        found = self.media.find(folder, source)
        return found[0] if found else ""


def _tags(item: ItemDraft) -> tuple[str, ...]:
    value = item.attributes.get("tags", ("", Place("")))[0]
    return tuple(tag.strip() for tag in re.split("[,，、;]", value) if tag.strip())


def _count(kinds: Sequence[str]) -> str:
    return f"{len(kinds)} × {'( )' if 'single' in kinds else '[ ]'}" if kinds else "0"


def propose_id(text: str) -> str:
    """An id for an item that lacks one, the same for the same text."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return letters[number % 26] + "".join(letters[number >> shift & 31] for shift in range(8, 43, 5))
