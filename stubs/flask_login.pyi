from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

_F = TypeVar("_F", bound=Callable[..., Any])

class UserMixin:
    @property
    def is_authenticated(self) -> bool: ...

class LoginManager:
    login_view: str | None
    login_message: str | None
    session_protection: str | None
    def __init__(self, app: Flask | None = ...) -> None: ...
    def user_loader(self, callback: _F) -> _F: ...

current_user: Any

def login_required(func: _F) -> _F: ...
def login_user(user: object, remember: bool = ...) -> bool: ...
def logout_user() -> bool: ...

class AnonymousUserMixin: ...
