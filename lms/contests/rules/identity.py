"""What makes an entrant one person. Each of these is unique in the register of persons, so nobody enters under two names by it."""

from collections.abc import Collection, Mapping

from lms.platform.rules import Phrase, phrase

IDENTITIES: Mapping[str, Phrase] = {
    "staff_code": phrase("staff code"),
    "phone": phrase("phone number"),
    "national_id": phrase("national id"),
}


def missing_identity(unique: Collection[str], known: Collection[str]) -> list[Phrase]:
    """Which of the demanded marks of identity a person lacks; with none missing the person may enter."""
    return [IDENTITIES[name] for name in unique if name not in known]


def check_identity(unique: Collection[str]) -> list[Phrase]:
    """Marks of identity that the site does not know."""
    return [phrase("Entrants cannot be told apart by “%(name)s”: the site does not keep it.", name=name) for name in unique if name not in IDENTITIES]
