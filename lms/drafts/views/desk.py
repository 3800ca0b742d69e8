"""Draft links for their makers: made, shown with a QR code, listed, ended."""

import secrets

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from lms.content.service.desk import ContentDesk
from lms.content.service.sources import ContentSources
from lms.drafts.forms import DraftForm
from lms.drafts.rules import LinkState, digest_of, token_of
from lms.drafts.service.asking import known_branches, wanted_of
from lms.drafts.service.following import FOLLOW_JOB
from lms.drafts.service.links import Listed, ask_look, end_link, get_link, list_links, make_link
from lms.drafts.views.blueprint import desk_bp as bp
from lms.errors import SiteError
from lms.people.access import current_person, permission_required, scope
from lms.people.rules import Permission
from lms.platform.documents.qr import qr_inline
from lms.platform.i18n import say
from lms.platform.site import now, reading, site, today, writing

NONCE_BYTES = 16


@bp.get("")
@permission_required(Permission.SEE_CONTENT_CHECK)
def index() -> str:
    """All links, the newest first, and the form for another one."""
    form = _form()
    form.rev.data = request.args.get("rev", "")
    return _page(form)


@bp.post("")
@permission_required(Permission.SEE_CONTENT_CHECK)
def make() -> AnyResponse | tuple[str, int]:
    """Make a link; its page shows the address and the QR code."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    sources = _sources()
    try:
        package, note = form.package.data or "", form.note.data or ""
        wanted = wanted_of(sources, source=form.source.data, rev=form.rev.data or "", package=package, note=note, days=form.days.data)
    except SiteError as why:
        form.rev.errors = [say(why)]
        return _page(form), 422
    nonce = secrets.token_hex(NONCE_BYTES)
    token = token_of(site().settings.secret_key, nonce)
    is_remote = sources.get(wanted.source).is_remote
    with writing() as session:
        made = make_link(session, wanted, nonce=nonce, token=token, is_fetched=not is_remote, actor_id=current_person().person_id, now=now())
    if is_remote:
        site().jobs.soon(FOLLOW_JOB)
    return redirect(url_for("drafts.link", link_id=made.id), 303)


@bp.get("/<int:link_id>")
@permission_required(Permission.SEE_CONTENT_CHECK)
def link(link_id: int) -> str:
    """One link: the address, the QR code, what it shows, how often it was opened."""
    found = get_link(reading(), link_id, now=now(), today=today())
    address = _address_of(found)
    return render_template(
        "drafts/link.html",
        found=found,
        address=address,
        qr=qr_inline(address, "draft-qr") if address else "",
        may_end=_may_end(found),
        is_remote=any(source.name == found.link.source and source.is_remote for source in _sources().origins),
    )


@bp.post("/<int:link_id>/end")
@permission_required(Permission.SEE_CONTENT_CHECK)
def end(link_id: int) -> AnyResponse:
    """Close a link at once: one's own, or any for who publishes for the whole site."""
    with writing() as session:
        end_link(session, link_id, actor_id=current_person().person_id, every=_publishes(), now=now())
    return redirect(url_for("drafts.index"), 303)


@bp.post("/<int:link_id>/look")
@permission_required(Permission.SEE_CONTENT_CHECK)
def look(link_id: int) -> AnyResponse:
    """Have the source of a link fetched now."""
    with writing() as session:
        ask_look(session, link_id)
    site().jobs.soon(FOLLOW_JOB)
    return redirect(url_for("drafts.link", link_id=link_id), 303)


def _form() -> DraftForm:
    form = DraftForm()
    form.source.choices = [SelectChoice(source.name, source.name) for source in _sources().origins]
    return form


def _page(form: DraftForm) -> str:
    sources = _sources()
    page = list_links(reading(), page=request.args.get("page", 1, type=int), now=now(), today=today())
    return render_template("drafts/index.html", form=form, listed=page, branches=known_branches(sources, sources.origins), may_end=_may_end)


def _sources() -> ContentSources:
    return site().part(ContentDesk).sources


def _publishes() -> bool:
    return "/" in scope(Permission.PUBLISH_CONTENT)


def _may_end(found: Listed) -> bool:
    return found.state in (LinkState.LIVE, LinkState.RESTING) and (_publishes() or found.link.made_by == current_person().person_id)


def _address_of(found: Listed) -> str:
    """The address that the link is known by; empty where it opens no more, or the site has got another secret key since."""
    token = token_of(site().settings.secret_key, found.link.nonce)
    if found.state is not LinkState.LIVE or digest_of(token) != found.link.token_digest:
        return ""
    return f"{site().settings.public_url.rstrip('/')}{url_for('draft.outline', token=token)}"
