"""What quiz.yml says beyond the blueprint: sections, marks, review by part, retakes; and choices that must not move."""

import pytest

from lms.content.bodies import package_from, to_body
from lms.content.catalogue import Quiz
from lms.content.packages.policies import hundredths
from lms.content.packages.quizzes import digest_of
from lms.content.policy import Policy, Retake, Section
from tests.content.test_codes import DRAW, SECTIONS
from tests.content.trees import BANK, QUIZ, compiled, found, tree_with


def quiz_with(*edits: tuple[str, str, str]) -> Quiz:
    """The sample quiz after edits."""
    package = next(one for one in compiled(tree_with(*edits)).packages.values() if one.name == "quizzes/de-mau")
    assert isinstance(package.made, Quiz), [str(problem.message) for problem in found(tree_with(*edits))]
    return package.made


def test_a_quiz_without_a_policy_has_the_digest_it_always_had() -> None:
    quiz = quiz_with()
    assert quiz.policy == Policy()
    assert quiz.digest == "299227781f0dc10c2295b96c283d4946bb1d4a999951366ad6df2e39de064ad0"
    body = to_body(quiz)
    old = body.replace(body[body.index(',"policy"') : body.rindex("}")], "")
    assert package_from("quizzes", old) == package_from("quizzes", body) == quiz


def test_sections_own_the_lines_of_the_draw_one_after_the_other() -> None:
    quiz = quiz_with(("quizzes/de-mau/quiz.yml", DRAW, SECTIONS.replace("    title: {vi: Hai}", "    title: {vi: Hai, zh: 二}\n    pass_percent: 50")))
    assert quiz.policy.sections == (Section("mot", {"vi": "Một"}, 1), Section("hai", {"vi": "Hai", "zh": "二"}, 1, 50))
    assert [(draw.pick, draw.difficulty) for draw in quiz.draws] == [(2, None), (2, 2)]
    assert digest_of(quiz) != quiz_with().digest
    assert package_from("quizzes", to_body(quiz)) == quiz


def test_everything_else_that_can_be_said() -> None:
    said = "attempts: 3\nnavigation: sequential\nmarks: {right: 2, wrong: -1/4, below_zero: yes}\nretake: {wait: 2d, after: 2, lessons_first: yes}"
    policy = quiz_with(
        (QUIZ, "attempts: 3", said + "\nrehearsal: [practice, mock]"), (QUIZ, "review: after_submit", "review: {when: after_submit, show: [score, own]}")
    ).policy
    assert (policy.navigation, policy.marks, policy.below_zero) == ("sequential", (200, -25, 0, 100), True)
    assert policy.retake == Retake(0, 2, 2, "yes")
    assert (policy.show, policy.rehearsal) == (("score", "own"), ("practice", "mock"))
    assert quiz_with((QUIZ, "attempts: 3", "attempts: 3\nmarks: {right: 3, wrong: -1}")).policy.marks == (3, -1, 0)
    assert quiz_with((QUIZ, "    difficulty: 1", "    difficulty: 1\n    place: first")).policy.places == ("first", "")


def test_a_review_that_shows_no_keys_may_follow_every_try() -> None:
    """Relate #1221: while tries remain a review shows no keys; one that never does needs no condition."""
    edits = (QUIZ, "review_keys: when_no_tries_remain_or_passed\n", ""), (QUIZ, "review: after_submit", "review: {when: after_submit, show: [score, own]}")
    assert "review-keys" not in {problem.code for problem in found(tree_with(*edits))}


@pytest.mark.parametrize(
    ("written", "value"),
    [("1", 100), ("-0.25", -25), ("-0,5", -50), ("-1/4", -25), ("−1", -100), ("+2", 200), ("-1/3", None), ("1/0", None), ("0.125", None), ("x", None)],
)
def test_marks_are_whole_hundredths_of_a_point_or_refused(written: str, value: int | None) -> None:
    assert hundredths(written) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tất cả các đáp án trên", "choice-not-fixed"),
        ("Cả ba ý trên đều đúng", "choice-not-fixed"),
        ("Không có đáp án nào đúng", "choice-not-fixed"),
        ("Tất cả đều đúng", "choice-not-fixed"),
        ("All of the above", "choice-not-fixed"),
        ("None of these", "choice-not-fixed"),
        ("以上都对", "choice-not-fixed"),
        ("以上都不是", "choice-not-fixed"),
        ("Tất cả các đáp án trên {.fixed}", None),
        ("Cả A và B", "choice-letters"),
        ("A, B và C đều đúng", "choice-letters"),
        ("A和B", "choice-letters"),
        ("Tất cả công nhân trong ca", None),
        ("Không ai được vào", None),
        ("Bình chữa cháy loại A hoặc bình CO2", None),
        ("All workers on the site", None),
    ],
)
def test_choices_that_speak_of_the_others_are_found(text: str, code: str | None) -> None:
    codes = {problem.code for problem in found(tree_with((BANK, "- ( ) Tháo che chắn", f"- ( ) {text}")))}
    assert codes & {"choice-not-fixed", "choice-letters"} == ({code} if code else set())
