"""Tables of the search: what is published now, and the words by which it is found. Both are made from the publication and can be made again."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.platform.db import Base


class SearchEntry(Base):
    """A course, lesson or term in one language. source: the package it was made of; folded: the text without accents and case, for phrases.

    course, slug: of a lesson both, of a course and a term the slug or id only.
    """

    __tablename__ = "search_entry"
    __table_args__ = (CheckConstraint("kind IN ('course', 'lesson', 'term')", name="kind"), Index("ix_search_entry_source", "source"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2))
    course: Mapped[str] = mapped_column(String(80), default="")
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)


class SearchWord(Base):
    """A word of an entry and what finding it is worth. The token is UTF-8 as bytes, so that both databases order it alike and a prefix is a range."""

    __tablename__ = "search_word"
    __table_args__ = (Index("ix_search_word_entry_id", "entry_id"), {"sqlite_with_rowid": False})

    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    token: Mapped[bytes] = mapped_column(LargeBinary(160), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("search_entry.id"), primary_key=True)
    score: Mapped[int]
