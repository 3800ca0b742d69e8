"""Roles and what they may do. The table is the whole permission system; tests read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """A permission role; a person may hold several, each over a subtree of units."""

    LEARNER = "learner"
    TEAM_LEADER = "team_leader"
    OFFICER = "officer"
    MANAGER = "manager"
    TRAINER = "trainer"
    AUTHOR = "author"
    TRAINING_ADMIN = "training_admin"
    ORGANISER = "organiser"
    JUDGE = "judge"
    ADMINISTRATOR = "administrator"
    INSPECTOR = "inspector"


class Permission(StrEnum):
    """One thing that a role may do over its subtree."""

    SEE_PEOPLE = "see_people"
    EDIT_PEOPLE = "edit_people"
    RESET_SECRET = "reset_secret"  # noqa: S105  (a permission, no secret)
    EDIT_UNITS = "edit_units"
    GRANT_ROLES = "grant_roles"
    SEE_STANDING = "see_standing"
    RECORD_CLASS = "record_class"
    CONFIRM_TRAINING = "confirm_training"
    ISSUE_DOCUMENT = "issue_document"
    SEE_CONTENT_CHECK = "see_content_check"
    PUBLISH_CONTENT = "publish_content"
    SEE_RANKING_DESK = "see_ranking_desk"
    SEE_AUDIT = "see_audit"


P = Permission
TABLE: Mapping[Role, frozenset[Permission]] = {
    Role.LEARNER: frozenset(),
    Role.TEAM_LEADER: frozenset({P.SEE_PEOPLE, P.SEE_STANDING}),
    Role.OFFICER: frozenset({P.SEE_PEOPLE, P.RESET_SECRET, P.SEE_STANDING, P.RECORD_CLASS, P.CONFIRM_TRAINING, P.ISSUE_DOCUMENT}),
    Role.MANAGER: frozenset({P.SEE_PEOPLE, P.SEE_STANDING}),
    Role.TRAINER: frozenset({P.SEE_CONTENT_CHECK, P.RECORD_CLASS, P.SEE_PEOPLE}),
    Role.AUTHOR: frozenset({P.SEE_CONTENT_CHECK}),
    Role.TRAINING_ADMIN: frozenset({P.SEE_PEOPLE, P.SEE_STANDING, P.RECORD_CLASS, P.CONFIRM_TRAINING, P.ISSUE_DOCUMENT}),
    Role.ORGANISER: frozenset({P.SEE_RANKING_DESK}),
    Role.JUDGE: frozenset(),
    Role.ADMINISTRATOR: frozenset(
        {P.SEE_PEOPLE, P.EDIT_PEOPLE, P.RESET_SECRET, P.EDIT_UNITS, P.GRANT_ROLES, P.SEE_CONTENT_CHECK, P.PUBLISH_CONTENT, P.SEE_AUDIT}
    ),
    Role.INSPECTOR: frozenset({P.SEE_PEOPLE, P.SEE_STANDING}),
}

STAFF_ROLES = frozenset(Role) - {Role.LEARNER}
"""Roles that sign in with a password; a PIN is for learners only."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over the subtree that begins with `path` ('/' is the whole site), within dates."""

    role: Role
    path: str
    from_on: date | None = None
    until_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the grant is in force on a date, its first and last day included."""
        return (self.from_on is None or self.from_on <= on) and (self.until_on is None or on <= self.until_on)


def paths_of(grants: Iterable[Grant], permission: Permission, on: date) -> tuple[str, ...]:
    """The subtrees over which the grants give a permission on a date; a subtree inside another is left out."""
    paths = sorted({grant.path for grant in grants if grant.holds(on) and permission in TABLE[grant.role]})
    return tuple(path for path in paths if not any(path != other and path.startswith(other) for other in paths))


def covers(paths: Iterable[str], path: str) -> bool:
    """Whether a unit's path lies in one of the subtrees."""
    return any(path.startswith(root) for root in paths)


def after_subtree(path: str) -> str:
    """The least text greater than every path of the subtree; p lies in it where path <= p < this."""
    return path[:-1] + chr(ord(path[-1]) + 1)
