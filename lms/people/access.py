"""Who is asking, and may they: the signed-in person, and what views require of them."""

from collections.abc import Callable, Collection, Hashable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, g, jsonify, redirect, request, session, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext
from flask_login import LoginManager, current_user
from flask_login import login_required as _signed_in
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from lms.clock import to_ms
from lms.errors import NotAllowed
from lms.people.rules import Permission, holds_one, paths_of
from lms.people.service.scope import in_paths
from lms.people.signed_in import SignedIn, find_signed_in
from lms.people.signing.service.sessions import SEEN_EVERY, note_seen
from lms.platform.site import asking, now, today, writing
from lms.web.views import wants_json

V = TypeVar("V", bound=Callable[..., Any])

__all__ = ["SignedIn", "asks_of", "current_person", "find_signed_in", "in_paths", "is_signed_in", "login_required", "may", "permission_required", "scope"]

SEEN_MS = SEEN_EVERY // timedelta(milliseconds=1)
PARTS = 3
"""A session's name: person, epoch, session."""
OWN_SECRET_FIRST = "own_secret_first"  # noqa: S105  (a name, no secret)
SECOND_STEP_FIRST = "second_step_first"
FREE_OF_SET_UP = frozenset({"static", "health.health", "people.sign_in", "people.sign_out", "signing.protection", "signing.begin", "signing.set_up"})
"""What a person may open who has yet to set the second step up that the role asks for."""
FREE_OF_CHANGE = frozenset({"static", "health.health", "me.secret", "people.sign_in", "people.sign_out", "people.second_step"})
"""What a person may open who has yet to choose an own PIN or password."""


def current_person() -> SignedIn:
    """The signed-in person; use it only behind `login_required`."""
    return cast("SignedIn", current_user)


def scope(permission: Permission) -> tuple[str, ...]:
    """The subtrees over which the present person has a permission today."""
    if not current_user.is_authenticated:
        return ()
    kept: dict[Permission, tuple[str, ...]] = g.setdefault("scope", {})
    if permission not in kept:
        kept[permission] = paths_of(current_person().grants, permission, today())
    return kept[permission]


def is_signed_in() -> bool:
    """Whether somebody is signed in."""
    return bool(current_user.is_authenticated)


def may(permission: Permission) -> bool:
    """Whether the present person has the permission anywhere."""
    return bool(scope(permission))


def reader() -> Hashable:
    """What decides which parts of the site the present person is shown: the roles, and the day for which they count."""
    return (current_person().grants, today()) if current_user.is_authenticated else None


def login_required(view: V) -> V:
    """Sign-in, and nothing more: the view shows what is the person's own, or what everybody may see."""
    inner = _signed_in(view)
    inner.asks = frozenset()  # type: ignore[attr-defined]
    return inner


def asks_of(view: Callable[..., Any]) -> frozenset[Permission] | None:
    """The permissions of which a view asks one; none of them where sign-in is enough; None for a view that anybody may open."""
    asked: frozenset[Permission] | None = getattr(view, "asks", None)
    return asked


def permission_required(*permissions: Permission) -> Callable[[V], V]:
    """Sign-in, and at least one of the permissions somewhere; the view narrows its rows to `scope(permission)`."""

    def wrap(view: V) -> V:
        @wraps(view)
        @_signed_in
        def inner(*args: Any, **kwargs: Any) -> Any:
            if not any(may(permission) for permission in permissions):
                raise NotAllowed("Your role does not include this page.")
            return view(*args, **kwargs)

        inner.asks = frozenset(permissions)  # type: ignore[attr-defined]
        return cast("V", inner)

    return wrap


def own_secret_first() -> Response | None:
    """Before anything else, whoever signed in with a slip chooses an own PIN or password.

    The signed session says so since the sign-in (a new slip and a first staff role end every session), so that no page pays for the question.
    """
    if not session.get(OWN_SECRET_FIRST) or request.endpoint in FREE_OF_CHANGE:
        return None
    if wants_json():
        refused = jsonify(error=gettext("Choose your own PIN or password first."))
        refused.status_code = 403
        return refused
    return redirect(url_for("me.secret"))


def second_step_first() -> Response | None:
    """Then whoever holds a role that asks for a second step, and has signed in with the password alone, sets one up; the session says so as above."""
    if not session.get(SECOND_STEP_FIRST) or session.get(OWN_SECRET_FIRST) or request.endpoint in FREE_OF_SET_UP:
        return None
    if wants_json():
        refused = jsonify(error=gettext("Set the second step up first."))
        refused.status_code = 403
        return refused
    return redirect(url_for("signing.protection"))


def needs_second_step(person: SignedIn, roles: Collection[str]) -> bool:
    """Whether somebody holds one of the roles today that ask for a second step."""
    return holds_one(person.grants, roles, person.on)


def _note_seen(response: FlaskResponse) -> FlaskResponse:
    """Remember now and then that the session is in use; where the database is busy or full, the page is answered all the same."""
    person = g.get("_login_user")
    if response.is_streamed or person is None or not person.is_authenticated or not person.session_id or to_ms(now()) - person.seen_ms < SEEN_MS:
        return response
    with suppress(OperationalError), writing() as written:
        note_seen(written, session_id=person.session_id, now=now())
    return response


def init_app(app: Flask) -> None:
    """Attach Flask-Login: one query a request finds the person and the roles."""
    manager = LoginManager(app)
    manager.login_view = "people.sign_in"
    manager.login_message = None
    manager.session_protection = None
    app.before_request(own_secret_first)
    app.before_request(second_step_first)
    app.after_request(_note_seen)

    @manager.user_loader
    def _load(session_id: str) -> SignedIn | None:
        parts = session_id.split(".")
        whole = len(parts) == PARTS and all(part.isdigit() for part in parts)
        found = find_signed_in(asking(), int(parts[0]), int(parts[1]), today(), int(parts[2])) if whole else None
        if found is None:
            session.clear()
        return found
