"""What every code of the check means: what is wrong, what to do, a bad example and the good form. docs/check-codes.md is made of it."""

from lms.content.codes import answers, files, items, packages, settings, texts, translations
from lms.content.codes.code import Code

CODES: dict[str, Code] = {one.code: one for group in (settings, files, items, answers, texts, translations, packages) for one in group.CODES}
"""Every code of the check by its name, grouped by what it is about."""
