"""The keys of a site: random, in files only the owner can read, outside the database and its backup."""

import os
import secrets
from pathlib import Path

NAMES = ("secret.key", "identity.key")


def make_keys(instance: Path) -> list[Path]:
    """Make the keys that an instance lacks; gives the files made. A key appears whole or not at all, and none is ever replaced."""
    folder = instance / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return [folder / name for name in NAMES if _make(folder / name)]


def _make(path: Path) -> bool:
    if path.exists():
        return False
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as target:
        target.write(secrets.token_urlsafe(48))
        target.flush()
        os.fsync(target.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    return True
