"""What the files would change on the site."""

from flask import render_template

from lms.content.differing.differences import differences
from lms.errors import NotFound
from lms.platform.i18n import current_lang
from lms.preview.parts import parts, state
from lms.preview.views.blueprint import bp


@bp.get("/compared")
def compared() -> str:
    """Lessons and items that read differently than what is published. Raises NotFound where there is nothing to compare with."""
    site = parts().site
    if site is None:
        raise NotFound("There is no site to compare with: start the preview with --instance.")
    published = site.look()
    if published is None:
        return render_template("preview/compared.html", published=None, found=[])
    now = state()
    broken = frozenset(now.compiled.held)
    found = differences(published.catalogue, published.items.values(), now.catalogue, now.items.values(), current_lang(), broken)
    return render_template("preview/compared.html", published=published.catalogue, found=found)
