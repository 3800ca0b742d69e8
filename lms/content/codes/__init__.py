"""What every code of the check means: what is wrong, what to do, a bad example and the good form. docs/check-codes.md is made of it."""

from lms.content.codes import answers, files, items, packages, settings, texts, translations
from lms.content.codes.code import Code

GROUPS: dict[str, tuple[Code, ...]] = {
    "Settings and front matter": settings.CODES,
    "Files, pictures, links": files.CODES,
    "Items": items.CODES,
    "Answers": answers.CODES,
    "Texts": texts.CODES,
    "Translations": translations.CODES,
    "Courses, quizzes, contests, schemes": packages.CODES,
}
"""The codes by what they are about."""

CODES: dict[str, Code] = {one.code: one for group in GROUPS.values() for one in group}
"""Every code of the check by its name."""
