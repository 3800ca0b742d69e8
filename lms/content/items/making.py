"""Items: what is written in the source language and its translations, checked and put together as one revision."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lms.content.catalogue import Case, Item
from lms.content.digests import digest_json
from lms.content.items.drafts import CaseDraft, ItemDraft
from lms.content.items.gaps import has_gap
from lms.content.items.heads import check_flags, read_about, read_basis_of, tags_of
from lms.content.items.identity import ID, propose_id
from lms.content.items.kinds.form import Made
from lms.content.items.kinds.registry import FORMS
from lms.content.items.lining_up import lines_up
from lms.content.items.written import ByLang, Texts, Written, lines_asked
from lms.content.markup import rendering
from lms.content.markup.rendering import Renderer
from lms.content.source.media import Media
from lms.content.source.plain import digest_text
from lms.content.source.problems import Findings
from lms.platform.rules import phrase

__all__ = ["ItemMaker", "Written", "propose_id"]


@dataclass
class ItemMaker:
    """Checks drafts and makes items of them."""

    found: Findings
    media: Media
    renderer: Renderer

    def __post_init__(self) -> None:
        self.texts = Texts(self.found, self.media, self.renderer)

    def make(self, written: Mapping[str, Written], source_lang: str, bank: str, defaults: Mapping[str, str]) -> Item | None:
        """The item of all its languages; None if the source is not sound. A translation that does not line up is noted and left out."""
        source = written[source_lang]
        sound = self._check_source(source.draft)
        fitting = {lang: one for lang, one in written.items() if lang == source_lang or lines_up(one.draft, source.draft, self.found)}
        about = read_about(source.draft, defaults, self.found)
        if not sound:
            return None
        form = FORMS[source.draft.kind].make(fitting, source_lang, self.texts)
        basis = {lang: read_basis_of(one, self.found) for lang, one in fitting.items()}
        sources = {lang: one.draft.attributes["source"][0] for lang, one in fitting.items() if "source" in one.draft.attributes}
        case, case_shown = self._case(fitting, source_lang)
        flags = sorted(source.draft.flags.keys() & {"partial", "accept", "void", "practical"})
        shown = digest_json(rendering.VERSION, source.draft.kind, {lang: self._shown(one, lang, form) for lang, one in fitting.items()}, *case_shown)
        right = digest_json(source.draft.kind, *form.right, *(["accept"] if "accept" in flags else []))
        told = {lang: [digest_text(one.draft.explanation), *(digest_text(choice.feedback) for choice in one.draft.choices)] for lang, one in fitting.items()}
        bases = {lang: [(one.text, one.certainty) for one in many] for lang, many in basis.items()}
        item = Item(
            id=source.draft.id,
            digest=digest_json(source.draft.id, shown, right, about, told, bases, sources, *self._more(fitting, form, flags, case)),
            presentation_digest=shown,
            key_digest=right,
            kind=source.draft.kind,
            points=int(str(about["points"])),
            critical=bool(about["critical"]),
            difficulty=int(str(about["difficulty"])),
            topic=str(about["topic"]),
            tags=tags_of(source.draft),
            prompt={} if "prompt" in form.fields else {lang: self.texts.prompt(one.text, lines_asked(one.draft)) for lang, one in fitting.items()},
            choices=(),
            explanation={lang: made for lang, one in fitting.items() if (made := self.texts.html(one.text, one.draft.explanation))},
            basis=basis,
            source=sources,
            bank=bank,
            place=source.text.path,
            partial="partial" in flags,
            accept="accept" in flags,
            void="void" in flags,
            case=case,
            practical="practical" in flags,
        )
        return replace(item, **form.fields)

    def _check_source(self, item: ItemDraft) -> bool:
        before = len(self.found.problems)
        check_id(item, self.found)
        if not item.text.strip():
            self.found.error(item.place, "item-no-text", phrase("The item asks nothing: its header has no text."))
        _check_mixed(item, self.found)
        check_flags(item, self.found)
        FORMS[item.kind].check(item, self.found)
        if not any(line.strip() for line in item.explanation):
            self.found.warning(
                item.place, "item-no-explanation", phrase("Nothing explains why the answer is right."), phrase("Add a last line that begins with `> `.")
            )
        return not any(problem.severity == "error" for problem in self.found.problems[before:])

    def _shown(self, one: Written, lang: str, form: Made) -> list[object]:
        """What a sitting shows of the item, with its pictures named by their bytes."""
        lines = list(form.asked.get(lang) or lines_asked(one.draft))
        return [digest_text(lines), *form.shown[lang], self.texts.pictures(one.text, lines)]

    def _case(self, written: ByLang, source_lang: str) -> tuple[Case | None, list[object]]:
        """The case of an item, and what of it a sitting shows."""
        source = written[source_lang].draft.case
        if source is None:
            return None, []
        heads = {lang: one.draft.case for lang, one in written.items() if one.draft.case}
        prompt = {lang: self.texts.prompt(written[lang].text, lines_asked(head)) for lang, head in heads.items()}
        shown = {lang: [digest_text(lines_asked(head)), self.texts.pictures(written[lang].text, lines_asked(head))] for lang, head in heads.items()}
        place = source.items.index(written[source_lang].draft.id) + 1
        return Case(source.id, prompt, place, len(source.items)), [shown]

    def _more(self, written: ByLang, form: Made, flags: list[str], case: Case | None) -> list[object]:
        """What makes another revision and is in no other part of its digest; nothing for an item that has nothing of it."""
        pictures = [self.texts.pictures(one.text, _told(one)) for one in written.values()]
        named = {
            "marks": [(choice.letter, choice.fixed, choice.name) for choice in form.fields.get("choices", ()) if choice.fixed or choice.name],
            "pictures": pictures if any(pictures) else [],
            "flags": flags,
            "case": [case.id, case.place, case.size] if case else [],
            "more": form.more,
        }
        return [{key: value for key, value in named.items() if value}] if any(named.values()) else []


def check_id(item: ItemDraft | CaseDraft, found: Findings) -> None:
    """An id has the form of one."""
    if not ID.fullmatch(item.id):
        message = phrase("The id %(id)s does not have the form of an id.", id=item.id[:40] or "–")
        found.error(item.place, "item-id", message, phrase("Use 8 letters a-z and digits 2-7, for example #%(example)s.", example=propose_id(item.text)))


def _check_mixed(item: ItemDraft, found: Findings) -> None:
    """An item is answered in one way."""
    answered = item.kind != "gaps" and (item.choices or item.answers) and any(has_gap(line) for line in lines_asked(item))
    gaps = next((place for place, line in item.asked if has_gap(line)), None) if answered else None
    if item.choices and item.answers:
        place = max(item.choices[0].place, item.answers[0].place, key=lambda place: place.line)
        found.error(place, "item-mixed", phrase("The item has both choices and lines with =."), phrase("Make two items of it."))
    elif gaps and item.kind in ("single", "multiple", "numeric", "short"):
        found.error(
            gaps, "item-mixed", phrase("The item has a gap [[...]] and other answers."), phrase("Make two items of it, or write \\[[ to show the signs.")
        )


def _told(one: Written) -> list[str]:
    """The lines of choices, feedback and explanation."""
    return [*one.draft.explanation, *(line for choice in one.draft.choices for line in (*choice.text, *choice.feedback))]
