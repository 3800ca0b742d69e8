"""Banks from and for other programs: upload and look, and download. Nothing is written to the sources from here."""

import re
import threading
from dataclasses import dataclass
from io import BytesIO

from flask import redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import FileField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Regexp

from lms.content.access import catalogue
from lms.content.interchange.exporting import bank_of, sealed_in, source_lang_of
from lms.content.interchange.formats import FORMATS, write_any
from lms.content.interchange.landing import ids_in
from lms.content.interchange.report import Losses
from lms.content.interchange.showing import Shown, show
from lms.content.interchange.xlsx.writing import write_template
from lms.content.sealing import is_sealed, sealed_banks
from lms.content.service.desk import ContentDesk
from lms.content.source.texts import NAME
from lms.content.source.tree import ContentTree
from lms.content.views.blueprint import bp
from lms.errors import Conflict, NotFound, Unreadable
from lms.people.access import permission_required
from lms.people.rules import Permission
from lms.platform.i18n import LANGUAGES, current_lang
from lms.platform.site import now, site
from lms.web.forms import SiteForm
from lms.web.paging import page_asked, pages_of

BANK = re.compile(r"quizzes/(?P<quiz>[^/]+)/(?P<file>[^/]+\.md)$")
PAGE = 50
SEEN_LOSSES = 500
WRITTEN = tuple(name for name, form in FORMATS.items() if form.write)
_one = threading.Lock()
"""One upload is read at a time in a process: reading a hostile one may cost much, and nobody is to pay it several times over."""


class ImportForm(SiteForm):
    """What to read, and what the bank is to be called."""

    file = FileField(_l("File"), [InputRequired(_l("Choose a file."))])
    lang = SelectField(_l("Language of the questions"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])
    bank = StringField(
        _l("Name of the bank"), [Regexp(r"[a-z0-9][a-z0-9-]{0,59}\Z", message=_l("Small letters, digits and hyphens, like an-toan-dien."))], default="ngan-hang"
    )
    format = SelectField(_l("Format"), choices=[])


@bp.route("/import", methods=["GET", "POST"])
@permission_required(Permission.SEE_CONTENT_CHECK)
def import_bank() -> str | tuple[str, int]:
    """Upload a file and see its questions as they will look, with the list of what was lost; the bank is taken away as a file."""
    form = ImportForm()
    known = [SelectChoice(name, one.title) for name, one in FORMATS.items() if name != "qti3"]
    form.format.choices = [SelectChoice("", gettext("Found out by what the file holds")), *known]
    if request.method == "GET":
        form.lang.data = current_lang()
    shown: Shown | None = None
    refused: Unreadable | None = None
    if form.validate_on_submit():
        upload = request.files[form.file.name]
        tree = _tree()
        taken = {id_ for path, data in (tree.files.items() if tree else ()) if path.endswith(".md") for id_ in ids_in(data.decode("utf-8", "replace"))}
        try:
            with upload.stream, _one:
                shown = show(
                    upload.stream.read(),
                    name=(upload.filename or "")[-100:],
                    lang=form.lang.data,
                    bank=form.bank.data or "",
                    form=form.format.data,
                    taken=taken,
                    zone=site().settings.zone,
                )
        except Unreadable as wrong:
            refused = wrong
    page = render_template("content/import.html", form=form, shown=shown, refused=refused, seen=SEEN_LOSSES)
    return (page, 422) if refused or form.errors else page


@bp.get("/import/template.xlsx")
@permission_required(Permission.SEE_CONTENT_CHECK)
def import_template() -> Response:
    """The empty Excel sheet in the reader's language."""
    return _file(write_template(current_lang()), f"vean-{current_lang()}.xlsx", FORMATS["xlsx"].media_type)


@dataclass(frozen=True)
class Listed:
    """A bank of the sources with its languages, the source language first, and until when it is sealed."""

    name: str
    langs: tuple[str, ...]
    sealed: str


@bp.get("/banks")
@permission_required(Permission.SEE_CONTENT_CHECK)
def banks() -> str:
    """The banks of the sources, to be downloaded in any format."""
    tree = _tree()
    names = sorted(
        {(match["quiz"], name["name"]) for path in (tree.files if tree else ()) if (match := BANK.match(path)) and (name := NAME.match(match["file"]))}
    )
    pages = pages_of(len(names), PAGE)
    page = page_asked(pages)
    listed = [_listed(tree, f"{quiz}/{bank}") for quiz, bank in names[(page - 1) * PAGE : page * PAGE]] if tree else []
    return render_template("content/banks.html", listed=listed, page=page, pages=pages, formats=[(name, FORMATS[name].title) for name in WRITTEN])


@bp.get("/banks/export")
@permission_required(Permission.SEE_CONTENT_CHECK)
def export_bank() -> Response | str:
    """One bank as a file; with `report` the list of what the format cannot hold instead."""
    name, form, lang = (request.args.get(key, "") for key in ("bank", "format", "lang"))
    if not name:
        return redirect(url_for(".banks"))
    tree = _tree()
    if tree is None or form not in WRITTEN or (lang and lang not in LANGUAGES):
        raise NotFound("There is no bank %(name)s.", name=name[:100])
    until = _sealed(tree, name)
    if until:
        raise Conflict("The bank %(name)s is sealed until %(until)s.", name=name, until=until)
    losses = Losses()
    bank = bank_of(tree, name, lang or None, losses)
    data = write_any(bank, form, losses)
    if request.args.get("report"):
        return render_template(
            "content/export.html",
            name=name,
            title=FORMATS[form].title,
            form=form,
            lang=bank.lang,
            count=sum(1 for _ in bank.each()),
            losses=losses.found[:SEEN_LOSSES],
        )
    return _file(data, f"{name.replace('/', '-')}.{bank.lang}{FORMATS[form].ending}", FORMATS[form].media_type)


def _tree() -> ContentTree | None:
    try:
        return site().part(ContentDesk).look()[0]
    except (NotFound, Conflict):
        return None


def _sealed(tree: ContentTree, name: str) -> str:
    """Until when a bank is sealed, in the sources or as it is published; empty if it is not."""
    quiz = catalogue().quizzes.get(name.partition("/")[0])
    if name in sealed_banks(catalogue(), now()) or (quiz and is_sealed(quiz, now())):
        return sealed_in(tree, name, now(), site().settings.zone) or gettext("a later time")
    return sealed_in(tree, name, now(), site().settings.zone)


def _listed(tree: ContentTree, name: str) -> Listed:
    quiz, _, bank = name.partition("/")
    source = source_lang_of(tree, quiz)
    langs = [lang for lang in LANGUAGES if f"quizzes/{quiz}/{bank}.{lang}.md" in tree.files]
    return Listed(name, tuple(sorted(langs, key=lambda lang: lang != source)), _sealed(tree, name))


def _file(data: bytes, name: str, media_type: str) -> Response:
    return send_file(BytesIO(data), mimetype=media_type, as_attachment=True, download_name=name, max_age=0)
