"""Codes of files as such: their names, their encoding, their size; pictures and links."""

from lms.content.codes.code import error, warning
from lms.platform.rules import phrase

CODES = (
    warning(
        "file-name",
        phrase("The name of a Markdown file says no language, so the file is not read."),
        phrase("Put the language before the ending: .vi.md, .zh.md or .en.md."),
        "30-them.md",
        "30-them.vi.md",
    ),
    error(
        "not-utf8",
        phrase("The file is not UTF-8 text. `lms fix` does not touch it, so that nothing is lost."),
        phrase("Open it in the editor that wrote it and save it with the encoding UTF-8."),
    ),
    error(
        "control-character",
        phrase("An invisible control character stands in the text, such as one that turns the direction of writing."),
        phrase("Delete it and type the text again."),
        "Máy \\u202eđang sửa",
        "Máy đang sửa",
    ),
    error("file-too-large", phrase("A file has more than 8 MB and is not read."), phrase("Make it smaller, or keep it elsewhere and link to it.")),
    error("line-too-long", phrase("A line has more than 8000 characters."), phrase("Divide it into several lines.")),
    error(
        "text-too-long",
        phrase("A file has more than 512 KB or 50,000 lines, or a lesson or part of an item more than 3000 lines or 120 KB."),
        phrase("Divide it."),
    ),
    error(
        "image-no-alt",
        phrase("A picture has no text for those who cannot see it."),
        phrase("Say in the square brackets what is seen."),
        "![](img/khoa.svg)",
        "![Ổ khóa đỏ đang đóng](img/khoa.svg)",
    ),
    error(
        "image-missing",
        phrase("There is no such picture in the folder of the course or quiz."),
        phrase("Correct the name, or add the file; large and small letters count."),
        "![Ổ khóa đỏ đang đóng](img/khao.svg)",
        "![Ổ khóa đỏ đang đóng](img/khoa.svg)",
    ),
    error(
        "image-elsewhere",
        phrase("A picture stands at an address outside: it could vanish, change, or watch the readers."),
        phrase("Put the file beside the text and name it from there."),
        "![Ổ khóa](https://example.org/khoa.png)",
        "![Ổ khóa](img/khoa.png)",
    ),
    error(
        "image-refused",
        phrase("A picture is broken, or a drawing holds something that could run or load something."),
        phrase("Draw or export it again as a plain picture, without scripts, links and style sheets."),
        '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>',
    ),
    error("image-huge", phrase("A picture has more than 2 MB or 6000 pixels a side."), phrase("Make it smaller: 300 KB are enough for a screen.")),
    warning("image-large", phrase("A picture has more than 300 KB; on a phone that costs time and money."), phrase("Make it smaller.")),
    error(
        "link-scheme",
        phrase("A link begins with something else than https:, http:, mailto: or tel:."),
        phrase("Link to https://, mailto: or tel: addresses."),
        "[Máy](javascript:alert)",
        "[Máy](https://example.org/may)",
    ),
    error(
        "link-broken",
        phrase("A link leads nowhere on the site."),
        phrase("Link to an https:// address, or name the lesson in words."),
        "[bài sau](20-quy-trinh.vi.md)",
        "bài sau, “Quy trình”",
    ),
)
