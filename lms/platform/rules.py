"""Phrases: sentences that rules and services make and that are translated only where they are shown."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Phrase:
    """An English source sentence with `%(name)s` places; a parameter may itself be a Phrase."""

    message: str
    params: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % {key: str(value) for key, value in self.params.items()} if self.params else self.message


def phrase(message: str, **params: object) -> Phrase:
    """Make a Phrase; the catalogues collect the message from calls of this name."""
    return Phrase(message, params)
