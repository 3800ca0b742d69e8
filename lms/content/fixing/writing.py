"""Writing files so that a fault leaves the old one or the new one, never half of one."""

import os
import stat
import tempfile
from pathlib import Path

from lms.errors import Conflict


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Put new bytes in the place of the old ones, keeping the file's mode; a link stays a link.

    Raises Conflict if the file no longer holds `before`: somebody is at work on it.
    """
    real = path.resolve()
    if real.read_bytes() != before:
        raise Conflict("%(path)s was changed meanwhile; it is left as it is.", path=str(path))
    mode = stat.S_IMODE(real.stat().st_mode)
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.", suffix="~")
    waiting = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(after)
            out.flush()
            os.fsync(out.fileno())
        waiting.chmod(mode)
        waiting.replace(real)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
