"""Courses: course.yml and the lessons with their pictures and self-checks."""

import hashlib
import re
from dataclasses import replace
from functools import partial

from lms.content.catalogue import Basis, Change, Course, Item, Lesson
from lms.content.digests import digest_json
from lms.content.items.cases import check_cases
from lms.content.items.making import Written
from lms.content.items.parser import ItemDraft, Part, TextPart, items_in, kinds_of
from lms.content.markup.basis import read_basis
from lms.content.markup.rendering import Rendered, prepare
from lms.content.markup.self_checks import self_check
from lms.content.markup.words import CALLOUT_TITLES, CALLOUTS
from lms.content.packages.quizzes import check_missing
from lms.content.packages.setting_shapes import CourseShape, LessonShape
from lms.content.packages.shapes import read_shape
from lms.content.packages.workspace import Package, Workspace, words
from lms.content.source.problems import Place, did_you_mean
from lms.content.source.texts import TextFile, texts_of
from lms.content.source.yamlish import Node
from lms.platform.rules import phrase

CALLOUT = re.compile(r"(?P<before>\s*>\s*)\[[!！]\s*(?P<kind>[^\]|]*)\s*\][+-]?\s*(?P<title>.*)$")
WORDS_A_MINUTE = {"vi": 130, "en": 100, "zh": 220}
IMAGE_WORDS = 60
TOLERANCE = 0.25
PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
UNREAD = re.compile(r"\{#[^}\n]*\}|[*_`>#|]")
CJK = re.compile(r"[\u3400-\u9fff]")


def read_course(work: Workspace, slug: str) -> Package:
    """Read a course folder."""
    folder = f"courses/{slug}"
    package = Package(folder, None)
    node = work.settings(f"{folder}/course.yml")
    shape = read_shape(CourseShape, node, work.found) if node else None
    texts = texts_of(work.tree, folder, work.found)
    source_lang = shape.source_lang if shape else "vi"
    lessons: list[Lesson] = []
    for name, paths in sorted(texts.items()):
        if source_lang not in paths:
            work.found.error(
                Place(next(iter(paths.values()))), "source-missing", phrase("The file in the source language (%(lang)s) is missing.", lang=source_lang)
            )
        else:
            read = partial(_read_lesson, name=name, paths=dict(paths), source_lang=source_lang)
            lesson, items = work.once(("lesson", name, source_lang), folder, paths.values(), read)
            package.items += items
            lessons += [lesson] if lesson else []
    if node is None or shape is None:
        return package
    work.check_id(node, shape.id, slug)
    work.check_words(node, ["title", "summary"], source_lang)
    _check_lessons(work, node, shape, list(texts))
    for number, scheme in enumerate(shape.schemes):
        package.needs |= {needed for needed in [work.check_reference(node.place_of(["schemes", number]), "schemes", scheme)] if needed}
    if shape.quiz:
        package.needs |= {needed for needed in [work.check_reference(node.place_of(["quiz"]), "quizzes", shape.quiz)] if needed}
    by_name = {lesson.slug: lesson for lesson in lessons}
    course = Course(
        slug=slug,
        digest="",
        title=words(shape.title),
        summary=words(shape.summary),
        audience=tuple(shape.audience),
        cover=_cover(work, node, shape, folder),
        lessons=tuple(by_name[name] for name in shape.lessons if name in by_name),
        quiz=shape.quiz,
        schemes=tuple(shape.schemes),
        version=max(change.version for change in shape.changes),
        source_rev="",
        minutes_by_part={part: round(hours * 60) for part, hours in shape.hours.items()},
        changes=tuple(Change(change.version, change.kind, change.why) for change in shape.changes),
    )
    package.made = replace(course, digest=digest_json("course", repr(course)))
    return package


def _check_lessons(work: Workspace, node: Node, shape: CourseShape, there: list[str]) -> None:
    for number, name in enumerate(shape.lessons):
        place = node.place_of(["lessons", number])
        if name not in there:
            work.found.error(place, "lesson-unknown", phrase("There is no lesson %(name)s.", name=name), did_you_mean(name, there) if there else None)
        elif name in shape.lessons[:number]:
            work.found.error(place, "lesson-twice", phrase("The lesson %(name)s is listed twice.", name=name))
    for name in sorted(set(there) - set(shape.lessons)):
        message = phrase("The lesson %(name)s is not listed, so nobody sees it.", name=name)
        work.found.warning(node.place_of(["lessons"], key=True), "lesson-unlisted", message, phrase("Add it to `lessons`."))
    versions = [change.version for change in shape.changes]
    if len(set(versions)) < len(versions):
        work.found.error(node.place_of(["changes"], key=True), "version-twice", phrase("Two entries of `changes` have the same version."))


def _cover(work: Workspace, node: Node, shape: CourseShape, folder: str) -> str | None:
    if not shape.cover:
        return None
    found = work.media.find(folder, shape.cover)
    if found is None and f"{folder}/{shape.cover}" not in work.tree.files:
        work.found.error(node.place_of(["cover"]), "image-missing", phrase("There is no picture %(name)s.", name=shape.cover))
    return found[0] if found else None


def _read_lesson(work: Workspace, *, name: str, paths: dict[str, str], source_lang: str) -> tuple[Lesson | None, list[Item]]:
    files = {lang: work.text(paths[lang], lang) for lang in sorted(paths, key=lambda lang: lang != source_lang)}
    work.check_translations(files[source_lang].place, files, source_lang)
    heads = {lang: shape for lang, text in files.items() if (shape := read_shape(LessonShape, text.front, work.found))}
    parts = {source_lang: work.parts(files[source_lang], in_bank=False, source=True)}
    check_cases(parts[source_lang], work.found)
    kinds = kinds_of(parts[source_lang])
    parts |= {lang: work.parts(text, in_bank=False, source=False, kinds=kinds) for lang, text in files.items() if lang != source_lang}
    items = _self_checks(work, files, parts, source_lang)
    if source_lang not in heads:
        return None, list(items.values())
    head = heads[source_lang]
    for lang, shape in heads.items():
        for key in ("minutes", "part", "topic"):
            if lang != source_lang and getattr(shape, key) != getattr(head, key):
                message = phrase("%(key)s is read from the source language only.", key=key)
                work.found.warning(files[lang].front.place_of([key]), "translation-attribute", message, phrase("Write the value of the source here."))
    _check_minutes(work, files[source_lang], head.minutes)
    made = {lang: _render(work, files[lang], parts[lang], items, source_lang) for lang in files if lang in heads}
    lesson = Lesson(
        slug=name,
        title={lang: shape.title for lang, shape in heads.items()},
        minutes=head.minutes,
        part=head.part,
        topic=head.topic,
        basis={lang: _basis(work, files[lang].front, shape) for lang, shape in heads.items()},
        html={lang: rendered.html for lang, rendered in made.items()},
        outline={lang: rendered.outline for lang, rendered in made.items()},
        digest="",
        self_checks=tuple(item.digest for item in items.values()),
    )
    return replace(lesson, digest=digest_json("lesson", repr(lesson))), list(items.values())


def _basis(work: Workspace, front: Node, shape: LessonShape) -> tuple[Basis, ...]:
    read = (read_basis(text, front.place_of(["basis", number]), work.found) for number, text in enumerate(shape.basis))
    return tuple(basis for basis in read if basis)


def _self_checks(work: Workspace, files: dict[str, TextFile], parts: dict[str, list[Part]], source_lang: str) -> dict[str, Item]:
    written: dict[str, dict[str, Written]] = {}
    for lang, text in files.items():
        drafts = items_in(parts[lang])
        for draft in drafts:
            if lang != source_lang and draft.id not in written:
                hint = did_you_mean(draft.id, written) if written else None
                work.found.error(draft.place, "translation-unknown-item", phrase("The source has no item %(id)s.", id=draft.id), hint)
            else:
                written.setdefault(draft.id, {}).setdefault(lang, Written(draft, text))
        check_missing(work, written, {draft.id for draft in drafts}, lang, source_lang)
    made = {id_: work.maker.make(one, source_lang, "", {}) for id_, one in written.items()}
    return {id_: item for id_, item in made.items() if item}


def _render(work: Workspace, text: TextFile, parts: list[Part], items: dict[str, Item], source_lang: str) -> Rendered:
    """The lesson as one text, so that footnotes reach over self-checks, which are put in their places afterwards."""
    token = "lmsitem" + hashlib.sha256("\n".join(text.body).encode()).hexdigest()[:20]
    lines: list[str] = []
    placed: dict[str, str] = {}
    for part in parts:
        if isinstance(part, ItemDraft):
            name = f"{token}x{len(placed)}x"
            placed[name] = self_check(items[part.id], text.lang, source_lang) if part.id in items else ""
            lines += ["", name, ""]
        elif isinstance(part, TextPart):
            lines += [_callout(work, line, part.place.down(number), text.lang) for number, line in enumerate(part.lines)]
            _check_headings(work, part)
    made = work.maker.renderer.render("\n".join(prepare(lines)), text.lang, lambda source: work.media.find(text.folder, source))
    work.media.check(made, text)
    for name, inner in placed.items():
        made.html = made.html.replace(f"<p>{name}</p>", inner)
    return made


def _callout(work: Workspace, line: str, place: Place, lang: str) -> str:
    """A call-out's first line with a kind that is known and a title in the text's language."""
    match = CALLOUT.match(line)
    if not match:
        return line
    kind = match["kind"].strip().lower().replace("_", "-").replace(" ", "-")
    if kind not in CALLOUTS:
        work.found.error(place, "callout-unknown", phrase("There is no call-out of the kind %(kind)s.", kind=match["kind"][:40]), did_you_mean(kind, CALLOUTS))
        return line
    return f"{match['before']}[!{kind}] {match['title'] or CALLOUT_TITLES[lang][kind]}"


def _check_headings(work: Workspace, part: TextPart) -> None:
    fenced = False
    for number, line in enumerate(part.lines):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        if line.startswith("# ") and not fenced:
            work.found.warning(part.place.down(number), "heading-top", phrase("The title of a lesson stands in its front matter; headings begin with ##."))


def _check_minutes(work: Workspace, text: TextFile, minutes: int) -> None:
    body = "\n".join(text.body)
    images = len(PICTURE.findall(body))
    plain = UNREAD.sub(" ", PICTURE.sub(" ", body))
    count = len(CJK.findall(plain)) if text.lang == "zh" else len(plain.split())
    read = (count + images * IMAGE_WORDS) / WORDS_A_MINUTE[text.lang]
    if abs(read - minutes) > TOLERANCE * minutes + 0.5:
        message = phrase("The lesson declares %(declared)s minutes; its text takes about %(read)s.", declared=minutes, read=round(read) or 1)
        work.found.warning(text.front.place_of(["minutes"]), "minutes-length", message)
