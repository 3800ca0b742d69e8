"""GIFT as a bank."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lms.content.interchange.carrying import restore, split_tags
from lms.content.interchange.decoding import decode
from lms.content.interchange.escaping import escape, normal, tame
from lms.content.interchange.from_html import from_html
from lms.content.interchange.gathering import gather_cases
from lms.content.interchange.gift.signs import FORMAT, hidden, shown
from lms.content.interchange.model import Answer, Bank, BankItem, Quantity
from lms.content.interchange.moodle.answers import carried_number, decimal, ticked
from lms.content.interchange.moodle.cloze import gap_of
from lms.content.interchange.report import Losses
from lms.content.interchange.texts import TRUE_FALSE, split_text
from lms.errors import Unreadable
from lms.platform.rules import Phrase, phrase

COMMENT = re.compile(r"\s*//(?P<text>.*)$")
ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
TITLE = re.compile(r"\s*::(?P<title>.*?)::", re.DOTALL)
OPTION = re.compile(r"(?P<mark>[~=])\s*(?:%(?P<share>-?\d+(?:\.\d+)?)%)?(?P<text>[^~=#]*)(?:#(?P<feedback>[^~=]*))?", re.DOTALL)
TRUTH = re.compile(r"\s*(?P<word>TRUE|T|FALSE|F)\s*(?:#(?P<wrong>[^#]*))?(?:#(?P<right>[^#]*))?$", re.IGNORECASE | re.DOTALL)
HTML = re.compile(r"<\s*/?(?:p|br|b|i|strong|em|div|span|ul|ol|li|img|a|sub|sup|table|u)\b[^>]*>", re.IGNORECASE)


def read_gift(data: bytes, lang: str, losses: Losses, *, name: str = "GIFT") -> Bank:
    """The questions of a file. Raises Unreadable if there is none."""
    title, made = "", []
    for number, (line, comments, block) in enumerate(_blocks(decode(data, name)), 1):
        if block.startswith("$CATEGORY:"):
            title = title or re.split(r"(?<!/)/(?!/)", block.partition(":")[2].strip())[-1].replace("//", "/")
            continue
        reader = _Reader(lang, losses, phrase("line %(n)s", n=line), number)
        if item := reader.question(block, comments):
            made.append(item)
    if not made:
        raise Unreadable("%(name)s holds no GIFT question: one looks like `::Title::Question{=right ~wrong}`.", name=name)
    return Bank(lang, gather_cases(made, losses), "" if title == "top" else title)


def _blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """Questions: their first line, the comments above, and the lines."""
    comments, lines, first = "", [], 0
    for number, line in enumerate([*normal(text.replace("\t", " ")).split("\n"), ""], 1):
        comment = COMMENT.match(line)
        if comment:
            comments += comment["text"]
        elif line.strip().startswith("$CATEGORY:"):
            yield number, "", line.strip()
        elif line.strip():
            first = first or number
            lines.append(line)
        elif lines:
            yield first, comments, "\n".join(lines)
            comments, lines, first = "", [], 0


@dataclass
class _Reader:
    lang: str
    losses: Losses
    where: Phrase
    number: int
    form: str = field(default="moodle")

    def question(self, block: str, comments: str) -> tuple[BankItem, str] | None:
        """One question, and the id of its case."""
        id_ = ID.search(comments)
        tags = [tag.replace("\\]", "]") for tag in TAG.findall(comments)]
        attributes, flags, carried = split_tags(tags)
        text = hidden(block)
        title = TITLE.match(text)
        text = text[title.end() :] if title else text
        before, answers, after = self._braces(text)
        form = FORMAT.match(before)
        self.form, before = (form["format"], before[form.end() :]) if form else ("moodle", before)
        item = self._read(before, answers, after, carried)
        if item is None:
            return None
        head, body = split_text(item.text, self.lang, escape(shown(title["title"]), inline=True) if title else "")
        item = replace(item, id=id_[1].replace("\\]", "]").strip() if id_ else "", text=head, body=body, attributes=attributes, flags=flags)
        return restore(item, carried, self.losses), carried.get("_case", "")

    def _braces(self, text: str) -> tuple[str, str | None, str]:
        start = text.find("{")
        end = text.find("}", start)
        if start < 0:
            return text, None, ""
        if end < 0:
            self._lose(phrase("The braces of the answers are not closed."))
            end = len(text)
        return text[:start], text[start + 1 : end], text[end + 1 :]

    def _lose(self, what: Phrase) -> None:
        self.losses.add(self.where, what)

    def rich(self, text: str, *, inline: bool = False) -> str:
        """A text in its format as Markdown."""
        form = FORMAT.match(text)
        kind, text = (form["format"], text[form.end() :]) if form else (self.form, text)
        text = shown(text).strip()
        if kind == "markdown":
            return tame(text, inline=inline).strip()
        if kind == "html" or (kind == "moodle" and HTML.search(text)):
            made, dropped = from_html(text, lambda _source, _alt: None, inline=inline)
            if dropped:
                self._lose(phrase("Left out of the text: %(what)s", what=dropped))
            return made
        return escape(text, inline=inline)

    def _read(self, before: str, answers: str | None, after: str, carried: dict[str, str]) -> BankItem | None:
        if answers is None:
            if carried.get("_kind") == "case":
                return BankItem("", "case", self.rich(before))
            self._lose(phrase("A text without a question is left out: %(text)s", text=shown(before).strip()[:80]))
            return None
        answers, _, explanation = answers.partition("####")
        item = self._answered(before, answers, after, carried)
        return replace(item, explanation=self.rich(explanation)) if item else None

    def _answered(self, before: str, answers: str, after: str, carried: dict[str, str]) -> BankItem | None:  # noqa: PLR0911  (one way out for each kind)
        options = list(OPTION.finditer(answers))
        truth = TRUTH.match(answers)
        text = self.rich(before)
        if not answers.strip():
            return BankItem("", "essay", text)
        if answers.lstrip().startswith("#"):
            return self._number(text, answers.lstrip()[1:], carried)
        if truth:
            right = truth["word"].upper().startswith("T")
            told = [self.rich(truth[part] or "") for part in ("right", "wrong")]
            words = TRUE_FALSE[self.lang]
            return BankItem("", "single", text, answers=(Answer(words[0], right, told[not right]), Answer(words[1], not right, told[right])))
        if not options:
            self._lose(phrase("The answers in braces cannot be read: %(text)s", text=shown(answers).strip()[:80]))
            return None
        if after.strip():
            return self._gap(before, options, after)
        if all(option["mark"] == "=" and "->" in option["text"] for option in options):
            return self._matching(text, options, carried)
        if all(option["mark"] == "=" for option in options):
            return BankItem("", "short", text, answers=tuple(Answer(" ".join(shown(o["text"]).split()), right=True) for o in self._whole(options)))
        one = any(option["mark"] == "=" for option in options) or not any(float(option["share"] or 0) > 0 for option in options)
        one = carried.get("_kind") != "multiple" and (one or any(option["share"] == "100" for option in options))
        choices = [(self.rich(o["text"], inline=True), o["share"] or ("100" if o["mark"] == "=" else "0"), self.rich(o["feedback"] or "")) for o in options]
        kind, made = ticked(choices, one=one, note=self._lose)
        if one and sum(answer.right for answer in made) > 1:
            kind = "multiple"
        return BankItem("", kind, text, answers=made)

    def _whole(self, options: list[re.Match[str]]) -> Iterator[re.Match[str]]:
        for option in options:
            if option["feedback"]:
                self._lose(phrase("Feedback on a typed answer is left out."))
            if option["share"] and float(option["share"]) < 100:  # noqa: PLR2004
                self._lose(phrase("A typed answer that is partly right or wrong is left out: %(text)s", text=shown(option["text"]).strip()[:60]))
            else:
                yield option

    def _matching(self, text: str, options: list[re.Match[str]], carried: dict[str, str]) -> BankItem:
        cells = [option["text"].partition("->") for option in options]
        pairs = tuple((self.rich(left, inline=True).replace("-&gt;", "->"), " ".join(shown(right).replace("-&gt;", "->").split())) for left, _, right in cells)
        if carried.get("_kind") == "ordering" and sorted(right for _, right in pairs) == sorted(str(n) for n in range(1, len(pairs) + 1)):
            return BankItem("", "ordering", text, answers=tuple(Answer(left) for left, _ in sorted(pairs, key=lambda pair: int(pair[1]))))
        return BankItem("", "matching", text, pairs=tuple(pair for pair in pairs if pair[1]))

    def _gap(self, before: str, options: list[re.Match[str]], after: str) -> BankItem:
        right = [option for option in options if option["mark"] == "="]
        if len(right) < len(options):
            self._lose(phrase("The wrong words offered in a gap are left out: here the answer is typed."))
        gap = gap_of([shown(option["text"]) for option in self._whole(right)])
        here = "xgapx"
        return BankItem("", "gaps", self.rich(f"{before}{here}{after}").replace(here, gap))

    def _number(self, text: str, answers: str, carried: dict[str, str]) -> BankItem | None:
        options = [option["text"] for option in OPTION.finditer(answers) if (option["share"] or "100") == "100"] or [answers]
        if len(options) > 1 or "=" in answers[1:] or "~" in answers:
            self._lose(phrase("Of several numbers only the first that is wholly right is kept."))
        value, _, feedback = shown(options[0].replace("~", "")).partition("#")
        if feedback.strip() or "#" in answers:
            self._lose(phrase("Feedback on a typed answer is left out."))
        number = _quantity(value)
        if number is None:
            self._lose(phrase("No right number could be read; write it in."))
            return None
        return BankItem("", "numeric", text, number=carried_number(carried, number))


def _quantity(text: str) -> Quantity | None:
    """`85`, `85:1` or `84..86`."""
    low, between, high = text.partition("..")
    value, _, tolerance = text.partition(":")
    if between:
        a, b = decimal(low), decimal(high)
        if a is None or b is None:
            return None
        middle, half = decimal(f"{(float(a) + float(b)) / 2:.10g}"), decimal(f"{abs(float(b) - float(a)) / 2:.10g}")
    else:
        middle, half = decimal(value), decimal(tolerance or "0")
    return Quantity(middle, half) if middle is not None and half is not None and not half.startswith("-") else None
