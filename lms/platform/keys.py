"""The keys of a site: random, in files only the owner can read, outside the database and its backup."""

import secrets
from pathlib import Path

NAMES = ("secret.key", "identity.key")


def make_keys(instance: Path) -> list[Path]:
    """Make the keys that an instance lacks; gives the files made."""
    folder = instance / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    made = []
    for name in NAMES:
        path = folder / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48), "ascii")
            made.append(path)
    return made
