"""The list of what one was told."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.people.access import current_person, login_required
from lms.people.notices.service.own import PAGE, list_notices, read_all, read_notice
from lms.people.notices.views.blueprint import bp
from lms.people.notices.words import TOPICS
from lms.platform.site import now, reading, writing
from lms.web.paging import page_asked, page_url, pages_of


@bp.get("/", strict_slashes=False)
@login_required
def index() -> str:
    """The latest first; looking at the list does not make them read."""
    listed, total = list_notices(reading(), person_id=current_person().person_id, page=page_asked())
    shown = {"page": page_asked(), "pages": pages_of(total, PAGE), "page_url": page_url, "topics": TOPICS}
    return render_template("notices/index.html", listed=listed, newest=max((one.id for one in listed), default=0), **shown)


@bp.post("/<int:notice_id>")
@login_required
def open_notice(notice_id: int) -> Response:
    """Read one, and go where it leads."""
    with writing() as session:
        address = read_notice(session, person_id=current_person().person_id, notice_id=notice_id, now=now())
    return redirect(request.script_root + address if address else url_for("notices.index"))


@bp.post("/read")
@login_required
def read() -> Response:
    """All are read, up to the newest that the page showed."""
    until = request.form.get("until", type=int) or 0
    with writing() as session:
        read_all(session, person_id=current_person().person_id, until_id=until, now=now())
    return redirect(url_for("notices.index"))
