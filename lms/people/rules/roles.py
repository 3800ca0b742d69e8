"""Roles and what they may do. The table is the whole permission system; tests read it."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.platform.rules import Phrase, phrase


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
    SHARE_DEVICE = "share_device"
    EDIT_UNITS = "edit_units"
    GRANT_ROLES = "grant_roles"
    SEE_STANDING = "see_standing"
    REMIND = "remind"
    RECORD_CLASS = "record_class"
    CONFIRM_TRAINING = "confirm_training"
    SEE_CONTENT_CHECK = "see_content_check"
    PUBLISH_CONTENT = "publish_content"
    SEE_RANKING_DESK = "see_ranking_desk"
    SEE_AUDIT = "see_audit"


P = Permission
TABLE: Mapping[Role, frozenset[Permission]] = {
    Role.LEARNER: frozenset(),
    Role.TEAM_LEADER: frozenset({P.SEE_PEOPLE, P.SHARE_DEVICE, P.SEE_STANDING, P.REMIND}),
    Role.OFFICER: frozenset({P.SEE_PEOPLE, P.RESET_SECRET, P.SHARE_DEVICE, P.SEE_STANDING, P.REMIND, P.RECORD_CLASS, P.CONFIRM_TRAINING}),
    Role.MANAGER: frozenset({P.SEE_PEOPLE, P.SEE_STANDING, P.REMIND}),
    Role.TRAINER: frozenset({P.SEE_CONTENT_CHECK, P.RECORD_CLASS, P.SEE_PEOPLE}),
    Role.AUTHOR: frozenset({P.SEE_CONTENT_CHECK}),
    Role.TRAINING_ADMIN: frozenset({P.SEE_PEOPLE, P.SHARE_DEVICE, P.SEE_STANDING, P.REMIND, P.RECORD_CLASS, P.CONFIRM_TRAINING}),
    Role.ORGANISER: frozenset({P.SEE_RANKING_DESK}),
    Role.JUDGE: frozenset(),
    Role.ADMINISTRATOR: frozenset(
        {P.SEE_PEOPLE, P.EDIT_PEOPLE, P.RESET_SECRET, P.SHARE_DEVICE, P.EDIT_UNITS, P.GRANT_ROLES, P.SEE_CONTENT_CHECK, P.PUBLISH_CONTENT, P.SEE_AUDIT}
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


def is_staff(grants: Iterable[Grant], on: date) -> bool:
    """Whether somebody holds a staff role now or from a later day: such a person signs in with a password."""
    return any(grant.role in STAFF_ROLES and (grant.until_on is None or on <= grant.until_on) for grant in grants)


def holds_one(grants: Iterable[Grant], roles: Container[str], on: date) -> bool:
    """Whether somebody holds one of these roles on a day."""
    return any(grant.role in roles and grant.holds(on) for grant in grants)


def may_take_over(actor: Iterable[Grant], target: Iterable[Grant], on: date) -> bool:
    """Whether the actor may reset the secret or close the account of the target, as far as the target's roles are concerned.

    A learner's: yes. Whoever holds a staff role: only somebody who could grant every one of these roles, so that nobody
    climbs by taking over the account of a person with more power.
    """
    paths = paths_of(actor, P.GRANT_ROLES, on)
    lasting = (grant for grant in target if grant.role in STAFF_ROLES and (grant.until_on is None or on <= grant.until_on))
    return all(covers(paths, grant.path) for grant in lasting)


def refuse_grant(role: Role, from_on: date | None, until_on: date | None) -> Phrase | None:
    """Why a role cannot be given for these days, if it cannot: an inspector's is for a visit and must end."""
    if from_on and until_on and until_on < from_on:
        return phrase("The last day is before the first.")
    if role is Role.INSPECTOR and until_on is None:
        return phrase("The role of an inspector needs a last day.")
    return None
