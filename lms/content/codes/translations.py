"""Codes of translations beside their source."""

from lms.content.codes.code import error, warning
from lms.platform.rules import phrase

CODES = (
    error(
        "source-missing",
        phrase("A translation is there, but not the file of the source language."),
        phrase("Add the file of the source language, or correct `source_lang`."),
        "cau-hoi.en.md",
        "cau-hoi.vi.md\ncau-hoi.en.md",
    ),
    warning(
        "translation-stale",
        phrase("The source text has changed since this translation was last changed. Publishing and the content page tell this."),
        phrase("Bring the translation up to date, or say on the content page that it still is right."),
    ),
    warning(
        "translation-missing-item",
        phrase("A translation lacks an item of the source."),
        phrase("Translate it under the same id, or leave it: readers see the source language."),
    ),
    error(
        "translation-unknown-item",
        phrase("A translation has an item that the source does not have."),
        phrase("Give it the id of the source's item; `lms fix` does it where the items stand in the same order."),
        "## 第一步做什么？ {#qaaaaab3}",
        "## 第一步做什么？ {#qaaaaaa3}",
    ),
    error(
        "translation-choices",
        phrase("The choices of a translation do not line up with the source."),
        phrase("Same number, same order, same kind of brackets."),
        "- ( ) 通知有关人员",
        "- ( ) 通知有关人员\n- ( ) 拆防护罩",
    ),
    warning(
        "translation-key",
        phrase("A translation marks an answer; only the file of the source language does that."),
        phrase("Leave the bracket empty."),
        "- (x) 拆防护罩",
        "- ( ) 拆防护罩",
    ),
    warning(
        "translation-attribute",
        phrase("A translation repeats what is read from the source language only."),
        phrase("Leave it out of the translation."),
        "## 第一步做什么？ {#qaaaaaa3 points=1}",
        "## 第一步做什么？ {#qaaaaaa3}",
    ),
)
