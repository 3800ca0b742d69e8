"""The words of papers, in the language of the paper (which need not be that of who prints it)."""

from collections.abc import Mapping

from lms.content.speaking import say_in
from lms.platform.rules import Phrase, phrase

WORDS: Mapping[str, Phrase] = {
    "booklet": phrase("Test paper"),
    "sheet": phrase("Sheet of answers"),
    "keys": phrase("Answer key"),
    "secret": phrase("For examiners only. Do not copy."),
    "variant": phrase("Variant"),
    "page": phrase("Page %(page)s of %(pages)s", page="{n}", pages="{total}"),
    "name": phrase("Full name"),
    "code": phrase("Staff code"),
    "unit": phrase("Unit"),
    "date": phrase("Date"),
    "signature": phrase("Signature"),
    "marker": phrase("Entered by"),
    "critical": phrase("Critical"),
    "case": phrase("Read first: this belongs to several questions"),
    "points": phrase("points"),
    "any": phrase("any answer"),
    "rubric": phrase("marked by a person"),
    "end": phrase("End of the paper"),
    "fill": phrase("Fill the circle of your answer completely, with a dark pen. To change an answer, cross it out and write the letter beside it."),
    "write": phrase("Write your answers on the sheet of answers. What stands in this booklet is not marked."),
    "check": phrase("Check that the variant on the sheet is that of your booklet."),
    "fatal": phrase("If a question marked as critical is wrong or left empty, the test is failed whatever the score."),
}
HOW: Mapping[str, Phrase] = {
    "single": phrase("Choose one answer."),
    "multiple": phrase("Choose every right answer."),
    "numeric": phrase("Write a number."),
    "short": phrase("Write a short answer."),
    "ordering": phrase("Write the letters in the right order."),
    "matching": phrase("Write for each row the letter of what belongs to it."),
    "gaps": phrase("Write the text of every gap."),
    "hotspot": phrase("Choose the letters of what the question asks for."),
    "essay": phrase("Write your answer on the sheet. A person will mark it."),
    "performed": phrase("You do this before an assessor, who marks it. Nothing is written."),
}


def words_in(lang: str) -> dict[str, str]:
    """All words of papers in a language."""
    return {name: say_in(lang, words) for name, words in WORDS.items()}
