"""Codes of settings files and front matter: their form, their keys and values."""

from lms.content.codes.code import error, warning
from lms.platform.rules import phrase

CODES = (
    error(
        "yaml-syntax",
        phrase("A line of a settings file does not fit where it stands."),
        phrase("Write `key: value` on one line, lists with `- `, and indent what belongs together by the same number of blanks."),
        "source_lang vi",
        "source_lang: vi",
    ),
    error(
        "yaml-duplicate-key",
        phrase("A key stands twice in one place."),
        phrase("Keep one of the two."),
        "quiz: de-mau\nquiz: khac",
        "quiz: de-mau",
    ),
    error(
        "key-missing",
        phrase("A key that must be there is not."),
        phrase("Add the key that the message names. `lms new` writes files with all of them."),
        "---\ntitle: Vì sao phải khóa máy\npart: law\n---",
        "---\ntitle: Vì sao phải khóa máy\nminutes: 1\npart: law\n---",
    ),
    error(
        "key-unknown",
        phrase("A key or mark is not known in this place."),
        phrase("Correct the spelling; the hint names the nearest known key."),
        "topik: loto",
        "topic: loto",
    ),
    error(
        "value-wrong",
        phrase("A value does not have the form that belongs there."),
        phrase("Write what the message asks for: a whole number, a date like 2027-05-03, one of the words it lists."),
        "time_limit_s: 10 minutes",
        "time_limit_s: 600",
    ),
    error(
        "id-name",
        phrase("The id in a settings file is not the name of its folder or file."),
        phrase("Give both the same name."),
        "# courses/khoa-mau/course.yml\nid: khoa-khac",
        "# courses/khoa-mau/course.yml\nid: khoa-mau",
    ),
    error(
        "words-no-source",
        phrase("A title or the like has no text in the source language."),
        phrase("Add the text in the language that `source_lang` names."),
        "source_lang: vi\ntitle:\n  en: Lockout",
        "source_lang: vi\ntitle:\n  vi: Khóa, treo thẻ\n  en: Lockout",
    ),
    error(
        "front-matter-open",
        phrase("The front matter has no closing line of three hyphens."),
        phrase("Put `---` below its last key."),
        "---\ntitle: Vì sao phải khóa máy\n\nMáy đang sửa …",
        "---\ntitle: Vì sao phải khóa máy\n---\n\nMáy đang sửa …",
    ),
    error(
        "settings-missing",
        phrase("A folder has no settings file, so nobody knows what it is."),
        phrase("Add course.yml or quiz.yml; `lms new` writes one."),
        "courses/khoa-mau/10-mo-dau.vi.md",
        "courses/khoa-mau/course.yml\ncourses/khoa-mau/10-mo-dau.vi.md",
    ),
    warning(
        "translation-missing",
        phrase("A text is missing in one of the three languages; readers see the source language with a notice."),
        phrase("Translate it, or leave it: nothing is held back."),
        "title:\n  vi: Khóa, treo thẻ",
        "title:\n  vi: Khóa, treo thẻ\n  zh: 上锁挂牌\n  en: Lockout/tagout",
    ),
)
