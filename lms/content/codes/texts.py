"""Codes of what learners read: Markdown, call-outs, bases."""

from lms.content.codes.code import error, warning
from lms.platform.rules import phrase

CODES = (
    error(
        "raw-html",
        phrase("HTML stands where Markdown belongs."),
        phrase("Write it in Markdown. To show the sign itself, put it between backticks."),
        "<b>Máy</b> đang sửa",
        "**Máy** đang sửa",
    ),
    error(
        "fence-open",
        phrase("Code begins with a line of backticks or tildes and never ends."),
        phrase("Write the same signs on a line of their own below the code."),
        "```\nđoạn mã",
        "```\nđoạn mã\n```",
    ),
    error(
        "too-deep",
        phrase("Quotations, lists or signs lie inside each other without end."),
        phrase("Write it flatter: at most 4 quotations and 6 lists inside each other."),
        ">>>>>> Máy đang sửa",
        "> Máy đang sửa",
    ),
    error(
        "callout-unknown",
        phrase("A call-out is of a kind that is not known."),
        phrase("Use danger, warning, caution, mandatory, prohibited, first-aid or note."),
        "> [!dangre] Điện",
        "> [!danger] Điện",
    ),
    warning(
        "heading-top",
        phrase("A heading with one # stands inside a lesson, whose title is in its front matter."),
        phrase("Begin headings with ##."),
        "# Khi nào phải khóa",
        "## Khi nào phải khóa",
    ),
    warning(
        "minutes-length",
        phrase("The declared minutes do not fit the length of the text."),
        phrase("Count 130 Vietnamese words, 100 English words or 220 Chinese characters a minute, a picture as 60 words."),
        "minutes: 30",
        "minutes: 1",
    ),
    error(
        "basis-no-mark",
        phrase("A basis does not say how sure it is."),
        phrase("End it with [S] seen in a source, [D] derived, [S2] secondary source, [K] good practice, or [site] own rule."),
        "- Luật ATVSLĐ 84/2015/QH13, Điều 6",
        "- Luật ATVSLĐ 84/2015/QH13, Điều 6 [S]",
    ),
    error(
        "basis-mark",
        phrase("The mark of a basis is not known."),
        phrase("Use [S], [D], [S2], [K] or [site]."),
        "- Luật ATVSLĐ 84/2015/QH13, Điều 6 [S9]",
        "- Luật ATVSLĐ 84/2015/QH13, Điều 6 [S2]",
    ),
    error(
        "basis-uncertain",
        phrase("A basis is marked [?], which is not for learners."),
        phrase("Find a source and mark it, or leave the statement out."),
        "- Luật ATVSLĐ 84/2015/QH13, Điều 6 [?]",
        "- Luật ATVSLĐ 84/2015/QH13, Điều 6 [S]",
    ),
    warning(
        "basis-sources",
        phrase("A critical item rests on good practice and names fewer than two sources."),
        phrase('Name them: source="First; second".'),
        '{#qaaaaaa2 .critical basis="OSHA 1910.147 [K]"}',
        '{#qaaaaaa2 .critical basis="OSHA 1910.147 [K]" source="OSHA 1910.147; HSE INDG 401"}',
    ),
)
