"""Phrases: sentences that rules and services make and that are translated only where they are shown."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Phrase:
    """An English source sentence with `%(name)s` places; a parameter may itself be a Phrase."""

    message: str
    params: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % {key: in_english(value) for key, value in self.params.items()} if self.params else self.message


def in_english(value: object) -> str:
    """A value of a phrase as English writes it; several are joined with commas."""
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def phrase(message: str, **params: object) -> Phrase:
    """Make a Phrase; the catalogues collect the message from calls of this name."""
    return Phrase(message, params)
