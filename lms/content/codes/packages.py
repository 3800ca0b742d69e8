"""Codes of packages as wholes: courses, quizzes, contests, schemes, and how they hang together."""

from lms.content.codes.code import error, warning
from lms.platform.rules import phrase

CODES = (
    error(
        "package-twice",
        phrase("Two content sources hold the same package; only the first one is read."),
        phrase("Rename one of them, or take it out of one source."),
    ),
    error(
        "reference-unknown",
        phrase("There is no such quiz or scheme."),
        phrase("Correct the name, or add the package."),
        "quiz: de-mao",
        "quiz: de-mau",
    ),
    error("bank-unknown", phrase("There is no such bank."), phrase("Correct the name, or add the file."), "- from: cau-hoy", "- from: cau-hoi"),
    error(
        "lesson-unknown",
        phrase("A lesson is listed that has no file."),
        phrase("Correct the name: it is the file's name without language and ending."),
        "lessons: [10-mo-dau, 20-quy-trin]",
        "lessons: [10-mo-dau, 20-quy-trinh]",
    ),
    error(
        "lesson-twice",
        phrase("A lesson is listed twice."),
        phrase("List it once."),
        "lessons: [10-mo-dau, 20-quy-trinh, 10-mo-dau]",
        "lessons: [10-mo-dau, 20-quy-trinh]",
    ),
    warning(
        "lesson-unlisted",
        phrase("A lesson has a file but is not listed, so nobody sees it."),
        phrase("Add it to `lessons`."),
        "lessons: [10-mo-dau]",
        "lessons: [10-mo-dau, 20-quy-trinh]",
    ),
    error(
        "version-twice",
        phrase("Two entries of `changes` have the same version."),
        phrase("Count the versions up."),
        "changes:\n  - version: 1\n  - version: 1",
        "changes:\n  - version: 1\n  - version: 2",
    ),
    error(
        "id-twice",
        phrase("Two stages or rounds of a contest have the same id."),
        phrase("Give each an id of its own."),
        "- id: vong-1\n- id: vong-1",
        "- id: vong-1\n- id: vong-2",
    ),
    error(
        "pass-mark",
        phrase("Nobody can reach this pass mark, or everybody does."),
        phrase("Write a whole number from 1 to 100."),
        "pass_percent: 101",
        "pass_percent: 60",
    ),
    error(
        "dates-order",
        phrase("Something ends before it begins."),
        phrase("Correct one of the two dates."),
        "opens: 2026-11-20T08:00\ncloses: 2026-11-19T17:00",
        "opens: 2026-11-20T08:00\ncloses: 2026-11-29T17:00",
    ),
    error(
        "review-keys",
        phrase("A review hands over the right answers while they are still needed."),
        phrase("Use after_close, or after_submit with `review_keys: when_no_tries_remain_or_passed`, or say `practice: yes`."),
        "attempts: 3\nreview: after_submit",
        "attempts: 3\nreview: after_submit\nreview_keys: when_no_tries_remain_or_passed",
    ),
    error(
        "review-no-close",
        phrase("The review waits for a closing time, and there is none."),
        phrase("Add `closes`, or choose another review."),
        "review: after_close",
        "closes: 2026-11-29T17:00\nreview: after_close",
    ),
    error(
        "draw-too-large",
        phrase("More items are to be drawn than fit, alone or together with other lines of the draw."),
        phrase("Draw fewer, ask for fewer tags, or write more items."),
        "- from: cau-hoi\n  pick: 300",
        "- from: cau-hoi\n  pick: 4",
    ),
    error(
        "scheme-parts",
        phrase("The minutes of the parts do not add up to the total."),
        phrase("Correct the parts or `total_minutes`."),
        "total_minutes: 960\nparts:\n  law: 480",
        "total_minutes: 960\nparts:\n  law: 480\n  practice: 480",
    ),
    error(
        "scheme-overlap",
        phrase("Two versions of a scheme hold on the same day."),
        phrase("Let the earlier version end on the day before the later one begins."),
        "- from: 2016-07-01\n  to:\n- from: 2027-01-01",
        "- from: 2016-07-01\n  to: 2026-12-31\n- from: 2027-01-01",
    ),
    error(
        "scheme-gap",
        phrase("No version of a scheme holds on some day between two versions."),
        phrase("Let the versions follow each other day by day."),
        "- from: 2016-07-01\n  to: 2026-11-30\n- from: 2027-01-01",
        "- from: 2016-07-01\n  to: 2026-12-31\n- from: 2027-01-01",
    ),
    error(
        "term-twice",
        phrase("An id or a spelling of a term stands twice in the glossaries."),
        phrase("A word has one entry: put both meanings into it, or take the spelling out of one."),
        "- id: rui-ro\n  term:\n    vi: rủi ro\n- id: nguy-co\n  term:\n    vi: Rủi ro",
        "- id: rui-ro\n  term:\n    vi: rủi ro\n  also:\n    vi: [nguy cơ]",
    ),
)
