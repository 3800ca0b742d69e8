"""The page of what publishing would change, and what rests on it."""

from flask import render_template, request

from lms.content.impact.forms import as_markdown
from lms.content.impact.rooms import ImpactRooms
from lms.content.impact.wording import SHOWN, against_of, what_of
from lms.content.service.desk import ContentDesk
from lms.content.service.impact import Impact, weigh
from lms.content.views.blueprint import bp
from lms.content.views.check import may_publish
from lms.errors import SiteError
from lms.people.access import permission_required, scope
from lms.people.rules import Permission
from lms.platform.i18n import current_lang
from lms.platform.site import now, site, today

REV_MOST = 200


@bp.get("/impact")
@permission_required(Permission.SEE_CONTENT_CHECK)
def impact() -> str:
    """What publishing the sources, at a commit, branch or tag if one is asked for, would change. Counts; ids of attempts for who sees all people."""
    desk = site().part(ContentDesk)
    rev, source = request.args.get("rev", "").strip()[:REV_MOST], request.args.get("source", "").strip()
    found: Impact | None = None
    unreadable: SiteError | None = None
    try:
        tree, compiled = desk.look(rev, source if rev else "")
        # One state of the database for all questions, and a transaction for answers that come in chunks.
        with site().db.reading() as session:
            found = weigh(session, tree, compiled, site().part(ImpactRooms), now=now(), today=today())
    except SiteError as why:
        unreadable = why
    return render_template(
        "content/impact.html",
        impact=found,
        unreadable=unreadable,
        rev=rev,
        source=source,
        sources=[one.name for one in desk.sources.origins],
        shown=SHOWN,
        against_of=against_of,
        what_of=what_of,
        markdown=as_markdown(found, current_lang()) if found else "",
        sees_people="/" in scope(Permission.SEE_PEOPLE),
        may_publish=may_publish(),
    )
