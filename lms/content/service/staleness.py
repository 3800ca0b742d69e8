"""Translations that are older than their source.

A translation translates the source text that was published when the translation itself last changed, or when a person last said that it still
is right. If the source's text has changed since, it is stale. Only words count: neither markup, pictures, keys nor attributes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.catalogue import Course, Item, Lesson
from lms.content.digests import digest_json
from lms.content.models import Translation
from lms.content.packages.workspace import Package
from lms.content.service.tombstones import line_of_id
from lms.content.source.problems import Findings, Place, Problem
from lms.content.source.tree import ContentTree
from lms.content.subjects import item_subject, lesson_subject
from lms.errors import NotFound
from lms.platform.audit import record
from lms.platform.db import insert_into
from lms.platform.rules import phrase

TAG = re.compile(r"<[^>]*>")
SELF_CHECK = re.compile(r'<section class="self-check".*?</section>', re.DOTALL)
"""An item in a lesson has a text of its own, and shows what is right by the source."""

BATCH = 500
KEY = ("subject", "lang")


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of an item or a lesson by language, as digests. place: the file of the source language."""

    subject: str
    package: str
    place: str
    source_lang: str
    digests: Mapping[str, str]


def list_texts(package: Package) -> Iterator[Texts]:
    """The texts of a package that are translated in files of their own."""
    for item in package.items:
        yield Texts(item_subject(item.id), package.name, item.place, item.place.rsplit(".", 2)[-2], {lang: _of_item(item, lang) for lang in item.prompt})
    if isinstance(package.made, Course):
        for lesson in package.made.lessons:
            source = next(iter(lesson.html))
            place = f"{package.name}/{lesson.slug}.{source}.md"
            subject = lesson_subject(package.made.slug, lesson.slug)
            yield Texts(subject, package.name, place, source, {lang: _of_lesson(lesson, lang) for lang in lesson.html})


def _of_item(item: Item, lang: str) -> str:
    """The digest of the words of an item in one language; the order of its parts follows the source, so it does not count."""
    parts = [*item.choices, *item.targets]
    words = [item.prompt.get(lang, ""), item.explanation.get(lang, "")]
    said = sorted(_plain(one.get(lang, "")) for part in parts for one in (part.html, part.feedback))
    accepted = [sorted(blank.accepted.get(lang, ())) for blank in item.blanks]
    return digest_json([_plain(text) for text in words], said, accepted, [_plain(line.text.get(lang, "")) for line in item.rubric])


def _of_lesson(lesson: Lesson, lang: str) -> str:
    return digest_json([_plain(lesson.title.get(lang, "")), _plain(SELF_CHECK.sub(" ", lesson.html.get(lang, "")))])


def _plain(html: str) -> str:
    return " ".join(TAG.sub(" ", html).split())


def record_translations(session: Session, published: Iterable[Package], *, now: datetime) -> None:
    """Keep what each translation translates: a changed or new one translates the present source."""
    known = {(row.subject, row.lang): row for row in session.execute(select(Translation.__table__))}
    changed = []
    for package in published:
        for texts in list_texts(package):
            source = texts.digests[texts.source_lang]
            for lang, digest in texts.digests.items():
                if lang == texts.source_lang:
                    continue
                before = known.get((texts.subject, lang))
                same = before is not None and before.text_digest == digest
                row = {
                    "subject": texts.subject,
                    "lang": lang,
                    "package": texts.package,
                    "place": texts.place.replace(f".{texts.source_lang}.md", f".{lang}.md"),
                    "text_digest": digest,
                    "source_digest": source,
                    "translates": before.translates if before is not None and same else source,
                    "since": before.since if before is not None and same else now,
                }
                if before is None or any(getattr(before, key) != value for key, value in row.items()):
                    changed.append(row)
    for start in range(0, len(changed), BATCH):
        insert = insert_into(session, Translation)
        fresh = {column.name: insert.excluded[column.name] for column in Translation.__table__.columns if column.name not in KEY}
        session.execute(insert.on_conflict_do_update(index_elements=KEY, set_=fresh), changed[start : start + BATCH])


def list_stale(session: Session, packages: Iterable[str]) -> list[Translation]:
    """The stale translations of these packages, by file."""
    wanted = set(packages)
    rows = session.scalars(select(Translation).where(Translation.translates != Translation.source_digest).order_by(Translation.place, Translation.subject))
    return [row for row in rows if row.package in wanted]


def stale_by_subject(stale: Iterable[Translation]) -> dict[str, list[str]]:
    """The languages of stale translations by subject, as a publication keeps them."""
    found: dict[str, list[str]] = {}
    for row in sorted(stale, key=lambda row: (row.subject, row.lang)):
        found.setdefault(row.subject, []).append(row.lang)
    return found


def warnings_of(stale: Iterable[Translation], tree: ContentTree) -> tuple[Problem, ...]:
    """Stale translations as warnings of the check."""
    message = phrase("The source text has changed since this translation was last changed.")
    hint = phrase("Bring the translation up to date, or say on the content page that it still is right.")
    found = Findings()
    for row in stale:
        found.warning(Place(row.place, line_of_id(tree, row.place, row.subject.partition(":")[2])), "translation-stale", message, hint)
    return tuple(found.problems)


def confirm_translation(session: Session, *, subject: str, lang: str, now: datetime, actor_id: int | None) -> None:
    """A person says that a translation still is right: it then translates the present source. Raises NotFound if it is not stale."""
    row = session.get(Translation, (subject, lang))
    if row is None or row.translates == row.source_digest:
        raise NotFound("This translation is up to date already.")
    row.translates, row.since = row.source_digest, now
    record(session, now=now, actor_id=actor_id, action="content.translation_confirmed", subject_kind="translation", subject_id=f"{subject} {lang}"[:80])
    session.flush()
