"""docs/check-codes.md, made of the codes: `python -m lms.content.codes.page > docs/check-codes.md`."""

import sys
from collections.abc import Iterator

from lms.content.codes import GROUPS
from lms.content.codes.code import Code

HEAD = """# Codes of `lms check`

Made of lms/content/codes by `python -m lms.content.codes.page > docs/check-codes.md`; a test holds it current. On the command line:

    lms check --explain item-no-right --lang vi

An error holds its package back: what the site shows stays as it was. A warning holds nothing back.

| Code | Kind | What it says |
|---|---|---|
"""


def page() -> str:
    """The whole page: a table of all codes, then each with what to do, a bad example and the good form."""
    rows = "".join(f"| `{code.code}` | {code.severity} | {code.says} |\n" for group in GROUPS.values() for code in group)
    return HEAD + rows + "".join(f"\n## {title}\n{''.join(_entry(code) for code in group)}" for title, group in GROUPS.items())


def _entry(code: Code) -> str:
    return f"\n### {code.code}\n\n{code.severity.capitalize()}. {code.says} {code.todo}\n" + "".join(_examples(code))


def _examples(code: Code) -> Iterator[str]:
    for title, text in (("Bad", code.bad), ("Good", code.good)):
        if text:
            yield f"\n{title}:\n\n" + "".join(f"    {line}".rstrip() + "\n" for line in text.split("\n"))


if __name__ == "__main__":
    sys.stdout.write(page())
