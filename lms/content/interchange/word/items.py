"""From questions as found to items: which answer is right, said or shown, and what to list where it is not clear."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lms.content.interchange.model import Answer, BankItem, Kind
from lms.content.interchange.pictures import SHOWN
from lms.content.interchange.report import Losses
from lms.content.interchange.texts import TRUE_FALSE, short_name, split_text
from lms.content.interchange.word.deciding import Choice, decide, take_signs
from lms.content.interchange.word.document import Table
from lms.content.interchange.word.keys import Pair
from lms.content.interchange.word.questions import Question
from lms.content.interchange.word.rich import MOSTLY, Look, Rich, markdown
from lms.content.interchange.word.signs import BRACKETED, ONLY_LETTERS, RIGHT, TRUE_WORDS, WRONG, letters_of
from lms.platform.rules import Phrase, phrase

STRUCK = phrase("struck through")
LOST_LOOKS: tuple[tuple[Phrase, Callable[[Look], bool]], ...] = (
    (STRUCK, lambda look: look.strike),
    (phrase("coloured"), lambda look: bool(look.colour)),
    (phrase("highlighted"), lambda look: bool(look.highlight)),
)


@dataclass
class Maker:
    """Makes items of the questions of one document."""

    lang: str
    losses: Losses

    def items(self, questions: Sequence[Question], keys: Sequence[Pair]) -> list[BankItem]:
        """Items in the order of the document; a question that is none is listed."""
        table = self._keyed(questions, keys)
        return [item for number, question in enumerate(questions) if (item := self._item(question, table.get(number, "")))]

    def _keyed(self, questions: Sequence[Question], keys: Sequence[Pair]) -> dict[int, str]:
        """The letters of the answer tables by the place of the question; a number that stands twice is matched in order, or not at all."""
        places: dict[int, list[int]] = defaultdict(list)
        for place, question in enumerate(questions):
            places[question.number if question.number is not None else place + 1].append(place)
        said: dict[int, list[str]] = defaultdict(list)
        for number, one in keys:
            said[number].append(one)
        made: dict[int, str] = {}
        for number, letters in said.items():
            if len(places.get(number, [])) == len(letters):
                made.update(zip(places[number], letters, strict=True))
            elif len(set(letters)) == 1 and len(places.get(number, [])) == 1:
                made[places[number][0]] = letters[0]
            else:
                where = phrase("answer table")
                self.losses.add(where, phrase("The answer %(n)s: %(letters)s fits no question, or more than one.", n=number, letters=letters))
        return made

    def _item(self, question: Question, keyed: str) -> BankItem | None:
        where = question.at.where
        self._note_looks(question)
        if not question.choices:
            self._unlettered(question)
        text, bracketed = self._asked(question)
        for choice in question.choices:
            take_signs(choice)
        _drop_semicolons(question.choices)
        if len(question.choices) < 2:  # noqa: PLR2004
            return self._without_choices(question, text)
        head, body = split_text(text, self.lang)
        right = self._right(question, keyed, bracketed)
        answers = tuple(Answer(markdown(choice.rich, emphasis=True), n in right) for n, choice in enumerate(question.choices))
        if any(not answer.text for answer in answers):
            self.losses.add(where, phrase("A choice of this question has no text: %(text)s", text=short_name(question.at.shown)))
            answers = tuple(answer for answer in answers if answer.text)
        kind: Kind = "multiple" if sum(answer.right for answer in answers) > 1 else "single"
        if not right:
            self.losses.add(where, phrase("No right answer was found: %(text)s", text=short_name(question.at.shown)))
        item = BankItem("", kind, head, body, answers, explanation="\n\n".join(markdown(one, emphasis=True) for one in question.explained if one.text))
        self._note_pictures(question, item)
        return item

    def _unlettered(self, question: Question) -> None:
        """Lines below a question as its choices though they have no letters: where all have a bullet, or where some are marked as right."""
        lines = [one for one in question.loose if one.shown]
        if len(lines) < 2 or (question.said and not ONLY_LETTERS.match(question.said)) or question.asked[-len(lines) :] != [one.rich for one in lines]:  # noqa: PLR2004
            return
        choices = [Choice(chr(65 + n), one.rich, Rich()) for n, one in enumerate(lines)]
        for choice in choices:
            take_signs(choice)
        if decide(choices)[0] or all(one.label and one.label.form == "bullet" for one in lines):
            question.asked, question.choices, question.loose = question.asked[: -len(lines)], choices, []
            self.losses.add(question.at.where, phrase("The choices have no letters: the %(n)s lines below the question were taken.", n=len(lines)))

    def _note_looks(self, question: Question) -> None:
        """List what has a look that the bank does not carry: text that is struck through, or that stands out by its colour."""
        asked = [one for one in question.asked if isinstance(one, Rich)]
        for rich in (*asked, *(choice.rich for choice in question.choices), *question.explained):
            for name, has in LOST_LOOKS:
                share = rich.share(has)
                if share and (share < MOSTLY or name is STRUCK):
                    self.losses.add(question.at.where, phrase("Came in as plain text, though it is %(how)s: %(text)s", how=name, text=_having(rich, has)))

    def _note_pictures(self, question: Question, item: BankItem) -> None:
        texts = "\n".join([item.whole, item.explanation, *(answer.text for answer in item.answers)])
        if any(not shown["alt"].strip() for shown in SHOWN.finditer(texts)):
            self.losses.add(question.at.where, phrase("A picture has no description: say in the square brackets what is seen."))

    def _asked(self, question: Question) -> tuple[str, str]:
        """The text of a question, and letters that stand in brackets in it: '(B)'."""
        letters = ""
        parts: list[str] = []
        for one in question.asked:
            if isinstance(one, Table):
                parts.append(_table(one))
                continue
            found = list(BRACKETED.finditer(one.plain)) if question.choices and not letters else []
            if len(found) == 1 and all(ord(letter) - 65 < len(question.choices) for letter in letters_of(found[0]["letters"])):
                letters = letters_of(found[0]["letters"])
                start, end = found[0].span("letters")
                one = Rich(one.text[:start] + "   " + one.text[end:], (*one.looks[:start], *(one.looks[start],) * 3, *one.looks[end:]))  # noqa: PLW2901
            parts.append(markdown(one, emphasis=True))
        return "\n\n".join(part for part in parts if part), letters

    def _right(self, question: Question, keyed: str, bracketed: str) -> frozenset[int]:
        """The right choices: what is said goes before what is shown; where the two differ, that is listed."""
        where, choices = question.at.where, question.choices
        shown, remarks = decide(choices)
        said = self._said(question)
        sources = [letters for letters in (said, keyed, bracketed) if letters]
        known = {choice.letter: n for n, choice in enumerate(choices)}
        for letters in sources:
            if not set(letters) <= set(known):
                self.losses.add(where, phrase("The answer %(letters)s is none of the choices of this question.", letters=letters))
        sources = [letters for letters in sources if set(letters) <= set(known)]
        if len({frozenset(letters) for letters in sources}) > 1:
            self.losses.add(where, phrase("The answers that are said do not agree, so none is taken: %(letters)s", letters=sources))
            return frozenset()
        if not sources:
            for remark in remarks:
                self.losses.add(where, remark)
            return shown
        right = frozenset(known[letter] for letter in sources[0])
        if shown and shown != right:
            told = [choices[n].letter for n in sorted(shown)]
            self.losses.add(where, phrase("The answer said is %(said)s, but %(shown)s is marked; what is said was taken.", said=sources[0], shown=told))
        return right

    def _said(self, question: Question) -> str:
        """The letters of an answer line; other words of it go to the explanation, or are listed."""
        if not question.said or question.said_at is None:
            return ""
        match = ONLY_LETTERS.match(question.said)
        if not match:
            same = [c.letter for c in question.choices if _folded(c.rich.plain) == _folded(question.said)]
            if len(same) == 1:
                return same[0]
            self.losses.add(question.said_at.where, phrase("This answer is none of the choices: %(text)s", text=question.said[:120]))
            return ""
        rest = (match["rest"] or "").strip(" :：.)、-")
        letters = letters_of(match["letters"])
        if rest and len(letters) == 1 and _folded(rest) not in {_folded(choice.rich.plain) for choice in question.choices}:
            self.losses.add(question.said_at.where, phrase("Not understood, so left out: %(text)s", text=rest[:200]))
        return letters

    def _without_choices(self, question: Question, text: str) -> BankItem | None:
        """A question to be answered with right or wrong, or with a text; None (and listed) otherwise."""
        where = question.at.where
        head, body = split_text(text, self.lang)
        truth = TRUE_WORDS.match(question.said) if question.said else None
        explanation = "\n\n".join(markdown(one, emphasis=True) for one in question.explained if one.text)
        if not question.choices and question.said and text:
            if truth and bool(truth["yes"]) != bool(truth["no"]):
                words = TRUE_FALSE[self.lang]
                answers = (Answer(words[0], bool(truth["yes"])), Answer(words[1], bool(truth["no"])))
                return BankItem("", "single", head, body, answers, explanation=explanation)
            if len(question.said) <= 60:  # noqa: PLR2004
                self.losses.add(where, phrase("There are no choices: taken as a short answer: %(text)s", text=question.said))
                return BankItem("", "short", head, body, (Answer(question.said, right=True),), explanation=explanation)
        found = _true_or_false(question) if not question.choices else None
        if found:
            words = TRUE_FALSE[self.lang]
            head, body = split_text(found[0], self.lang)
            return BankItem("", "single", head, body, (Answer(words[0], found[1]), Answer(words[1], not found[1])), explanation=explanation)
        self.losses.add(where, phrase("No choices were found, so this is left out: %(text)s", text=short_name(question.at.shown, 200)))
        for loose in question.loose:
            self.losses.add(loose.where, phrase("Not understood, so left out: %(text)s", text=short_name(loose.shown, 200)))
        for choice in question.choices:
            self.losses.add(where, phrase("Not understood, so left out: %(text)s", text=f"{choice.letter}. {choice.rich.text}"[:200]))
        return None


def _having(rich: Rich, has: Callable[[Look], bool]) -> str:
    """The letters with a look, stretches of them apart."""
    letters = "".join(sign if has(look) else "\n" for sign, look in zip(rich.text, rich.looks, strict=True))
    return " … ".join(part.strip() for part in letters.split("\n") if part.strip())[:120]


def _drop_semicolons(choices: Sequence[Choice]) -> None:
    """Choices that are listed in a sentence: the sign between them is none of theirs."""
    if len(choices) > 1 and all(choice.rich.plain.rstrip().endswith((";", "；")) for choice in choices[:-1]):
        for choice in choices:
            rich = choice.rich.cut(0)
            choice.rich = rich.cut(0, len(rich.text) - 1) if rich.text.endswith((";", "；")) else rich


def _true_or_false(question: Question) -> tuple[str, bool] | None:
    """A statement that ends in (√) or (×): its text, and whether it is true."""
    if len(question.asked) != 1 or not isinstance(question.asked[0], Rich):
        return None
    choice = Choice("", question.asked[0], Rich())
    plain = choice.rich.plain
    for pattern, truth in ((RIGHT, True), (WRONG, False)):
        match = re.search(rf"(?:{pattern.pattern})[.。]?$", plain, re.IGNORECASE)
        if match and plain[: match.start()].strip():
            return markdown(choice.rich.cut(0, match.start()), emphasis=True), truth
    return None


def _table(table: Table) -> str:
    """A table as Markdown."""
    rows = [["<br>".join(markdown(one.rich, emphasis=True) for one in cell if one.rich.text).replace("|", "\\|") for cell in row] for row in table.rows]
    rows = [row for row in rows if row]
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
