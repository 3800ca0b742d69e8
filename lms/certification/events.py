"""What certification tells itself and the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordsChanged:
    """Something was added to the records of these people under a scheme: evidence or its mark, a period or its mark, a trigger."""

    scheme: str
    person_ids: tuple[int, ...]
