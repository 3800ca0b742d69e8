"""Numbers of documents: by owner, kind and year, without gaps or duplicates, also when many are issued at once."""

import secrets
from base64 import b32encode

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.platform.db import Base, insert_into

CODE_BYTES = 16
CODE_CHARACTERS = 26
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


class NumberSeries(Base):
    """The last number given in a series. The row stays locked until the transaction of the document ends."""

    __tablename__ = "number_series"

    owner: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def take_number(session: Session, *, owner: str, kind: str, year: int) -> int:
    """The next number of a series, from 1. It is given back if the transaction fails, so that no number is lost."""
    series = insert_into(session, NumberSeries).values(owner=owner, kind=kind, year=year, last=1)
    keys = [NumberSeries.owner, NumberSeries.kind, NumberSeries.year]
    taken = series.on_conflict_do_update(index_elements=keys, set_={"last": NumberSeries.last + 1}).returning(NumberSeries.last)
    return int(session.execute(taken).scalar_one())


def new_code() -> str:
    """A random code of 128 bits in 26 base32 characters, for public verification."""
    return b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=").lower()


def is_code(text: str) -> bool:
    """Whether the text has the form of a code; anything else is not worth a query."""
    return len(text) == CODE_CHARACTERS and all(letter in ALPHABET for letter in text)
