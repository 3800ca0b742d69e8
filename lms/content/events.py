"""What the content room tells the rooms above."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Published:
    """Another publication has become the current one, by publishing or by going back."""

    publication_id: int
    digest: str
    at: datetime
