"""A lesson as learners see it, with its problems where they stand."""

from flask import render_template

from lms.content.catalogue import Course, Lesson, Term
from lms.content.packages.compiler import package_of
from lms.content.source.problems import Problem
from lms.errors import NotFound
from lms.platform.i18n import current_lang
from lms.preview.parts import state
from lms.preview.places import lines_of, place_in
from lms.preview.views.blueprint import bp, problems_below


@bp.get("/courses/<slug>/<name>")
def lesson(slug: str, name: str) -> str:
    """A lesson; one that could not be made shows its problems and its lines. Raises NotFound if there is no such file."""
    problems = problems_below(f"courses/{slug}/{name}.")
    files = sorted(path for path in state().tree.files if path.startswith(f"courses/{slug}/{name}.") and path.endswith(".md"))
    course = state().catalogue.courses.get(slug)
    found = course.find_lesson(name) if course else None
    if not files:
        raise NotFound("There is no such lesson in the files.")
    if course is None or found is None:
        others = [problem for problem in state().compiled.problems if package_of(problem.file) == f"courses/{slug}"]
        return render_template(
            "preview/unmade.html", name=f"courses/{slug}/{name}", problems=problems or others, lines=lines_of(state().tree, files[0]), file=files[0]
        )
    return _shown(course, found, problems)


def _shown(course: Course, lesson: Lesson, problems: list[Problem]) -> str:
    lang = next(code for code in (current_lang(), "vi", *lesson.html) if code in lesson.html)
    html, terms = _explained(lesson, lang)
    file = f"courses/{course.slug}/{lesson.slug}.{lang}.md"
    above, runs = place_in(html, lines_of(state().tree, file), [problem for problem in problems if problem.file == file])
    number = course.lessons.index(lesson)
    return render_template(
        "preview/lesson.html",
        course=course,
        lesson=lesson,
        number=number + 1,
        previous=course.lessons[number - 1] if number else None,
        following=course.lessons[number + 1] if number + 1 < len(course.lessons) else None,
        above=[*(problem for problem in problems if problem.file != file), *above],
        runs=runs,
        terms=terms,
    )


def _explained(lesson: Lesson, lang: str) -> tuple[str, tuple[Term, ...]]:
    made = state().catalogue.explained.get(lesson.digest, {}).get(lang)
    if made is None:
        return lesson.html[lang], ()
    return made.html, tuple(state().catalogue.terms[id_] for id_ in made.terms)
