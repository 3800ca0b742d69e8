"""Wrong values are named in words, at their line."""

import pytest

from lms.content.catalogue import Contest, Scheme
from tests.content.trees import BANK_ZH, CONTEST, COURSE, FILES, LESSON, QUIZ, SCHEME, compiled, found, tree_with, with_files, without


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (QUIZ, "pick: 4", "pick: 0", "pick holds “0”, which is not at least 1."),
        (QUIZ, "pick: 4", "pick: 999", "pick holds “999”, which is not at most 500."),
        (QUIZ, "difficulty: 1", "difficulty: hard", "difficulty holds “hard”, which is not a whole number."),
        (QUIZ, "items: true", "items: maybe", "items holds “maybe”, which is not yes or no."),
        (QUIZ, "review: after_submit", "review: later", "review holds “later”, which is not one of never, after_each, after_submit, after_close."),
        (QUIZ, "attempts: 3", "attempts: 3\nopens: 2027", "opens holds “2027”, which is not a time like 2027-05-03T08:00."),
        (QUIZ, "attempts: 3", "attempts: 3\nopens: 2027-02-30T08:00", "opens holds “2027-02-30T08:00”, which is not a time like 2027-05-03T08:00."),
        (COURSE, "lessons: [10-mo-dau, 20-quy-trinh]", "lessons: []", "lessons holds […], which is not a list with at least 1 entries."),
        (COURSE, "lessons: [10-mo-dau, 20-quy-trinh]", "lessons: 10-mo-dau", "lessons holds “10-mo-dau”, which is not a list."),
        (
            COURSE,
            "title:\n  vi: Khóa, treo thẻ: bước đầu\n  zh: 上锁挂牌：入门\n  en: Lockout/tagout: first steps",
            "title: Khóa",
            "title holds “Khóa”, which is not a group of keys below it.",
        ),
        (COURSE, "  zh: 上锁挂牌：入门", "  fr: x", "fr holds “x”, which is not one of vi, zh, en."),
        (COURSE, "audience: [nhom-4]", "audience: [nhom-4]\nhours:\n  law: x", "law holds “x”, which is not a number."),
        (COURSE, "  en: Lockout/tagout: first steps", "  en:", "en holds –, which is not a text."),
        (COURSE, "id: khoa-mau", "id: Khóa mẫu", "id holds “Khóa mẫu”, which is not an id of small letters a-z, digits and hyphens."),
        (COURSE, "id: khoa-mau", "id: " + "x" * 90, "which is not an id of small letters a-z, digits and hyphens."),
        (COURSE, "  vi: Khóa, treo thẻ: bước đầu", "  vi: " + "dài " * 1200, "which is not a text of at most 4000 characters."),
        (LESSON, "part: law", "part: lau", "part holds “lau”, which is not one of law, management, theory, practice, test."),
        (SCHEME, "from: 2016-07-01", "from: 01/07/2016", "from holds “01/07/2016”, which is not a date like 2027-05-03."),
        (SCHEME, "from: 2016-07-01", "from: 2016-07-32", "from holds “2016-07-32”, which is not a date like 2027-05-03."),
    ],
)
def test_a_wrong_value_says_what_belongs_there(path: str, old: str, new: str, message: str) -> None:
    problems = [str(p.message) for p in found(tree_with((path, old, new))) if p.file == path]
    assert any(message in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("path", "old", "new", "hint"),
    [
        (QUIZ, "    pick: 4", "    pik: 4\n    pick: 4", "Did you mean pick?"),
        (QUIZ, "{items: true", "{item: true", "Did you mean items?"),
        (CONTEST, "        grace_s: 5", "        grace: 5", "Did you mean grace_s?"),
        (SCHEME, "    counting:\n      value", "    counting:\n      valu: x\n      value", "Did you mean value?"),
        (LESSON, "topic: loto", "topic: loto\nxyz: 1", "Known here: basis, minutes, part, title, topic"),
    ],
)
def test_an_unknown_key_hints_at_the_known_ones(path: str, old: str, new: str, hint: str) -> None:
    assert hint in [str(p.hint) for p in found(tree_with((path, old, new))) if p.code == "key-unknown"]


def test_the_head_of_a_contest_may_stand_below_its_own_key() -> None:
    text = FILES[CONTEST].decode()
    head, rest = text.split("identity:")
    nested = "contest:\n" + "".join(f"  {line}\n" for line in head.strip().split("\n")) + "identity:" + rest
    made = [compiled(with_files({CONTEST: each})).packages["contests/hoi-thi-mau"].made for each in (text, nested)]
    assert isinstance(made[0], Contest)
    assert made[0] == made[1]
    assert made[0].stages[0].rounds[0].attempts_max == 3
    short = compiled(tree_with((CONTEST, "        attempts:\n          max: 3\n          per: round\n          count: best\n", "        attempts: 3\n")))
    assert short.packages["contests/hoi-thi-mau"].made == made[0]


def test_rank_keys_may_say_their_direction_but_not_turn_it() -> None:
    assert "contests/hoi-thi-mau" not in compiled(tree_with((CONTEST, "[correct, elapsed, submitted]", "[correct desc, elapsed asc]"))).held
    assert "contests/hoi-thi-mau" in compiled(tree_with((CONTEST, "[correct, elapsed, submitted]", "[correct asc]"))).held


def test_times_are_wall_clock_times_of_the_site() -> None:
    contest = compiled(with_files({})).packages["contests/hoi-thi-mau"].made
    assert isinstance(contest, Contest)
    quiz = contest.stages[0].rounds[0].quiz
    assert quiz.opens_at is not None
    assert quiz.opens_at.isoformat() == "2026-11-20T01:00:00+00:00"


def test_a_quiz_without_settings_or_with_a_strange_language_holds_what_needs_it() -> None:
    assert set(compiled(without(QUIZ)).held) >= {"quizzes/de-mau", "courses/khoa-mau", "contests/hoi-thi-mau"}
    assert "quizzes/de-mau" in compiled(tree_with((QUIZ, "source_lang: vi", "source_lang: fr"))).held


def test_an_id_twice_in_a_translation_is_found_there() -> None:
    assert (BANK_ZH, "item-duplicate-id") in {(p.file, p.code) for p in found(tree_with((BANK_ZH, "#qaaaaaa3", "#qaaaaaa2")))}


def test_a_scheme_keeps_value_source_and_certainty() -> None:
    scheme = compiled(with_files({})).packages["schemes/vn-nd44-nhom-1"].made
    assert isinstance(scheme, Scheme)
    version = scheme.versions[0]
    assert (version.initial_minutes.value, version.initial_minutes.certainty, version.initial_minutes.source) == (960, "S", "TVPL19")
    assert version.initial_parts == {"law": 480, "management": 420, "test": 60}
    assert (version.document_form, version.to_on, version.max_online_refresher_minutes) == ("08", None, 240)
    assert version.rulings["parts"].certainty == "S2"
    assert version.triggers[2]["months"] == "6"
