"""The one small family of errors; the web turns them into statuses, the command line into exits.

The message is an English sentence with `%(name)s` places; the catalogues translate it.
"""


class SiteError(Exception):
    """Something the person can be told in one sentence.

    message: English source text, translated where it is shown.
    params: values for the `%(name)s` places of the message.
    """

    status = 400
    exit_status = 1

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message % {key: _plain(value) for key, value in self.params.items()} if self.params else self.message


def _plain(value: object) -> object:
    """A parameter in a line of a terminal or a log: of a text in several languages the English one, of a list its parts."""
    if isinstance(value, dict):
        return value.get("en") or next(iter(value.values()), "")
    return ", ".join(str(part) for part in value) if isinstance(value, list | tuple) else value


class NotFound(SiteError):
    """There is no such thing, or it is not this person's to know of (404)."""

    status = 404


class NotAllowed(SiteError):
    """The person may know of it but may not do this (403)."""

    status = 403


class Conflict(SiteError):
    """The state has moved on, or a constraint refuses it (409)."""

    status = 409


class Invalid(SiteError):
    """What was sent cannot be used as it is (422)."""

    status = 422


class Unreadable(Invalid):
    """A file is not what it should be, is damaged, or is built to do harm: nothing was read from it."""

    exit_status = 2


class Together(Invalid):
    """Several things that are wrong at once, each told in a line of its own."""

    def __init__(self, errors: "tuple[SiteError, ...]") -> None:
        super().__init__("%(list)s", list=errors)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))
