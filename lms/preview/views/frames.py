"""The first page, the two frames side by side, what the script asks, and pictures."""

from flask import Response, abort, jsonify, render_template, request

from lms.content.packages.compiler import package_of
from lms.content.views.pictures import BLOB_POLICY
from lms.platform.i18n import LANGUAGES, current_lang
from lms.preview.parts import parts, state
from lms.preview.views.blueprint import bp


@bp.get("/")
def index() -> str:
    """All packages, each with its problems."""
    known = state()
    names = sorted({*known.packages, *(package_of(problem.file) for problem in known.compiled.problems)})
    packages = [(name, known.packages.get(name), [one for one in known.compiled.problems if package_of(one.file) == name]) for name in names]
    return render_template("preview/index.html", packages=packages, held=known.compiled.held, root=parts().desk.root, problems=known.compiled.problems)


@bp.get("/frames")
def frames() -> str:
    """A page on a phone and on a desktop, side by side."""
    at = request.args.get("at", "/")
    if not at.startswith("/") or at.startswith(("//", "/frames")) or "\\" in at:
        at = "/"
    lang = current_lang()
    return render_template("preview/frames.html", at=at, framed=f"{at}{'&' if '?' in at else '?'}lang={lang}", languages=LANGUAGES.items())


@bp.get("/stamp")
def stamp() -> Response:
    """What says whether a file has changed; the script of every page asks for it."""
    return jsonify(stamp=parts().desk.stamp())


@bp.get("/content/blob/<name>")
def blob(name: str) -> Response:
    """A picture of the files, by the digest of its bytes."""
    found = state().compiled.blobs.get(name.partition(".")[0])
    if found is None:
        abort(404)
    answer = Response(found.data, mimetype=found.media_type)
    answer.headers["Content-Security-Policy"] = BLOB_POLICY
    return answer
