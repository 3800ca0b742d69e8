"""PDF by typst with the site's own fonts: the same paper on every machine."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import typst

FONTS = Path(__file__).parent.parent / "fonts"
SIZE = 8
"""Bytes of the length before each paper that another process has made."""
_local = threading.local()


def render_pdf(template: Path, data: Mapping[str, object]) -> bytes:
    """The paper of a typst template; it reads the values by `json(bytes(sys.inputs.data))`.

    A compiler belongs to one thread of one process: none is shared, none survives a fork.
    """
    made = _compiler().compile(template.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    assert isinstance(made, bytes)
    return made


def render_apart(template: Path, datas: Sequence[Mapping[str, object]]) -> list[bytes]:
    """The papers of a typst template for several sets of values, made by a process of their own: what typst keeps in memory goes with it.

    Raises RuntimeError with what it said where it fails.
    """
    asked = json.dumps({"template": str(template), "datas": list(datas)}, ensure_ascii=False).encode()
    done = subprocess.run([sys.executable, "-m", __name__], input=asked, capture_output=True, check=False)  # noqa: S603  (ourselves)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace").strip()[-1000:])
    made, at = [], 0
    while at < len(done.stdout):
        size = int.from_bytes(done.stdout[at : at + SIZE])
        at += SIZE + size
        made.append(done.stdout[at - size : at])
    return made


def _answer() -> None:
    """The other end of `render_apart`: each paper on standard output, after its length."""
    asked = json.load(sys.stdin.buffer)
    for data in asked["datas"]:
        made = render_pdf(Path(asked["template"]), data)
        sys.stdout.buffer.write(len(made).to_bytes(SIZE) + made)


def render_folder(main: Path) -> bytes:
    """The paper of a typst file that reads values and pictures beside it; it sees nothing outside of its folder."""
    made = typst.compile(str(main), root=str(main.parent), font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf")
    assert isinstance(made, bytes)
    return made


def render_png(main: Path) -> bytes:
    """The one page of a typst file as a picture, a pixel for each point; it sees nothing outside of its folder."""
    made = typst.compile(str(main), root=str(main.parent), font_paths=[str(FONTS)], ignore_system_fonts=True, format="png", ppi=72)
    assert isinstance(made, bytes)
    return made


def _compiler() -> typst.Compiler:
    if getattr(_local, "pid", None) != os.getpid():
        _local.compiler = typst.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)
        _local.pid = os.getpid()
    compiler: typst.Compiler = _local.compiler
    return compiler


if __name__ == "__main__":
    _answer()
