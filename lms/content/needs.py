"""What a published package cannot do without."""

from lms.content.catalogue import Contest, Course, Quiz


def needs_of(made: object) -> frozenset[str]:
    """The packages ('quizzes/x') that a package names: a course its quiz and schemes, a quiz and a contest whose banks they draw from."""
    if isinstance(made, Course):
        return frozenset([*(f"schemes/{slug}" for slug in made.schemes), *([f"quizzes/{made.quiz}"] if made.quiz else [])])
    if isinstance(made, Quiz):
        return frozenset(f"quizzes/{slug}" for slug in drawn_by(made) if slug != made.slug)
    if isinstance(made, Contest):
        return frozenset(f"quizzes/{slug}" for stage in made.stages for one in stage.rounds for slug in drawn_by(one.quiz))
    return frozenset()


def drawn_by(quiz: Quiz) -> frozenset[str]:
    """The slugs of the quizzes whose banks a paper is drawn from."""
    return frozenset(draw.bank.partition("/")[0] for draw in quiz.draws)
