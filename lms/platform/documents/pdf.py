"""PDF by typst with the site's own fonts: the same paper on every machine."""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path

import typst

FONTS = Path(__file__).parent.parent / "fonts"
_local = threading.local()


def render_pdf(template: Path, data: Mapping[str, object]) -> bytes:
    """The paper of a typst template; it reads the values by `json(bytes(sys.inputs.data))`.

    A compiler belongs to one thread of one process: none is shared, none survives a fork.
    """
    made = _compiler().compile(template.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    assert isinstance(made, bytes)
    return made


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
