"""Static files and compression: addresses carry the file's digest, so a phone keeps them for a year; text goes out compressed."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request, url_for
from flask_compress import Compress
from werkzeug.security import safe_join

YEAR_S = 31_536_000
MONTH_S = 2_592_000
STATIC = Path(__file__).parent / "static"
TEXT = {"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml", "text/csv", "application/manifest+json"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file in memory; `packed` is its gzip form where that is worth having."""

    body: bytes
    packed: bytes | None
    kind: str
    version: str


@lru_cache(maxsize=512)
def find_asset(filename: str) -> Asset | None:
    """The static file of that name below lms/web/static, read once a process."""
    path = safe_join(str(STATIC), filename)
    if path is None or not Path(path).is_file():
        return None
    body = Path(path).read_bytes()
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return Asset(body, gzip.compress(body, 9, mtime=0) if kind in TEXT else None, kind, hashlib.sha256(body).hexdigest()[:10])


def static_file(filename: str) -> Response:
    """A static file, compressed for whoever takes that, kept for a year if its address names its version."""
    asset = find_asset(filename)
    if asset is None:
        abort(404)
    packed = asset.packed is not None and request.accept_encodings["gzip"] > 0
    response = Response(asset.packed if packed else asset.body, mimetype=asset.kind)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = _lifetime(filename, versioned=request.args.get("v") == asset.version)
    response.set_etag(f"{asset.version}{'z' if packed else ''}")
    response.make_conditional(request)
    return response


def _lifetime(filename: str, *, versioned: bool) -> str:
    """Style sheets name fonts without a version: those stay a month; other files without a version are asked for again."""
    if versioned:
        return f"public, max-age={YEAR_S}, immutable"
    return f"public, max-age={MONTH_S}" if filename.startswith("fonts/") else "no-cache"


@lru_cache(maxsize=4096)
def _address(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def address(endpoint: str, **values: Any) -> str:
    """Flask's `url_for` for templates, each address built once a process: a page has some forty, and they never change."""
    try:
        return _address(request.script_root, endpoint, tuple(values.items()))
    except TypeError:
        return url_for(endpoint, **values)


def init_app(app: Flask) -> None:
    """Attach static files with versions, and compression of pages."""
    app.config.update(COMPRESS_ALGORITHM=["gzip"], COMPRESS_LEVEL=4, COMPRESS_MIN_SIZE=800, COMPRESS_MIMETYPES=sorted(TEXT), COMPRESS_STREAMS=False)
    Compress(app)
    app.jinja_env.globals["url_for"] = address
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static_file)

    @app.url_defaults
    def _version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values and (asset := find_asset(values.get("filename", ""))):
            values["v"] = asset.version
